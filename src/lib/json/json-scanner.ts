import { type JsonPath, toPointer } from './json-value.ts'

export interface JsonFault {
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
  readonly faults: JsonFault[]
  values: number
}

/** Thrown and caught inside `parseJson` only: the quickest way out of a recursion. */
export class SyntaxFault extends Error {
  readonly fault: JsonFault
  constructor(fault: JsonFault) {
    super(fault.message)
    this.fault = fault
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
  return throwFault(path, { message, hint: null, start, end })
}

export function throwFault(path: JsonPath, fault: Omit<JsonFault, 'rule' | 'pointer'>): never {
  throw new SyntaxFault({ rule: 'json-syntax', pointer: toPointer(path), ...fault })
}
