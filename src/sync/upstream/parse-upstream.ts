import { isJsonObject, isSameJson } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { decodeText } from '../../lib/json/parse-plain-json.ts'
import { toCleanText } from '../../lib/text/text.ts'
import {
  type LocalEntry,
  readLocalEntries,
  renderEntries,
  toMarkedEntry,
  withoutMarks,
} from '../../registry/entries.ts'
import { toPlaceName } from '../../registry/load/diagnose.ts'
import { checkContent } from '../../registry/load/parse-registry.ts'
import type { SchemaIssue } from '../../registry/load/schema-diagnostics.ts'
import type { KeyRank } from '../../registry/schema/known-keys.ts'
import type { SubRegistryName } from '../../registry/schema/names.ts'

/** A document of an upstream: a registry, or why it is not one. Sentences have no full stop. */
export type UpstreamDocument =
  | {
      readonly kind: 'registry'
      /** The valid entries by id, without the marks that only this program writes. */
      readonly entries: Readonly<Record<string, unknown>>
      /** Ids of the others. */
      readonly quarantined: readonly string[]
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'unusable'; readonly reason: string }

const longestSentence = 1024
const mostWarnings = 20

/** Parses the document of an upstream as the registry of this name. A broken entry is a warning; the others are used. */
export function parseUpstream(
  name: SubRegistryName,
  { body, type }: { readonly body: Uint8Array; readonly type: string },
): UpstreamDocument {
  const { text, error: encodingError } = decodeText(body)
  if (/^(?:text\/html|application\/xhtml)/i.test(type) || text.startsWith('<'))
    return unusable('it is a page for browsers')
  if (encodingError) return unusable('it is not UTF-8')
  const { root, value, errors } = parseJson(text)
  if (root === undefined) return unusable(`it is not JSON: ${errors[0]?.message}`)
  if (!isJsonObject(value)) return unusable('it is not an object of entries')
  const { content, quarantined, issues } = checkContent(name, withoutMarksOfEntries(value))
  const [first] = issues
  if (content === undefined || (quarantined.length > 0 && Object.keys(content).length === 0))
    return unusable(`it has no valid entry${first ? `: ${explain(name, first)}` : ''}`)
  return {
    kind: 'registry',
    entries: content,
    quarantined,
    warnings: [...errors.map(({ message }) => toSentence(message)), ...toWarnings(name, quarantined, issues)],
  }
}

function unusable(reason: string): UpstreamDocument {
  return { kind: 'unusable', reason: toSentence(reason) }
}

// Marks are removed before the check, so that a broken mark does not cost its entry.
function withoutMarksOfEntries(document: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(document)
      .filter(([id]) => id !== '$schema')
      .map(([id, entry]) => [id, isJsonObject(entry) ? withoutMarks(entry) : entry]),
  )
}

function toWarnings(
  name: SubRegistryName,
  quarantined: readonly string[],
  issues: readonly SchemaIssue[],
): string[] {
  const named = quarantined.slice(0, mostWarnings).map(id => {
    const issue = issues.find(({ path }) => path[0] === id)
    return toSentence(`${issue ? explain(name, issue) : `${name}/${id}`}; the entry is left out`)
  })
  const rest = quarantined.length - named.length
  return rest > 0 ? [...named, `${rest} more entries of ${name} are left out`] : named
}

function explain(name: SubRegistryName, issue: SchemaIssue): string {
  return `${toPlaceName(name, issue.path)}: ${issue.describe().message}`
}

function toSentence(text: string): string {
  return toCleanText(text, longestSentence)
}

/** The registry that an upstream has. */
export interface Desired {
  readonly url: string
  /** Its valid entries, by id. */
  readonly entries: Readonly<Record<string, unknown>>
  /** Ids of its broken entries: the local ones stay. */
  readonly quarantined: readonly string[]
  /** `Last-Modified` of this document, and of the last one that was used. */
  readonly lastModified: string | null
  readonly knownLastModified: string | null
  /** Whether to accept a change that looks like a mistake. */
  readonly isForced: boolean
}

/** The changes that an upstream's document makes in a registry file, or why it is refused: a sentence. */
export type UpstreamPlan =
  | (UpstreamDifference & {
      readonly kind: 'planned'
      /** The new text; the current one itself when nothing changes. */
      readonly text: string
    })
  | { readonly kind: 'refused'; readonly reason: string }

/** Ids of entries, in the order of the files. */
interface UpstreamDifference {
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly removed: readonly string[]
}

/** Only `--force` removes more than this part of the entries. */
const largestRemoval = 1 / 3

/**
 * Compares the entries of an upstream with the local ones. Entries with `x-local` stay unchanged, and so does `detected`
 * of all entries; entries of the upstream are marked with `x-upstream`. Keys of changed entries are sorted by rank.
 */
export function planUpstream(text: string | undefined, desired: Desired, toRank: KeyRank): UpstreamPlan {
  const local = readLocalEntries(text)
  if (local === undefined && !desired.isForced && text?.includes('"x-local"'))
    return refuse('the local file is not a registry, and seems to contain entries of your own')
  const here = local?.entries ?? new Map<string, LocalEntry>()
  const difference = compare(here, desired)
  const refusal = desired.isForced ? undefined : findRefusal(here, difference, desired)
  if (refusal !== undefined) return refuse(refusal)
  return { kind: 'planned', ...difference, text: renderEntries(local, toEntries(here, desired), toRank) }
}

function refuse(reason: string): UpstreamPlan {
  return { kind: 'refused', reason }
}

function compare(
  here: ReadonlyMap<string, LocalEntry>,
  { entries, quarantined }: Desired,
): UpstreamDifference {
  const kept = new Set(quarantined)
  const ids = Object.keys(entries)
  return {
    created: ids.filter(id => !here.has(id)),
    updated: ids.filter(id => {
      const entry = here.get(id)
      return (
        entry !== undefined &&
        !entry.isLocal &&
        !isSameJson(withoutMarks(entry.value), withoutMarks(entries[id]))
      )
    }),
    removed: [...here.values()]
      .filter(({ id, isLocal }) => !isLocal && !Object.hasOwn(entries, id) && !kept.has(id))
      .map(({ id }) => id),
  }
}

function findRefusal(
  here: ReadonlyMap<string, LocalEntry>,
  { created, updated, removed }: UpstreamDifference,
  { lastModified, knownLastModified }: Desired,
): string | undefined {
  const known = [...here.values()].filter(({ isLocal }) => !isLocal).length
  if (removed.length > known * largestRemoval)
    return `it would remove ${removed.length} of ${known} entries, more than a third`
  const isChange = created.length + updated.length + removed.length > 0
  return isChange && isOlder(lastModified, knownLastModified)
    ? `it is of ${lastModified}, older than the local one (${knownLastModified})`
    : undefined
}

function isOlder(time: string | null, known: string | null): boolean {
  // A date that cannot be read is NaN, and never older.
  return time !== null && known !== null && Date.parse(time) < Date.parse(known)
}

function toEntries(
  here: ReadonlyMap<string, LocalEntry>,
  { url, entries, quarantined }: Desired,
): ReadonlyMap<string, unknown> {
  const broken = new Set(quarantined)
  const kept = [...here.values()].filter(({ id, isLocal }) => isLocal || broken.has(id))
  const marked = Object.entries(entries)
    .filter(([id]) => !here.get(id)?.isLocal)
    .map(([id, entry]): [string, unknown] => [id, toMarkedEntry(entry, here.get(id)?.value, url)])
  return new Map([...kept.map(({ id, value }): [string, unknown] => [id, value]), ...marked])
}
