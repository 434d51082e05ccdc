import { isJsonObject } from '../../lib/json/json-value.ts'
import type { Model } from '../../registry/schema/model.ts'
import {
  createCollector,
  type ImportFormat,
  type ImportRecord,
  readPrices,
  stated,
  toModalities,
  toPrices,
  toTiers,
  withoutUndefined,
} from '../import-record.ts'
import { toDay, toDecimalText, toObject, toTextList, toTokens } from '../source-values.ts'

type Entry = Readonly<Record<string, unknown>>

/** Prices are per token. */
const places = 3

/** Providers whose models run on a machine of the user: 0 means that nothing is billed. */
const localProviders = new Set([
  'ollama',
  'ollama_chat',
  'lm_studio',
  'llamafile',
  'hosted_vllm',
  'xinference',
])

/** `model_prices_and_context_window.json` of LiteLLM: models by key, the provider is a field. */
export const litellm: ImportFormat = {
  name: 'litellm',
  url: 'https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json',
  providerIds: {
    azure: 'azure-openai',
    azure_text: 'azure-openai',
    bedrock: 'amazon-bedrock',
    bedrock_converse: 'amazon-bedrock',
    cloudflare: 'cloudflare-workers-ai',
    codestral: 'mistral',
    cohere_chat: 'cohere',
    fireworks_ai: 'fireworks',
    'fireworks_ai-embedding-models': 'fireworks',
    friendliai: 'friendli',
    gemini: 'google',
    github: 'github-models',
    hosted_vllm: 'vllm',
    lm_studio: 'lmstudio',
    meta_llama: 'meta-llama',
    nvidia_nim: 'nvidia',
    ollama_chat: 'ollama',
    'text-completion-codestral': 'mistral',
    'text-completion-openai': 'openai',
    together_ai: 'togetherai',
    vercel_ai_gateway: 'vercel-ai-gateway',
    vertex_ai: 'google-vertex',
    wandb: 'wandb-inference',
  },
  matches: document =>
    Object.values(toObject(document)).some(
      entry => isJsonObject(entry) && typeof entry.litellm_provider === 'string',
    ),
  parse: document => {
    const { records, refused, add, refuse } = createCollector()
    for (const [key, entry] of Object.entries(toObject(document))) {
      const provider = isJsonObject(entry) ? entry.litellm_provider : undefined
      if (key === 'sample_spec') refuse(key, undefined, 'documentation, no model')
      else if (!isJsonObject(entry) || typeof provider !== 'string' || provider === '')
        refuse(key, undefined, 'no litellm_provider, so no model')
      else if (key.includes('*')) refuse(key, ownId(provider), 'a pattern, no model')
      else add(toRecord(key, provider, entry))
    }
    return { records, refused, providers: new Map() }
  },
}

function ownId(provider: string): string {
  const { providerIds } = litellm
  if (Object.hasOwn(providerIds, provider)) return providerIds[provider] ?? provider
  // One cloud in several parts: vertex_ai-language-models, vertex_ai-anthropic_models.
  return provider.startsWith('vertex_ai-') ? 'google-vertex' : provider
}

/** The key without the router's part: the provider, or what the provider's name begins with (`vertex_ai-…`). */
function withoutRouter(key: string, provider: string): string {
  const slash = key.indexOf('/')
  const router = key.slice(0, Math.max(0, slash))
  const isRouter =
    router !== '' &&
    (router === provider || /^[-_]/.test(provider.slice(router.length))) &&
    provider.startsWith(router)
  return isRouter ? key.slice(slash + 1) : key
}

/** Flags that mean a capability. False says that the model lacks it, and nothing says nothing. */
const flags = {
  supports_vision: 'vision',
  supports_audio_input: 'audio',
  supports_video_input: 'video',
  supports_pdf_input: 'pdf',
  supports_function_calling: 'function_calling',
  supports_response_schema: 'structured_output',
  supports_reasoning: 'reasoning',
  supports_prompt_caching: 'prompt_caching',
} as const

const modeCapabilities = new Map<unknown, string>([
  ['embedding', 'embeddings'],
  ['image_generation', 'image_generation'],
  ['image_edit', 'image_generation'],
  ['audio_transcription', 'speech'],
  ['audio_speech', 'speech'],
])

function toRecord(key: string, provider: string, entry: Entry): ImportRecord {
  const isEmbedding = entry.mode === 'embedding'
  const input = toTokens(entry.max_input_tokens)
  const tiered = Array.isArray(entry.tiered_pricing) ? entry.tiered_pricing.map(toObject) : []
  const [lowest] = tiered
  const base = entry.input_cost_per_token === undefined && lowest ? lowest : entry
  const { prices, price } = readPrices(toRawPrices(base, ''), places, {
    isFree: localProviders.has(provider) || key.endsWith(':free'),
    hasOtherUnits: hasOtherUnits(entry),
  })
  const reads = toTextList(entry.supported_modalities)
  // Its lists of modalities have no word for PDF.
  const all = entry.supports_pdf_input === true && reads.length > 0 ? [...reads, 'pdf'] : reads
  const fields = withoutUndefined({
    context_tokens: input ?? toTokens(entry.max_tokens),
    output_tokens: isEmbedding ? undefined : toTokens(entry.max_output_tokens),
    modalities: toModalities(all, toTextList(entry.supported_output_modalities)),
    embedding_dimensions: isEmbedding ? toTokens(entry.output_vector_size) : undefined,
    ...prices,
    cost_tiers: toCostTiers(entry, tiered.slice(1)),
    retires_on: toDay(entry.deprecation_date),
  })
  const own = modeCapabilities.get(entry.mode)
  const capabilities = new Map([
    ...Object.entries(flags).flatMap(([flag, name]) => stated(name, entry[flag])),
    ...(own === undefined ? [] : stated(own, true)),
  ])
  const common = {
    provider: ownId(provider),
    id: withoutRouter(key, provider),
    key,
    fields,
    capabilities,
    price,
  }
  return input === undefined ? common : { ...common, isInputLimit: true }
}

function toRawPrices(entry: Entry, suffix: string) {
  return {
    input: entry[`input_cost_per_token${suffix}`],
    output: entry[`output_cost_per_token${suffix}`],
    cacheRead: entry[`cache_read_input_token_cost${suffix}`],
    cacheWrite: entry[`cache_creation_input_token_cost${suffix}`],
  }
}

/** Whether there is a price by the image, pixel, second, character, query, page or session. */
function hasOtherUnits(entry: Entry): boolean {
  return Object.entries(entry).some(
    ([name, value]) =>
      /cost_per_(?!token)/.test(name) && (isJsonObject(value) || Number(toDecimalText(value) ?? 0) > 0),
  )
}

const stepPattern = /^(?:input|output)_cost_per_token(_above_(\d+)k_tokens)$/

function toCostTiers(entry: Entry, ranges: readonly Entry[]): Model['cost_tiers'] {
  const steps = new Map(
    Object.keys(entry).flatMap((name): [string, number][] => {
      const found = stepPattern.exec(name)
      return found?.[1] === undefined ? [] : [[found[1], Number(found[2]) * 1000]]
    }),
  )
  return toTiers([
    ...[...steps].map(([suffix, above]) => ({ ...toPrices(toRawPrices(entry, suffix), places), above })),
    ...ranges.map(range => ({
      ...toPrices(toRawPrices(range, ''), places),
      above: toTokens(Array.isArray(range.range) ? range.range[0] : undefined),
    })),
  ])
}
