import { limits } from '../core/limits.ts'

/** Text of a tool in a form that can be stored and shown: one line, no control characters, not too long. */
export function cleanText(text: string): string {
  const line = text
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]/g, '')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  return line.length <= limits.textLength ? line : `${line.slice(0, limits.textLength - 1)}…`
}

/** Last line that says something, cleaned; undefined when there is none. */
export function lastLine(text: string): string | undefined {
  return text
    .split(/[\r\n]+/)
    .map(cleanText)
    .findLast(line => line !== '')
}

/** First line that says something, cleaned; undefined when there is none. */
export function firstLine(text: string): string | undefined {
  return text
    .split(/[\r\n]+/)
    .map(cleanText)
    .find(line => line !== '')
}
