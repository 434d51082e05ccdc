import { readinessWords } from '../graph/graph.ts'
import { NexusError } from '../lib/errors.ts'
import { valueAt } from '../lib/json/json-value.ts'
import { suggest } from '../lib/text/nearest.ts'
import { localModelFields } from '../registry/local-models.ts'
import type { ValueKind } from '../registry/schema/known-keys.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import { hasVocabulary, type Vocabulary, vocabularyFields } from '../registry/vocabulary.ts'
import {
  isComparable,
  isDateLike,
  isEqual,
  isNumberLike,
  isVersionLike,
  type Operand,
  type QueryCondition,
} from './condition.ts'
import type { ListedEntry } from './entry-columns.ts'

/**
 * Throws a NexusError('usage') for a value that its field can never have: a word for a number, a status that does not
 * exist, a date that is not in the calendar. Such a condition finds nothing, or everything, whatever the registry holds.
 */
export async function requireFittingValues(
  conditions: readonly QueryCondition[],
  entries: readonly ListedEntry[],
  place: FieldPlace,
): Promise<void> {
  for (const condition of conditions) {
    const values = entries.flatMap(entry => toItems(valueAt(entry, condition.field.split('.'))))
    // Schemas take longer to load than most queries: a value like one that is there needs none.
    const unlike = condition.operands.filter(operand => !isLikeOne(values, operand, condition))
    if (unlike.length === 0) continue
    const kinds =
      (await loadWords(condition.field, values, place)) ??
      (await loadValueKinds(condition.field, place.registries))
    for (const operand of unlike) requireFit(operand, condition, { values, kinds })
  }
}

/** Loads the words that fields may have; undefined where the hyper registry cannot be read. */
export type LoadVocabulary = () => Promise<Vocabulary | undefined>

interface FieldPlace {
  readonly registries: readonly RegistryName[]
  readonly loadVocabulary: LoadVocabulary | undefined
}

/** The words of a field with a vocabulary, and those that entries have; undefined for any other field. */
async function loadWords(
  field: string,
  values: readonly unknown[],
  { registries, loadVocabulary }: FieldPlace,
): Promise<readonly ValueKind[] | undefined> {
  if (loadVocabulary === undefined || !registries.some(name => hasVocabulary(name, field))) return undefined
  const vocabulary = await loadVocabulary()
  if (vocabulary === undefined) return undefined
  const listed = registries.flatMap(name => vocabularyFields(name, vocabulary).get(field) ?? [])
  const used = values.filter(value => typeof value === 'string')
  return [{ kind: 'words', words: [...new Set([...listed, ...used])] }]
}

interface KnownValues {
  /** What the entries have there. */
  readonly values: readonly unknown[]
  /** What the schemas allow there. */
  readonly kinds: readonly ValueKind[]
}

function requireFit(operand: Operand, condition: QueryCondition, { values, kinds }: KnownValues): void {
  const { field, operator } = condition
  // The schema of a plain string has no more: versions are strings.
  const isText = kinds.length === 0 || kinds.some(({ kind }) => kind === 'text')
  const isOrdered = values.length === 0 || values.some(value => isComparable(value, operand))
  if (isText && (!isOrder(condition) || isOrdered)) return
  const possible = isText ? values.map(toKind) : kinds
  if (!isText && possible.some(kind => fits(operand, kind, condition))) return
  const [kind = { kind: 'text' }] = possible
  const value = JSON.stringify(operand.text)
  const isQuotedNumber = operand.isQuoted && isNumberLike({ ...operand, isQuoted: false })
  const hint =
    kind.kind === 'number' && isQuotedNumber
      ? `Without quotes it is a number: --where '${field} ${operator} ${operand.text}'`
      : toHint(operand, field, possible)
  throw new NexusError('usage', `--where: ${toMessage(condition, kind, value)}`, { hint })
}

function toMessage(condition: QueryCondition, { kind }: AnyKind, value: string): string {
  const { field } = condition
  if (kind !== 'words') return `${field} is ${names[kind]}, and ${value} is not`
  return isOrder(condition) ? `${field} is a word without an order` : `${field} is never ${value}`
}

type AnyKind = ValueKind | { readonly kind: 'version' }

const names: Readonly<Record<Exclude<AnyKind['kind'], 'words'>, string>> = {
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
  text: 'a text',
  version: 'a version',
  object: 'an object',
}

function fits(operand: Operand, kind: AnyKind, condition: QueryCondition): boolean {
  const { text, isQuoted } = operand
  const { operator } = condition
  if (text === 'null' && !isQuoted && !isOrder(condition)) return true
  if (kind.kind === 'number') return isNumberLike(operand)
  if (kind.kind === 'boolean') return !isOrder(condition) && !isQuoted && ['true', 'false'].includes(text)
  if (kind.kind === 'date') return operator === 'contains' || isDateLike(text)
  if (kind.kind === 'object') return operator === 'contains'
  if (kind.kind !== 'words') return true
  if (operator === 'contains') return kind.words.some(word => word.includes(text))
  return !isOrder(condition) && kind.words.includes(text)
}

function toHint({ text }: Operand, field: string, kinds: readonly AnyKind[]): string {
  const words = [...new Set(kinds.flatMap(kind => (kind.kind === 'words' ? kind.words : [])))]
  if (words.length > 0) return suggest(text, words) ?? `It is one of ${words.join(', ')}`
  const example = `For example --where '${field}`
  const hints: Readonly<Record<keyof typeof names, string>> = {
    number: `${example} >= 1000'`,
    boolean: `${example} = true'`,
    date: `${example} >= 2026-01-31'`,
    version: `${example} >= 1.2.3'`,
    text: `In quotes it is compared as a text: --where '${field} > "${text}"'`,
    object: `Name one of its fields: ${field}.NAME`,
  }
  const [kind] = kinds
  return hints[kind === undefined || kind.kind === 'words' ? 'text' : kind.kind]
}

/** Whether the entries have a value here with which this operand has something to do. */
function isLikeOne(values: readonly unknown[], operand: Operand, condition: QueryCondition): boolean {
  if (condition.operator === '~') return true
  // A word may be one of an enumeration, and these have no order.
  const isWord = !isNumberLike(operand) && !isDateLike(operand.text) && !isVersionLike(operand.text)
  if (isOrder(condition)) return !isWord && values.some(value => isComparable(value, operand))
  if (operand.text === 'null' && !operand.isQuoted) return true
  return values.some(value => isEqual(value, operand, () => 1))
}

function isOrder({ operator }: QueryCondition): boolean {
  return ['<', '<=', '>', '>='].includes(operator)
}

function toItems(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function toKind(value: unknown): AnyKind {
  if (typeof value === 'number') return { kind: 'number' }
  if (typeof value === 'boolean') return { kind: 'boolean' }
  if (typeof value !== 'string') return { kind: 'object' }
  if (isDateLike(value)) return { kind: 'date' }
  return { kind: isComparable(value, { text: 'word', isQuoted: false }) ? 'text' : 'version' }
}

/** Where an entry stands in the two documents; in a flat map it is under its id. */
const entryPaths: Partial<Record<RegistryName, readonly (readonly string[])[]>> = {
  hyper: [['sub_registries', 'tools']],
  dashboard: [
    ['sections', 'tools', 'entries', 'id'],
    ['sections', 'providers', 'entries', 'id'],
    ['sections', 'metrics', 'system', 'id'],
  ],
}

/** What the values of a field of these registries may be; empty without a schema. It loads the schemas. */
async function loadValueKinds(
  field: string,
  registries: readonly RegistryName[],
): Promise<readonly ValueKind[]> {
  const [{ registrySchemas }, { valueKindsAt }] = await Promise.all([
    import('../registry/schema/registries.ts'),
    import('../registry/schema/known-keys.ts'),
  ])
  if (field === 'readiness') return [{ kind: 'words', words: readinessWords }]
  const path = field.split('.')
  const inFiles = registries.flatMap(name =>
    (entryPaths[name] ?? [['id']]).flatMap(entry => valueKindsAt(registrySchemas[name], [...entry, ...path])),
  )
  return registries.includes('models') ? [...inFiles, ...localKindsOf(field)] : inFiles
}

/** What the values of a field may be that only models of local runtimes have. */
function localKindsOf(field: string): readonly ValueKind[] {
  if (field === 'source') return [{ kind: 'words', words: ['local'] }]
  const kind = Object.entries(localModelFields).find(([name]) => name === field)?.[1]
  return kind === undefined || kind === 'words' ? [] : [{ kind }]
}

/**
 * Throws a NexusError('usage') for a field that no entry of these registries may have, with the nearest that there is.
 * It loads the schemas: call it only for fields that nothing has.
 */
export async function requireKnownFields(
  fields: readonly string[],
  registries: readonly RegistryName[],
): Promise<void> {
  if (fields.length === 0) return
  const [{ registrySchemas }, { knownKeysAt }] = await Promise.all([
    import('../registry/schema/registries.ts'),
    import('../registry/schema/known-keys.ts'),
  ])
  const keysAt = (path: readonly string[]) =>
    registries.flatMap(name =>
      (entryPaths[name] ?? [['id']]).flatMap(entry =>
        knownKeysAt(registrySchemas[name], [...entry, ...path]),
      ),
    )
  const known = { own: toOwnFields(registries), keysAt }
  for (const field of fields) requireKnownPath(field, known)
}

/** Fields that an entry has here, with or without a schema. */
function toOwnFields(registries: readonly RegistryName[]): string[] {
  return [
    'id',
    'readiness',
    ...(registries.length > 1 ? ['registry'] : []),
    ...(registries.includes('dashboard') ? ['section'] : []),
    ...(registries.includes('models') ? Object.keys(localModelFields) : []),
  ]
}

interface KnownFields {
  readonly own: readonly string[]
  /** Keys that may stand in what is at this path of an entry. */
  readonly keysAt: (path: readonly string[]) => readonly string[]
}

function requireKnownPath(field: string, { own, keysAt }: KnownFields): void {
  const path = field.split('.')
  for (const [index, part] of path.entries()) {
    const parents = path.slice(0, index)
    const known = [...(index === 0 ? own : []), ...keysAt(parents)]
    // Where a schema names no keys, any may stand; extensions may stand anywhere.
    if (known.length === 0 || part.startsWith('x-') || (index === 0 && own.includes(part))) return
    if (known.includes(part)) continue
    const names = [...new Set(known)].map(key => [...parents, key].join('.'))
    const hint = suggest([...parents, part].join('.'), names) ?? `Fields are ${names.sort().join(', ')}`
    throw new NexusError('usage', `there is no field ${JSON.stringify(field)}`, { hint })
  }
}
