import { toVersion } from './parse-version.ts'

/** Whether the version is at least the minimum. A version that cannot be read never is. */
export async function isAtLeast(version: string | null, minimum: string): Promise<boolean> {
  const [found, lowest] = [toSemver(version), toSemver(minimum)]
  if (found === undefined || lowest === undefined) return false
  const { default: semver } = await import('semver')
  return semver.gte(found, lowest)
}

/** Whether the version lies in the semver range. A version that cannot be read, or a range that is none, never does. */
export async function satisfies(version: string | null, range: string): Promise<boolean> {
  const plain = satisfiesPlainly(version, range)
  if (plain !== undefined) return plain
  const found = toSemver(version)
  if (found === undefined) return false
  const { default: semver } = await import('semver')
  return semver.satisfies(found, range, { includePrerelease: true })
}

/** Whether a text is a semver range, like `>=1.0.0`. */
export async function isRange(text: string): Promise<boolean> {
  if (plainMinimum.test(text)) return true
  const { default: semver } = await import('semver')
  return semver.validRange(text) !== null
}

/** Orders two versions: below zero when the left one is older. Versions that cannot be read come first. */
export type VersionOrder = (left: string | null, right: string | null) => number

/** Loads what orders versions, for those who have many. */
export async function loadVersionOrder(): Promise<VersionOrder> {
  const { default: semver } = await import('semver')
  return (left, right) => {
    const [first, second] = [toSemver(left), toSemver(right)]
    if (first === undefined || second === undefined) return Number(Boolean(first)) - Number(Boolean(second))
    return semver.compare(first, second)
  }
}

/** Orders two versions. */
export async function compareVersions(left: string | null, right: string | null): Promise<number> {
  const order = await loadVersionOrder()
  return order(left, right)
}

// PEP 440 writes 3.13.0rc2, semver 3.13.0-rc.2; dev and pre-releases come before the release in both.
const shape =
  /^(\d+)(?:\.(\d+))?(?:\.(\d+))?[\d._]*(?:[-._]?(a|alpha|b|beta|c|rc|pre|preview|dev|nightly|snapshot|canary|next|ea)(?![a-z])[-.]?(\d*)[^+]*)?/i

/** The version as semver reads it: `17` is 17.0.0, `3.13.0rc2` is 3.13.0-rc.2, `2.4.1+cu121` is 2.4.1. */
function toSemver(version: string | null): string | undefined {
  const normal = version === null ? null : toVersion(version)
  const found = normal === null ? undefined : shape.exec(normal)
  if (!found) return undefined
  const [, major = '0', minor = '0', patch = '0', stage, count] = found
  const release = [major, minor, patch].map(part => String(Number(part))).join('.')
  if (stage === undefined) return release
  const word = stages[stage.toLowerCase()] ?? stage.toLowerCase()
  return `${release}-${word}.${Number(count || 0)}`
}

// One spelling each, so that they compare in the order of PEP 440: alpha, beta, … rc.
const stages: Readonly<Record<string, string>> = {
  a: 'alpha',
  b: 'beta',
  c: 'rc',
  pre: 'rc',
  preview: 'rc',
}

// Most ranges are a minimum: they need no semver, which takes longer to load than a whole home.
const plainVersion = /^(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}$/
const plainMinimum = /^>=(?:0|[1-9]\d{0,8})(?:\.(?:0|[1-9]\d{0,8})){2}$/

/** Whether the version reaches a plain minimum like `>=1.0.0`; undefined when one of them is not plain. */
function satisfiesPlainly(version: string | null, range: string): boolean | undefined {
  if (version === null || !plainVersion.test(version) || !plainMinimum.test(range)) return undefined
  const [found, lowest] = [version, range.slice('>='.length)].map(text => text.split('.').map(Number))
  const differences = found?.map((part, index) => part - (lowest?.[index] ?? 0)) ?? []
  return (differences.find(difference => difference !== 0) ?? 0) >= 0
}

const runs = /\d+|\D+/g

/**
 * Orders texts with the numbers in them by their size: `3.9` before `3.11`. `Intl.Collator` does the same, and loads
 * 8 ms of tables first.
 */
export function compareNumerically(left: string, right: string): number {
  const [lefts, rights] = [left.match(runs) ?? [], right.match(runs) ?? []]
  for (const [index, run] of lefts.entries()) {
    const order = compareRuns(run, rights[index])
    if (order !== 0) return order
  }
  return lefts.length - rights.length
}

function compareRuns(left: string, right: string | undefined): number {
  if (right === undefined) return 1
  const difference = Number(left) - Number(right)
  if (difference !== 0 && !Number.isNaN(difference)) return difference
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** What an entry of `requires` names, and the versions of it that will do. */
interface RequirementParts {
  readonly name: string
  readonly range: string | undefined
}

/** Reads `aefa` or `aefa@^1.2.0`. A range begins with a character that no id has, so `a@1` is an id. */
export function parseRequirement(text: string): RequirementParts {
  const start = text.search(/@[<>=^~*]/)
  if (start < 1) return { name: text, range: undefined }
  return { name: text.slice(0, start), range: text.slice(start + 1) }
}
