import { NexusError } from '../lib/errors.ts'
import { editJson } from '../lib/json/edit-json.ts'
import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { parsePlainJson } from '../lib/json/parse-plain-json.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { type RegistryName, registryFiles, subRegistryNames } from '../registry/schema/names.ts'

/** Parsed registry files by name. */
export type RegistryDocuments = ReadonlyMap<RegistryName, Readonly<Record<string, unknown>>>

/** Parses texts of a home. Throws a NexusError('input') for a text that is no JSON object. */
export function readDocuments(texts: HomeContent): RegistryDocuments {
  return new Map(
    [...texts].flatMap(([name, text]): [RegistryName, Readonly<Record<string, unknown>>][] => {
      if (text === undefined) return []
      const { value } = parsePlainJson(text) ?? parseJson(text)
      if (isJsonObject(value)) return [[name, value]]
      const hint = 'See the errors: nexus-registry validate'
      throw new NexusError('input', `${registryFiles[name]} is no JSON object, so nothing can be changed`, {
        hint,
      })
    }),
  )
}

/** One value to set in a registry file: the object that holds it, its key there, and the value. */
export interface RegistryEdit {
  readonly registry: RegistryName
  readonly parent: readonly string[]
  readonly key: string
  readonly value: unknown
}

/** The texts of the files that these edits change. */
export function applyRegistryEdits(
  edits: readonly RegistryEdit[],
  texts: HomeContent,
): ReadonlyMap<RegistryName, string> {
  const changed = new Map<RegistryName, string>()
  for (const { registry, ...edit } of edits) {
    const text = changed.get(registry) ?? texts.get(registry)
    // A registry that is not there begins with its first entry.
    if (text !== undefined)
      changed.set(
        registry,
        editJson(text, () => [edit]),
      )
    else if (edit.parent.length === 0)
      changed.set(registry, `${JSON.stringify({ [edit.key]: edit.value }, null, 2)}\n`)
  }
  return changed
}

/**
 * Every count that was written down becomes what will be there, when entries are added (`1`) or removed (`-1`).
 */
export function planCounts(
  refs: readonly string[],
  documents: RegistryDocuments,
  sign: 1 | -1 = 1,
): RegistryEdit[] {
  return subRegistryNames.flatMap(name => {
    const more = refs.filter(ref => ref.startsWith(`${name}/`)).length
    const ids = Object.keys(documents.get(name) ?? {}).filter(id => id !== '$schema')
    if (more === 0) return []
    const count = ids.length + sign * more
    const parent = ['sub_registries', name]
    const isExpected = valueAt(documents.get('hyper'), [...parent, 'entries_count_expected']) !== undefined
    const key = 'entries_count_expected'
    return [
      ...(isExpected ? [{ registry: 'hyper', parent, key, value: count } as const] : []),
      ...(name === 'providers' ? planProviderCounts(count, documents) : []),
    ]
  })
}

// An adapter of all providers says how many there are.
function planProviderCounts(count: number, documents: RegistryDocuments): RegistryEdit[] {
  return Object.entries(documents.get('adapters') ?? {})
    .filter(([, entry]) => typeof valueAt(entry, ['providers']) === 'number')
    .map(([id]) => ({ registry: 'adapters', parent: [id], key: 'providers', value: count }))
}
