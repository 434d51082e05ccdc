import { isJsonObject } from '../../lib/json/json-value.ts'
import type { Model } from '../../registry/schema/model.ts'
import {
  createCollector,
  type ImportFormat,
  type ImportRecord,
  listModalCapabilities,
  readPrices,
  type SourceProvider,
  stated,
  toModalities,
  toPrices,
  toTiers,
  withoutUndefined,
} from '../import-record.ts'
import { toDay, toDisplayName, toMonthOrDay, toObject, toTextList, toTokens } from '../source-values.ts'

/** Prices are per million tokens. */
const places = -3

/** `api.json` of models.dev: providers by id, each with its models by id. */
export const modelsDev: ImportFormat = {
  name: 'models.dev',
  url: 'https://models.dev/api.json',
  providerIds: {
    alibaba: 'dashscope',
    azure: 'azure-openai',
    'fireworks-ai': 'fireworks',
    llama: 'meta-llama',
    moonshotai: 'moonshot',
    'novita-ai': 'novita',
    opencode: 'opencode-zen',
    vercel: 'vercel-ai-gateway',
    wandb: 'wandb-inference',
  },
  matches: document => {
    const providers = Object.values(toObject(document))
    const isProvider = (value: unknown) => isJsonObject(value) && isJsonObject(value.models)
    return providers.length > 0 && providers.some(isProvider) && providers.every(isJsonObject)
  },
  parse: document => {
    const { records, refused, add, refuse } = createCollector()
    const providers = new Map<string, SourceProvider>()
    for (const [key, provider] of Object.entries(toObject(document))) {
      if (!isJsonObject(provider)) continue
      const id = ownId(key)
      if (!isJsonObject(provider.models)) {
        refuse(key, id, 'its models are no object by id')
        continue
      }
      providers.set(id, toProvider(provider, key))
      for (const [model, value] of Object.entries(provider.models)) {
        if (isJsonObject(value)) add(toRecord(id, model, value))
        else refuse(`${key}/${model}`, id, 'no object')
      }
    }
    return { records, refused, providers }
  },
}

function ownId(key: string): string {
  return Object.hasOwn(modelsDev.providerIds, key) ? (modelsDev.providerIds[key] ?? key) : key
}

function toProvider(provider: Readonly<Record<string, unknown>>, key: string): SourceProvider {
  const { api, npm, env, name, doc } = provider
  // Only an address without a variable in it can be called.
  const isAddress = typeof api === 'string' && /^https:\/\/[^\s{}$]+$/.test(api) && URL.canParse(api)
  const baseUrl = isAddress ? api.replace(/\/+$/, '') : undefined
  const isAnthropic = npm === '@ai-sdk/anthropic'
  const path = isAnthropic ? '/messages' : '/chat/completions'
  const variables = toTextList(env).filter(each => /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(each))
  const keys = variables.filter(each => /KEY|TOKEN|SECRET|PAT$/i.test(each))
  const keyEnv = keys.length > 0 ? keys : variables
  return {
    name: toDisplayName(name) ?? key,
    endpoint: baseUrl && `${baseUrl}${path}`,
    baseUrl,
    authHeader: isAnthropic ? 'x-api-key' : undefined,
    keyEnv,
    requiredEnv: variables.filter(each => !keyEnv.includes(each)),
    docs: typeof doc === 'string' && /^https?:\/\/\S+$/.test(doc) && URL.canParse(doc) ? doc : undefined,
  }
}

const statuses = new Map<unknown, Model['status']>([
  ['alpha', 'preview'],
  ['beta', 'preview'],
  ['deprecated', 'deprecated'],
])

function toRecord(provider: string, id: string, model: Readonly<Record<string, unknown>>): ImportRecord {
  const limit = toObject(model.limit)
  const cost = toObject(model.cost)
  const context = toTokens(limit.context)
  const input = toTokens(limit.input)
  const output = toTokens(limit.output)
  const words = toObject(model.modalities)
  const modalities = toModalities(toTextList(words.input), toTextList(words.output))
  // There is no word for embeddings, and then the output is the length of the vector, or 1.
  const isEmbedding = [id, model.family, model.name].some(text => /embed/i.test(String(text ?? '')))
  const { prices, price } = readPrices(toRawPrices(cost), places, {
    isFree: id.endsWith(':free'),
    hasOtherUnits: false,
  })
  const fields = withoutUndefined({
    display_name: model.name === id ? undefined : toDisplayName(model.name),
    context_tokens: context,
    output_tokens: isEmbedding ? undefined : output,
    modalities,
    input_tokens_max: input !== undefined && context !== undefined && input < context ? input : undefined,
    embedding_dimensions: isEmbedding && output !== undefined && output > 1 ? output : undefined,
    ...prices,
    cost_tiers: toCostTiers(cost),
    status: statuses.get(model.status),
    released_on: toDay(model.release_date),
    knowledge_cutoff: toMonthOrDay(model.knowledge),
    open_weights: typeof model.open_weights === 'boolean' ? model.open_weights : undefined,
  })
  const capabilities = new Map([
    ...listModalCapabilities(modalities),
    ...stated('function_calling', model.tool_call),
    ...stated('structured_output', model.structured_output),
    ...stated('reasoning', model.reasoning),
    ...(prices.cost_per_1k_cache_read ? stated('prompt_caching', true) : []),
    ...(isEmbedding ? stated('embeddings', true) : []),
  ])
  return { provider, id, key: `${provider}/${id}`, fields, capabilities, price }
}

function toRawPrices(cost: Readonly<Record<string, unknown>>) {
  return { input: cost.input, output: cost.output, cacheRead: cost.cache_read, cacheWrite: cost.cache_write }
}

// `context_over_200k` repeats the first of them, whatever its size is.
function toCostTiers(cost: Readonly<Record<string, unknown>>): Model['cost_tiers'] {
  const tiers = Array.isArray(cost.tiers) ? cost.tiers.map(toObject) : []
  return toTiers(
    tiers.map(tier => ({
      ...toPrices(toRawPrices(tier), places),
      above: toTokens(toObject(tier.tier).size),
    })),
  )
}
