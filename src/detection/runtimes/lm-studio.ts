import { fieldOf, isRefusal, listIn, type Reply, type Runtime, readModels } from './runtime.ts'

const path = '/api/v1/models'

/** Before version 0.4. */
const olderPath = '/api/v0/models'

// Source: lmstudio-ai/docs 1_developer/2_rest/list.md and endpoints.mdx at c6854fb, 2026-04-29.
export const lmStudio: Runtime = {
  name: 'LM Studio',
  recognize: async get => {
    const models = await get(path)
    if (isRefusal(models)) return /LM Studio/.test(models.text)
    return (
      isList(models, 'models', ['key', 'type']) || isList(await get(olderPath), 'data', ['type', 'state'])
    )
  },
  read: async ({ getWithKey }) => {
    const models = await getWithKey(path)
    if (listIn(models, 'models') !== undefined || isRefusal(models))
      return readModels(models, { path, field: 'models', toModel })
    return readModels(await getWithKey(olderPath), { path: olderPath, field: 'data', toModel: toOlderModel })
  },
}

/** Whether a response is a list whose items have these fields. Nothing else may be beside an empty one. */
function isList(reply: Reply, field: string, fields: readonly string[]): boolean {
  const items = listIn(reply, field)
  if (items === undefined) return false
  if (items.length === 0) return Object.keys(Object(reply.json)).every(key => [field, 'object'].includes(key))
  return items.every(item => fields.every(name => typeof fieldOf(item, name) === 'string'))
}

function toModel(item: unknown) {
  const instances = fieldOf(item, 'loaded_instances')
  const loaded: readonly unknown[] | undefined = Array.isArray(instances) ? instances : undefined
  return {
    id: fieldOf(item, 'key'),
    size: fieldOf(item, 'size_bytes'),
    quantization: fieldOf(fieldOf(item, 'quantization'), 'name'),
    context: fieldOf(fieldOf(loaded?.[0], 'config'), 'context_length') ?? fieldOf(item, 'max_context_length'),
    isLoaded: loaded ? loaded.length > 0 : null,
  }
}

function toOlderModel(item: unknown) {
  const state = fieldOf(item, 'state')
  return {
    id: fieldOf(item, 'id'),
    quantization: fieldOf(item, 'quantization'),
    context: fieldOf(item, 'loaded_context_length') ?? fieldOf(item, 'max_context_length'),
    isLoaded: state === 'loaded' ? true : state === 'not-loaded' ? false : null,
  }
}
