import {
  fieldOf,
  type Get,
  isOwnedBy,
  listIn,
  openAiModels,
  type Reply,
  type ReportedModel,
  type Runtime,
  type RuntimeFacts,
  type RuntimeSession,
  readOpenAiModels,
} from './runtime.ts'

// Source: ggml-org/llama.cpp tools/server/README.md, 2026-08; the second port is the one that it announces.
export const llamaCpp: Runtime = {
  name: 'llama.cpp',
  otherPorts: [9931],
  variables: { host: 'LLAMA_ARG_HOST', port: 'LLAMA_ARG_PORT', path: 'LLAMA_ARG_API_PREFIX' },
  recognize: async get => {
    const models = await get(openAiModels)
    return !isLlamafile(models) && (isOwnedBy(models, 'llamacpp') || isLoading(models))
  },
  read,
}

// Source: mozilla-ai/llamafile README.md at 6b46419, 2025-10-31, and the header that its server sends.
export const llamafile: Runtime = {
  name: 'llamafile',
  recognize: async get => {
    const models = await get(openAiModels)
    return isLlamafile(models) && (listIn(models, 'data') !== undefined || isLoading(models))
  },
  read,
}

/** Both have the same server. Files of llamafile contain their weights, and have its ending. */
function isLlamafile(models: Reply): boolean {
  const ids = (listIn(models, 'data') ?? []).map(item => fieldOf(item, 'id'))
  return (
    /^llamafile/i.test(models.server) || ids.some(id => typeof id === 'string' && /\.llamafile$/i.test(id))
  )
}

function isLoading({ status, json }: Reply): boolean {
  return status === 503 && fieldOf(fieldOf(json, 'error'), 'message') === 'Loading model'
}

async function read({ getWithKey }: RuntimeSession): Promise<RuntimeFacts> {
  const models = await getWithKey(openAiModels)
  if (isLoading(models)) return { models: undefined, notes: ['it is still loading its model'] }
  const properties = await readProperties(getWithKey)
  const count = listIn(models, 'data')?.length
  const toMore = (item: unknown) => toDetails(item, count === 1 ? properties.context : undefined)
  return { ...readOpenAiModels(models, toMore), version: properties.version }
}

async function readProperties(get: Get): Promise<{ version?: unknown; context?: unknown }> {
  const { status, json } = await get('/props')
  if (status !== 200) return {}
  return {
    version: fieldOf(json, 'build_info'),
    context: fieldOf(fieldOf(json, 'default_generation_settings'), 'n_ctx'),
  }
}

/** With several models it is a router, which says of each whether it is loaded. */
function toDetails(item: unknown, context: unknown): Omit<ReportedModel, 'id'> {
  const meta = fieldOf(item, 'meta')
  const status = fieldOf(fieldOf(item, 'status'), 'value')
  const isLoaded = status === undefined || status === 'loaded'
  return {
    size: fieldOf(meta, 'size'),
    context: (isLoaded ? context : undefined) ?? fieldOf(meta, 'n_ctx_train'),
    isLoaded,
  }
}
