import type { Readiness } from '../graph/graph.ts'
import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import { formatAge, formatBytes } from '../lib/text/format.ts'
import { toRef } from '../registry/refs.ts'
import { isSubRegistry, type RegistryName } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'

/** An entry with its id, as `list REGISTRY --json` prints it. */
export interface ListedEntry {
  readonly id: string
  readonly [field: string]: unknown
}

/** Adds the readiness of entries behind their ids; entries without one stay as they are. */
export function withReadiness(
  entries: readonly ListedEntry[],
  registry: RegistryName,
  statuses: ReadonlyMap<string, Readiness>,
): ListedEntry[] {
  return entries.map(({ id, ...entry }) => {
    const readiness = isSubRegistry(registry) ? statuses.get(toRef(registry, id)) : undefined
    return readiness === undefined ? { id, ...entry } : { id, readiness, ...entry }
  })
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

/**
 * Text of a column: the first of its fields (paths with dots) that has a value; a dash when none has. `now` is the wall
 * clock, milliseconds since 1970.
 */
export function toCell(entry: unknown, column: EntryColumn, now: number): string {
  const { isAge, isSize } = column
  const value = findValue(entry, column)
  if (value === undefined) return '–'
  if (isSize && typeof value === 'number') return formatBytes(value)
  return isAge && typeof value === 'string' ? toAge(value, now) : toText(value)
}

function findValue(entry: unknown, { fields }: EntryColumn): unknown {
  const values = fields.map(field => valueAt(entry, field.split('.')))
  return values.find(value => value !== undefined && value !== null && value !== '')
}

function toAge(text: string, now: number): string {
  const time = Date.parse(text)
  return Number.isNaN(time) ? text : formatAge(now - time)
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.map(toText).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A column of `list REGISTRY`: its heading and the fields that fill it, the first that has a value. */
export interface EntryColumn {
  readonly heading: string
  /** Paths with dots, `detected.version`. */
  readonly fields: readonly string[]
  readonly align?: 'right'
  /** What stands in it as a moment is shown as how long ago that was. */
  readonly isAge?: true
  /** A size in bytes. */
  readonly isSize?: true
  /** Whether it is left out where no entry has a value. */
  readonly isOptional?: true
}

/** The columns without the optional ones that would be empty. */
export function chooseColumns(
  columns: readonly EntryColumn[],
  entries: readonly unknown[],
): readonly EntryColumn[] {
  return columns.filter(
    column => !column.isOptional || entries.some(entry => findValue(entry, column) !== undefined),
  )
}

const id = { heading: 'id', fields: ['id'] }

const ready: EntryColumn = { heading: 'ready', fields: ['readiness'] }

const found = [
  { heading: 'status', fields: ['detected.status'] },
  { heading: 'version', fields: ['detected.version'] },
]

const lookedUp: EntryColumn = { heading: 'checked', fields: ['detected.checked_at'], isAge: true }

/** What `list` shows of each registry's entries. */
export const entryColumns: Readonly<Record<RegistryName, readonly EntryColumn[]>> = {
  hyper: [
    id,
    { heading: 'version', fields: ['version'] },
    { heading: 'expected', fields: ['entries_count_expected'], align: 'right' },
    { heading: 'file', fields: ['path'] },
    { heading: 'description', fields: ['description'] },
  ],
  dashboard: [
    id,
    { heading: 'section', fields: ['section'] },
    { heading: 'name', fields: ['display_name'] },
    { heading: 'component', fields: ['ui_component'] },
  ],
  tools: [
    id,
    { heading: 'category', fields: ['category'] },
    ...found,
    { heading: 'where or why not', fields: ['detected.reason', 'detected.path'] },
  ],
  providers: [
    id,
    { heading: 'name', fields: ['display_name'] },
    ready,
    { heading: 'status', fields: ['detected.status'] },
    { heading: 'key in', fields: ['detected.key_env', 'key_env'] },
    { heading: 'reachable', fields: ['detected.reachable'] },
    { heading: 'ms', fields: ['detected.latency_ms'], align: 'right' },
    lookedUp,
    { heading: 'why not', fields: ['detected.reason'] },
    { heading: 'models', fields: ['models'] },
  ],
  models: [
    id,
    { heading: 'provider', fields: ['provider'] },
    { heading: 'source', fields: ['source'], isOptional: true },
    ready,
    { heading: 'loaded', fields: ['loaded'], isOptional: true },
    { heading: 'size', fields: ['size_bytes'], align: 'right', isSize: true, isOptional: true },
    { heading: 'quantization', fields: ['quantization'], isOptional: true },
    { heading: 'context', fields: ['context_tokens'], align: 'right' },
    { heading: '$/1k in', fields: ['cost_per_1k_input'], align: 'right' },
    { heading: '$/1k out', fields: ['cost_per_1k_output'], align: 'right' },
    { heading: 'status', fields: ['status'] },
    { heading: 'capabilities', fields: ['capabilities'] },
  ],
  plugins: [
    id,
    { heading: 'type', fields: ['type'] },
    ready,
    { heading: 'version', fields: ['version'] },
    { heading: 'needs', fields: ['dependencies'] },
    { heading: 'functions', fields: ['functions'] },
  ],
  microservices: [
    id,
    { heading: 'type', fields: ['type'] },
    { heading: 'url', fields: ['url'] },
    ready,
    { heading: 'status', fields: ['detected.status'] },
    { heading: 'ms', fields: ['detected.latency_ms'], align: 'right' },
    { heading: 'p95', fields: ['detected.latency_p95_ms'], align: 'right' },
    lookedUp,
    { heading: 'why not', fields: ['detected.reason'] },
  ],
  adapters: [
    id,
    { heading: 'type', fields: ['type'] },
    { heading: 'provider', fields: ['provider', 'providers'] },
    ready,
    { heading: 'version', fields: ['version'] },
    { heading: 'file', fields: ['path'] },
  ],
  ml_frameworks: [
    id,
    ...found,
    { heading: 'interpreter', fields: ['detected.details.interpreter'] },
    { heading: 'where or why not', fields: ['detected.reason', 'detected.path'] },
  ],
}
