import { isSameJson } from '../../../core/json/is-same-json.ts'
import { isJsonObject } from '../../../core/json/json-value.ts'
import { limits } from '../../../core/limits.ts'
import type { LoadedRegistry } from '../../../core/snapshot.ts'
import type { RegistryName } from '../../../schema/names.ts'
import { toRegistryParts } from './registry-parts.ts'

/** What is different in a registry, as the event `change` tells it. Lists are sorted. */
export interface RegistryChange {
  readonly registry: RegistryName
  /** Of the registry's document as it is now; null when there is none any more. */
  readonly etag: string | null
  /** Ids of entries; JSON Pointers in the two documents. */
  readonly created: readonly string[]
  /** What differs in more than the time at which it was looked at. */
  readonly updated: readonly string[]
  readonly removed: readonly string[]
  /** Entries of which a sync says something else than before. */
  readonly detected: readonly DetectedChange[]
  /** How many more there are, where a list is cut. */
  readonly more?: Readonly<Partial<Record<ListName, number>>>
}

interface DetectedChange {
  readonly id: string
  /** Status; null where nobody had looked, or has. */
  readonly from: string | null
  readonly to: string | null
}

type ListName = 'created' | 'updated' | 'removed' | 'detected'
type Lists = Pick<RegistryChange, ListName>

/** Compares a registry with what it was. */
export function planChange(
  before: LoadedRegistry,
  after: LoadedRegistry,
  etag: string | null,
): RegistryChange {
  const lists = compare(toRegistryParts(before), toRegistryParts(after))
  const more = countMore(lists)
  return { registry: after.name, etag, ...cut(lists), ...(Object.keys(more).length > 0 && { more }) }
}

type Parts = ReadonlyMap<string, unknown>

function compare(before: Parts, after: Parts): Lists {
  const shared = [...after.keys()].filter(id => before.has(id)).sort()
  return {
    created: [...after.keys()].filter(id => !before.has(id)).sort(),
    updated: shared.filter(id => !isSameJson(withoutTime(before.get(id)), withoutTime(after.get(id)))),
    removed: [...before.keys()].filter(id => !after.has(id)).sort(),
    detected: shared
      .map(id => ({ id, from: toStatus(before.get(id)), to: toStatus(after.get(id)) }))
      .filter(({ from, to }) => from !== to),
  }
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

function countMore(lists: Lists): Partial<Record<ListName, number>> {
  return Object.fromEntries(
    Object.entries(lists)
      .map(([name, { length }]: [string, readonly unknown[]]) => [name, length - limits.eventIds] as const)
      .filter(([, count]) => count > 0),
  )
}
