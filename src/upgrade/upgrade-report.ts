import type { RegistryName } from '../registry/schema/names.ts'
import { isSubRegistry } from '../registry/schema/names.ts'
import type { ShippedBase } from './find-base.ts'
import type { MergedPlace } from './merge-registry.ts'

/** What an upgrade changes, and what it leaves, as `upgrade --json` prints it. */
export interface UpgradeReport {
  /** Version whose shipped data the home has; null when none of it was shipped. */
  readonly from: string | null
  readonly to: string
  /** How `from` is known: the home says so, or its entries were compared with those of all versions. */
  readonly base: ShippedBase['evidence']
  readonly created: readonly string[]
  readonly updated: readonly { readonly ref: string; readonly fields: readonly string[] }[]
  /** Changed here and by the program in different ways: what is here stays. Null where there is none. */
  readonly conflicts: readonly UpgradeConflict[]
  /** Shipped entries that stay away, and entries that stay although they are no longer shipped. */
  readonly kept: readonly { readonly ref: string; readonly reason: string }[]
  /** Entries with edits, which an automatic upgrade leaves as they are. */
  readonly waiting: readonly string[]
  /** Registries that are left as they are. */
  readonly skipped: readonly { readonly registry: RegistryName; readonly reason: string }[]
  /** Entries that stay as they are. */
  readonly unchanged: number
}

interface UpgradeConflict {
  readonly ref: string
  /** Empty for a value that has no fields. */
  readonly field: string
  readonly yours: unknown
  readonly shipped: unknown
}

interface ReportFacts {
  readonly from: string | null
  readonly to: string
  readonly base: ShippedBase['evidence']
  readonly skipped: ReadonlyMap<RegistryName, string>
}

export function toUpgradeReport(
  places: readonly MergedPlace[],
  { skipped, ...facts }: ReportFacts,
): UpgradeReport {
  const refsOf = (kind: MergedPlace['outcome']['kind']) =>
    places.filter(({ outcome }) => outcome.kind === kind).map(({ ref }) => ref)
  return {
    ...facts,
    created: refsOf('created'),
    updated: places.flatMap(({ ref, outcome }) =>
      outcome.kind === 'updated' ? [{ ref, fields: outcome.fields }] : [],
    ),
    conflicts: places.flatMap(toConflicts),
    kept: places.flatMap(({ ref, outcome }) =>
      outcome.kind === 'kept' ? [{ ref, reason: outcome.reason }] : [],
    ),
    waiting: refsOf('waiting'),
    skipped: [...skipped].map(([registry, reason]) => ({ registry, reason })),
    unchanged: places.filter(isUnchangedEntry).length,
  }
}

function toConflicts({ ref, outcome }: MergedPlace): UpgradeConflict[] {
  if (outcome.kind !== 'updated' && outcome.kind !== 'conflict') return []
  return outcome.conflicts.map(({ path, yours = null, shipped = null }) => ({
    ref,
    field: path.join('.'),
    yours,
    shipped,
  }))
}

function isUnchangedEntry({ registry, outcome }: MergedPlace): boolean {
  const isChanged = outcome.kind === 'created' || outcome.kind === 'updated'
  return isSubRegistry(registry) && outcome.value !== undefined && !isChanged
}

/** Whether an upgrade changes something, or has something to decide. */
export function hasNews({ created, updated, conflicts, waiting }: UpgradeReport): boolean {
  return [created, updated, conflicts, waiting].some(list => list.length > 0)
}
