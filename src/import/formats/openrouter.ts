import { isJsonObject } from '../../lib/json/json-value.ts'
import {
  createCollector,
  type ImportFormat,
  type ImportRecord,
  listModalCapabilities,
  readPrices,
  stated,
  toModalities,
  toPrices,
  toTiers,
  withoutUndefined,
} from '../import-record.ts'
import {
  toDay,
  toDecimalText,
  toDisplayName,
  toMonthOrDay,
  toObject,
  toTextList,
  toTokens,
} from '../source-values.ts'

type Model = Readonly<Record<string, unknown>>

/** Prices are per token. */
const places = 3
const provider = 'openrouter'

/** `GET /api/v1/models` of OpenRouter. It is a provider of its own: its prices are not those of the makers. */
export const openrouter: ImportFormat = {
  name: 'openrouter',
  url: 'https://openrouter.ai/api/v1/models',
  providerIds: {},
  matches: document => {
    const { data } = toObject(document)
    return Array.isArray(data) && data.some(model => isJsonObject(model) && isJsonObject(model.pricing))
  },
  parse: document => {
    const { records, refused, add, refuse } = createCollector()
    const { data } = toObject(document)
    for (const [index, model] of (Array.isArray(data) ? data : []).entries()) {
      if (isJsonObject(model) && typeof model.id === 'string') add(toRecord(model.id, model))
      else refuse(`data[${index}]`, provider, 'no id')
    }
    return { records, refused, providers: new Map() }
  },
}

/** Parameters that mean a capability. */
const parameters = {
  function_calling: 'tools',
  structured_output: 'structured_outputs',
  reasoning: 'reasoning',
} as const

function toRecord(id: string, model: Model): ImportRecord {
  const pricing = toObject(model.pricing)
  const { input_modalities: reads, output_modalities: writes } = toObject(model.architecture)
  const modalities = toModalities(toTextList(reads), toTextList(writes))
  const { prices, price } = readPrices(toRawPrices(pricing), places, {
    isFree: id.endsWith(':free'),
    hasOtherUnits: ['request', 'image', 'web_search'].some(
      unit => Number(toDecimalText(pricing[unit]) ?? 0) > 0,
    ),
  })
  const overrides = Array.isArray(pricing.overrides) ? pricing.overrides.map(toObject) : []
  const expiry = toDay(model.expiration_date)
  const fields = withoutUndefined({
    display_name: toDisplayName(withoutMaker(model.name)),
    context_tokens: toTokens(model.context_length),
    output_tokens: toTokens(toObject(model.top_provider).max_completion_tokens),
    modalities,
    ...prices,
    cost_tiers: toTiers(
      overrides.map(step => ({
        ...toPrices(toRawPrices(step), places),
        above: toTokens(step.min_prompt_tokens),
      })),
    ),
    // The end of 2098 means never.
    retires_on: expiry === undefined || expiry >= '2090' ? undefined : expiry,
    knowledge_cutoff: toMonthOrDay(model.knowledge_cutoff),
  })
  const supported = model.supported_parameters
  const capabilities = new Map([
    ...listModalCapabilities(modalities),
    ...(Array.isArray(supported)
      ? Object.entries(parameters).flatMap(([name, word]) => stated(name, supported.includes(word)))
      : []),
    ...(prices.cost_per_1k_cache_read ? stated('prompt_caching', true) : []),
    ...(toTextList(writes).includes('embeddings') ? stated('embeddings', true) : []),
  ])
  return { provider, id, key: id, fields, capabilities, price }
}

function toRawPrices(pricing: Model) {
  return {
    input: pricing.prompt,
    output: pricing.completion,
    cacheRead: pricing.input_cache_read,
    cacheWrite: pricing.input_cache_write,
  }
}

// `Acme: Acme 9`
function withoutMaker(name: unknown): unknown {
  return typeof name === 'string' ? name.replace(/^[^:]{1,64}: /, '') : name
}
