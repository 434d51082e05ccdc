import {
  fieldOf,
  isRefusal,
  listIn,
  openAiModels,
  type Reply,
  type ReportedModel,
  type Runtime,
  readModels,
  readOpenAiModels,
} from './runtime.ts'

const installed = () => ({})

// Source: jan.ai/docs/local-api, 2026. Whatever lists models in this form at its own port is taken for it.
export const jan: Runtime = {
  name: 'Jan',
  recognize: async get => {
    const models = await get(openAiModels)
    if (isRefusal(models)) return !/^\s*</.test(models.text)
    return isPlainList(models) && ownersOf(models).every(owner => !isKnownOwner(owner))
  },
  read: async ({ getWithKey }) => readOpenAiModels(await getWithKey(openAiModels), installed),
}

/** What other runtimes write as the owner of their models. */
const owners = ['llamacpp', 'vllm', 'sglang', 'koboldcpp', 'library', 'humanity', 'exo']

function isKnownOwner(owner: unknown): boolean {
  return typeof owner === 'string' && owners.includes(owner)
}

function ownersOf(models: Reply): unknown[] {
  return (listIn(models, 'data') ?? []).map(item => fieldOf(item, 'owned_by'))
}

function isPlainList(models: Reply): boolean {
  const items = listIn(models, 'data')
  return (
    fieldOf(models.json, 'object') === 'list' &&
    (items?.every(item => fieldOf(item, 'object') === 'model') ?? false)
  )
}

// Source: nomic-ai/gpt4all gpt4all-chat/src/server.cpp at cd70db29, 2025-02-24.
export const gpt4all: Runtime = {
  name: 'GPT4All',
  recognize: async get => {
    const models = await get(openAiModels)
    return isPlainList(models) && ownersOf(models).every(owner => owner === 'humanity')
  },
  refusal: 'GPT4All responds so while its local API server is switched off in the settings',
  read: async ({ get }) => readOpenAiModels(await get(openAiModels), installed),
}

// Source: ml-explore/mlx-lm mlx_lm/server.py at d78bf58e, 2026-08-22. It lists what is downloaded, without an owner.
export const mlxLm: Runtime = {
  name: 'MLX LM',
  recognize: async get => {
    const models = await get(openAiModels)
    const items = listIn(models, 'data') ?? []
    if (!isPlainList(models)) return false
    if (items.length === 0) return /^BaseHTTP\//.test(models.server)
    return items.every(
      item => typeof fieldOf(item, 'created') === 'number' && fieldOf(item, 'owned_by') === undefined,
    )
  },
  read: async ({ get }) => readOpenAiModels(await get(openAiModels), installed),
}

// Source: LostRuins/koboldcpp koboldcpp.py at 2da346a5, 2024-10-11. It responds to routes of Ollama as well.
export const koboldCpp: Runtime = {
  name: 'KoboldCpp',
  recognize: async get => fieldOf((await get('/api/extra/version')).json, 'result') === 'KoboldCpp',
  read: async ({ get, getWithKey }) => ({
    ...readOpenAiModels(await getWithKey(openAiModels), () => ({ isLoaded: true })),
    version: fieldOf((await get('/api/extra/version')).json, 'version'),
  }),
}

// Source: theroyallab/tabbyAPI endpoints/core/router.py at e632af4, 2026-08-13.
export const tabbyApi: Runtime = {
  name: 'TabbyAPI',
  variables: { host: 'TABBY_NETWORK_HOST', port: 'TABBY_NETWORK_PORT' },
  recognize: async get => {
    const { json } = await get('/.well-known/serviceinfo')
    return fieldOf(fieldOf(json, 'software'), 'name') === 'TabbyAPI'
  },
  read: async ({ getWithKey }) => {
    const models = await getWithKey(openAiModels)
    const { status, json } = isRefusal(models) ? models : await getWithKey('/v1/model')
    const current = status === 200 ? fieldOf(json, 'id') : undefined
    const context = fieldOf(fieldOf(json, 'parameters'), 'max_seq_len')
    const toMore = (item: unknown): Omit<ReportedModel, 'id'> => {
      if (current === undefined) return {}
      return fieldOf(item, 'id') === current ? { context, isLoaded: true } : { isLoaded: false }
    }
    return readOpenAiModels(models, toMore)
  },
}

const installedPath = '/v1/internal/model/list'
const loadedPath = '/v1/internal/model/info'

// Source: oobabooga/text-generation-webui modules/api/script.py at 1dcde41d, 2026-05-03.
export const textGenerationWebui: Runtime = {
  name: 'text-generation-webui',
  variables: { port: 'OPENEDAI_PORT' },
  recognize: async get => {
    if (fieldOf((await get('/v1/internal/health')).json, 'status') !== 'ok') return false
    const current = await get(loadedPath)
    return isRefusal(current) || fieldOf(current.json, 'model_name') !== undefined
  },
  read: async ({ getWithKey }) => {
    const current = await getWithKey(loadedPath)
    const name = current.status === 200 ? fieldOf(current.json, 'model_name') : undefined
    const toModel = (id: unknown) => ({ id, isLoaded: name === undefined ? null : id === name })
    const list = await getWithKey(installedPath)
    const models = readModels(list, { path: installedPath, field: 'model_names', toModel })
    // The list needs another key than the rest.
    const isListed = models.models !== undefined || typeof name !== 'string' || name === 'None'
    return isListed ? models : { ...models, models: [{ id: name, isLoaded: true }] }
  },
}
