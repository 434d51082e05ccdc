import { isJsonObject } from '../../lib/json/json-value.ts'
import type { Model } from '../../registry/schema/model.ts'
import { pricedFields } from '../../registry/schema/names.ts'
import {
  createCollector,
  type ImportFormat,
  type ImportRecord,
  type Prices,
  readPrices,
  stated,
  toPrices,
  toTiers,
  withoutUndefined,
} from '../import-record.ts'
import { toDay, toDecimalText, toDisplayName, toObject, toTokens } from '../source-values.ts'

type JsonRecord = Readonly<Record<string, unknown>>

/** Prices are per million tokens. */
const places = -3

/** `prices/data.json` of genai-prices. Its patterns (`match`, `api_pattern`) are not run. */
export const genaiPrices: ImportFormat = {
  name: 'genai-prices',
  url: 'https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/data.json',
  providerIds: {
    aws: 'amazon-bedrock',
    azure: 'azure-openai',
    together: 'togetherai',
    'x-ai': 'xai',
  },
  matches: document =>
    Array.isArray(document) &&
    document.some(provider => isJsonObject(provider) && Array.isArray(provider.models)),
  parse: (document, day) => {
    const collector = createCollector()
    for (const [index, provider] of (Array.isArray(document) ? document : []).entries())
      readProvider(toObject(provider), `[${index}]`, { collector, day })
    return { records: collector.records, refused: collector.refused, providers: new Map() }
  },
}

interface Reading {
  readonly collector: ReturnType<typeof createCollector>
  readonly day: string
}

function readProvider(provider: JsonRecord, place: string, { collector, day }: Reading): void {
  const { id: key, models } = provider
  if (typeof key !== 'string' || !Array.isArray(models)) {
    collector.refuse(place, undefined, 'no provider with an id and a list of models')
    return
  }
  const id = Object.hasOwn(genaiPrices.providerIds, key) ? (genaiPrices.providerIds[key] ?? key) : key
  for (const [index, model] of models.entries()) {
    if (isJsonObject(model) && typeof model.id === 'string') collector.add(toRecord(id, model.id, model, day))
    else collector.refuse(`${key}[${index}]`, id, 'no id')
  }
}

function toRecord(provider: string, id: string, model: JsonRecord, day: string): ImportRecord {
  const { always, window } = findPrices(model.prices, day)
  const { prices, price } = readPrices(toRawPrices(always), places, {
    isFree: id.endsWith(':free'),
    hasOtherUnits: Number(toDecimalText(always.requests_kcount) ?? 0) > 0,
  })
  const fields = withoutUndefined({
    display_name: toDisplayName(model.name),
    context_tokens: toTokens(model.context_window),
    ...withWindow(prices, window),
    cost_tiers: toCostTiers(always),
    status: model.deprecated === true ? ('deprecated' as const) : undefined,
  })
  const capabilities = new Map(prices.cost_per_1k_cache_read ? stated('prompt_caching', true) : [])
  return { provider, id, key: `${provider}/${id}`, fields, capabilities, price }
}

interface PriceWindow {
  readonly prices: JsonRecord
  /** Times of day in UTC, like 16:30. */
  readonly from: string
  readonly to: string
}

interface DatedPrices {
  readonly always: JsonRecord
  /** Other prices at some hours. */
  readonly window: PriceWindow | undefined
}

/** The prices of a day: of those without a constraint or with a start that has passed, the last counts. */
function findPrices(value: unknown, day: string): DatedPrices {
  if (!Array.isArray(value)) return { always: toObject(value), window: undefined }
  let always: JsonRecord = {}
  let window: PriceWindow | undefined
  for (const item of value.map(toObject)) {
    const constraint = toObject(item.constraint)
    const [from, to] = [toHour(constraint.start_time), toHour(constraint.end_time)]
    const start = toDay(constraint.start_date)
    if (from !== undefined && to !== undefined) window = { prices: toObject(item.prices), from, to }
    else if (item.constraint == null || (start !== undefined && start <= day)) always = toObject(item.prices)
  }
  return { always, window }
}

function toHour(value: unknown): string | undefined {
  return typeof value === 'string' ? /^((?:[01]\d|2[0-3]):[0-5]\d)/.exec(value)?.[1] : undefined
}

// Our prices are those of the peak hours, whichever of the two is higher.
function withWindow(
  prices: Prices,
  window: PriceWindow | undefined,
): Prices & { readonly cost_off_peak?: Model['cost_off_peak'] } {
  const other = window === undefined ? {} : toPrices(toRawPrices(window.prices), places)
  if (window === undefined || Object.keys(other).length === 0) return prices
  const sum = (each: Prices) => pricedFields.reduce((total, name) => total + (each[name] ?? 0), 0)
  const { from, to } = window
  return sum(other) >= sum(prices)
    ? { ...prices, ...other, cost_off_peak: { peak_hours: [{ from, to }], ...prices } }
    : { ...prices, cost_off_peak: { peak_hours: [{ from: to, to: from }], ...other } }
}

/** The four prices of one step: each is a number, or `{base, tiers: [{start, price}]}`. */
function toRawPrices(prices: JsonRecord, above?: number) {
  const at = (name: string) => {
    const value = prices[name]
    if (!isJsonObject(value)) return above === undefined ? value : undefined
    return above === undefined ? value.base : listSteps(value).find(step => step.start === above)?.price
  }
  return {
    input: at('input_mtok'),
    output: at('output_mtok'),
    cacheRead: at('cache_read_mtok'),
    cacheWrite: at('cache_write_mtok'),
  }
}

function listSteps(value: JsonRecord) {
  const steps = Array.isArray(value.tiers) ? value.tiers.map(toObject) : []
  return steps.map(({ start, price }) => ({ start: toTokens(start), price }))
}

function toCostTiers(prices: JsonRecord): Model['cost_tiers'] {
  const starts = Object.values(prices).flatMap(value => listSteps(toObject(value)).map(({ start }) => start))
  return toTiers(
    [...new Set(starts)].map(above => ({ ...toPrices(toRawPrices(prices, above), places), above })),
  )
}
