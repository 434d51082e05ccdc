import { isJsonObject } from '../lib/json/json-value.ts'
import { toCleanText } from '../lib/text/text.ts'
import { listEntries } from '../query/entry-columns.ts'
import { type EntryNames, indexEntryNames, listPrograms, type NamedFields } from '../registry/entry-names.ts'
import { toRef } from '../registry/refs.ts'
import {
  detectedRegistryNames,
  isSubRegistry,
  registryNames,
  subRegistryNames,
} from '../registry/schema/names.ts'
import { entriesOf, type LoadedRegistry, type Snapshot } from '../registry/snapshot.ts'

/** A word that a shell can offer. */
export interface OfferedWord {
  /** `registry`, `id` (names and refs of what is detected, ids of providers), `ref` (ids and refs of any entry), `field:tools`, `jq:tools`. */
  readonly kind: string
  readonly word: string
  readonly description: string
}

/** Most words of a home: a shell reads them all whenever TAB is pressed. */
const mostWords = 5000

/** Keys in the longest jq path: `.sections.tools.entries.docker` has four. */
const jqDepth = 4

/** Longest description, in characters. */
const descriptionLength = 60

/** The words as shells read them: a line each, kind, word and description with a tab between. */
export function renderWords(words: readonly OfferedWord[]): string {
  return words.map(({ kind, word, description }) => `${kind}\t${word}\t${description}\n`).join('')
}

/** The words of a home, the short ones first: of a huge home, deep jq paths are left out. */
export function toWords(snapshot: Snapshot): OfferedWord[] {
  const words = [
    ...registryWords(snapshot),
    ...idWords(snapshot),
    ...refWords(snapshot),
    ...fieldWords(snapshot),
    ...jqWords(snapshot),
  ]
  return words
    .filter(({ word }) => isPrintable(word))
    .slice(0, mostWords)
    .map(offered => ({ ...offered, description: toDescription(offered.description) }))
}

function registryWords(snapshot: Snapshot): OfferedWord[] {
  const listed = snapshot.registries.hyper.content?.sub_registries
  return registryNames.map(name => {
    const description = isSubRegistry(name) ? listed?.[name]?.description : undefined
    return { kind: 'registry', word: name, description: description ?? '' }
  })
}

function idWords(snapshot: Snapshot): OfferedWord[] {
  const found = detectedRegistryNames.flatMap(registry =>
    Object.entries(entriesOf(snapshot, registry)).map(([id, entry]) => ({
      id,
      ref: toRef(registry, id),
      description: [toLabel(entry), entry.detected?.version ?? entry.detected?.status]
        .filter(Boolean)
        .join(', '),
    })),
  )
  const toWord = (word: string, description: string) => ({ kind: 'id', word, description })
  return [
    ...found.map(({ id, description }) => toWord(id, description)),
    ...providerWords(snapshot),
    ...otherNames(snapshot).map(({ name, description }) => toWord(name, description)),
    ...found.map(({ ref, description }) => toWord(ref, description)),
  ]
}

function providerWords(snapshot: Snapshot): OfferedWord[] {
  const names = indexEntryNames(snapshot.registries)
  return Object.entries(entriesOf(snapshot, 'providers'))
    .filter(([id]) => isMeant(id, toRef('providers', id), names))
    .map(([id, entry]) => ({ kind: 'id', word: id, description: toLabel(entry) }))
}

/** Aliases, executables and import names that mean one entry, behind the ids. */
function otherNames(snapshot: Snapshot): { readonly name: string; readonly description: string }[] {
  const names = indexEntryNames(snapshot.registries)
  return detectedRegistryNames.flatMap(registry =>
    Object.entries<NamedFields>(entriesOf(snapshot, registry)).flatMap(([id, entry]) => {
      const { aliases = [], import_name: module } = entry
      const all = [...aliases, ...listPrograms(entry), ...(module === undefined ? [] : [module])]
      return [...new Set(all)]
        .filter(name => name !== id && isMeant(name, toRef(registry, id), names))
        .map(name => ({ name, description: toLabel(entry) }))
    }),
  )
}

function isMeant(name: string, ref: string, names: EntryNames): boolean {
  const match = names.find(name)
  return match.kind === 'entry' && match.entry.ref === ref
}

// An id that two registries have names neither of them.
function refWords(snapshot: Snapshot): OfferedWord[] {
  const found = subRegistryNames.flatMap(registry =>
    Object.entries(entriesOf(snapshot, registry)).map(([id, entry]) => ({
      id,
      ref: toRef(registry, id),
      description: toLabel(entry),
    })),
  )
  const counts = new Map<string, number>()
  for (const { id } of found) counts.set(id, (counts.get(id) ?? 0) + 1)
  const toWord = (word: string, description: string) => ({ kind: 'ref', word, description })
  return [
    ...found.filter(({ id }) => counts.get(id) === 1).map(({ id, description }) => toWord(id, description)),
    ...found.map(({ ref, description }) => toWord(ref, description)),
  ]
}

/** Keys in the longest field: `detected.details.provider` has three. */
const fieldDepth = 3

/** Fields that the entries of each registry have, and under `all` those of any. */
function fieldWords(snapshot: Snapshot): OfferedWord[] {
  const byRegistry = registryNames.map(name => ({ name, fields: listFields(snapshot.registries[name]) }))
  const shared = [...new Set(byRegistry.flatMap(({ fields }) => fields))]
  const all = shared.length === 0 ? [] : [...shared, 'registry']
  return [...byRegistry, { name: 'all', fields: all }].flatMap(({ name, fields }) =>
    fields.map(word => ({ kind: `field:${name}`, word, description: '' })),
  )
}

function listFields(registry: LoadedRegistry): string[] {
  const fields = new Set<string>()
  const add = (value: unknown, path: readonly string[]): void => {
    if (path.length > 0) fields.add(path.join('.'))
    if (path.length === fieldDepth || !isJsonObject(value)) return
    // `--where` takes no key with a dot or a space in it.
    for (const [key, inner] of Object.entries(value)) if (/^[\w-]+$/.test(key)) add(inner, [...path, key])
  }
  for (const entry of listEntries(registry)) add(entry, [])
  return [...fields]
}

// Level by level through all registries at once: a large one must not leave the others without words.
function jqWords(snapshot: Snapshot): OfferedWord[] {
  const words: OfferedWord[] = []
  let level = registryNames.map(name => ({
    kind: `jq:${name}`,
    paths: toRootPaths(snapshot.registries[name].content),
  }))
  for (let depth = 0; depth < jqDepth && words.length < mostWords; depth += 1) {
    level = level.map(({ kind, paths }) => ({ kind, paths: toDeeperPaths(paths) }))
    for (const { kind, paths } of level) {
      for (const { path, value } of paths) words.push({ kind, word: path, description: toPreview(value) })
    }
  }
  return words
}

function toRootPaths(value: unknown): JqPath[] {
  return [{ path: '', value }]
}

function toLabel(entry: {
  readonly display_name?: unknown
  readonly name?: unknown
  readonly description?: unknown
}): string {
  const label = [entry.display_name, entry.name, entry.description].find(text => typeof text === 'string')
  return typeof label === 'string' ? label : ''
}

function toPreview(value: unknown): string {
  if (Array.isArray(value)) return `list of ${value.length}`
  return isJsonObject(value) ? toLabel(value) : String(value)
}

function toDescription(text: string): string {
  return toCleanText(text, descriptionLength).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '')
}

// Letters, marks, numbers, punctuation, symbols, and the one space that a terminal shows as such.
function isPrintable(word: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(word)
}

/** A path as jq reads it, `.docker.detected.version`, and the value at its end. */
interface JqPath {
  readonly path: string
  readonly value: unknown
}

/** The paths one key deeper than these: keys of objects, in their order. Lists are not entered. */
function toDeeperPaths(paths: readonly JqPath[]): JqPath[] {
  return paths.flatMap(({ path, value }) =>
    isJsonObject(value)
      ? Object.entries(value).map(([key, inner]) => ({ path: `${path}.${toJqKey(key)}`, value: inner }))
      : [],
  )
}

// jq's manual: `.foo` is for keys like identifiers, `."foo-bar"` for all others. JSON's quotes are jq's: a backslash
// is doubled, so `\(` begins no interpolation.
function toJqKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) ? key : JSON.stringify(key)
}
