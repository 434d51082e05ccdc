import {
  fieldOf,
  listIn,
  type ReportedModel,
  type Runtime,
  type RuntimeFacts,
  type RuntimeSession,
  readModels,
  versionIn,
} from './runtime.ts'

// Source: ollama/ollama server/routes.go, api/types.go and envconfig/config.go at fb3076099, 2026-08-21.
export const ollama: Runtime = {
  name: 'Ollama',
  variables: { host: 'OLLAMA_HOST' },
  // KoboldCpp and others respond to its other routes as well.
  recognize: async get => (await get('/')).text.trim() === 'Ollama is running',
  read: async session => {
    const version = versionIn(await session.get('/api/version'))
    return { ...(await readOllamaModels(session, '')), version }
  },
}

// Source: exo-explore/exo src/exo/api/main.py at b5375f8ce, 2026-06-22. `/v1/models` lists what it could download.
export const exo: Runtime = {
  name: 'exo',
  recognize: async get => {
    const id = await get('/node_id')
    if (id.status !== 200 || typeof id.json !== 'string' || id.json === '') return false
    return typeof versionIn(await get('/ollama/api/version')) === 'string'
  },
  // The version there is always 1.0.0: it is not its own.
  read: session => readOllamaModels(session, '/ollama'),
}

async function readOllamaModels({ get }: RuntimeSession, prefix: string): Promise<RuntimeFacts> {
  const path = `${prefix}/api/tags`
  const loadedPath = `${prefix}/api/ps`
  const installed = await get(path)
  const loaded = toLoaded(listIn(await get(loadedPath), 'models'))
  return readModels(installed, { path, field: 'models', toModel: item => toModel(item, loaded) })
}

/** What `/api/ps` says of the models in memory, by id. */
type Loaded = ReadonlyMap<unknown, unknown>

function toLoaded(items: readonly unknown[] | undefined): Loaded | undefined {
  return items && new Map(items.map(item => [idOf(item), item]))
}

function idOf(item: unknown): unknown {
  return fieldOf(item, 'model') ?? fieldOf(item, 'name')
}

function toModel(item: unknown, loaded: Loaded | undefined): ReportedModel | undefined {
  // It runs in the cloud of Ollama.
  if (typeof fieldOf(item, 'remote_model') === 'string' && fieldOf(item, 'remote_model') !== '')
    return undefined
  const id = idOf(item)
  const details = fieldOf(item, 'details')
  const inMemory = loaded?.get(id)
  return {
    id,
    size: fieldOf(item, 'size'),
    quantization: fieldOf(details, 'quantization_level'),
    context: fieldOf(inMemory, 'context_length') ?? fieldOf(details, 'context_length'),
    isLoaded: loaded ? inMemory !== undefined : null,
    vram: fieldOf(inMemory, 'size_vram'),
  }
}
