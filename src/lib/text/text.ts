import { limits } from '../limits.ts'
import { invisibleCharacters } from './visible.ts'

/** Last line that says something, cleaned; undefined when there is none. */
export function lastLine(text: string): string | undefined {
  return toCleanLines(text).at(-1)
}

/** First line that says something, cleaned; undefined when there is none. */
export function firstLine(text: string): string | undefined {
  return toCleanLines(text)[0]
}

/** The lines that say something, cleaned. */
export function toCleanLines(text: string): string[] {
  return text
    .split(/[\r\n]+/)
    .map(line => toCleanText(line))
    .filter(line => line !== '')
}

// ECMA-48: CSI, OSC and the other strings up to their end, then two-character sequences. Bodies never hold
// an escape, so every character is read once.
const escapes =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g
const breaks = /[\t\n\v\f\r\x85\u2028\u2029]+/g

/** Takes escape sequences out of a text and leaves its lines. */
export function withoutEscapes(text: string): string {
  return text.replace(escapes, '')
}

/** One clean line of what a tool printed: no escape sequences or invisible characters, at most `maxLength` characters. */
export function toCleanText(text: string, maxLength: number = limits.textLength): string {
  const line = withoutEscapes(text).replace(breaks, ' ').replace(invisibleCharacters, '').trim()
  if (line.length <= maxLength) return line
  return Array.from(line.slice(0, 2 * maxLength))
    .slice(0, maxLength)
    .join('')
    .trimEnd()
}

/** Shorter ones occur in any text. */
const shortestSecret = 6

/** Makes what hides secrets in texts: those that are given, sign-in data in addresses, and bearer tokens. */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const known = secrets.filter(secret => secret.length >= shortestSecret)
  return text =>
    known
      .reduce((shown, secret) => shown.replaceAll(secret, '[hidden]'), text)
      .replace(/(\bhttps?:\/\/)[^\s/@]*@/gi, '$1[hidden]@')
      .replace(/\b(bearer) +[\w.~+/=-]+/gi, '$1 [hidden]')
}
