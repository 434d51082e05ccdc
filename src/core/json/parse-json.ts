import { limits } from '../limits.ts'
import { type JsonPath, toPointer } from './json-value.ts'

/** A value of a document and where it stands: `text.slice(start, end)` is its own text. */
export type JsonNode =
  | {
      readonly kind: 'object'
      readonly start: number
      readonly end: number
      readonly members: readonly JsonMember[]
    }
  | {
      readonly kind: 'array'
      readonly start: number
      readonly end: number
      readonly items: readonly JsonNode[]
    }
  | {
      readonly kind: 'scalar'
      readonly start: number
      readonly end: number
      readonly value: string | number | boolean | null
    }

export interface JsonMember {
  readonly key: string
  /** Offset of the key's opening quote. */
  readonly start: number
  /** Offset behind the key's closing quote. */
  readonly keyEnd: number
  readonly value: JsonNode
}

export interface JsonFault {
  readonly rule: 'json-syntax' | 'duplicate-key' | 'encoding'
  readonly message: string
  readonly hint: string | null
  readonly start: number
  readonly end: number
  readonly pointer: string
}

/** `root` and `value` are undefined when the text is not JSON; faults that leave a value are listed beside it. */
export interface ParsedJson {
  readonly root: JsonNode | undefined
  /** Objects have no prototype. */
  readonly value: unknown
  readonly faults: readonly JsonFault[]
}

interface Scanner {
  readonly text: string
  offset: number
  readonly path: (string | number)[]
  readonly faults: JsonFault[]
  values: number
}

// Thrown and caught inside this file only: the quickest way out of a recursion.
class SyntaxFault extends Error {
  readonly fault: JsonFault
  constructor(fault: JsonFault) {
    super(fault.message)
    this.fault = fault
  }
}

// Keys that reach into prototypes where a later program assigns them one by one.
const forbiddenKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const plainStringPattern = /"[^"\\\u0000-\u001f]*"/y
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

/**
 * Reads JSON (RFC 8259, nothing more) and keeps where everything stands. Depth is bounded by `limits.jsonDepth`;
 * duplicate keys and keys that name a prototype are faults. Never throws.
 */
export function parseJson(text: string): ParsedJson {
  const scanner: Scanner = { text, offset: 0, path: [], faults: [], values: 0 }
  try {
    skipByteOrderMark(scanner)
    const root = scanValue(scanner)
    skipWhitespace(scanner)
    if (scanner.offset < text.length)
      fail(scanner, `expected the end of the file, found ${describe(scanner)}`)
    return { root, value: toValue(root), faults: scanner.faults }
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error
    return { root: undefined, value: undefined, faults: [...scanner.faults, error.fault] }
  }
}

function skipByteOrderMark(scanner: Scanner): void {
  if (!scanner.text.startsWith('\ufeff')) return
  scanner.offset = 1
  const message = 'the file begins with a byte order mark, which JSON does not allow'
  scanner.faults.push({
    rule: 'encoding',
    message,
    hint: 'Save it as UTF-8 without one',
    start: 0,
    end: 1,
    pointer: '',
  })
}

/** The value of a node, as `JSON.parse` would give it. Of duplicate keys the last counts. */
export function toValue(node: JsonNode): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'array') return node.items.map(toValue)
  const object: Record<string, unknown> = Object.create(null)
  for (const member of node.members) object[member.key] = toValue(member.value)
  return object
}

/** The node at a path; undefined when there is none. */
export function findNode(root: JsonNode, path: JsonPath): JsonNode | undefined {
  let node: JsonNode | undefined = root
  for (const part of path) {
    if (node?.kind === 'object') node = findMember(node, String(part))?.value
    else if (node?.kind === 'array') node = node.items[Number(part)]
    else return undefined
  }
  return node
}

/** The member of an object with this key, the last one where there are several. */
export function findMember(node: JsonNode, key: string): JsonMember | undefined {
  return node.kind === 'object' ? node.members.findLast(member => member.key === key) : undefined
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
    throwFault([...scanner.path, key], { message, hint: 'Give it another name', ...range })
  }
  if (key.length > limits.jsonKeyLength) {
    const message = `a key is longer than ${limits.jsonKeyLength} characters`
    throwFault(scanner.path, { message, hint: null, ...range })
  }
  if (!seen.has(key)) seen.add(key)
  else if (scanner.faults.length < limits.findingsPerFile) {
    const message = `the key "${key}" stands here a second time; only the last one would count`
    const pointer = toPointer([...scanner.path, key])
    scanner.faults.push({ rule: 'duplicate-key', message, hint: 'Remove one of them', pointer, ...range })
  }
}

function scanString(scanner: Scanner): string {
  const plain = match(scanner, plainStringPattern)
  if (plain !== undefined) return plain.slice(1, -1)
  const text = match(scanner, stringPattern)
  if (text === undefined) return failInString(scanner)
  const value: unknown = JSON.parse(text)
  return String(value)
}

function failInString(scanner: Scanner): never {
  // The longest sound beginning shows where the fault is.
  const sound = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y
  match(scanner, sound)
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
  return fail(scanner, `the number ${text} is out of range`)
}

// `test` makes no array of what it finds: this is called for every word of a document.
function match(scanner: Scanner, pattern: RegExp): string | undefined {
  const start = scanner.offset
  pattern.lastIndex = start
  if (!pattern.test(scanner.text)) return undefined
  scanner.offset = pattern.lastIndex
  return scanner.text.slice(start, scanner.offset)
}

function skipWhitespace(scanner: Scanner): void {
  const { text } = scanner
  let { offset } = scanner
  while (isWhitespace(text.charCodeAt(offset))) offset += 1
  scanner.offset = offset
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

function take(scanner: Scanner, character: string): boolean {
  if (scanner.text[scanner.offset] !== character) return false
  scanner.offset += 1
  return true
}

function describe(scanner: Scanner): string {
  const point = scanner.text.codePointAt(scanner.offset)
  return point === undefined ? 'the end of the file' : JSON.stringify(String.fromCodePoint(point))
}

function fail(scanner: Scanner, message: string): never {
  const { offset: start, path } = scanner
  const end = Math.min(start + 1, scanner.text.length)
  return throwFault(path, { message, hint: null, start, end })
}

function throwFault(path: JsonPath, fault: Omit<JsonFault, 'rule' | 'pointer'>): never {
  throw new SyntaxFault({ rule: 'json-syntax', pointer: toPointer(path), ...fault })
}
