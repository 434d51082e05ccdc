import type { JsonPath } from '../../lib/json/json-value.ts'
import type { Model } from '../../registry/schema/model.ts'
import type { Readable } from '../readable.ts'
import { listItems, listReadEntries } from '../references.ts'
import type { RuleContext, Violation } from '../rule.ts'

/** Prices of one model that contradict each other: a cache, a tier or an hour that costs what it cannot. */
export function findPriceDisorder({ snapshot }: RuleContext): Violation[] {
  return listReadEntries(snapshot, 'models').flatMap(([id, model]) =>
    contradictionsOf(model).map(({ path, message }) => ({
      registry: 'models',
      path: [id, ...path],
      message,
      hint: 'Give the prices in USD for 1000 tokens',
    })),
  )
}

interface PriceContradiction {
  readonly path: JsonPath
  readonly message: string
}

function contradictionsOf(model: Readable<Model>): PriceContradiction[] {
  const tiers = listItems(model.cost_tiers).map(({ item, index }) => {
    return { prices: item, path: ['cost_tiers', index] as const, index }
  })
  const offPeak = model.cost_off_peak
  return [
    ...findDearCache(model, []),
    ...tiers.flatMap(({ prices, path }) => findDearCache(prices, path)),
    ...tiers.flatMap(({ prices, path, index }) =>
      compareTiers({ prices, path, below: tierBelow(index, model) }),
    ),
    ...(offPeak === undefined ? [] : findDearCache(offPeak, ['cost_off_peak'])),
    ...(offPeak === undefined ? [] : findDearHours(offPeak, model)),
  ]
}

const priceFields = [
  'cost_per_1k_input',
  'cost_per_1k_output',
  'cost_per_1k_cache_read',
  'cost_per_1k_cache_write',
] as const

type Prices = { readonly [Field in (typeof priceFields)[number]]?: number | undefined }

interface Tier extends Prices {
  readonly input_tokens_above?: number | undefined
}

function findDearCache(
  { cost_per_1k_input: input, cost_per_1k_cache_read: read }: Prices,
  path: JsonPath,
): PriceContradiction[] {
  if (input === undefined || read === undefined || read <= input) return []
  const message = `${read} USD for a read from the cache is more than ${input} USD for the input itself`
  return [{ path: [...path, 'cost_per_1k_cache_read'], message }]
}

/** The prices that a tier continues: those of the tier before it, or of the model. */
function tierBelow(index: number, model: Readable<Model>): Tier {
  return (index === 0 ? undefined : model.cost_tiers?.[index - 1]) ?? model
}

function compareTiers({
  prices,
  path,
  below,
}: {
  readonly prices: Tier
  readonly path: JsonPath
  readonly below: Tier
}): PriceContradiction[] {
  const { input_tokens_above: above } = prices
  const { input_tokens_above: previous } = below
  const isUnordered = above !== undefined && previous !== undefined && above <= previous
  const order = `${above} tokens are not more than the ${previous} of the tier before it`
  return [
    ...(isUnordered ? [{ path: [...path, 'input_tokens_above'], message: order }] : []),
    ...priceFields.flatMap(field => {
      const [price, base] = [prices[field], below[field]]
      if (price === undefined || base === undefined || price >= base) return []
      const message = `${price} USD for long requests is less than ${base} USD for shorter ones`
      return [{ path: [...path, field], message }]
    }),
  ]
}

function findDearHours(offPeak: Prices, peak: Prices): PriceContradiction[] {
  return priceFields.flatMap(field => {
    const [price, base] = [offPeak[field], peak[field]]
    if (price === undefined || base === undefined || price <= base) return []
    const message = `${price} USD outside the peak hours is more than ${base} USD within them`
    return [{ path: ['cost_off_peak', field], message }]
  })
}
