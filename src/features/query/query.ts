import { NexusError } from '../../core/errors.ts'
import type { Host } from '../../core/host.ts'
import type { LoadedRegistry } from '../../core/snapshot.ts'
import { registryNames } from '../../schema/names.ts'
import { loadRegistry } from '../../store/load-registry.ts'
import { loadRegistryTexts } from '../../store/load-registry-texts.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import type { EntryColumn } from '../list/entry-columns.ts'
import type { ListedEntry } from '../list/list-entries.ts'
import { type DetectionAge, findLooks, findStaleAge, haveDetections, listLooks } from './detection-age.ts'
import { toFilterInput } from './filter-input.ts'
import type { JqOptions } from './jq-call.ts'
import { toQueryColumns } from './query-columns.ts'
import { type FlagQuery, queryEntries } from './query-entries.ts'
import type { QuerySubject } from './query-subject.ts'
import { type FilterAnswer, runFilter } from './run-filter.ts'
import { selectFields } from './select-fields.ts'

interface Place {
  /** Registry home. */
  readonly directory: string
  readonly host: Host
}

/** What every answer tells beside itself. */
interface Aside {
  /** Registries of which something is broken and left out. */
  readonly broken: readonly LoadedRegistry[]
  /** How old the detections are that the answer may rest on, where they are too old. */
  readonly staleAge: DetectionAge | undefined
}

export interface FlagAnswer extends Aside {
  readonly entries: readonly ListedEntry[]
  readonly columns: readonly EntryColumn[]
}

/** Answers flags. Throws a NexusError('usage') for a field that is not known, or a pattern that is none. */
export async function queryByFlags(
  subject: QuerySubject,
  query: FlagQuery,
  place: Place,
): Promise<FlagAnswer> {
  const loaded = await loadSubject(subject, place)
  requireUsable(loaded)
  const names = loaded.map(({ name }) => name)
  const found = await queryEntries(loaded, query)
  const { selected } = query
  const columns = toQueryColumns(query, names)
  const looks = () =>
    loaded.filter(({ name }) => haveDetections([name])).flatMap(({ content }) => listLooks(content))
  return {
    entries: selected ? found.map(entry => selectFields(entry, selected)) : found,
    columns,
    broken: loaded.filter(({ diagnostics }) => diagnostics.length > 0),
    staleAge:
      haveDetections(names) && restsOnDetections(query) ? await findStaleAge(looks(), place) : undefined,
  }
}

function restsOnDetections({ conditions, sortKeys, selected }: FlagQuery): boolean {
  const fields = [...conditions, ...sortKeys].map(({ field }) => field).concat(selected ?? 'detected')
  return fields.some(field => field.split('.')[0] === 'detected')
}

export interface FilterRequest {
  readonly filter: string
  readonly options: JqOptions
  /** Takes what is printed, in pieces; false when nobody reads any more. */
  readonly print?: ((bytes: Uint8Array) => boolean) | undefined
}

/** Answers a jq filter. Throws a NexusError('usage') for one that does not parse. */
export async function queryByFilter(
  subject: QuerySubject,
  { filter, ...request }: FilterRequest,
  place: Place,
): Promise<FilterAnswer & Aside> {
  const names = subject === 'all' ? registryNames : [subject]
  const texts = await loadRegistryTexts(names, place.directory, place.host)
  const broken = texts.flatMap(text => text.broken ?? [])
  if (texts.every(({ bytes }) => bytes === undefined)) requireUsable(broken)
  const input = toFilterInput(texts, subject === 'all')
  // A filter that does not speak of it shows when it was at most.
  const isAsked = haveDetections(names) && filter.includes('detected')
  const looks = () =>
    texts.filter(({ name }) => haveDetections([name])).flatMap(({ bytes }) => findLooks(bytes))
  const staleAge = isAsked ? await findStaleAge(looks(), place) : undefined
  const answer = await runFilter(filter, input, { ...request, host: place.host })
  return { ...answer, broken, staleAge }
}

async function loadSubject(subject: QuerySubject, { directory, host }: Place): Promise<LoadedRegistry[]> {
  if (subject !== 'all') return [await loadRegistry(subject, directory, host)]
  const { registries } = await loadSnapshot(directory, host)
  return registryNames.map(name => registries[name])
}

/** Throws a NexusError('input') when there is nothing that an answer could come from. */
function requireUsable(registries: readonly LoadedRegistry[]): void {
  if (registries.some(({ content }) => content !== undefined)) return
  const [
    { file, line, column, message, hint } = { file: '', line: 1, column: 1, message: '', hint: undefined },
  ] = registries.flatMap(({ diagnostics }) => diagnostics)
  throw new NexusError('input', `${file}:${line}:${column}: ${message}`, hint ? { hint } : {})
}
