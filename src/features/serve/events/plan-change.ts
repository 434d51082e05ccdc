import { isSameJson } from '../../../core/json/is-same-json.ts'
import { isJsonObject } from '../../../core/json/json-value.ts'
import { limits } from '../../../core/limits.ts'
import type { ChangeListName, RegistryChange } from '../../../core/registry-change.ts'
import type { LoadedRegistry } from '../../../core/snapshot.ts'
import { toRegistryParts } from './registry-parts.ts'

type Lists = Pick<RegistryChange, ChangeListName>

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

function countMore(lists: Lists): Partial<Record<ChangeListName, number>> {
  return Object.fromEntries(
    Object.entries(lists)
      .map(([name, { length }]: [string, readonly unknown[]]) => [name, length - limits.eventIds] as const)
      .filter(([, count]) => count > 0),
  )
}
