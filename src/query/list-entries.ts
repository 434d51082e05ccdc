import { isJsonObject } from '../lib/json/json-value.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'

/** An entry with its id, as `list REGISTRY --json` prints it. */
export interface ListedEntry {
  readonly id: string
  readonly [field: string]: unknown
}

/**
 * Entries of a registry, in its order. Of the dashboard: what it shows, with its section. Of the hyper registry: the
 * sub-registries.
 */
export function listEntries(loaded: LoadedRegistry): ListedEntry[] {
  const content: unknown = loaded.content
  if (!isJsonObject(content)) return []
  if (loaded.name === 'hyper') return toEntries(content.sub_registries)
  if (loaded.name === 'dashboard') return toDashboardEntries(content.sections)
  return toEntries(content)
}

function toDashboardEntries(sections: unknown): ListedEntry[] {
  if (!isJsonObject(sections)) return []
  return Object.entries(sections).flatMap(([section, groups]) => {
    if (!isJsonObject(groups)) return []
    return Object.values(groups)
      .flatMap(toEntries)
      .map(entry => ({ ...entry, section }))
  })
}

function toEntries(map: unknown): ListedEntry[] {
  if (!isJsonObject(map)) return []
  return Object.entries(map).map(([id, entry]) => ({ id, ...(isJsonObject(entry) ? entry : {}) }))
}
