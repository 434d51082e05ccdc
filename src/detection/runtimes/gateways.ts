import {
  fieldOf,
  listIn,
  openAiModels,
  type Runtime,
  readModels,
  readOpenAiModels,
  versionIn,
} from './runtime.ts'

const installed = () => ({})

// Source: docs.litellm.ai/docs/proxy/health, 2026-10-10. `/health` calls every model, for money: it is not requested.
export const liteLlm: Runtime = {
  name: 'LiteLLM',
  recognize: async get => {
    const { status, json, text } = await get('/health/liveliness')
    return status === 200 && (json ?? text.trim()) === "I'm alive!"
  },
  read: async ({ get, getWithKey }) => ({
    ...readOpenAiModels(await getWithKey(openAiModels), installed),
    version: fieldOf((await get('/health/readiness')).json, 'litellm_version'),
  }),
}

// Source: mudler/LocalAI core/http/routes/localai.go and core/schema/localai.go at 82c191afa, 2026-08-22.
export const localAi: Runtime = {
  name: 'LocalAI',
  variables: { host: 'LOCALAI_ADDRESS' },
  recognize: async get => {
    const { status, json } = await get('/.well-known/localai.json')
    if (status === 200 && fieldOf(json, 'endpoints') !== undefined) return true
    // Its older versions have no such file.
    const version = versionIn(await get('/version'))
    if (typeof version !== 'string' || !/^v\d/.test(version)) return false
    return (await get('/readyz')).status === 200
  },
  read: async ({ get, getWithKey }) => {
    const version = versionIn(await get('/version'))
    const models = await getWithKey(openAiModels)
    const loaded = listIn(await getWithKey('/system'), 'loaded_models')
    const ids = loaded && new Set(loaded.map(item => fieldOf(item, 'id')))
    const toMore = (item: unknown) => ({ isLoaded: ids?.has(fieldOf(item, 'id')) ?? null })
    return { ...readOpenAiModels(models, toMore), version }
  },
}

// Source: docs.openwebui.com/reference/monitoring. In Docker it is published at 3000.
export const openWebui: Runtime = {
  name: 'Open WebUI',
  otherPorts: [3000],
  recognize: async get => {
    // A name of one's own comes before it.
    const name = fieldOf((await get('/api/config')).json, 'name')
    return typeof name === 'string' && name.includes('Open WebUI')
  },
  // It lists the models of other runtimes, and only to users that are signed in.
  read: async ({ get }) => ({
    version: fieldOf((await get('/api/config')).json, 'version'),
    models: [],
    notes: ['its models are those of the runtimes behind it, and are not listed here'],
  }),
}

const modelsPath = '/models'

// Source: docker/model-runner pkg/server and pkg/inference at 642c7211, 2026-07-22.
export const dockerModelRunner: Runtime = {
  name: 'Docker Model Runner',
  variables: { port: 'MODEL_RUNNER_PORT' },
  recognize: async get => (await get('/')).text.trim() === 'Docker Model Runner is running',
  read: async ({ get }) => {
    const version = versionIn(await get('/version'))
    const models = await get(modelsPath)
    const loaded = listIn(await get('/engines/ps'))
    const names = loaded && new Set(loaded.map(item => fieldOf(item, 'model_name')))
    const toModel = (item: unknown) => {
      const tags = namesOf(item)
      const quantization = fieldOf(fieldOf(item, 'config'), 'quantization')
      const isLoaded = names === undefined ? null : tags.some(tag => names.has(tag))
      return { id: tags[0], quantization, isLoaded }
    }
    return { ...readModels(models, { path: modelsPath, toModel }), version }
  },
}

/** Names of a model, its tags first. */
function namesOf(item: unknown): readonly unknown[] {
  const tags = fieldOf(item, 'tags')
  return [...(Array.isArray(tags) ? tags : []), fieldOf(item, 'id')]
}
