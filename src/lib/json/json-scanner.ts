import { type JsonPath, toPointer } from './json-value.ts'

export interface JsonError {
  readonly rule: 'json-syntax' | 'duplicate-key' | 'encoding'
  readonly message: string
  readonly hint: string | null
  readonly start: number
  readonly end: number
  readonly pointer: string
}

/** Where a scan stands. */
export interface Scanner {
  readonly text: string
  offset: number
  readonly path: (string | number)[]
  readonly errors: JsonError[]
  values: number
}

/** Thrown and caught inside `parseJson` only: the quickest way out of a recursion. */
export class JsonSyntaxError extends Error {
  readonly error: JsonError
  constructor(error: JsonError) {
    super(error.message)
    this.error = error
  }
}

/** Takes what the pattern (sticky) finds here; undefined when it finds nothing. */
export function match(scanner: Scanner, pattern: RegExp): string | undefined {
  const start = scanner.offset
  pattern.lastIndex = start
  // It makes no array of what it finds: this is called for every word of a document.
  if (!pattern.test(scanner.text)) return undefined
  scanner.offset = pattern.lastIndex
  return scanner.text.slice(start, scanner.offset)
}

export function skipWhitespace(scanner: Scanner): void {
  const { text } = scanner
  let { offset } = scanner
  while (isWhitespace(text.charCodeAt(offset))) offset += 1
  scanner.offset = offset
}

function isWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

export function take(scanner: Scanner, character: string): boolean {
  if (scanner.text[scanner.offset] !== character) return false
  scanner.offset += 1
  return true
}

export function describe(scanner: Scanner): string {
  const point = scanner.text.codePointAt(scanner.offset)
  return point === undefined ? 'the end of the file' : JSON.stringify(String.fromCodePoint(point))
}

export function fail(scanner: Scanner, message: string): never {
  const { offset: start, path } = scanner
  const end = Math.min(start + 1, scanner.text.length)
  return throwSyntaxError(path, { message, hint: null, start, end })
}

export function throwSyntaxError(path: JsonPath, error: Omit<JsonError, 'rule' | 'pointer'>): never {
  throw new JsonSyntaxError({ rule: 'json-syntax', pointer: toPointer(path), ...error })
}

/** A list or an object begins here, and not a word in brackets as in `[WARN]`. */
const opening = /\{\s*["}]|\[\s*[[{"\]\d-]/g

/** Most characters that are walked in vain, from beginnings that turn out to be none: a few times the text. */
const toBudget = (text: string) => Math.max(4 * text.length, 256 * 1024)

/**
 * The JSON lists and objects in the output of a tool, in their order. Warnings may stand before, between and behind
 * them. A document that is cut off is not among them, but the complete values inside of it are.
 */
export function findJsonValues(text: string): unknown[] {
  const values: unknown[] = []
  let budget = toBudget(text)
  let from = 0
  while (budget >= 0) {
    opening.lastIndex = from
    const start = opening.exec(text)?.index
    if (start === undefined) break
    const end = findEnd(text, start)
    const parsed = end === undefined ? undefined : parse(text.slice(start, end))
    if (parsed !== undefined) values.push(parsed.value)
    else budget -= (end ?? text.length) - start
    from = parsed === undefined || end === undefined ? start + 1 : end
  }
  return values
}

/** Offset after the bracket that closes the one at `start`; undefined when there is none. */
function findEnd(text: string, start: number): number | undefined {
  const tokens = /"(?:[^"\\\n]|\\.)*"|[[\]{}]/g
  tokens.lastIndex = start
  let depth = 0
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '[' || token[0] === '{') depth += 1
    if (token[0] === ']' || token[0] === '}') depth -= 1
    if (depth === 0) return tokens.lastIndex
  }
  return undefined
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}
