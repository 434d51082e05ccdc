import type { Model } from '../registry/schema/model.ts'
import type { ImportFormatName } from '../registry/schema/names.ts'
import type { Provider } from '../registry/schema/provider.ts'
import { litellm } from './formats/litellm.ts'
import { modelsDev } from './formats/models-dev.ts'
import { withoutUndefined } from './import-record.ts'
import { shiftDecimal } from './source-values.ts'

export interface ExportedContent {
  readonly models: Readonly<Record<string, Model>>
  readonly providers: Readonly<Record<string, Provider>>
}

/** Formats that models can be exported to. */
export const exportFormats: Readonly<
  Partial<Record<ImportFormatName, (content: ExportedContent) => Readonly<Record<string, unknown>>>>
> = { litellm: toLitellm, 'models.dev': toModelsDev }

/** Names of our providers in a format: the first of several. */
function invert(ids: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(ids)
      .reverse()
      .map(([theirs, ours]) => [ours, theirs]),
  )
}

/** The id that a model has at its provider: ours may have the provider before it, unless another model has the rest. */
function toOwnId(id: string, { provider }: Model, models: ExportedContent['models']): string {
  const own = id.startsWith(`${provider}/`) ? id.slice(provider.length + 1) : id
  return Object.hasOwn(models, own) && models[own]?.provider === provider ? id : own
}

/** Providers that LiteLLM has under our id, and parts of them under other names. */
const sameProviders = { cohere: 'cohere', mistral: 'mistral', ollama: 'ollama', openai: 'openai' }

/** Providers whose models have a key without a router in LiteLLM's map. */
const bareProviders = new Set(['openai', 'anthropic'])

const flags = {
  vision: 'supports_vision',
  audio: 'supports_audio_input',
  video: 'supports_video_input',
  pdf: 'supports_pdf_input',
  function_calling: 'supports_function_calling',
  structured_output: 'supports_response_schema',
  reasoning: 'supports_reasoning',
  prompt_caching: 'supports_prompt_caching',
} as const

function toLitellm({ models }: ExportedContent): Record<string, unknown> {
  const names = invert({ ...sameProviders, ...litellm.providerIds })
  const entries = new Map<string, unknown>()
  for (const [id, model] of Object.entries(models)) {
    const provider = names.get(model.provider) ?? model.provider
    const own = toOwnId(id, model, models)
    const isBare = bareProviders.has(provider) && !entries.has(own) && !own.includes('/')
    entries.set(isBare ? own : `${provider}/${own}`, toLitellmEntry(provider, model))
  }
  return Object.fromEntries(entries)
}

function toLitellmEntry(provider: string, model: Model): Record<string, unknown> {
  const { context_tokens: context, output_tokens: output, capabilities, cost_tiers: tiers = [] } = model
  const input = (model.input_tokens_max ?? context) || undefined
  const isWhole = tiers.every(({ input_tokens_above: above }) => above % 1000 === 0)
  const steps = isWhole
    ? tiers.map(tier => toTokenPrices(tier, `_above_${tier.input_tokens_above / 1000}k_tokens`))
    : [{ tiered_pricing: toRanges(model, tiers) }]
  return withoutUndefined({
    litellm_provider: provider,
    mode: toMode(model),
    max_input_tokens: input,
    max_output_tokens: output,
    // Without an input, readers take it as the context.
    max_tokens: input === undefined ? undefined : (output ?? input),
    output_vector_size: model.embedding_dimensions,
    ...toTokenPrices(model, ''),
    ...Object.assign({}, ...steps),
    ...Object.fromEntries(
      Object.entries(flags).flatMap(([name, flag]) => (capabilities.includes(name) ? [[flag, true]] : [])),
    ),
    supported_modalities: model.modalities?.input,
    supported_output_modalities: model.modalities?.output,
    deprecation_date: model.retires_on,
  })
}

type PriceFields = Partial<
  Pick<
    Model,
    'cost_per_1k_input' | 'cost_per_1k_output' | 'cost_per_1k_cache_read' | 'cost_per_1k_cache_write'
  >
>

function toTokenPrices(prices: PriceFields, suffix: string): Record<string, number | undefined> {
  return withoutUndefined({
    [`input_cost_per_token${suffix}`]: shiftPrice(prices.cost_per_1k_input, -3),
    [`output_cost_per_token${suffix}`]: shiftPrice(prices.cost_per_1k_output, -3),
    [`cache_read_input_token_cost${suffix}`]: shiftPrice(prices.cost_per_1k_cache_read, -3),
    [`cache_creation_input_token_cost${suffix}`]: shiftPrice(prices.cost_per_1k_cache_write, -3),
  })
}

function shiftPrice(price: number | undefined, places: number): number | undefined {
  return price === undefined ? undefined : shiftDecimal(String(price), places)
}

function toRanges(model: Model, tiers: NonNullable<Model['cost_tiers']>) {
  const starts = [0, ...tiers.map(tier => tier.input_tokens_above)]
  return [model, ...tiers].map((prices, index) => ({
    ...toTokenPrices(prices, ''),
    range: [starts[index], starts[index + 1] ?? model.context_tokens],
  }))
}

function toMode({ capabilities, modalities }: Model): string {
  if (capabilities.includes('embeddings')) return 'embedding'
  if (capabilities.includes('image_generation') && !modalities?.output.includes('text'))
    return 'image_generation'
  if (!capabilities.includes('speech')) return 'chat'
  if (modalities?.output.includes('audio')) return 'audio_speech'
  return modalities?.input.includes('text') ? 'chat' : 'audio_transcription'
}

function toModelsDev({ models, providers }: ExportedContent): Record<string, unknown> {
  const names = invert(modelsDev.providerIds)
  const groups = new Map<string, Record<string, unknown>>()
  for (const [id, model] of Object.entries(models)) {
    const group = groups.get(model.provider) ?? Object.create(null)
    const own = toOwnId(id, model, models)
    group[own] = toModelsDevModel(own, model)
    groups.set(model.provider, group)
  }
  return Object.fromEntries(
    [...groups].map(([provider, group]) => {
      const key = names.get(provider) ?? provider
      return [key, toModelsDevProvider(key, providers[provider], group)]
    }),
  )
}

function toModelsDevProvider(id: string, provider: Provider | undefined, models: Record<string, unknown>) {
  const keys = provider?.key_env ?? []
  return withoutUndefined({
    id,
    env: [...(typeof keys === 'string' ? [keys] : keys), ...(provider?.required_env ?? [])],
    npm: '@ai-sdk/openai-compatible',
    api: provider?.endpoint.endsWith('/chat/completions')
      ? provider.endpoint.slice(0, -'/chat/completions'.length)
      : undefined,
    name: provider?.display_name ?? id,
    doc: provider?.docs,
    models,
  })
}

function toModelsDevModel(id: string, model: Model): Record<string, unknown> {
  const { capabilities, embedding_dimensions: dimensions, output_tokens: output = 0 } = model
  const has = (name: string) => capabilities.includes(name)
  const isEmbedding = has('embeddings')
  const status = model.status === 'preview' ? 'beta' : model.status === 'active' ? undefined : 'deprecated'
  return withoutUndefined({
    id,
    name: model.display_name ?? id,
    // The only mark of an embedding that the format has.
    family: isEmbedding ? 'text-embedding' : undefined,
    attachment: has('vision') || has('pdf'),
    reasoning: has('reasoning'),
    tool_call: has('function_calling'),
    structured_output: has('structured_output'),
    knowledge: model.knowledge_cutoff,
    release_date: model.released_on,
    modalities: model.modalities,
    open_weights: model.open_weights,
    limit: withoutUndefined({
      context: model.context_tokens,
      input: model.input_tokens_max,
      output: isEmbedding ? (dimensions ?? 1) : output,
    }),
    cost: toCost(model),
    status: model.status === undefined ? undefined : status,
  })
}

function toMillionPrices(prices: PriceFields) {
  return withoutUndefined({
    input: shiftPrice(prices.cost_per_1k_input, 3),
    output: shiftPrice(prices.cost_per_1k_output, 3),
    cache_read: shiftPrice(prices.cost_per_1k_cache_read, 3),
    cache_write: shiftPrice(prices.cost_per_1k_cache_write, 3),
  })
}

function toCost(model: Model) {
  const prices = toMillionPrices(model)
  const tiers = model.cost_tiers?.map(tier => ({
    ...toMillionPrices(tier),
    tier: { type: 'context', size: tier.input_tokens_above },
  }))
  return Object.keys(prices).length === 0 ? undefined : withoutUndefined({ ...prices, tiers })
}
