import { toCleanText, withoutEscapes } from '../text/text.ts'

/** A version in normal form, and the line that it was read from; null when there is none. */
export interface ParsedVersion {
  readonly version: string | null
  readonly raw: string | null
}

const stage = '(?:alpha|beta|preview|nightly|snapshot|canary|next|insiders|rc|pre|dev|post|ea|a|b|c)'
// 2.4.1, then what belongs to it: _292 (Java), p1 (OpenSSH, Ruby), rc2 or -beta.3, +cu121. Not -1ubuntu1 or -dispatcher.
const tail = `(?:_\\d+)?(?:p\\d+)?(?:[-._]?${stage}(?![a-z])(?:[-.]?\\d+)*)?(?:\\+[0-9a-z]+(?:[._-][0-9a-z]+)*)?`
const number = `\\d{1,10}(?:\\.\\d{1,14}){1,5}${tail}`
const dotted = new RegExp(`(?<![\\d.])${number}(?!\\.?\\d)`, 'gi')
const dottedFirst = new RegExp(`(?<![\\d.])${number}`, 'i')
const bare = /^\W*(?:[a-z+.-]+ ){0,2}(?:version |release )?"?v?(\d{1,6})(?:\.x)?\b(?![-:/.]\d)/i
const labelledBare = /^\W*version[\s:="]+v?(\d{1,6})\b(?![-:/.]\d)/i
const labelled = /(?:version|release|\bv)[\s:="]*$/i
const clientLabel = /\bclient[ _-]version(?: is)?[\s:="]*v?$/i
// MySQL and MariaDB: `Ver 15.1 Distrib 10.6.16-MariaDB`, the client's protocol and then what was installed.
const distributed = /\bDistrib\s+$/
// Words about another version than the one that runs: before the number, or anywhere on its line.
const before =
  /\b(?:warning|warn|error|deprecat\w*|requires?|compatible with|compiled (?:with|by|using)|built (?:with|by|using)|copyright)\b/i
const anywhere = /\b(?:newer|newest|latest|available|updates?|upgrade|out of date)\b/i
const locator = /(?:^|[\s"'(=])(?:[~/]|[a-z]:\\|[a-z][a-z0-9+.-]*:\/\/)\S*$/i
// What the Java runtime says about variables that it was given.
const echo = /^(?:NOTE: )?Picked up \w+:/

/**
 * Finds the version in what a tool printed. A client's own version comes first, then the number that follows one of
 * the tool's names, then the first number. Numbers of notices about other versions are passed over, addresses and
 * dates unless they are called a version, numbers in file paths always.
 */
export function parseVersion(text: string, names: readonly string[] = []): ParsedVersion {
  const lines = toLines(text)
  const all = lines.flatMap(toCandidates)
  const own = all.filter(({ line, start }) => !before.test(start) && !anywhere.test(line))
  const patterns = names.map(toNamePattern)
  const isNamed = ({ start, isLocal }: Candidate) => !isLocal && patterns.some(({ end }) => end.test(start))
  const { version, raw }: ParsedVersion = all.find(
    ({ line, start }) => clientLabel.test(start) && !anywhere.test(line),
  ) ??
    own.find(({ start }) => distributed.test(start)) ??
    own.find(isNamed) ??
    firstOf(lines, line => bareAfterName(line, patterns)) ??
    firstOf(
      lines,
      line => own.find(found => found.line === line && !found.isDoubtful)?.version ?? labelledIn(line),
    ) ??
    firstOf(lines, bareIn) ??
    all.find(({ isDoubtful }) => !isDoubtful) ?? { version: null, raw: lines[0] ?? null }
  return { version, raw }
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
    .filter(line => line !== '' && !echo.test(line))
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

/** A dotted number of a line, and what stands before it. */
interface Candidate extends ParsedVersion {
  readonly version: string
  readonly raw: string
  readonly line: string
  readonly start: string
  /** Whether it is rather an address or a date. */
  readonly isDoubtful: boolean
  /** Whether it is an address for sure. */
  readonly isLocal: boolean
}

function toCandidates(line: string): Candidate[] {
  return [...line.matchAll(dotted)].flatMap(found => {
    const [version] = found
    const start = line.slice(0, found.index)
    if (locator.test(start)) return []
    const looksOther = isAddress(version) || (isDate(version) && /\w/.test(start))
    const isLocal = isAddress(version) && isReserved(version, line.slice(found.index + version.length))
    return [{ version, raw: line, line, start, isDoubtful: looksOther && !labelled.test(start), isLocal }]
  })
}

interface NamePattern {
  /** Matches a text that ends where the version of the named tool begins. */
  readonly end: RegExp
  /** Matches the name and a number without dots. */
  readonly bare: RegExp
}

// Between a name and its version: `(GNU) 1.2`, `CLI version: v1.2`, `-1.2`, `/1.2`, ` (version 1.2`.
const gap = '(?:\\([^()]*\\)|\\((?=[^()]*$)|\\b(?:version|ver|release|is|cli|sdk)\\b|[^\\w|;()])*(?:v|go|r)?'

function toNamePattern(name: string): NamePattern {
  const words = name
    .split(/[-_ ]+/)
    .map(word => word.replace(/[^\w]/g, '\\$&'))
    .join('[-_ ]')
  const start = `(?<![\\w./@-])${words}(?!\\w)`
  return {
    end: new RegExp(`${start}${gap}$`, 'i'),
    bare: new RegExp(
      `^\\W*(?:\\w+ )?${start}[\\s:="-]+(?:version |release )?"?v?(\\d{1,6})(?![\\w.:/-])`,
      'i',
    ),
  }
}

function bareAfterName(line: string, patterns: readonly NamePattern[]): string | undefined {
  if (isNotice(line) || dottedFirst.test(line)) return undefined
  return patterns.map(pattern => pattern.bare.exec(line)?.[1]).find(found => found !== undefined)
}

function labelledIn(line: string): string | undefined {
  return isNotice(line) ? undefined : labelledBare.exec(line)?.[1]
}

function bareIn(line: string): string | undefined {
  return isNotice(line) ? undefined : bare.exec(line)?.[1]
}

function isNotice(line: string): boolean {
  return before.test(line) || anywhere.test(line)
}

function isReserved(address: string, rest: string): boolean {
  return /^(?:0|127|169\.254|192\.168)\./.test(address) || /^[:/]\d/.test(rest)
}

function isAddress(version: string): boolean {
  const parts = version.split('.')
  return parts.length === 4 && parts.every(part => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function isDate(version: string): boolean {
  return /^(?:(?:19|20)\d\d\.\d\d?\.\d\d?|\d\d?\.\d\d?\.(?:19|20)\d\d)$/.test(version)
}
