import { isJsonObject, isSameJson, valueAt } from '../lib/json/json-value.ts'
import type { Model } from '../registry/schema/model.ts'
import { maxPriceChanges, pricedFields } from '../registry/schema/names.ts'
import { type ImportedFieldName, type ImportRecord, importedFieldNames } from './import-record.ts'
import { toObject } from './source-values.ts'

type Entry = Readonly<Record<string, unknown>>

/** Where and when a source was read. */
export interface SourceMark {
  readonly url: string
  /** A day, UTC. */
  readonly retrieved_on: string
}

/** Which value a field gets. Without one: the source's, except for fields that somebody has edited. */
export const importStrategies = ['ours', 'theirs', 'newest'] as const

export interface MergeOptions {
  readonly strategy: (typeof importStrategies)[number] | undefined
  /** Whether price changes of 10 × and more are taken. */
  readonly isForced: boolean
  readonly source: SourceMark
  /** What was ever shipped under an id. */
  readonly shipped: (id: string) => readonly unknown[]
}

/** A field whose value here is not that of the source. */
export interface FieldDifference {
  readonly field: ImportedFieldName
  /** Undefined where there is none. */
  readonly here: unknown
  readonly there: unknown
}

/** Where the value of a field comes from. `none`: nobody has set it. */
export type FieldOrigin = 'shipped' | 'imported' | 'edited' | 'none'

/** Fields of a record that an entry has otherwise, in the order of the schema. What a source does not say is no difference. */
export function findDifferences(record: ImportRecord, entry: Entry): FieldDifference[] {
  return importedFieldNames.flatMap((field): FieldDifference[] => {
    const here = entry[field]
    const there = field === 'capabilities' ? mergeCapabilities(record, here) : record.fields[field]
    if (there === undefined || isSameJson(here, there)) return []
    if (isCompatible(field, { here, there, entry, record })) return []
    return [{ field, here, there }]
  })
}

/** The capabilities that an entry has, with those that the source states, and without those that it denies. */
function mergeCapabilities({ capabilities }: ImportRecord, here: unknown): string[] {
  const own: string[] = Array.isArray(here) ? here.map(String) : []
  const added = [...capabilities].filter(([name, has]) => has && !own.includes(name)).map(([name]) => name)
  return [...own.filter(name => capabilities.get(name) !== false), ...added]
}

interface Comparison extends Omit<FieldDifference, 'field'> {
  readonly entry: Entry
  readonly record: ImportRecord
}

/** Whether two values that differ say the same, or one says more. */
function isCompatible(field: ImportedFieldName, { here, there, entry, record }: Comparison): boolean {
  // What a prompt may have is less than the window.
  if (field === 'context_tokens') return record.isInputLimit === true && entry.input_tokens_max === there
  // No source knows a word for retired.
  if (field === 'status') return there === 'deprecated' && here === 'retired'
  if (field === 'knowledge_cutoff') return typeof here === 'string' && here.startsWith(String(there))
  if (field === 'modalities') return isSameJson(toSortedLists(here), toSortedLists(there))
  return false
}

function toSortedLists(value: unknown): Entry {
  const sorted = Object.entries(toObject(value)).map(([key, list]) => [
    key,
    Array.isArray(list) ? list.map(String).sort() : list,
  ])
  return Object.fromEntries(sorted)
}

export interface MergedRecord {
  /** The new entry; the one that is here when nothing changes. */
  readonly entry: Entry
  /** Names of the fields that change. */
  readonly fields: readonly ImportedFieldName[]
  /** Fields whose price changes too much to be believed. */
  readonly held: readonly FieldDifference[]
}

/** Merges a record into the entry that is here, field by field. */
export function mergeRecord(
  record: ImportRecord,
  entry: Entry,
  id: string,
  options: MergeOptions,
): MergedRecord {
  const isUnsure = options.strategy !== 'theirs' && hasUnknownHours(record, entry)
  const wanted = findDifferences(record, entry).filter(
    each => isWanted(each, entry, id, options) && !(isUnsure && isPrice(each)),
  )
  const held = options.isForced ? [] : wanted.filter(isImplausible)
  const taken = wanted.filter(each => !held.includes(each))
  if (taken.length === 0) return { entry, fields: [], held }
  const values = Object.fromEntries(taken.map(({ field, there }) => [field, there]))
  const history = toPriceHistory(taken, entry['x-price-history'], options.source)
  const merged = {
    ...entry,
    ...values,
    'x-source': withFieldSources(entry['x-source'], values, options.source),
    ...(history && { 'x-price-history': history }),
  }
  return { entry: merged, fields: taken.map(({ field }) => field), held }
}

// A source without hours may give the price of either time.
function hasUnknownHours({ fields }: ImportRecord, entry: Entry): boolean {
  return entry.cost_off_peak !== undefined && fields.cost_off_peak === undefined
}

function isPrice({ field }: FieldDifference): boolean {
  return field === 'cost_tiers' || pricedFields.some(name => name === field)
}

function isWanted(
  { field, here }: FieldDifference,
  entry: Entry,
  id: string,
  { strategy, source, shipped }: MergeOptions,
): boolean {
  if (strategy === 'theirs') return true
  const origin = findOrigin(field, entry, shipped(id))
  if (origin === 'none') return true
  if (strategy === 'ours') return false
  if (origin === 'edited') return false
  return strategy !== 'newest' || here === undefined || isOlder(dateOf(field, entry), source.retrieved_on)
}

/** Where the value of a field comes from: `shipped` has all versions of the entry that were ever shipped. */
export function findOrigin(field: ImportedFieldName, entry: Entry, shipped: readonly unknown[]): FieldOrigin {
  const value = entry[field]
  const imported = valueAt(entry, ['x-source', 'fields', field, 'value'])
  if (value === undefined) {
    const wasShipped = shipped.length > 0 && shipped.every(each => valueAt(each, [field]) !== undefined)
    return wasShipped || imported !== undefined ? 'edited' : 'none'
  }
  if (shipped.some(each => isSameJson(valueAt(each, [field]), value))) return 'shipped'
  return isSameJson(imported, value) ? 'imported' : 'edited'
}

function dateOf(field: ImportedFieldName, entry: Entry): unknown {
  return (
    valueAt(entry, ['x-source', 'fields', field, 'retrieved_on']) ??
    valueAt(entry, ['x-source', 'retrieved_on'])
  )
}

function isOlder(date: unknown, day: string): boolean {
  return typeof date === 'string' && date < day
}

const mostFactor = 10

// A unit that was mistaken is the likeliest reason of such a change.
function isImplausible({ field, here, there }: FieldDifference): boolean {
  if (field === 'cost_tiers' || field === 'cost_off_peak') {
    const [before, after] = [listPrices(here), listPrices(there)]
    return [...after].some(([key, price]) => isFarFrom(before.get(key), price))
  }
  return isPrice({ field, here, there }) && isFarFrom(here, there)
}

function isFarFrom(here: unknown, there: unknown): boolean {
  if (typeof here !== 'number' || typeof there !== 'number' || here === there) return false
  const [low, high] = [Math.min(here, there), Math.max(here, there)]
  // Prices are decimal: 0.0003 is exactly ten times 0.00003, which doubles miss by a hair.
  return low === 0 || Number((high / low).toPrecision(12)) >= mostFactor
}

/** The prices in a value by their path. */
function listPrices(value: unknown, path = ''): ReadonlyMap<string, number> {
  if (typeof value === 'number') return new Map([[path, value]])
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(toObject(value))
  return new Map(
    members
      .filter(([key]) => key !== 'input_tokens_above')
      .flatMap(([key, item]) => [...listPrices(item, `${path}/${key}`)]),
  )
}

/** The source of an entry with where and when these fields were read, and what was read. */
export function withFieldSources(before: unknown, values: Entry, source: SourceMark): Entry {
  const known = isJsonObject(before) ? before : { ...source }
  const added = Object.entries(values).map(([field, value]) => [field, { ...source, value }])
  return { ...known, fields: { ...toObject(known.fields), ...Object.fromEntries(added) } }
}

function toPriceHistory(
  taken: readonly FieldDifference[],
  before: unknown,
  { url, retrieved_on: on }: SourceMark,
): Model['x-price-history'] | undefined {
  const added = taken.flatMap(({ field: name, here: from, there: to }) => {
    const field = pricedFields.find(each => each === name)
    if (field === undefined || typeof from !== 'number' || typeof to !== 'number') return []
    return [{ on, field, from, to, url }]
  })
  if (added.length === 0) return undefined
  return [...(Array.isArray(before) ? before : []), ...added].slice(-maxPriceChanges)
}
