import { describe, fail, match, type Scanner, take } from './json-scanner.ts'

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const plainStringPattern = /"[^"\\\u0000-\u001f]*"/y
// In parts: over a string of megabytes, one pattern for all of it would overflow the stack that it keeps.
const stringPartPattern = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})){1,4096}/y
const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const

export function scanString(scanner: Scanner): string {
  const plain = match(scanner, plainStringPattern)
  if (plain !== undefined) return plain.slice(1, -1)
  const start = scanner.offset
  scanner.offset += 1
  while (match(scanner, stringPartPattern) !== undefined);
  if (!take(scanner, '"')) return failInString(scanner)
  const value: unknown = JSON.parse(scanner.text.slice(start, scanner.offset))
  return String(value)
}

// The scan stands behind the longest sound beginning: there the fault is.
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

export function scanWordOrNumber(scanner: Scanner): number | boolean | null {
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
