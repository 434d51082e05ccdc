import { planAdditions } from '../edit/plan-additions.ts'
import {
  applyRegistryEdits,
  planCounts,
  type RegistryDocuments,
  type RegistryEdit,
  readDocuments,
} from '../edit/registry-edits.ts'
import type { EditPlan } from '../journal/commit-edit.ts'
import { NexusError } from '../lib/errors.ts'
import { isJsonObject, valueAt } from '../lib/json/json-value.ts'
import { limits } from '../lib/limits.ts'
import { readLocalEntries, renderEntries } from '../registry/entries.ts'
import type { HomeContent } from '../registry/home/update-home.ts'
import { toRef } from '../registry/refs.ts'
import { createKeyRank } from '../registry/schema/known-keys.ts'
import { type RegistryName, registryFiles } from '../registry/schema/names.ts'
import type { ImportRecord, PriceKind, RefusedRecord, SourceProvider } from './import-record.ts'
import {
  type FieldDifference,
  findDifferences,
  findOrigin,
  type MergeOptions,
  mergeRecord,
  withFieldSources,
} from './merge-record.ts'
import type { SelectedRecords } from './select-records.ts'
import { toObject, toTextList } from './source-values.ts'

type Entry = Readonly<Record<string, unknown>>

/** Registries that an import reads, and may change. */
export const importRegistryNames = [
  'hyper',
  'dashboard',
  'tools',
  'providers',
  'models',
  'adapters',
  'ml_frameworks',
] as const satisfies readonly RegistryName[]

export interface ImportRequest extends SelectedRecords, MergeOptions {
  /** Providers that the source describes. */
  readonly providers: ReadonlyMap<string, SourceProvider>
  /** Ids of providers that the catalog knows. */
  readonly known: ReadonlySet<string>
}

/** A field that an import changes, or leaves as it is. */
export interface RefDifference extends FieldDifference {
  readonly ref: string
}

/** What an import changes. */
export interface ImportPlan extends EditPlan {
  /** Refs of new models and providers. */
  readonly created: readonly string[]
  readonly updated: readonly { readonly ref: string; readonly fields: readonly string[] }[]
  readonly unchanged: number
  /** Prices that change too much to be believed. */
  readonly held: readonly RefDifference[]
  readonly refused: readonly RefusedRecord[]
  /** What kind of price the taken records have. */
  readonly prices: Readonly<Record<PriceKind, number>>
}

/**
 * Plans to merge records of a source into a home: new and changed models, new providers, and what belongs to them. Throws a
 * NexusError('input') when a file that has to change is no JSON object, or would become too large.
 */
export async function planImport(texts: HomeContent, request: ImportRequest): Promise<ImportPlan> {
  const documents = readDocuments(texts)
  const refused = [...request.refused]
  const matched = matchRecords(documents, request, refused)
  const merged = matched.map(({ record, id, here }): Outcome => {
    if (here === undefined)
      return { record, id, entry: toEntry(record, documents, request), fields: [], held: [], isNew: true }
    return { record, id, ...mergeRecord(record, here, id, request), isNew: false }
  })
  const changed = await refuseInvalid(merged, refused)
  const created = changed.filter(({ isNew }) => isNew)
  const updated = changed.filter(({ isNew, fields }) => !isNew && fields.length > 0)
  const newProviders = toNewProviders(created, documents, request)
  const refs = created.map(({ id }) => toRef('models', id))
  return {
    texts: renderPlan({ texts, documents, created, updated, newProviders }),
    created: [...newProviders.map(({ id }) => toRef('providers', id)), ...refs],
    updated: updated.map(({ id, fields }) => ({ ref: toRef('models', id), fields })),
    unchanged: changed.length - created.length - updated.length,
    held: changed.flatMap(({ id, held }) => held.map(each => ({ ref: toRef('models', id), ...each }))),
    refused,
    prices: countPrices(changed),
  }
}

/** Where sources and registries disagree: fields of models that both have. */
export function compareImport(texts: HomeContent, request: ImportRequest) {
  const documents = readDocuments(texts)
  const refused = [...request.refused]
  return matchRecords(documents, request, refused).flatMap(({ record, id, here }) =>
    here === undefined
      ? []
      : findDifferences(record, here).map(difference => ({
          ref: toRef('models', id),
          ...difference,
          origin: findOrigin(difference.field, here, request.shipped(id)),
        })),
  )
}

interface MatchedRecord {
  readonly record: ImportRecord
  /** Id of the model here. */
  readonly id: string
  /** Its entry; undefined when it is new. */
  readonly here: Entry | undefined
}

/** Finds the entry of each record, or its new id. What cannot be taken is refused. */
function matchRecords(
  documents: RegistryDocuments,
  request: ImportRequest,
  refused: RefusedRecord[],
): MatchedRecord[] {
  const models = toObject(documents.get('models'))
  const aliases = listAliases(models)
  const used = new Map<string, string>()
  const ranks = new Map(Object.keys(toObject(documents.get('providers'))).map((id, index) => [id, index]))
  const rank = ({ provider }: ImportRecord) => ranks.get(provider) ?? ranks.size
  const hasContext = ({ fields }: ImportRecord) => fields.context_tokens !== undefined
  for (const { key: id, provider } of request.records.filter(record => !hasContext(record)))
    refused.push({ id, provider, reason: 'no context size' })
  // A maker comes before those who serve its models: which of them gets an id without a path does not change by itself.
  const sorted = request.records.filter(hasContext).toSorted((left, right) => rank(left) - rank(right))
  return sorted.flatMap((record): MatchedRecord[] => {
    const id = chooseId(record, { models, aliases, used })
    const here = ownValue(models, id)
    const reason = isKnownProvider(record.provider, documents, request)
      ? explainPlace({ record, id, here, aliases, used })
      : explainProvider(record.provider, request)
    if (reason !== undefined) {
      refused.push({ id: record.key, provider: record.provider, reason })
      return []
    }
    used.set(id, record.provider)
    return [{ record, id, here: isJsonObject(here) ? here : undefined }]
  })
}

interface KnownIds {
  readonly models: Entry
  /** Ids of models by their aliases. */
  readonly aliases: ReadonlyMap<string, string>
  /** Ids that records before this one have, with their providers. */
  readonly used: ReadonlyMap<string, string>
}

/** The source's id where it is free or already of this provider, else one with the provider before it. */
function chooseId({ provider, id }: ImportRecord, { models, aliases, used }: KnownIds): string {
  const long = `${provider}/${id}`
  const isOwn = (name: string) => (valueAt(models, [name, 'provider']) ?? used.get(name)) === provider
  if (isOwn(id)) return id
  if (isOwn(long)) return long
  const owner = aliases.get(id)
  if (owner !== undefined && isOwn(owner)) return id
  return Object.hasOwn(models, id) || owner !== undefined || used.has(id) ? long : id
}

interface PlaceOfRecord extends Pick<KnownIds, 'aliases' | 'used'> {
  readonly record: ImportRecord
  readonly id: string
  readonly here: unknown
}

/** Why a record cannot have its place, a clause; undefined when it can. */
function explainPlace({ record, id, here, aliases, used }: PlaceOfRecord): string | undefined {
  if (used.has(id)) return `the source has models/${id} a second time`
  const alias = aliases.get(id)
  if (here === undefined) return alias === undefined ? undefined : `another name of models/${alias} here`
  if (!isJsonObject(here)) return `models/${id} is no object here`
  if (here.provider !== record.provider) return `models/${id} is of another provider here`
  return here['x-upstream'] === undefined ? undefined : `an upstream keeps models/${id}`
}

function listAliases(models: Entry): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(models).flatMap(([id, entry]) =>
      toTextList(valueAt(entry, ['aliases'])).map((alias): [string, string] => [alias, id]),
    ),
  )
}

function ownValue(object: Entry, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function isKnownProvider(id: string, documents: RegistryDocuments, { providers }: ImportRequest): boolean {
  if (isJsonObject(ownValue(toObject(documents.get('providers')), id))) return true
  const provider = providers.get(id)
  return provider?.endpoint !== undefined && provider.keyEnv.length > 0
}

function explainProvider(id: string, { known }: ImportRequest): string {
  const fix = known.has(id)
    ? `add it with nexus-registry add ${id}`
    : 'the source has no endpoint and key variable'
  return `no provider ${id} here: ${fix}`
}

function toEntry(record: ImportRecord, documents: RegistryDocuments, { source }: ImportRequest): Entry {
  const capabilities = [...record.capabilities].filter(([, has]) => has).map(([name]) => name)
  const values = { ...record.fields, capabilities }
  const isUpstream = valueAt(documents.get('hyper'), ['sub_registries', 'models', 'url']) !== undefined
  return {
    ...values,
    provider: record.provider,
    'x-source': withFieldSources(undefined, values, source),
    // The upstream of the registry would take it away.
    ...(isUpstream && { 'x-local': true }),
  }
}

interface Outcome {
  readonly record: ImportRecord
  readonly id: string
  readonly entry: Entry
  readonly fields: readonly string[]
  readonly held: readonly FieldDifference[]
  readonly isNew: boolean
}

/** The outcomes without those whose entry would not be valid. */
async function refuseInvalid(outcomes: readonly Outcome[], refused: RefusedRecord[]): Promise<Outcome[]> {
  const changing = outcomes.filter(({ isNew, fields }) => isNew || fields.length > 0)
  if (changing.length === 0) return [...outcomes]
  const { checkContent } = await import('../registry/load/parse-registry.ts')
  const { quarantined, issues } = checkContent(
    'models',
    Object.fromEntries(changing.map(({ id, entry }) => [id, entry])),
  )
  const broken = new Set(quarantined)
  const reasons = new Map(issues.map(issue => [String(issue.path[0]), issue] as const).reverse())
  return outcomes.filter(({ record, id }) => {
    if (!broken.has(id)) return true
    const reason = reasons.get(id)?.describe().message ?? 'not valid'
    refused.push({ id: record.key, provider: record.provider, reason })
    return false
  })
}

function toNewProviders(created: readonly Outcome[], documents: RegistryDocuments, request: ImportRequest) {
  const known = toObject(documents.get('providers'))
  const ids = new Set(created.map(({ record }) => record.provider).filter(id => !Object.hasOwn(known, id)))
  return [...ids].flatMap(id => {
    const provider = request.providers.get(id)
    if (provider?.endpoint === undefined) return []
    const models = created.filter(({ record }) => record.provider === id).map(each => each.id)
    return [{ id, entry: toProviderEntry({ ...provider, endpoint: provider.endpoint }, models, request) }]
  })
}

function toProviderEntry(
  provider: SourceProvider & { readonly endpoint: string },
  models: string[],
  { source }: ImportRequest,
) {
  const { name, endpoint, baseUrl, authHeader, keyEnv, requiredEnv, docs } = provider
  const [only] = keyEnv
  return {
    display_name: name,
    endpoint,
    ...(baseUrl !== undefined && { base_url: baseUrl }),
    ...(authHeader === undefined
      ? ({ auth_type: 'bearer' } as const)
      : ({ auth_type: 'header', auth_header: authHeader } as const)),
    ...(only !== undefined && { key_env: keyEnv.length === 1 ? only : [...keyEnv] }),
    ...(requiredEnv.length > 0 && { required_env: [...requiredEnv] }),
    models,
    ...(docs !== undefined && { docs }),
    'x-source': { ...source },
  }
}

interface RenderedPlan {
  readonly texts: HomeContent
  readonly documents: RegistryDocuments
  readonly created: readonly Outcome[]
  readonly updated: readonly Outcome[]
  readonly newProviders: ReturnType<typeof toNewProviders>
}

function renderPlan({ texts, documents, created, updated, newProviders }: RenderedPlan): EditPlan['texts'] {
  if (created.length + updated.length === 0) return new Map()
  const others = new Map([...texts].filter(([name]) => name !== 'models'))
  const additions = newProviders.map(each => ({ registry: 'providers', ...each }) as const)
  const added = planAdditions(others, additions).texts
  const edits = [
    ...planLists(created, documents),
    ...planCounts(
      created.map(({ id }) => toRef('models', id)),
      documents,
    ),
    ...planVocabulary([...created, ...updated], documents),
  ]
  const rest = applyRegistryEdits(edits, new Map([...others, ...added]))
  const models = renderModels(texts.get('models'), [...created, ...updated])
  return new Map([...added, ...rest, ['models', models]])
}

/** The lists of models of the providers that are here already. */
function planLists(created: readonly Outcome[], documents: RegistryDocuments): RegistryEdit[] {
  const added = new Map<string, string[]>()
  for (const { record, id } of created) {
    const ids = added.get(record.provider)
    if (ids) ids.push(id)
    else added.set(record.provider, [id])
  }
  return [...added].flatMap(([provider, ids]): RegistryEdit[] => {
    const listed = valueAt(documents.get('providers'), [provider, 'models'])
    if (!Array.isArray(listed)) return []
    const known: readonly unknown[] = listed
    const value = [...known, ...ids.filter(id => !known.includes(id))]
    return [{ registry: 'providers', parent: [provider], key: 'models', value }]
  })
}

/** The vocabulary with the capabilities of these models, where the hyper registry has a list that lacks them. */
function planVocabulary(outcomes: readonly Outcome[], documents: RegistryDocuments): RegistryEdit[] {
  const parent = ['sub_registries', 'models']
  const listed = valueAt(documents.get('hyper'), [...parent, 'capabilities'])
  if (!Array.isArray(listed)) return []
  const known: readonly unknown[] = listed
  const used = new Set(outcomes.flatMap(({ entry }) => toTextList(entry.capabilities)))
  const missing = [...used].filter(name => !known.includes(name))
  if (missing.length === 0) return []
  return [{ registry: 'hyper', parent, key: 'capabilities', value: [...known, ...missing] }]
}

function renderModels(text: string | undefined, outcomes: readonly Outcome[]): string {
  const local = readLocalEntries(text)
  const entries = new Map<string, unknown>([...(local?.entries ?? [])].map(([id, { value }]) => [id, value]))
  for (const { id, entry } of outcomes) entries.set(id, entry)
  const after = renderEntries(local, entries, createKeyRank('models'))
  const bytes = isAscii(after) ? after.length : new TextEncoder().encode(after).length
  if (bytes <= limits.fileBytes) return after
  const mebibytes = (size: number) => Math.ceil(size / 1024 ** 2)
  throw new NexusError(
    'input',
    `${registryFiles.models} would have ${mebibytes(bytes)} MiB, and at most ${mebibytes(limits.fileBytes)} MiB are read. Nothing was changed`,
    { hint: 'Take fewer models: --provider, --only, --since and --limit choose' },
  )
}

// Nearly all texts are, and to encode millions of characters takes long.
function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text)
}

function countPrices(outcomes: readonly Outcome[]): Record<PriceKind, number> {
  const counts = { priced: 0, free: 0, unpriced: 0, unknown: 0 }
  for (const { record } of outcomes) counts[record.price] += 1
  return counts
}
