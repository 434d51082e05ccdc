import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import { toCleanText } from '../lib/text/text.ts'
import type { Host, UserDirectoriesHost, UserFilesHost } from '../platform/host.ts'
import { listEntries } from '../query/entry-columns.ts'
import { type EntryNames, indexEntryNames, listPrograms, type NamedFields } from '../registry/entry-names.ts'
import { cacheDirectory, dataDirectory, type RegistryHome } from '../registry/home/directories.ts'
import { writePrivateFile } from '../registry/home/files.ts'
import { type WatchedFile, watchFiles } from '../registry/home/watched-file.ts'
import { withLocalModels } from '../registry/local-models.ts'
import { toRef } from '../registry/refs.ts'
import {
  detectedRegistryNames,
  isSubRegistry,
  registryFiles,
  registryNames,
  subRegistryNames,
} from '../registry/schema/names.ts'
import { entriesOf, type LoadedRegistry, type Snapshot } from '../registry/snapshot.ts'
import { toVocabulary, vocabularyFields } from '../registry/vocabulary.ts'

/** A word that a shell can offer. */
interface OfferedWord {
  /** `registry`, `id` (names and refs of what is detected, ids of providers), `ref` (ids and refs of any entry), `field:tools`, `where:tools`, `jq:tools`. */
  readonly kind: string
  readonly word: string
  readonly description: string
}

/** Most words of a home: a shell reads them all whenever TAB is pressed. */
const mostWords = 5000

/** The words as shells read them: a line each, kind, word and description with a tab between. */
export function renderWords(words: readonly OfferedWord[]): string {
  return words.map(({ kind, word, description }) => `${kind}\t${word}\t${description}\n`).join('')
}

/** The words of a home, the short ones first: of a huge home, deep jq paths are left out. jq reads the files alone. */
export function toWords(files: Snapshot): OfferedWord[] {
  const snapshot = withLocalModels(files)
  const words = [
    ...registryWords(snapshot),
    ...idWords(snapshot),
    ...refWords(snapshot),
    ...fieldWords(snapshot),
    ...conditionWords(snapshot),
    ...jqWords(files),
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
    Object.entries(entriesOf(snapshot, registry)).map(([id, entry]) => {
      const state = entry.detected?.version ?? entry.detected?.status
      const description = [toLabel(entry), state].filter(Boolean).join(', ')
      return { id, ref: toRef(registry, id), description }
    }),
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
  const entries = subRegistryNames.flatMap(registry =>
    Object.entries(entriesOf(snapshot, registry)).map(([id, entry]) => ({
      id,
      ref: toRef(registry, id),
      description: toLabel(entry),
    })),
  )
  const counts = new Map<string, number>()
  for (const { id } of entries) counts.set(id, (counts.get(id) ?? 0) + 1)
  const unique = entries.filter(({ id }) => counts.get(id) === 1)
  return toEntryWords('ref', unique, entries)
}

type EntryWord = Readonly<Record<'id' | 'ref' | 'description', string>>

function toEntryWords(kind: string, ids: readonly EntryWord[], refs: readonly EntryWord[]): OfferedWord[] {
  return [
    ...ids.map(({ id, description }) => ({ kind, word: id, description })),
    ...refs.map(({ ref, description }) => ({ kind, word: ref, description })),
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

/** Conditions on fields with a vocabulary, and under `all` those of any registry: `category=container`. */
function conditionWords({ registries }: Snapshot): OfferedWord[] {
  const vocabulary = toVocabulary(registries.hyper.content?.sub_registries)
  const byRegistry = registryNames.map(name => ({
    name,
    conditions: [...vocabularyFields(name, vocabulary)].flatMap(([field, words]) => {
      const entries = listEntries(registries[name])
      if (entries.length === 0) return []
      const used = entries.flatMap(entry => valueAt(entry, [field]) ?? [])
      const all = new Set([...words, ...used].filter(word => typeof word === 'string'))
      // What a shell or a condition would take apart is left out.
      return [...all].filter(word => /^[\w.:-]+$/.test(word)).map(word => `${field}=${word}`)
    }),
  }))
  const shared = [...new Set(byRegistry.flatMap(({ conditions }) => conditions))]
  return [...byRegistry, { name: 'all', conditions: shared }].flatMap(({ name, conditions }) =>
    conditions.map(word => ({ kind: `where:${name}`, word, description: '' })),
  )
}

/** Keys in the longest jq path: `.sections.tools.entries.docker` has four. */
const jqDepth = 4

// Level by level through all registries at once: a large one must not leave the others without words.
function jqWords(snapshot: Snapshot): OfferedWord[] {
  const words: OfferedWord[] = []
  let level = registryNames.map(name => ({
    kind: `jq:${name}`,
    paths: [{ path: '', value: snapshot.registries[name].content }] as readonly JqPath[],
  }))
  for (let depth = 0; depth < jqDepth && words.length < mostWords; depth += 1) {
    level = level.map(({ kind, paths }) => ({ kind, paths: toDeeperPaths(paths) }))
    for (const { kind, paths } of level) {
      for (const { path, value } of paths) words.push({ kind, word: path, description: toPreview(value) })
    }
  }
  return words
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

function toLabel(entry: Partial<Record<'display_name' | 'name' | 'description', unknown>>): string {
  const label = [entry.display_name, entry.name, entry.description].find(text => typeof text === 'string')
  return typeof label === 'string' ? label : ''
}

function toPreview(value: unknown): string {
  if (Array.isArray(value)) return `list of ${value.length}`
  return isJsonObject(value) ? toLabel(value) : String(value)
}

/** Longest description, in characters. */
const descriptionLength = 60

function toDescription(text: string): string {
  return toCleanText(text, descriptionLength).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '')
}

// Letters, marks, numbers, punctuation, symbols, and the one space that a terminal shows as such.
function isPrintable(word: string): boolean {
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(word)
}

/**
 * Saves the words of a home where shells find them, so that TAB starts no process. The snapshot has to be what the home
 * holds now: after a sync, one that was read after it wrote. Throws a NexusError('write'), and then the old words stand.
 */
export async function saveWords(home: RegistryHome, snapshot: Snapshot, host: UserFilesHost): Promise<void> {
  const path = wordCachePath(home.directory, host)
  const words = renderWords(toWords(snapshot))
  if (path !== undefined) await writePrivateFile(path, words, host, { isDurable: false })
  // A shell uses words that are newer than the registries. These would be, of a file that changed meanwhile.
  if (!(await isCurrent(snapshot, host))) await dropWords(home.directory, host)
  // No shell can tell that a configuration names another home: it would offer the words of the default one for ever.
  const defaultHome = home.origin === 'config' ? dataDirectory(host) : undefined
  if (defaultHome !== undefined) await dropWords(defaultHome, host)
}

async function isCurrent(snapshot: Snapshot, host: UserFilesHost): Promise<boolean> {
  const checks = registryNames.map(async name => {
    const { path, sha256, copy } = snapshot.registries[name]
    const bytes = await host.fs.readBytes(path).catch(() => undefined)
    return (bytes && host.sha256(bytes)) === (copy ? copy.fileSha256 : sha256)
  })
  return (await Promise.all(checks)).every(Boolean)
}

/** Longest name of a cache file, in bytes: file systems take 255, and a temporary name is 18 longer. */
const nameBytes = 200

/**
 * Where a shell looks for the words of a home. It has to find the name without a process, so each `/` of the home's
 * path becomes `%`. Undefined without a cache directory, for a long path, and for one that has a `%` of its own.
 */
export function wordCachePath(home: string, host: UserDirectoriesHost): string | undefined {
  const directory = cacheDirectory(host)
  if (directory === undefined || home.includes('%')) return undefined
  const name = home.replaceAll('/', '%')
  const isTooLong = new TextEncoder().encode(name).length > nameBytes
  return isTooLong ? undefined : host.path.join(directory, 'words', name)
}

/** Evicts the words of a home, so that a shell starts `words`. */
async function dropWords(home: string, host: UserDirectoriesHost & Pick<Host, 'fs'>): Promise<void> {
  const path = wordCachePath(home, host)
  if (path !== undefined) await host.fs.remove(path)
}

/**
 * Keeps words fresh that were fresh until a sync wrote into registries: it has changed no word. `before` are these
 * registries as that sync found them. Never rejects: without it the shell only starts `words` once more.
 */
export async function renewWords(
  home: string,
  before: readonly WatchedFile[],
  host: UserDirectoriesHost & Pick<Host, 'fs' | 'clock'>,
): Promise<void> {
  const path = wordCachePath(home, host)
  const words = path && (await host.fs.stat(path).catch(() => undefined))
  if (!path || !words) return
  const now = await watchFiles(
    registryNames.map(name => host.path.join(home, registryFiles[name])),
    host,
  )
  const isWritten = (file: WatchedFile) => before.some(({ path }) => path === file.path)
  const others = now.filter(file => !isWritten(file))
  if ([...before, ...others].some(({ state }) => (state?.modifiedMs ?? 0) > words.mtimeMs)) return
  // Not the time of now: what changes from here on has to be newer than the words.
  const newest = Math.max(
    words.mtimeMs,
    ...now.filter(isWritten).map(({ state }) => (state?.modifiedMs ?? 0) + 1),
  )
  await host.fs.setModified(path, newest).catch(() => undefined)
}
