import { invisibleCharacters } from '../lib/text/visible.ts'
import { localDetectionOf } from './provider-detection.ts'
import { parseRef } from './refs.ts'
import type { LocalDetected, LocalModel } from './schema/detected.ts'
import type { Model } from './schema/model.ts'
import type { Provider } from './schema/provider.ts'
import type { LoadedRegistry, Snapshot } from './snapshot.ts'

// The files have no entries for the models of local runtimes: a sync writes them into `detected` of their provider.
// Views that list, explain or draw models see them as entries; jq filters, `validate` and edits see the files.

/** A model that a local runtime has, as an entry of the views: `models/ollama/llama3.2:latest`. */
export type LocalModelEntry = Omit<Model, 'context_tokens'> &
  Omit<LocalModel, 'id'> & { readonly source: 'local' }

/** Kinds of the fields that only these entries have, by name. */
export const localModelFields = {
  source: 'words',
  size_bytes: 'number',
  quantization: 'text',
  loaded: 'boolean',
  vram_bytes: 'number',
} as const satisfies { readonly [Field in keyof LocalModelEntry]?: 'words' | 'number' | 'text' | 'boolean' }

/** Whether an entry is a model that a local runtime has. */
export function isLocalModel(entry: object): entry is LocalModelEntry {
  return 'source' in entry && entry.source === 'local'
}

type Models = LoadedRegistry<'models'>
type Providers = LoadedRegistry<'providers'>

const extensions = new WeakMap<Models, { readonly providers: Providers; readonly models: Models }>()
const extended = new WeakSet<Models>()

/**
 * The snapshot with the models of local runtimes among its models. An entry that the registry has already gets the local
 * facts. Adds nothing when providers or models are hidden or cannot be read, and nothing twice.
 */
export function withLocalModels(snapshot: Snapshot): Snapshot {
  const { models, providers } = snapshot.registries
  if (models.content === undefined || providers.content === undefined || extended.has(models)) return snapshot
  const known = extensions.get(models)
  if (known?.providers === providers) return withModels(known.models, snapshot)
  const added = Object.entries(providers.content).flatMap(([id, provider]) =>
    listEntriesOf(id, provider, models.content ?? {}),
  )
  const made = added.length === 0 ? models : { ...models, content: mergeModels(models.content, added) }
  if (made !== models) extended.add(made)
  extensions.set(models, { providers, models: made })
  return withModels(made, snapshot)
}

function withModels(models: Models, snapshot: Snapshot): Snapshot {
  if (models === snapshot.registries.models) return snapshot
  return { ...snapshot, registries: { ...snapshot.registries, models } }
}

type ModelPair = readonly [id: string, entry: Model | LocalModelEntry]
type ModelMap = Readonly<Record<string, Model>>

function mergeModels(models: ModelMap, added: readonly ModelPair[]): Record<string, Model> {
  const merged = { ...models }
  for (const [id, entry] of added) if (isListed(entry)) merged[id] = entry
  return merged
}

// The type of entries in files has a number of tokens. Views print what is not known as null.
function isListed(entry: Model | LocalModelEntry): entry is Model {
  return 'provider' in entry
}

/** The models of one runtime, each once, by the ids of their entries. */
function listEntriesOf(provider: string, entry: Provider, models: ModelMap): ModelPair[] {
  const listed = new Map<string, ModelPair[1]>()
  for (const model of listRuntimeModels(entry)) {
    const id = findOwnEntry(provider, model.id, models, listed) ?? `${provider}/${model.id}`
    const own = Object.hasOwn(models, id) ? models[id] : undefined
    // An entry of another provider keeps its id and its facts.
    if (listed.has(id) || (own && own.provider !== provider)) continue
    listed.set(id, toEntry(provider, own, model))
  }
  return [...listed]
}

/** The models of a local runtime that views show, as they are by the last sync. None of other providers. */
export function listRuntimeModels(provider: Provider): LocalModel[] {
  const detected = isLocalRuntime(provider) ? localDetectionOf(provider) : undefined
  if (detected === undefined) return []
  return detected.models.filter(({ id }) => isTypable(id)).map(model => toCurrent(model, detected))
}

/** Nothing is in the memory of a runtime that does not run. */
function toCurrent(model: LocalModel, { status }: LocalDetected): LocalModel {
  if (status === 'up') return model
  return { ...model, loaded: status === 'down' ? false : null, vram_bytes: null }
}

function toEntry(provider: string, own: Model | undefined, { id: _, ...facts }: LocalModel): LocalModelEntry {
  const { context_tokens: context, ...others } = facts
  return {
    provider,
    source: 'local',
    capabilities: [],
    ...own,
    context_tokens: context ?? own?.context_tokens ?? null,
    ...others,
  }
}

/** The id of the entry in the registry that means this model of a runtime, exactly or with another form of its tag. */
function findOwnEntry(
  provider: string,
  id: string,
  models: ModelMap,
  taken: ReadonlyMap<string, unknown>,
): string | undefined {
  const candidates = toTagForms(id).flatMap(form => [`${provider}/${form}`, form])
  return candidates.find(
    name => !taken.has(name) && Object.hasOwn(models, name) && models[name]?.provider === provider,
  )
}

/** The id itself, and what means the same: without a tag it is `:latest`. */
function toTagForms(id: string): string[] {
  if (id.endsWith(defaultTag)) return [id, id.slice(0, -defaultTag.length)]
  return /:[^/]*$/.test(id) ? [id] : [id, `${id}${defaultTag}`]
}

const defaultTag = ':latest'

/** Other ids that mean the entry of a local model: with or without `:latest`, and with its provider. */
export function otherModelNames(
  id: string,
  entry: { readonly provider?: string | undefined; readonly source?: unknown },
): string[] {
  const { provider } = entry
  if (provider === undefined || !isLocalModel(entry)) return []
  return toTagForms(toRuntimeId(id, provider))
    .map(form => `${provider}/${form}`)
    .filter(name => name !== id)
}

/** The id that a runtime knows the model of an entry by: `llama3.2:latest`. */
export function toRuntimeId(id: string, provider: string): string {
  const prefix = `${provider}/`
  return id.startsWith(prefix) && id.length > prefix.length ? id.slice(prefix.length) : id
}

/** Whether a runtime has a model, as far as was recorded. */
export function hasRecorded(
  id: string,
  provider: string,
  { models }: Pick<LocalDetected, 'models'>,
): boolean {
  const forms = toTagForms(toRuntimeId(id, provider))
  return models.some(model => forms.includes(model.id))
}

export function isLocalRuntime({ kind }: Pick<Provider, 'kind'>): boolean {
  return kind === 'local'
}

/** Longest id of a model that views show, in characters. */
const longestId = 512

/** Whether people can type and see an id that a runtime said: it has no invisible or control characters. */
function isTypable(id: string): boolean {
  return (
    id.length <= longestId &&
    id.trim() === id &&
    id !== '' &&
    id.search(invisibleCharacters) < 0 &&
    !/[\t\n\p{Cs}]/u.test(id)
  )
}

/**
 * The snapshot with an entry for a model of a local runtime that a name means and nothing has: `models/ollama/llama3.2`,
 * which is not installed. The snapshot itself when the name means no such model. Call it for names that nothing has.
 */
export function withRequestedModel(name: string, snapshot: Snapshot): Snapshot {
  const { models, providers } = snapshot.registries
  if (models.content === undefined || providers.content === undefined) return snapshot
  const ref = parseRef(name)
  const id = ref?.registry === 'models' ? ref.id : name
  const owners = Object.entries(providers.content)
    .filter(([provider, entry]) => isLocalRuntime(entry) && id.startsWith(`${provider}/`))
    .map(([provider]) => provider)
    .filter(provider => isTypable(id.slice(provider.length + 1)))
  const [owner] = owners.sort((left, right) => right.length - left.length)
  if (owner === undefined || Object.hasOwn(models.content, id)) return snapshot
  if (findOwnEntry(owner, toRuntimeId(id, owner), models.content, new Map())) return snapshot
  const entry = { provider: owner, context_tokens: 0, capabilities: [] }
  const content = mergeModels(models.content, [[id, entry]])
  const requested = { ...models, content }
  if (extended.has(models)) extended.add(requested)
  return withModels(requested, snapshot)
}
