import {
  Composer,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type ParsedNode,
  type Scalar,
  visit,
} from 'yaml'
import { scanYaml } from '../../lib/yaml/parse-yaml.ts'
import { resolveScalar } from './resolve-scalar.ts'

/** What kubectl's YAML may stand for. Objects have no prototype; a number's value is of no importance here. */
export type YamlValue = string | number | boolean | null | YamlValue[] | { [key: string]: YamlValue }

/** More than this, copied by aliases, is no honest file. */
const mostCopies = 1_000_000

interface Anchored {
  readonly value: YamlValue
  readonly size: number
}

/** Refuses a document: kubectl reads none that has such a thing in it. */
class UnreadableYaml extends Error {}

// Tags and plain scalars are resolved here. Of equal keys the last counts.
const composerOptions = {
  schema: 'failsafe',
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
  keepSourceTokens: true,
} as const

/** kubectl accepts 10 000 levels, but what comes after the scan recurses. */
const deepest = 1000

/** The first document of what kubectl reads, in which it stops at the first error; undefined when there is one. */
export function parseKubectlYaml(bytes: Uint8Array): { readonly value: YamlValue } | undefined {
  const text = decode(bytes)
  if (text === undefined || forbidden.test(text)) return undefined
  const { tokens, tooDeepAt } = scanYaml(text, deepest)
  if (tooDeepAt !== undefined) return undefined
  const [document] = new Composer(composerOptions).compose(tokens)
  if (document === undefined) return { value: null }
  if (!isReadable(document) || hasIndentingTab(text, document)) return undefined
  try {
    return { value: toYamlValue(document.contents) }
  } catch (error) {
    if (error instanceof UnreadableYaml) return undefined
    throw error
  }
}

function isReadable({ errors, warnings, contents, directives }: Document.Parsed): boolean {
  if (directives.yaml.explicit && directives.yaml.version !== '1.1') return false
  if (warnings.some(({ code }) => code === 'BAD_DIRECTIVE')) return false
  // libyaml reads one document: after a flow collection another one may begin, of which nothing is read.
  const end = isCollection(contents) && contents.flow ? contents.range[1] : Number.POSITIVE_INFINITY
  return errors.every(
    ({ code, pos, message }) =>
      (code === 'UNEXPECTED_TOKEN' && pos[0] >= end) || message.startsWith('Comments must be separated'),
  )
}

// At the start of a line, behind no more than spaces or the signs of lists and keys.
const indentingTab = /^(?:\t| +\t[ \t]*[^\s]| *(?:[-?] +)*[-?] *\t)/gm

/** Whether a tab stands where libyaml allows none: it may in flow collections, and in texts that go on. */
function hasIndentingTab(text: string, { contents }: Document.Parsed): boolean {
  if (!text.includes('\t')) return false
  const ranges: (readonly [number, number])[] = []
  visit(contents, (_key, node) => {
    const isText = isScalar(node) && node.type !== undefined && node.type !== 'PLAIN'
    if (!isNode(node) || !node.range) return undefined
    if (isText || (isCollection(node) && node.flow)) ranges.push([node.range[0], node.range[1]])
    return undefined
  })
  const end = contents?.range[2] ?? text.length
  return [...text.matchAll(indentingTab)].some(({ index, 0: match }) => {
    const at = index + match.lastIndexOf('\t')
    return at <= end && !ranges.some(([from, to]) => from < at && at < to)
  })
}

// libyaml, "control characters are not allowed".
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/

function decode(bytes: Uint8Array): string | undefined {
  try {
    const encoding = bytes[0] === 0xff ? 'utf-16le' : bytes[0] === 0xfe ? 'utf-16be' : 'utf-8'
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return text.replace(/\r\n?|[\x85\u2028\u2029]/g, '\n')
  } catch {
    return undefined
  }
}

/**
 * The value of a document as go-yaml (gopkg.in/yaml.v2, in sigs.k8s.io/yaml) has it, which kubectl reads with: scalars
 * of YAML 1.1, the last of equal keys, merge keys where they stand. Throws `UnreadableYaml`.
 */
function toYamlValue(contents: ParsedNode | null): YamlValue {
  const anchors = new Map<string, Anchored | 'open'>()
  let size = 0
  let copies = 0

  const visitNode = (node: ParsedNode | null): YamlValue => {
    size += 1
    if (node === null) return null
    if (isAlias(node)) return copy(node.source)
    const before = size
    // libyaml, "did not find expected alphabetic or numeric character".
    if (!/^[\w-]*$/.test(node.anchor ?? '')) throw new UnreadableYaml('an anchor has no name')
    if (node.anchor !== undefined) anchors.set(node.anchor, 'open')
    const value = visitContent(node)
    if (node.anchor !== undefined) anchors.set(node.anchor, { value, size: size - before + 1 })
    return value
  }

  const visitContent = (node: Exclude<ParsedNode, null>): YamlValue => {
    if (isMap(node)) return visitMap(node.items)
    if (isSeq(node)) return node.items.map(item => visitNode(item))
    return isScalar(node) ? visitScalar(node) : null
  }

  const copy = (anchor: string): YamlValue => {
    const anchored = anchors.get(anchor)
    if (anchored === undefined || anchored === 'open') throw new UnreadableYaml('an alias leads nowhere')
    copies += anchored.size
    size += anchored.size
    if (copies > mostCopies) throw new UnreadableYaml('aliases copy too much')
    return anchored.value
  }

  const visitMap = (pairs: readonly { key: ParsedNode; value: ParsedNode | null }[]): YamlValue => {
    const object: { [key: string]: YamlValue } = Object.create(null)
    for (const { key, value } of pairs) {
      if (isMergeKey(key)) Object.assign(object, merge(visitNode(value), 0))
      else object[toKey(visitNode(key))] = visitNode(value)
    }
    return object
  }

  return visitNode(contents)
}

function isMergeKey(key: ParsedNode): boolean {
  if (!isScalar(key) || key.source !== '<<') return false
  return key.tag === 'tag:yaml.org,2002:merge' || (key.type === 'PLAIN' && key.tag === undefined)
}

// Of a list the first that has a key wins.
function merge(value: YamlValue, depth: 0 | 1): { [key: string]: YamlValue } {
  if (Array.isArray(value) && depth === 0)
    return Object.assign(Object.create(null), ...value.map(item => merge(item, 1)).reverse())
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UnreadableYaml('a merge key is given no mapping')
  return value
}

// All become JSON, whose keys are texts.
function toKey(key: YamlValue): string {
  if (key === null || typeof key === 'object') throw new UnreadableYaml('a key is no text')
  return String(key)
}

// JSON has these escapes, libyaml does not: `\\/`, and halves of surrogate pairs.
const unknownEscape = /^(?:[^\\]|\\[^/u]|\\u(?![dD][89a-fA-F]))*\\(?:\/|u[dD][89a-fA-F])/

function visitScalar(node: Scalar): YamlValue {
  const { srcToken } = node
  if (srcToken?.type === 'double-quoted-scalar' && unknownEscape.test(srcToken.source))
    throw new UnreadableYaml('an escape is unknown')
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  const value = resolveScalar(text, {
    tag: node.tag,
    isPlain: node.type === 'PLAIN' || node.type === undefined,
  })
  if (value === undefined) throw new UnreadableYaml('a scalar does not fit its tag')
  return value
}
