import type { Readiness } from '../graph/graph.ts'
import { NexusError } from '../lib/errors.ts'
import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import type { Host } from '../platform/host.ts'
import { recallReadiness } from '../readiness/explain.ts'
import { type LoadHost, loadRegistry, loadRegistryContent } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { isLocalModel, withLocalModels } from '../registry/local-models.ts'
import {
  isSubRegistry,
  observedRegistryNames,
  type RegistryName,
  registryNames,
} from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import { cacheTtlSeconds } from '../registry/sync-state.ts'
import { toVocabulary } from '../registry/vocabulary.ts'
import { chooseColumns, type EntryColumn, entryColumns, type ListedEntry } from './entry-columns.ts'
import { type JqOptions, toFilterInput } from './jq-call.ts'
import { type FlagQuery, type QuerySubject, queryEntries } from './query-entries.ts'
import { type FilterResult, runFilter } from './run-filter.ts'

interface Place {
  /** Registry home. */
  readonly directory: string
  /** Directory of the platform, absolute. */
  readonly platformRoot?: string | undefined
  readonly host: Host
}

/** What every result has besides its data. */
interface QueryNotes {
  /** Registries of which something is broken and left out. */
  readonly broken: readonly LoadedRegistry[]
  /** The age of stale detections that the result depends on. */
  readonly staleAge: DetectionAge | undefined
}

export interface FlagResult extends QueryNotes {
  readonly entries: readonly ListedEntry[]
  readonly columns: readonly EntryColumn[]
}

/** Answers flags. Throws a NexusError('usage') for a field that is not known, or a pattern that is none. */
export async function queryByFlags(
  subject: QuerySubject,
  query: FlagQuery,
  place: Place,
): Promise<FlagResult> {
  const { loaded, statuses, providers } = await loadSubject(subject, needsReadiness(query), place)
  requireUsable(loaded)
  const names = loaded.map(({ name }) => name)
  const loadVocabulary = async () => {
    const hyper = await loadRegistry('hyper', place.directory, place.host)
    return hyper.content && toVocabulary(hyper.content.sub_registries)
  }
  const found = await queryEntries(loaded, query, { statuses, loadVocabulary })
  const { selected } = query
  const columns = chooseColumns(toQueryColumns(query, names), found)
  const detectionTimes = () =>
    loaded.filter(({ name }) => haveDetections([name])).flatMap(({ content }) => listDetectionTimes(content))
  return {
    entries: selected ? found.map(entry => selectFields(entry, selected)) : found,
    columns,
    broken: loaded.filter(({ diagnostics }) => diagnostics.length > 0),
    staleAge:
      haveDetections(names) && restsOnDetections(query)
        ? await findStaleAge(detectionTimes(), place)
        : await findLocalStaleAge(found, providers, place),
  }
}

/** The age of what the runtimes of these models said, when it is stale. */
async function findLocalStaleAge(
  found: readonly ListedEntry[],
  providers: LoadedRegistry<'providers'> | undefined,
  place: Place,
): Promise<DetectionAge | undefined> {
  const owners = new Set(found.filter(isLocalModel).map(({ provider }) => provider))
  const own = Object.entries(providers?.content ?? {}).filter(([id]) => owners.has(id))
  const times = listDetectionTimes(Object.fromEntries(own))
  return times.length === 0 ? undefined : findStaleAge(times, place)
}

function needsReadiness({ conditions, sortKeys, selected }: FlagQuery): boolean {
  const fields = [...conditions, ...sortKeys].map(({ field }) => field)
  return selected === undefined || [...fields, ...selected].includes('readiness')
}

function restsOnDetections({ conditions, sortKeys, selected }: FlagQuery): boolean {
  const fields = [...conditions, ...sortKeys].map(({ field }) => field).concat(selected ?? 'detected')
  return fields.some(field => field.split('.')[0] === 'detected')
}

export interface FilterRequest {
  readonly filter: string
  readonly options: JqOptions
  /** File that the filter was read from: its content is in no message. */
  readonly path?: string | undefined
  /** Takes what is printed, in pieces; false when the reader has closed. */
  readonly print?: ((bytes: Uint8Array) => boolean) | undefined
}

/** Answers a jq filter. Throws a NexusError('usage') for one that does not parse. */
export async function queryByFilter(
  subject: QuerySubject,
  { filter, ...request }: FilterRequest,
  place: Place,
): Promise<FilterResult & QueryNotes & { readonly hint: string | undefined }> {
  const names = subject === 'all' ? registryNames : [subject]
  const texts = await loadRegistryContent(names, place.directory, place.host)
  const broken = texts.flatMap(text => text.broken ?? [])
  if (texts.every(({ bytes }) => bytes === undefined)) requireUsable(broken)
  const input = toFilterInput(texts, subject === 'all')
  // A filter that does not speak of it shows when it was at most.
  const dependsOnDetections = haveDetections(names) && filter.includes('detected')
  const detectionTimes = () =>
    texts.filter(({ name }) => haveDetections([name])).flatMap(({ bytes }) => findDetectionTimes(bytes))
  const staleAge = dependsOnDetections ? await findStaleAge(detectionTimes(), place) : undefined
  const hint = () => toQuotedKeyHint(filter, input)
  const result = await runFilter(filter, input, { ...request, host: place.host }).catch(error => {
    throw withHint(error, hint())
  })
  return { ...result, hint: result.failure === undefined ? undefined : hint(), broken, staleAge }
}

function withHint(error: unknown, hint: string | undefined): unknown {
  const isExplained = hint !== undefined && error instanceof NexusError && error.code === 'usage'
  return isExplained ? new NexusError('usage', error.message, { hint }) : error
}

// `.gpt-4o` is a subtraction to jq, and `.4o-mini` begins with a number.
const unquotedKey = /\.(\w{1,64}(?:[-.:/@+]\w{1,64}){1,8})/g

/** How a key of the input that the filter has without quotes is written. */
function toQuotedKeyHint(filter: string, input: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(input)
  const found = [...filter.matchAll(unquotedKey)].slice(0, 20).flatMap(([, word = '']) => toParts(word))
  const key = found.find(part => !/^[A-Za-z_]\w*$/.test(part) && text.includes(`${JSON.stringify(part)}:`))
  return key === undefined ? undefined : `A name with characters like - or . stands in quotes: ."${key}"`
}

/** Of `models.gpt-4o.status` all parts that begin behind a dot, the longest first: `gpt-4o.status`, `gpt-4o`. */
function toParts(word: string): string[] {
  const starts = [0, ...[...word.matchAll(/\./g)].map(({ index }) => index + 1)]
  const ends = [...[...word.matchAll(/[-.:/@+]/g)].map(({ index }) => index), word.length].reverse()
  return starts.flatMap(start => ends.filter(end => end > start).map(end => word.slice(start, end)))
}

interface LoadedSubject {
  readonly loaded: readonly LoadedRegistry[]
  /** By ref; empty when nobody wants it. */
  readonly statuses: ReadonlyMap<string, Readiness>
  /** Where models of local runtimes come from, when they may be among the entries. */
  readonly providers?: LoadedRegistry<'providers'>
}

async function loadSubject(
  subject: QuerySubject,
  isReadinessNeeded: boolean,
  { directory, platformRoot, host }: Place,
): Promise<LoadedSubject> {
  const names = subject === 'all' ? registryNames : [subject]
  // Models of local runtimes are in the registry of providers.
  if (subject !== 'all' && subject !== 'models' && (!isReadinessNeeded || !isSubRegistry(subject)))
    return { loaded: [await loadRegistry(subject, directory, host)], statuses: new Map() }
  const snapshot = withLocalModels(await loadSnapshot(directory, host))
  const statuses = isReadinessNeeded
    ? await recallReadiness(names, { snapshot, platformRoot }, host)
    : new Map<string, Readiness>()
  const { providers } = snapshot.registries
  return { loaded: names.map(name => snapshot.registries[name]), statuses, providers }
}

/** Throws a NexusError('input') when no registry can be read. */
function requireUsable(registries: readonly LoadedRegistry[]): void {
  if (registries.some(({ content }) => content !== undefined)) return
  const [
    { file, line, column, message, hint } = { file: '', line: 1, column: 1, message: '', hint: undefined },
  ] = registries.flatMap(({ diagnostics }) => diagnostics)
  throw new NexusError('input', `${file}:${line}:${column}: ${message}`, hint ? { hint } : {})
}

/** Age of detections in milliseconds; undefined when nothing was ever detected. */
export interface DetectionAge {
  readonly ms: number | undefined
}

/** Whether results from these registries may depend on detections. */
function haveDetections(registries: readonly RegistryName[]): boolean {
  return observedRegistryNames.some(name => registries.includes(name))
}

/** The age of the oldest detection when it is more than the home allows: what it found may be gone. */
export async function findStaleAge(
  checkedAt: readonly string[],
  { directory, host }: { directory: string; host: LoadHost & Pick<Host, 'clock'> },
): Promise<DetectionAge | undefined> {
  const now = host.clock.now()
  const times = checkedAt.map(text => Date.parse(text)).filter(time => !Number.isNaN(time))
  if (times.length === 0) return { ms: undefined }
  const ms = now - times.reduce((oldest, time) => Math.min(oldest, time), now)
  const ttlSeconds = cacheTtlSeconds(await loadRegistry('hyper', directory, host))
  return ms > ttlSeconds * 1000 ? { ms } : undefined
}

/** When the entries of a registry were detected. */
function listDetectionTimes(content: unknown): string[] {
  if (!isJsonObject(content)) return []
  return Object.values(content).flatMap(entry => {
    const detected = isJsonObject(entry) ? entry.detected : undefined
    return isJsonObject(detected) && typeof detected.checked_at === 'string' ? [detected.checked_at] : []
  })
}

/** The same from the text of a registry, which is not parsed for it. */
export function findDetectionTimes(text: Uint8Array | undefined): string[] {
  const found = new TextDecoder().decode(text).matchAll(/"checked_at"\s*:\s*"([^"\\]{1,40})"/g)
  return [...found].map(([, time = '']) => time)
}

const ofAnyRegistry: readonly EntryColumn[] = [
  { heading: 'id', fields: ['id'] },
  { heading: 'registry', fields: ['registry'] },
]

/** Columns of a query's table: what was selected; otherwise what `list` shows, and the fields of its conditions. */
function toQueryColumns(
  { conditions, sortKeys, selected }: FlagQuery,
  registries: readonly RegistryName[],
): readonly EntryColumn[] {
  if (selected) return ['id', ...selected.filter(field => field !== 'id')].map(toColumn)
  const [only, ...others] = registries
  const usual = only && others.length === 0 ? entryColumns[only] : ofAnyRegistry
  const shown = usual.flatMap(({ fields }) => fields)
  const conditioned = [...conditions, ...sortKeys].map(({ field }) => field)
  return [...usual, ...[...new Set(conditioned)].filter(field => !shown.includes(field)).map(toColumn)]
}

function toColumn(field: string): EntryColumn {
  return { heading: field, fields: [field] }
}

/** The entry with its id and these fields alone, in their own places: `x.y` stays inside `x`. What it lacks is null. */
export function selectFields(entry: ListedEntry, fields: readonly string[]): ListedEntry {
  const selected: ListedEntry = { id: entry.id }
  for (const field of fields) {
    const path = field.split('.')
    place(selected, path, valueAt(entry, path) ?? null)
  }
  return selected
}

function place(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path
  const inner = Object.hasOwn(object, key) ? object[key] : undefined
  const holder = isJsonObject(inner) ? { ...inner } : {}
  if (rest.length > 0) place(holder, rest, value)
  // `__proto__` is a name like any other here.
  const placed = rest.length > 0 ? holder : value
  Object.defineProperty(object, key, { value: placed, enumerable: true, configurable: true, writable: true })
}
