import { toCleanText, withoutEscapes } from './text.ts'

/** A version in normal form, and the line that it was read from; null when there is none. */
export interface ParsedVersion {
  readonly version: string | null
  readonly raw: string | null
}

const stage = '(?:alpha|beta|preview|nightly|snapshot|canary|next|insiders|rc|pre|dev|post|ea|a|b|c)'
// 2.4.1, then what belongs to it: _292 (Java), p1 (OpenSSH, Ruby), rc2 or -beta.3, +cu121. Not -1ubuntu1 or -dispatcher.
const tail = `(?:_\\d+)?(?:p\\d+)?(?:[-._]?${stage}(?![a-z])(?:[-.]?\\d+)*)?(?:\\+[0-9a-z]+(?:[._-][0-9a-z]+)*)?`
const dotted = new RegExp(`(?<![\\d.])\\d{1,10}(?:\\.\\d{1,14}){1,3}${tail}(?!\\.?\\d)`, 'gi')
const dottedFirst = new RegExp(`(?<![\\d.])\\d{1,10}(?:\\.\\d{1,14}){1,3}${tail}`, 'i')
const bare = /^\W*(?:[a-z+.-]+ ){0,2}(?:version |release )?"?v?(\d{1,6})(?:\.x)?\b(?![-:/.]\d)/i
const labelled = /(?:version|release|\bv)[\s:="]*$/i
// Lines that talk about another version than the one that runs.
const notice =
  /\b(?:warning|warn|error|deprecat\w*|newer|newest|latest|available|updates?|upgrade|requires?|out of date|copyright)\b/i
const locator = /(?:^|[\s"'(=])(?:[~/]|[a-z]:\\|[a-z][a-z0-9+.-]*:\/\/)\S*$/i

/**
 * Finds the version in what a tool printed: the first on a line that is no notice. Addresses and dates are passed
 * over unless they are called a version; numbers in file paths always are.
 */
export function parseVersion(text: string): ParsedVersion {
  const lines = toLines(text)
  const plain = lines.filter(line => !notice.test(line))
  return (
    firstOf(plain, dottedIn) ??
    firstOf(plain, bareIn) ??
    firstOf(lines, dottedIn) ?? { version: null, raw: lines[0] ?? null }
  )
}

/** A version that a pattern singled out: its normal form, or the text itself when it is one word with a digit. */
export function toVersion(text: string): string | null {
  const clean = toCleanText(text, 64)
  const found = dottedFirst.exec(clean)?.[0] ?? /^v?(\d+)$/i.exec(clean)?.[1]
  return found ?? (/^\S*\d\S*$/.test(clean) ? clean : null)
}

function toLines(text: string): string[] {
  return withoutEscapes(text)
    .split(/[\r\n]+/)
    .map(line => toCleanText(line))
    .filter(line => line !== '')
}

function firstOf(
  lines: readonly string[],
  find: (line: string) => string | undefined,
): ParsedVersion | undefined {
  for (const line of lines) {
    const version = find(line)
    if (version !== undefined) return { version, raw: line }
  }
  return undefined
}

function dottedIn(line: string): string | undefined {
  for (const found of line.matchAll(dotted)) {
    const before = line.slice(0, found.index)
    if (locator.test(before)) continue
    const isDoubtful = isAddress(found[0]) || (isDate(found[0]) && /\w/.test(before))
    if (!isDoubtful || labelled.test(before)) return found[0]
  }
  return undefined
}

function bareIn(line: string): string | undefined {
  return bare.exec(line)?.[1]
}

function isAddress(version: string): boolean {
  const parts = version.split('.')
  return parts.length === 4 && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function isDate(version: string): boolean {
  return /^(?:(?:19|20)\d\d\.\d\d?\.\d\d?|\d\d?\.\d\d?\.(?:19|20)\d\d)$/.test(version)
}
