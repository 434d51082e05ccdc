import { toCleanText } from './text.ts'

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
