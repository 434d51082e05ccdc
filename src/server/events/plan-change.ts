import { isJsonObject, isSameJson, toPointer } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import type { Clock } from '../../platform/host.ts'
import { isSubRegistry, type RegistryName } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'

/** What is different in a registry, as a server tells it. Lists are sorted. */
export interface RegistryChange {
  readonly registry: RegistryName
  /** Of the registry's document as it is now; null when there is none any more. */
  readonly etag: string | null
  /** Ids of entries; JSON Pointers in the two documents. */
  readonly created: readonly string[]
  /** Entries that differ in more than the time of their check. */
  readonly updated: readonly string[]
  readonly removed: readonly string[]
  /** Entries of which a sync says something else than before. */
  readonly detected: readonly DetectedChange[]
  /** How many more there are, where a list is cut. */
  readonly more?: Readonly<Partial<Record<ChangeListName, number>>>
}

interface DetectedChange {
  readonly id: string
  /** Status; null where it was not checked, before or now. */
  readonly from: string | null
  readonly to: string | null
}

/** Lists that a change has. */
type ChangeListName = 'created' | 'updated' | 'removed' | 'detected'

type Lists = Pick<RegistryChange, ChangeListName>

/** Parts that are compared in one turn of the event loop: a few milliseconds. */
const partsPerTick = 500

/** Compares a registry with what it was. Other requests have a turn in between when it is large. */
export async function planChange(
  before: LoadedRegistry,
  after: LoadedRegistry,
  { etag, clock }: { readonly etag: string | null; readonly clock: Pick<Clock, 'sleep'> },
): Promise<RegistryChange> {
  const lists = await compareOnce(before, after, clock)
  const more = countMore(lists)
  return { registry: after.name, etag, ...cut(lists), ...(Object.keys(more).length > 0 && { more }) }
}

interface Comparison {
  readonly before: LoadedRegistry
  readonly lists: Promise<Lists>
}

const comparisons = new WeakMap<LoadedRegistry, Comparison>()

// Events and the dashboard want the same.
function compareOnce(
  before: LoadedRegistry,
  after: LoadedRegistry,
  clock: Pick<Clock, 'sleep'>,
): Promise<Lists> {
  const known = comparisons.get(after)
  if (known?.before === before) return known.lists
  const lists = compare(before, after, clock)
  comparisons.set(after, { before, lists })
  return lists
}

async function compare(was: LoadedRegistry, is: LoadedRegistry, clock: Pick<Clock, 'sleep'>): Promise<Lists> {
  const before = toRegistryParts(was)
  if (before.size >= partsPerTick) await clock.sleep(0)
  const after = toRegistryParts(is)
  if (after.size >= partsPerTick) await clock.sleep(0)
  const shared = [...after.keys()].filter(id => before.has(id)).sort()
  const updated: string[] = []
  const detected: Lists['detected'][number][] = []
  for (const [index, id] of shared.entries()) {
    if (index % partsPerTick === partsPerTick - 1) await clock.sleep(0)
    const [old, fresh] = [before.get(id), after.get(id)]
    if (!isSameJson(withoutTime(old), withoutTime(fresh))) updated.push(id)
    const [from, to] = [toStatus(old), toStatus(fresh)]
    if (from !== to) detected.push({ id, from, to })
  }
  const created = [...after.keys()].filter(id => !before.has(id)).sort()
  const removed = [...before.keys()].filter(id => !after.has(id)).sort()
  return { created, updated, removed, detected }
}

// Every sync looks at everything: that alone changes nothing for anybody.
function withoutTime(part: unknown): unknown {
  if (!isJsonObject(part) || !isJsonObject(part.detected)) return part
  const { checked_at: _, ...detected } = part.detected
  return { ...part, detected }
}

function toStatus(part: unknown): string | null {
  const detected = isJsonObject(part) ? part.detected : undefined
  const status = isJsonObject(detected) ? detected.status : undefined
  return typeof status === 'string' ? status : null
}

function cut({ created, updated, removed, detected }: Lists): Lists {
  const most = limits.eventIds
  return {
    created: created.slice(0, most),
    updated: updated.slice(0, most),
    removed: removed.slice(0, most),
    detected: detected.slice(0, most),
  }
}

function countMore(lists: Lists): Partial<Record<ChangeListName, number>> {
  return Object.fromEntries(
    Object.entries(lists)
      .map(([name, { length }]: [string, readonly unknown[]]) => [name, length - limits.eventIds] as const)
      .filter(([, count]) => count > 0),
  )
}

/** Where the things begin that the documents are about, like `/sub_registries/tools` and `/sections/tools/entries/docker`. */
const depths = { hyper: 2, dashboard: 4 } as const

/**
 * What a registry consists of, by the name that events call it by: entries by their ids, parts of the two documents by
 * their JSON Pointers, as `quarantined` does.
 */
function toRegistryParts({ name, content = {} }: LoadedRegistry): ReadonlyMap<string, unknown> {
  return new Map(isSubRegistry(name) ? Object.entries(content) : listParts(content, [], depths[name]))
}

function listParts(value: unknown, path: readonly string[], depth: number): [string, unknown][] {
  if (depth === 0 || !isJsonObject(value)) return [[toPointer(path), value]]
  return Object.entries(value).flatMap(([key, part]) => listParts(part, [...path, key], depth - 1))
}
