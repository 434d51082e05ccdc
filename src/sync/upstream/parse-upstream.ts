import { isJsonObject, isSameJson } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { toCleanText } from '../../lib/text/text.ts'
import {
  type LocalEntry,
  readLocalEntries,
  renderEntries,
  toMarkedEntry,
  withoutMarks,
} from '../../registry/entries.ts'
import { checkContent } from '../../registry/load/check-content.ts'
import { toPlaceName } from '../../registry/load/diagnose.ts'
import { decodeText } from '../../registry/load/parse-registry.ts'
import type { SchemaIssue } from '../../registry/load/schema-diagnostics.ts'
import type { KeyRank } from '../../registry/schema/known-keys.ts'
import type { SubRegistryName } from '../../registry/schema/names.ts'

/** What an upstream sent: a registry, or why it is none. Sentences have no full stop. */
export type UpstreamDocument =
  | {
      readonly kind: 'registry'
      /** The sound entries by id, without what only this program writes. */
      readonly entries: Readonly<Record<string, unknown>>
      /** Ids of the others. */
      readonly quarantined: readonly string[]
      readonly warnings: readonly string[]
    }
  | { readonly kind: 'unusable'; readonly reason: string }

const longestSentence = 1024
const mostWarnings = 20

/** Reads what an upstream sent as the registry of this name. A broken entry is named, and the others are taken. */
export function parseUpstream(
  name: SubRegistryName,
  { body, type }: { readonly body: Uint8Array; readonly type: string },
): UpstreamDocument {
  const { text, error } = decodeText(body)
  if (/^(?:text\/html|application\/xhtml)/i.test(type) || text.startsWith('<'))
    return unusable('it is a page for browsers')
  if (error) return unusable('it is not UTF-8')
  const { root, value, errors } = parseJson(text)
  if (root === undefined) return unusable(`it is no JSON: ${errors[0]?.message}`)
  if (!isJsonObject(value)) return unusable('it is no object of entries')
  const { content, quarantined, issues } = checkContent(name, withoutMarksOfEntries(value))
  const [first] = issues
  if (content === undefined || (quarantined.length > 0 && Object.keys(content).length === 0))
    return unusable(`it has no sound entry${first ? `: ${explain(name, first)}` : ''}`)
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

// Before they are checked: a mark that is broken does not cost the entry that it stands in.
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
  const told = quarantined.slice(0, mostWarnings).map(id => {
    const issue = issues.find(({ path }) => path[0] === id)
    return toSentence(`${issue ? explain(name, issue) : `${name}/${id}`}; the entry is left out`)
  })
  const rest = quarantined.length - told.length
  return rest > 0 ? [...told, `${rest} more entries of ${name} are left out`] : told
}

function explain(name: SubRegistryName, issue: SchemaIssue): string {
  return `${toPlaceName(name, issue.path)}: ${issue.describe().message}`
}

function toSentence(text: string): string {
  return toCleanText(text, longestSentence)
}

/** What an upstream has. */
export interface Desired {
  readonly url: string
  /** Its sound entries, by id. */
  readonly entries: Readonly<Record<string, unknown>>
  /** Ids of those that are broken: what is here of them stays. */
  readonly quarantined: readonly string[]
  /** `Last-Modified` of this document, and of the one that was taken last. */
  readonly lastModified: string | null
  readonly knownLastModified: string | null
  /** Whether what looks like a mistake is done all the same. */
  readonly isForced: boolean
}

/** What taking over an upstream's document changes in a registry file, or why that is refused: a sentence. */
export type UpstreamPlan =
  | (UpstreamDifference & {
      readonly kind: 'planned'
      /** The text that is to be; the very text that is here when nothing changes. */
      readonly text: string
    })
  | { readonly kind: 'refused'; readonly reason: string }

/** Ids of entries, in the order of the files. */
interface UpstreamDifference {
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly removed: readonly string[]
}

/** More entries than this part of them are not removed without being told to. */
const largestRemoval = 1 / 3

/**
 * Compares what an upstream has with what is here. Entries with `x-local` stay as they are, and so do the `detected` of
 * all entries; entries that came from the upstream are marked with `x-upstream`. The keys of what changes come by rank.
 */
export function planUpstream(text: string | undefined, desired: Desired, toRank: KeyRank): UpstreamPlan {
  const local = readLocalEntries(text)
  if (local === undefined && !desired.isForced && text?.includes('"x-local"'))
    return refuse('the file here is no registry, and seems to hold entries of your own')
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
    ? `it is of ${lastModified}, older than what is here (${knownLastModified})`
    : undefined
}

function isOlder(moment: string | null, known: string | null): boolean {
  // A date that cannot be read is NaN, and never older.
  return moment !== null && known !== null && Date.parse(moment) < Date.parse(known)
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
