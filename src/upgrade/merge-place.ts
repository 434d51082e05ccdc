import { isJsonObject, isSameJson } from '../lib/json/json-value.ts'
import { keepDetected, withoutDetection } from '../registry/entries.ts'
import { type MergeConflict, mergeJson, type ThreeWay } from './merge-json.ts'
import type { Place } from './places.ts'

/** What becomes of a part of a registry. `value` is undefined where there is none afterwards. */
export type PlaceOutcome = { readonly value: unknown } & (
  | { readonly kind: 'same' | 'created' }
  | {
      readonly kind: 'updated'
      readonly fields: readonly string[]
      readonly conflicts: readonly MergeConflict[]
    }
  | { readonly kind: 'conflict'; readonly conflicts: readonly MergeConflict[] }
  /** `reason` is a clause about an entry that stays as it is, or stays away; with `isOpen` only for now. */
  | { readonly kind: 'kept'; readonly reason: string; readonly isOpen?: true }
  /** An automatic upgrade leaves entries with edits to the user. */
  | { readonly kind: 'waiting' }
)

export interface MergePolicy {
  /** Whether nobody has seen the plan: then entries with edits stay as they are. */
  readonly isAutomatic: boolean
}

/** Decides what becomes of one part of a registry. What is of this home alone, or of an upstream, stays. */
export function mergePlace(
  { isEntry, base, yours, shipped }: ThreeWay & Pick<Place, 'isEntry'>,
  { isAutomatic }: MergePolicy,
): PlaceOutcome {
  const same = { kind: 'same', value: yours } as const
  if (isOwn(yours) || isSameJson(base, shipped)) return toUnchanged({ isEntry, base, yours, shipped })
  if (yours === undefined && base === undefined) return { kind: 'created', value: shipped }
  if (isEntry && yours === undefined) return { kind: 'kept', value: yours, reason: removedHere }
  if (isEntry && shipped === undefined) return { kind: 'kept', value: yours, reason: noLongerShipped }
  const own = withoutDetection(yours)
  const merged = mergeJson({ base, yours: own, shipped })
  const isChanged = !isSameJson(merged.value, own)
  const { conflicts } = merged
  if (!isChanged && conflicts.length === 0) return same
  if (isAutomatic && !isSameJson(base, own)) return { kind: 'waiting', value: yours }
  if (isEntry && base === undefined) return toRival(yours, conflicts)
  if (!isChanged) return { kind: 'conflict', value: yours, conflicts }
  return {
    kind: 'updated',
    value: keepDetected(merged.value, yours),
    fields: listChangedFields(own, merged.value),
    conflicts,
  }
}

const removedHere = 'you removed it'

/** Reason of entries that an upgrade leaves although the program ships them no more. */
export const noLongerShipped = 'no longer shipped'

function isOwn(value: unknown): boolean {
  return isJsonObject(value) && (value['x-local'] === true || value['x-upstream'] !== undefined)
}

function toUnchanged({ isEntry, base, yours }: ThreeWay & Pick<Place, 'isEntry'>): PlaceOutcome {
  const isRemoved = isEntry && yours === undefined && base !== undefined
  return isRemoved ? { kind: 'kept', value: yours, reason: removedHere } : { kind: 'same', value: yours }
}

// Both have added an entry under one id. They may mean different things, so nothing of the shipped one is mixed in.
function toRival(yours: unknown, conflicts: readonly MergeConflict[]): PlaceOutcome {
  if (conflicts.length > 0) return { kind: 'conflict', value: yours, conflicts }
  return { kind: 'kept', value: yours, reason: 'an entry of your own has this id' }
}

function listChangedFields(before: unknown, after: unknown): string[] {
  const [old, now] = [before, after].map(value => (isJsonObject(value) ? value : {}))
  return [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])]
    .filter(key => !isSameJson(old?.[key], now?.[key]))
    .sort()
}
