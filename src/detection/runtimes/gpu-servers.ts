import {
  fieldOf,
  isOwnedBy,
  isRefusal,
  openAiModels,
  type Runtime,
  readOpenAiModels,
  versionIn,
} from './runtime.ts'

// Everything that these servers list is in memory. What they use of it is known to none of these routes.

// Source: docs.vllm.ai v0.12.0 and vllm-project/vllm issue 5959. `/health` and `/version` need no key.
export const vllm: Runtime = {
  name: 'vLLM',
  recognize: async get => {
    const models = await get(openAiModels)
    if (isOwnedBy(models, 'vllm')) return true
    return isRefusal(models) && typeof versionIn(await get('/version')) === 'string'
  },
  read: async ({ get, getWithKey }) => ({
    ...readOpenAiModels(await getWithKey(openAiModels), toServed),
    version: versionIn(await get('/version')),
  }),
}

// Source: docs.sglang.io basic_usage/native_api, 2026-02. `/health_generate` makes a token: it is not requested.
export const sglang: Runtime = {
  name: 'SGLang',
  recognize: async get => {
    const models = await get(openAiModels)
    if (isOwnedBy(models, 'sglang')) return true
    return (
      models.status === 401 &&
      fieldOf(models.json, 'error') === 'Unauthorized' &&
      (await get('/health')).status === 200
    )
  },
  read: async ({ getWithKey }) => {
    const models = readOpenAiModels(await getWithKey(openAiModels), toServed)
    if (models.needsKey) return models
    const newer = versionIn(await getWithKey('/server_info'))
    return { ...models, version: newer ?? versionIn(await getWithKey('/get_server_info')) }
  },
}

function toServed(item: unknown) {
  return { context: fieldOf(item, 'max_model_len'), isLoaded: true }
}

// Source: huggingface/text-generation-inference router/src/server.rs at db931fcf, 2026-01-08.
export const tgi: Runtime = {
  name: 'Text Generation Inference',
  recognize: async get => fieldOf((await get('/info')).json, 'router') === 'text-generation-router',
  read: async ({ get }) => {
    const { json } = await get('/info')
    const id = fieldOf(json, 'model_id')
    const context = fieldOf(json, 'max_total_tokens')
    return { version: fieldOf(json, 'version'), models: [{ id, context, isLoaded: true }], notes: [] }
  },
}
