import { limits } from '../limits.ts'
import { type JsonMember, type JsonNode, toValue } from './json-node.ts'
import {
  describe,
  fail,
  type JsonError,
  JsonSyntaxError,
  match,
  type Scanner,
  skipWhitespace,
  take,
  throwSyntaxError,
} from './json-scanner.ts'
import { toPointer } from './json-value.ts'
import { forbiddenKeys } from './parse-plain-json.ts'

/** `root` and `value` are undefined when the text is not JSON; errors that leave a value are listed beside it. */
export interface ParsedJson {
  readonly root: JsonNode | undefined
  /** Objects have no prototype. */
  readonly value: unknown
  readonly errors: readonly JsonError[]
}

/**
 * Reads JSON (RFC 8259, nothing more) and keeps where everything stands. Depth is bounded by `limits.jsonDepth`;
 * duplicate keys and keys that name a prototype are errors. Never throws.
 */
export function parseJson(text: string): ParsedJson {
  const scanner: Scanner = { text, offset: 0, path: [], errors: [], values: 0 }
  try {
    skipByteOrderMark(scanner)
    const root = scanValue(scanner)
    skipWhitespace(scanner)
    if (scanner.offset < text.length)
      fail(scanner, `expected the end of the file, found ${describe(scanner)}`)
    return withLazyValue(root, scanner.errors)
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    return { root: undefined, value: undefined, errors: [...scanner.errors, error.error] }
  }
}

// A caller that only needs positions does not wait for a copy of all values.
function withLazyValue(root: JsonNode, errors: readonly JsonError[]): ParsedJson {
  let made: { readonly value: unknown } | undefined
  return {
    root,
    errors,
    get value() {
      made ??= { value: toValue(root) }
      return made.value
    },
  }
}

function skipByteOrderMark(scanner: Scanner): void {
  if (!scanner.text.startsWith('\ufeff')) return
  scanner.offset = 1
  const message = 'the file begins with a byte order mark, which JSON does not allow'
  scanner.errors.push({
    rule: 'encoding',
    message,
    hint: 'Save it as UTF-8 without one',
    start: 0,
    end: 1,
    pointer: '',
  })
}

function scanValue(scanner: Scanner): JsonNode {
  skipWhitespace(scanner)
  scanner.values += 1
  if (scanner.values > limits.jsonValues) fail(scanner, `more than ${limits.jsonValues} values`)
  const character = scanner.text[scanner.offset]
  if (character === '{') return scanNested(scanner, scanObject)
  if (character === '[') return scanNested(scanner, scanArray)
  const start = scanner.offset
  const value = character === '"' ? scanString(scanner) : scanWordOrNumber(scanner)
  return { kind: 'scalar', start, end: scanner.offset, value }
}

function scanNested(scanner: Scanner, scan: (scanner: Scanner) => JsonNode): JsonNode {
  if (scanner.path.length >= limits.jsonDepth) fail(scanner, `nested deeper than ${limits.jsonDepth} levels`)
  return scan(scanner)
}

function scanObject(scanner: Scanner): JsonNode {
  const start = scanner.offset
  const members: JsonMember[] = []
  const seen = new Set<string>()
  scanList(scanner, '}', () => {
    const member = scanMember(scanner, seen)
    members.push(member)
  })
  return { kind: 'object', start, end: scanner.offset, members }
}

function scanArray(scanner: Scanner): JsonNode {
  const start = scanner.offset
  const items: JsonNode[] = []
  scanList(scanner, ']', () => {
    scanner.path.push(items.length)
    items.push(scanValue(scanner))
    scanner.path.pop()
  })
  return { kind: 'array', start, end: scanner.offset, items }
}

function scanList(scanner: Scanner, close: string, scanItem: () => void): void {
  scanner.offset += 1
  skipWhitespace(scanner)
  if (take(scanner, close)) return
  for (let count = 1; ; count += 1) {
    if (count > limits.jsonItems) fail(scanner, `more than ${limits.jsonItems} items before "${close}"`)
    scanItem()
    skipWhitespace(scanner)
    if (take(scanner, close)) return
    if (!take(scanner, ',')) fail(scanner, `expected "," or "${close}", found ${describe(scanner)}`)
    skipWhitespace(scanner)
    if (scanner.text[scanner.offset] === close) fail(scanner, `a comma before "${close}" is not allowed`)
  }
}

function scanMember(scanner: Scanner, seen: Set<string>): JsonMember {
  const start = scanner.offset
  if (scanner.text[start] !== '"')
    fail(scanner, `expected a key in double quotes, found ${describe(scanner)}`)
  const key = scanString(scanner)
  const keyEnd = scanner.offset
  checkKey(scanner, key, seen, start)
  skipWhitespace(scanner)
  if (!take(scanner, ':')) fail(scanner, `expected ":" after the key, found ${describe(scanner)}`)
  scanner.path.push(key)
  const value = scanValue(scanner)
  scanner.path.pop()
  return { key, start, keyEnd, value }
}

function checkKey(scanner: Scanner, key: string, seen: Set<string>, start: number): void {
  const range = { start, end: scanner.offset }
  if (forbiddenKeys.has(key)) {
    const message = `the key "${key}" is not allowed: it would reach into a prototype`
    throwSyntaxError([...scanner.path, key], { message, hint: 'Give it another name', ...range })
  }
  if (key.length > limits.jsonKeyLength) {
    const message = `a key is longer than ${limits.jsonKeyLength} characters`
    throwSyntaxError(scanner.path, { message, hint: null, ...range })
  }
  if (!seen.has(key)) seen.add(key)
  else if (scanner.errors.length < limits.findingsPerFile) {
    const message = `the key "${key}" stands here a second time; only the last one would count`
    const pointer = toPointer([...scanner.path, key])
    scanner.errors.push({ rule: 'duplicate-key', message, hint: 'Remove one of them', pointer, ...range })
  }
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const plainStringPattern = /"[^"\\\u0000-\u001f]*"/y
// In parts: over a string of megabytes, one pattern for all of it would overflow the stack that it keeps.
const stringPartPattern = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,4096}/y
const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

function scanString(scanner: Scanner): string {
  const plain = match(scanner, plainStringPattern)
  if (plain !== undefined) return plain.slice(1, -1)
  const start = scanner.offset
  scanner.offset += 1
  while (match(scanner, stringPartPattern) !== undefined);
  if (!take(scanner, '"')) return failInString(scanner)
  const value: unknown = JSON.parse(scanner.text.slice(start, scanner.offset))
  return String(value)
}

// The scan stops behind the longest valid beginning: the error is there.
function failInString(scanner: Scanner): never {
  const character = scanner.text[scanner.offset]
  if (character === undefined) fail(scanner, 'a string is not closed before the end of the file')
  if (character === '\n' || character === '\r')
    fail(scanner, 'a string is not closed before the end of the line')
  if (character === '\\')
    fail(
      scanner,
      `${JSON.stringify(scanner.text.slice(scanner.offset, scanner.offset + 2))} is not an escape of JSON`,
    )
  return fail(scanner, `a control character must be written as ${toEscape(character)} in a string`)
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function scanWordOrNumber(scanner: Scanner): number | boolean | null {
  for (const [word, value] of words) {
    if (!scanner.text.startsWith(word, scanner.offset)) continue
    scanner.offset += word.length
    return value
  }
  const start = scanner.offset
  const text = match(scanner, numberPattern)
  if (text === undefined) fail(scanner, `expected a value, found ${describe(scanner)}`)
  const value = Number(text)
  if (Number.isFinite(value)) return value
  scanner.offset = start
  return fail(scanner, `the number ${shorten(text)} is out of range`)
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}
