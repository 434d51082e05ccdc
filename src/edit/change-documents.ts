import { providerVariable } from '../env/variables.ts'
import { NexusError } from '../lib/errors.ts'
import { editJson, rewriteJson } from '../lib/json/edit-json.ts'
import { isJsonObject, isSameJson, type JsonPath, valueAt } from '../lib/json/json-value.ts'
import { parseJson } from '../lib/json/parse-json.ts'
import { renderCount } from '../lib/text/format.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { toRef } from '../registry/refs.ts'
import { createKeyRank } from '../registry/schema/known-keys.ts'
import { type RegistryName, registryFiles, subRegistryNames } from '../registry/schema/names.ts'
import { type RegistryDocuments, readDocuments } from './registry-edits.ts'

/** Places that an edit takes away from a registry, and values that it sets. */
export interface DocumentChange {
  readonly registry: RegistryName
  readonly path: JsonPath
  /** Undefined takes away what is there. */
  readonly value: unknown
}

/** New texts of the files that these changes concern. Whatever they do not mention keeps its bytes. */
export function changeDocuments(
  changes: readonly DocumentChange[],
  texts: HomeContent,
  documents: RegistryDocuments,
): ReadonlyMap<RegistryName, string> {
  return new Map(
    [...documents].flatMap(([name, document]): [RegistryName, string][] => {
      const own = changes.filter(({ registry }) => registry === name)
      const text = texts.get(name)
      if (text === undefined || own.length === 0) return []
      requireUniqueKeys(name, text)
      const values = new Map(own.map(({ path, value }) => [JSON.stringify(path), value]))
      return [[name, rewriteJson(text, withValues(document, values, []))]]
    }),
  )
}

// Of a key that is there twice, only one value could be kept.
function requireUniqueKeys(name: RegistryName, text: string): void {
  const [error] = parseJson(text).errors
  if (error === undefined) return
  throw new NexusError('input', `${registryFiles[name]} cannot be changed: ${error.message}`, {
    hint: 'See where: nexus-registry validate',
  })
}

function withValues(value: unknown, values: ReadonlyMap<string, unknown>, path: JsonPath): unknown {
  const isChanged = (part: string | number) => values.has(JSON.stringify([...path, part]))
  const change = (part: string | number, inner: unknown) =>
    isChanged(part) ? values.get(JSON.stringify([...path, part])) : withValues(inner, values, [...path, part])
  if (Array.isArray(value)) {
    return value.map((item, index) => change(index, item)).filter(item => item !== undefined)
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, change(key, inner)] as const)
      .filter(([, inner]) => inner !== undefined),
  )
}

/**
 * The texts with the variables of providers as they were: one that follows from an id, or from what else has it, is written
 * down where it would change. Shells know a provider by it. `newIds` are ids that change.
 */
export function keepVariables(
  texts: ReadonlyMap<RegistryName, string>,
  home: { readonly texts: HomeContent; readonly documents: RegistryDocuments },
  newIds: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<RegistryName, string> {
  const after: HomeContent = new Map([...home.texts, ...texts])
  const now = listProviderVariables(readDocuments(after))
  const pinned = [...listProviderVariables(home.documents)].flatMap(([id, variable]) => {
    const own = newIds.get(id) ?? id
    return now.has(own) && now.get(own) !== variable ? [{ id: own, variable }] : []
  })
  const text = after.get('providers')
  if (pinned.length === 0 || text === undefined) return texts
  const rank = createKeyRank('providers')
  const edits = pinned.map(({ id, variable: value }) => {
    const isBefore = (key: string) => rank(key) > rank('env_var')
    return { parent: [id], key: 'env_var', value, isBefore }
  })
  return new Map([...texts, ['providers', editJson(text, () => edits)]])
}

function listProviderVariables(documents: RegistryDocuments): ReadonlyMap<string, string> {
  const textAt = (entry: unknown, key: string) => {
    const value = valueAt(entry, [key])
    return typeof value === 'string' ? value : undefined
  }
  const detected = (['tools', 'ml_frameworks'] as const).flatMap(name =>
    Object.values(documents.get(name) ?? {}).map(entry => textAt(entry, 'env_var')),
  )
  const taken = new Set(detected)
  return new Map(
    Object.entries(documents.get('providers') ?? {})
      .filter(([, entry]) => isJsonObject(entry))
      .map(([id, entry]) => {
        const kind = textAt(entry, 'kind') === 'local' ? 'local' : undefined
        return [id, providerVariable(id, { env_var: textAt(entry, 'env_var'), kind }, taken)]
      }),
  )
}

/**
 * Throws a NexusError('input') when a change would not last: the next sync takes entries from the upstream of their registry,
 * but for those with `x-local`.
 */
export function requireLasting(texts: ReadonlyMap<RegistryName, string>, documents: RegistryDocuments): void {
  const changed = readDocuments(texts)
  for (const name of subRegistryNames) {
    const listed = valueAt(documents.get('hyper'), ['sub_registries', name])
    const url = valueAt(listed, ['url'])
    const after = changed.get(name)
    if (typeof url !== 'string' || valueAt(listed, ['sync_enabled']) === false || after === undefined)
      continue
    const before = documents.get(name) ?? {}
    const foreign = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(id => {
      const isLocal = [before, after].some(document => valueAt(document, [id, 'x-local']) === true)
      return id !== '$schema' && !isLocal && !isSameJson(before[id], after[id])
    })
    const [first] = foreign
    if (first === undefined) continue
    const more =
      foreign.length > 1 ? ` and ${renderCount(foreign.length - 1, 'other entry', 'other entries')}` : ''
    throw new NexusError(
      'input',
      `${toRef(name, first)}${more} would come back: the next sync takes ${name} from ${url}. Nothing was changed`,
      {
        hint: `Change it there, or set "sync_enabled" to false for ${name} in hyper_registry.json; entries with "x-local": true are yours`,
      },
    )
  }
}
