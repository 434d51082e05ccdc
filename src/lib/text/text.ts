import { limits } from '../limits.ts'

// ECMA-48: CSI, OSC and the other strings up to their end, then two-character sequences. Bodies never hold
// an escape, so every character is looked at once.
const escapes =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -/]*[0-~]?/g
const breaks = /[\t\n\v\f\r\x85\u2028\u2029]+/g
const controls = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g

/** Takes escape sequences out of a text and leaves its lines. */
export function withoutEscapes(text: string): string {
  return text.replace(escapes, '')
}

/** One clean line of what a tool printed: no escape sequences, control or bidi characters, at most `maxLength` characters. */
export function toCleanText(text: string, maxLength: number = limits.textLength): string {
  const line = withoutEscapes(text).replace(breaks, ' ').replace(controls, '').trim()
  if (line.length <= maxLength) return line
  return Array.from(line.slice(0, 2 * maxLength))
    .slice(0, maxLength)
    .join('')
    .trimEnd()
}
