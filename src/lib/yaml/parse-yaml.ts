import { Composer, type CST, isAlias, isMap, isNode, isScalar, isSeq, Lexer, type Pair, Parser } from 'yaml'
import { type JsonMember, type JsonNode, toValue } from '../json/json-node.ts'
import type { JsonError } from '../json/json-scanner.ts'
import type { ParsedJson } from '../json/parse-json.ts'
import { limits } from '../limits.ts'

// Duplicate keys are found here: the library compares each key with all others.
const composerOptions = { prettyErrors: false, logLevel: 'silent', uniqueKeys: false } as const

/**
 * Reads the part of YAML 1.2 that means the same as JSON: no anchors, no tags of its own, no keys but texts. Returns what
 * `parseJson` does; an empty document is null. Never throws.
 */
export function parseYaml(text: string): ParsedJson {
  const { tokens, tooDeepAt } = scanYaml(text)
  if (tooDeepAt !== undefined) {
    return toFailure([toYamlError(`nested deeper than ${limits.jsonDepth} levels`, tooDeepAt)])
  }
  const [document, second] = [...new Composer(composerOptions).compose(tokens)]
  if (second) return toFailure([toYamlError('a second document begins here', second.range[0])])
  const errors = [...(document?.errors ?? []), ...(document?.warnings ?? [])].map(error =>
    toYamlError(toSentence(error.message), error.pos[0]),
  )
  if (errors.length > 0) return toFailure(errors)
  const root = toJsonNode(document?.contents, 0, errors)
  return errors.length > 0 ? toFailure(errors) : { root, value: toValue(root), errors }
}

function toJsonNode(node: unknown, fallback: number, errors: JsonError[]): JsonNode {
  const [start, end] = rangeOf(node) ?? [fallback, fallback]
  if (isMap(node)) {
    const members = node.items.map(pair => toMember(pair, start, errors))
    reportDuplicates(members, errors)
    return { kind: 'object', start, end, members }
  }
  if (isSeq(node)) {
    return { kind: 'array', start, end, items: node.items.map(item => toJsonNode(item, start, errors)) }
  }
  return { kind: 'scalar', start, end, value: toScalar(node, start, errors) }
}

function toMember(pair: Pair<unknown, unknown>, fallback: number, errors: JsonError[]): JsonMember {
  const [start, keyEnd] = rangeOf(pair.key) ?? [fallback, fallback]
  const key = isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : undefined
  if (key === undefined) errors.push(toYamlError('a key must be a text', start))
  return { key: key ?? '', start, keyEnd, value: toJsonNode(pair.value, keyEnd, errors) }
}

function reportDuplicates(members: readonly JsonMember[], errors: JsonError[]): void {
  const seen = new Set<string>()
  for (const { key, start } of members) {
    if (seen.has(key)) errors.push(toYamlError(`the key "${key}" stands here a second time`, start))
    seen.add(key)
  }
}

function toScalar(node: unknown, start: number, errors: JsonError[]): string | number | boolean | null {
  if (node === null || node === undefined) return null
  const value = isScalar(node) ? node.value : undefined
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  const expected = 'expected a text, a number, true, false or null'
  errors.push(toYamlError(isAlias(node) ? `${expected}, not the alias *${node.source}` : expected, start))
  return null
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (!isNode(node)) return undefined
  return node.range ? [node.range[0], node.range[1]] : undefined
}

function toFailure(errors: readonly JsonError[]): ParsedJson {
  return { root: undefined, value: undefined, errors }
}

function toYamlError(message: string, start: number): JsonError {
  return { rule: 'json-syntax', message, hint: null, start, end: start + 1, pointer: '' }
}

// The library's messages begin with a capital and may go on for several lines.
function toSentence(message: string): string {
  const [line = ''] = message.split('\n')
  return line.charAt(0).toLowerCase() + line.slice(1)
}

interface ScannedYaml {
  readonly tokens: readonly CST.Token[]
  /** Offset where it is nested too deep; undefined when it is not. There are no tokens then. */
  readonly tooDeepAt: number | undefined
}

/**
 * Splits YAML into tokens, and stops where it is nested deeper than `deepest` levels. Every text from outside passes here first: what comes
 * later recurses, and V8 aborts the whole process when a regular expression runs out of stack.
 */
export function scanYaml(text: string, deepest: number = limits.jsonDepth): ScannedYaml {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    // The document, and what holds the innermost collection, are on the stack too.
    if (parser.stack.length > deepest + 2) return { tokens: [], tooDeepAt: parser.offset }
  }
  tokens.push(...parser.end())
  return { tokens, tooDeepAt: undefined }
}
