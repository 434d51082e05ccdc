import { isJsonObject } from '../../lib/json/json-value.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import type { LoadedRegistry } from '../snapshot.ts'

/**
 * Broken entries of a flat registry as they stand in its file, by id. What they say has not been checked; it serves
 * to tell "named nowhere" from "named by something that is broken".
 */
export function quarantinedValues(
  registry: Pick<LoadedRegistry, 'text' | 'quarantined'>,
): ReadonlyMap<string, unknown> {
  if (registry.quarantined.length === 0 || registry.text === undefined) return new Map()
  const { value } = parseJson(registry.text)
  if (!isJsonObject(value)) return new Map()
  return new Map(registry.quarantined.map(id => [id, value[id]]))
}
