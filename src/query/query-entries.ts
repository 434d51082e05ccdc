import type { Readiness } from '../graph/graph.ts'
import { NexusError } from '../lib/errors.ts'
import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import { compilePattern } from '../lib/text/pattern.ts'
import { loadVersionOrder, type VersionOrder } from '../lib/version/versions.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'
import {
  compareFields,
  compareWith,
  isEqual,
  isVersionLike,
  type Operand,
  type Operator,
  type QueryCondition,
} from './condition.ts'
import { type ListedEntry, listEntries, withReadiness } from './entry-columns.ts'
import { type LoadVocabulary, requireFittingValues, requireKnownFields } from './fields.ts'

/** The flags of a query. */
export interface FlagQuery {
  readonly conditions: readonly QueryCondition[]
  readonly sortKeys: readonly SortKey[]
  readonly limit: number | undefined
  /** Fields of the result beside the id; all when undefined. */
  readonly selected: readonly string[] | undefined
}

/** What is known of entries besides their content. */
export interface QueryFacts {
  readonly statuses?: ReadonlyMap<string, Readiness>
  readonly loadVocabulary?: LoadVocabulary | undefined
}

/**
 * The entries of these registries that meet all conditions, sorted, at most so many. Of several registries each has its
 * `registry`, and each has its readiness where it is known. Throws a NexusError('usage') for a field that no entry can have, and for a value that its field cannot have.
 */
export async function queryEntries(
  registries: readonly LoadedRegistry[],
  { conditions, sortKeys, limit, selected = [] }: FlagQuery,
  { statuses = new Map(), loadVocabulary }: QueryFacts = {},
): Promise<readonly ListedEntry[]> {
  const isOne = registries.length === 1
  const entries = registries.flatMap(loaded =>
    withReadiness(isOne ? listEntries(loaded) : withRegistry(loaded), loaded.name, statuses),
  )
  const fields = [...conditions, ...sortKeys].map(({ field }) => field).concat(selected)
  const isThere = (field: string) => {
    const path = field.split('.')
    return entries.some(entry => valueAt(entry, path) !== undefined)
  }
  const names = registries.map(({ name }) => name)
  await requireKnownFields(
    [...new Set(fields)].filter(field => !isThere(field)),
    names,
  )
  await requireFittingValues(conditions, entries, { registries: names, loadVocabulary })
  const matches = await matchEntries(conditions)
  const found = await sortEntries(entries.filter(matches), sortKeys)
  return found.slice(0, limit)
}

function withRegistry(loaded: LoadedRegistry): ListedEntry[] {
  return listEntries(loaded).map(({ id, ...entry }) => ({ id, registry: loaded.name, ...entry }))
}

type Match = (entry: unknown) => boolean

type Test = (value: unknown, operand: Operand) => boolean

const equality: readonly Operator[] = ['=', '!=', 'in']

/** All these conditions as one predicate. Throws a NexusError('usage') for a pattern that is none. */
export async function matchEntries(conditions: readonly QueryCondition[]): Promise<Match> {
  const operands = conditions.flatMap(condition => condition.operands)
  // What orders versions takes longer to load than most queries take, and they name no version.
  const needsVersions = operands.some(({ text, isQuoted }) => !isQuoted && isVersionLike(text))
  const order = needsVersions ? await loadVersionOrder() : () => 0
  const matches = await Promise.all(conditions.map(condition => toMatch(condition, order)))
  return entry => matches.every(match => match(entry))
}

async function toMatch(condition: QueryCondition, order: VersionOrder): Promise<Match> {
  const path = condition.field.split('.')
  const test = await toTest(condition, order)
  const isWanted = condition.operator !== '!='
  return entry => isMet(valueAt(entry, path) ?? null, condition, test) === isWanted
}

// What is missing is only what is written null, and of a list one item is enough.
function isMet(value: unknown, { operator, operands }: QueryCondition, test: Test): boolean {
  if (value === null) {
    return equality.includes(operator) && operands.some(({ text, isQuoted }) => text === 'null' && !isQuoted)
  }
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return operands.some(operand => values.some(item => test(item, operand)))
}

async function toTest({ operator, operands }: QueryCondition, order: VersionOrder): Promise<Test> {
  const isOrdered = (fits: (difference: number) => boolean): Test => {
    return (value, operand) => fits(compareWith(value, operand, order) ?? Number.NaN)
  }
  const isSame: Test = (value, operand) => isEqual(value, operand, order)
  const tests: Readonly<Record<Operator, () => Test | Promise<Test>>> = {
    '=': () => isSame,
    '!=': () => isSame,
    in: () => isSame,
    '<': () => isOrdered(difference => difference < 0),
    '<=': () => isOrdered(difference => difference <= 0),
    '>': () => isOrdered(difference => difference > 0),
    '>=': () => isOrdered(difference => difference >= 0),
    '~': () => toPatternTest(operands[0]?.text ?? ''),
    contains: () => (value, operand) => isSame(value, operand) || isWithin(value, operand.text),
  }
  return tests[operator]()
}

async function toPatternTest(source: string): Promise<Test> {
  const alone = await compilePattern(source)
  // As a group of its own it has the match even when a group inside it has none.
  const compiled = alone.ok ? await compilePattern(`(${source})`) : alone
  if (compiled.ok) return value => compiled.pattern.find(toText(value)) !== undefined
  const message = `--where: ${JSON.stringify(source)} is no pattern: ${compiled.message}`
  const hint = 'Patterns are those of RE2, without backreferences and look-around'
  throw new NexusError('usage', message, { hint })
}

/** In a text: a part of it. In an object: one of its keys. */
function isWithin(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value.includes(text)
  return isJsonObject(value) && Object.hasOwn(value, text)
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** One field of `--sort`. */
interface SortKey {
  readonly field: string
  readonly isDescending: boolean
}

/** Reads `FIELD[:asc|:desc]`, several with commas between. Throws a NexusError('usage') for what is none. */
export function parseSortKeys(text: string): SortKey[] {
  return text.split(',').map(part => {
    const [field = '', direction = 'asc', ...rest] = part.trim().split(':')
    if (field !== '' && rest.length === 0 && (direction === 'asc' || direction === 'desc')) {
      return { field, isDescending: direction === 'desc' }
    }
    const hint = 'For example --sort provider,context_tokens:desc'
    throw new NexusError('usage', `--sort: ${JSON.stringify(part)} is no FIELD[:desc]`, { hint })
  })
}

/** Sorts by the first key, then the next. What lacks a field comes last, and what is equal stays as it was. */
export async function sortEntries(
  entries: readonly ListedEntry[],
  keys: readonly SortKey[],
): Promise<readonly ListedEntry[]> {
  if (keys.length === 0) return entries
  const rows = entries.map(
    (entry): Row => ({
      entry,
      values: keys.map(({ field }) => valueAt(entry, field.split('.')) ?? null),
    }),
  )
  const order = rows.some(({ values }) => values.some(isVersion)) ? await loadVersionOrder() : () => 0
  const compare = (left: Row, right: Row): number => {
    const differences = keys.map((key, index) =>
      compareByKey(left.values[index], right.values[index], key, order),
    )
    return differences.find(difference => difference !== 0) ?? 0
  }
  return rows.sort(compare).map(({ entry }) => entry)
}

interface Row {
  readonly entry: ListedEntry
  /** One for each key, null where it lacks the field. */
  readonly values: readonly unknown[]
}

function compareByKey(left: unknown, right: unknown, key: SortKey, order: VersionOrder): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  const difference = compareFields(left, right, order)
  return key.isDescending ? -difference : difference
}

function isVersion(value: unknown): boolean {
  return typeof value === 'string' && isVersionLike(value)
}

/** The subject of a query: one registry, or all nine. */
export type QuerySubject = RegistryName | 'all'
