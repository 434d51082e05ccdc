import { isJsonObject } from '../../lib/json/json-value.ts'
import { mergePatch } from '../../lib/json/merge-patch.ts'
import { toWrittenEntry, withoutMarks } from '../../registry/marked-entry.ts'
import { isSubRegistry, type RegistryName } from '../../registry/schema/names.ts'
import type { Members, Standing } from './standing.ts'
import type { Change } from './write-order.ts'

/** The value that a registry has after a change. */
export function toNextValue(change: Change, standing: Standing, registry: RegistryName): unknown {
  const here = standing.value ?? {}
  if (change.kind === 'document') return toDocument(change.value, standing, registry)
  const next = Object.assign(createMembers(), here)
  if (change.kind === 'delete') delete next[change.id]
  else next[change.id] = toEntry(change.id, toBody(change, here), standing)
  return next
}

// What is left out and is no business of the writer stays: he may not even have seen it.
function toDocument(value: unknown, standing: Standing, registry: RegistryName): unknown {
  if (!isJsonObject(value)) return value
  const next = createMembers()
  const kept = registry === 'hyper' ? ['$schema', 'access_control'] : ['$schema']
  for (const key of kept) {
    const here = standing.value?.[key]
    if (here !== undefined && !Object.hasOwn(value, key)) next[key] = here
  }
  for (const [key, item] of Object.entries(value)) {
    const isEntry = isSubRegistry(registry) && key !== '$schema'
    next[key] = isEntry ? toEntry(key, item, standing) : item
  }
  return next
}

function toBody(
  change: Extract<Change, { readonly value: unknown }> & { readonly id: string },
  here: Members,
) {
  if (change.kind === 'put') return change.value
  return mergePatch(withoutMarks(here[change.id]), change.value)
}

// A broken entry has never run anything, and whoever trusts the home has not seen it: what takes its place is new.
function toEntry(id: string, entry: unknown, { sound }: Standing): unknown {
  if (!isJsonObject(entry)) return entry
  const here = sound && Object.hasOwn(sound, id) ? sound[id] : undefined
  return toWrittenEntry(entry, isJsonObject(here) ? here : undefined)
}

function createMembers(): Record<string, unknown> {
  return Object.create(null)
}
