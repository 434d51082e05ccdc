import { isJsonObject, isSameJson, valueAt } from '../lib/json/json-value.ts'
import { withoutDetection } from '../registry/entries.ts'
import type { OpenPlace } from '../registry/home/shipped-mark.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { ThreeWay } from './merge-json.ts'
import { type MergePolicy, mergePlace, type PlaceOutcome } from './merge-place.ts'
import { listPlaces, type Place, type PlacedValue, withValueAt } from './places.ts'

/** A part of a registry, its three states, and what becomes of it. */
export interface MergedPlace extends Place, ThreeWay {
  readonly registry: RegistryName
  readonly outcome: PlaceOutcome
}

/** A registry of a home with what is shipped now merged in. */
export interface MergedRegistry {
  readonly name: RegistryName
  /** As it is in the home. */
  readonly document: unknown
  /** Whether the home's file holds what was shipped, and nothing else but what was found on this machine. */
  readonly isUnedited: boolean
  readonly places: readonly MergedPlace[]
}

/** Merges one registry, part by part: first those of the home, then those that only the shipped file has. */
export function mergeRegistry(
  name: RegistryName,
  { base, yours, shipped }: ThreeWay,
  open: readonly OpenPlace[],
  policy: MergePolicy,
): MergedRegistry {
  const list = (document: unknown) => listPlaces(name, withoutCounts(name, document))
  const [old, own, now] = [list(withOpenPlaces(base, open)), list(yours), list(shipped)]
  const places = [...own, ...now, ...old].map(([key, { path, ref, isEntry }]): [string, MergedPlace] => {
    const place = { registry: name, path, ref, isEntry }
    const states = { base: at(old, key), yours: at(own, key), shipped: at(now, key) }
    return [key, { ...place, ...states, outcome: mergePlace({ ...states, isEntry }, policy) }]
  })
  // Of a part that several of them have, only the first place counts.
  const merged = [...new Map(places).values()]
  return {
    name,
    document: yours,
    isUnedited: !hasSchemaKey(yours) && merged.every(isUnedited),
    places: merged,
  }
}

function at(places: ReadonlyMap<string, PlacedValue>, key: string): unknown {
  return places.get(key)?.value
}

function withOpenPlaces(base: unknown, open: readonly OpenPlace[]): unknown {
  return open.reduce((document, { path, base: value }) => withValueAt(document, path, value), base)
}

function hasSchemaKey(document: unknown): boolean {
  return isJsonObject(document) && document.$schema !== undefined
}

function isUnedited({ base, yours }: MergedPlace): boolean {
  return isSameJson(base, withoutDetection(yours))
}

const countKey = 'entries_count_expected'

// Counts are neither edits nor shipped changes: they say what is there.
function withoutCounts(name: RegistryName, document: unknown): unknown {
  if (name !== 'hyper' || !isJsonObject(document) || !isJsonObject(document.sub_registries)) return document
  const listed = Object.entries(document.sub_registries).map(([key, value]) => {
    if (!isJsonObject(value)) return [key, value]
    const { [countKey]: _, ...rest } = value
    return [key, rest]
  })
  return { ...document, sub_registries: Object.fromEntries(listed) }
}

/** Sets how many entries each registry should have: as many as there are in those that `counts` knows. */
export function setCounts(registry: MergedRegistry, counts: ReadonlyMap<string, number>): MergedRegistry {
  if (registry.name !== 'hyper') return registry
  const places = registry.places.map(place => {
    const isListed = place.path[0] === 'sub_registries' && isJsonObject(place.outcome.value)
    return isListed ? setCount(place, registry.document, counts) : place
  })
  return { ...registry, places }
}

function setCount(place: MergedPlace, document: unknown, counts: ReadonlyMap<string, number>): MergedPlace {
  const { outcome, path } = place
  const yours = valueAt(document, path)
  const isMerged = outcome.kind === 'created' || outcome.kind === 'updated'
  const value = isMerged || !isJsonObject(yours) ? outcome.value : yours
  const before = isJsonObject(yours) ? yours[countKey] : 0
  const count = before === undefined ? undefined : (counts.get(String(path[1])) ?? before)
  if (count === undefined || !isJsonObject(value)) return { ...place, yours, outcome: { ...outcome, value } }
  if (count === before && !isMerged) return { ...place, yours, outcome: { ...outcome, value: yours } }
  return { ...place, yours, outcome: withCount(outcome, { ...value, [countKey]: count }, count !== before) }
}

function withCount(outcome: PlaceOutcome, value: unknown, isNew: boolean): PlaceOutcome {
  if (outcome.kind === 'same') return { kind: 'updated', value, fields: [countKey], conflicts: [] }
  if (outcome.kind !== 'updated' || !isNew) return { ...outcome, value }
  return { ...outcome, value, fields: [...outcome.fields, countKey].sort() }
}

/** The registry with all changes, in the order of the home's file. */
export function toDocument({ document, places }: MergedRegistry): Readonly<Record<string, unknown>> {
  return places
    .filter(isChangedPlace)
    .reduce(
      (result, { path, outcome }) => withValueAt(result, path, outcome.value),
      withValueAt(document, [], undefined),
    )
}

/** Whether a part is another one afterwards. */
export function isChangedPlace({ yours, outcome }: MergedPlace): boolean {
  return outcome.value !== yours
}
