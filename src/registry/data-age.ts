import { renderCount } from '../lib/text/format.ts'
import { entriesOf, type Snapshot } from './snapshot.ts'

/** Age in days from which figures are old: prices and dates of models change every few weeks. */
export const oldDataDays = 90

/** Registries whose figures come from sources with a date. */
export const datedRegistryNames = ['providers', 'models'] as const

/** How old the figures of a registry are. */
export interface DataAge {
  readonly registry: (typeof datedRegistryNames)[number]
  /** Entries whose figures have a date. */
  readonly entries: number
  /** How many of them are old. */
  readonly old: number
  /** Day of the figures in the middle: half of the entries are of this day or older. */
  readonly day: string
  /** Age of that day in whole days. */
  readonly age_days: number
  /** Id of the entry with the oldest figures, and their day. */
  readonly oldest: { readonly id: string; readonly day: string }
  /** Whether at least half of the entries are old. */
  readonly is_old: boolean
}

/** How old the figures of the registries of a snapshot are. Omits a registry without dates. */
export function findDataAges(snapshot: Pick<Snapshot, 'registries'>, now: number): DataAge[] {
  return datedRegistryNames.flatMap(
    registry => findDataAge(registry, Object.entries(entriesOf(snapshot, registry)), now) ?? [],
  )
}

interface DatedEntry {
  readonly 'x-source'?: { readonly retrieved_on?: string | undefined } | undefined
  readonly 'x-local'?: boolean | undefined
  readonly 'x-upstream'?: string | undefined
}

/**
 * How old the figures of a registry are, by `x-source` of its entries. Entries of this home alone (`x-local`) and of an
 * upstream (`x-upstream`) do not count: their owners keep them up to date. Undefined when no entry has a date.
 */
export function findDataAge(
  registry: DataAge['registry'],
  entries: readonly (readonly [id: string, entry: DatedEntry])[],
  now: number,
): DataAge | undefined {
  const dated = entries.flatMap(([id, entry]) => {
    const day = entry['x-source']?.retrieved_on
    const isOwn = entry['x-local'] === true || entry['x-upstream'] !== undefined
    return day === undefined || isOwn ? [] : [{ id, day, age: ageOf(day, now) }]
  })
  const sorted = dated.sort((left, right) => right.age - left.age)
  // Half of the entries, and one more of an odd number, are as old or older.
  const [oldest, middle] = [sorted[0], sorted[Math.ceil(sorted.length / 2) - 1]]
  if (oldest === undefined || middle === undefined) return undefined
  return {
    registry,
    entries: sorted.length,
    old: sorted.filter(({ age }) => age >= oldDataDays).length,
    day: middle.day,
    age_days: middle.age,
    oldest: { id: oldest.id, day: oldest.day },
    is_old: middle.age >= oldDataDays,
  }
}

/** Describes old figures of a registry, a clause. */
export function describeOldData({ registry, entries, old, oldest }: DataAge): string {
  const counted = `${old} of ${entries} ${registry} have figures of ${oldDataDays} days ago or older`
  return `${counted}, the oldest of ${oldest.day}`
}

/** Describes figures that are not old, a clause: `models: figures of 2026-11-20 (9 days ago)`. */
export function describeData({ registry, day, age_days: age }: DataAge): string {
  const when = age === 0 ? 'today' : renderCount(age, 'day ago', 'days ago')
  return `${registry}: figures of ${day} (${when})`
}

/** What to do about old figures. */
export const oldDataHint = 'Update nexus-registry, then take its data: nexus-registry upgrade'

function ageOf(day: string, now: number): number {
  return Math.max(0, Math.floor((now - Date.parse(day)) / 86_400_000))
}
