import type { Model } from '../../../schema/model.ts'
import { listEntries } from '../entries.ts'
import type { Finding, Rule, RuleContext } from '../rule.ts'

/** Prices for a million tokens written as those for a thousand are off by 1000, dollars as cents by 100. */
const suspiciousFactor = 100

export const costMagnitude: Rule = {
  id: 'cost-magnitude',
  severity: 'warning',
  summary: 'a price is a hundred times off against the median of the other models of its provider',
  check: context => [
    ...findSuspicious('cost_per_1k_input', context),
    ...findSuspicious('cost_per_1k_output', context),
  ],
}

interface Price {
  readonly id: string
  readonly kind: string
  readonly provider: string
  readonly value: number
}

function findSuspicious(
  field: 'cost_per_1k_input' | 'cost_per_1k_output',
  { snapshot }: RuleContext,
): Finding[] {
  const prices = listEntries(snapshot, 'models').flatMap(([id, model]): Price[] => {
    const value = model[field]
    // Free is a price of its own, not a magnitude.
    return value ? [{ id, kind: kindOf(model), provider: model.provider, value }] : []
  })
  const byProvider = sortedValues(prices, ({ provider, kind }) => `${provider}\0${kind}`)
  const byKind = sortedValues(prices, ({ kind }) => kind)
  return prices.flatMap(({ id, kind, provider, value }): Finding[] => {
    const own = byProvider.get(`${provider}\0${kind}`) ?? []
    // One other price says little about what is usual: then all providers are asked.
    const [others, whose] = own.length > 2 ? [own, provider] : [byKind.get(kind) ?? [], 'all providers']
    const usual = usualFor(value, others)
    if (usual === undefined) return []
    const message = `${value} USD is ${describe(value, usual)} as much as is usual for ${whose} (${usual})`
    return [{ registry: 'models', path: [id, field], message, hint: 'Give the price in USD for 1000 tokens' }]
  })
}

// Embeddings, speech and pictures are priced quite differently from text.
function kindOf({ capabilities }: Model): string {
  const kinds = ['embeddings', 'image_generation', 'speech'] as const
  return kinds.find(kind => capabilities.includes(kind)) ?? 'text'
}

function sortedValues(
  prices: readonly Price[],
  toGroup: (price: Price) => string,
): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>()
  for (const price of prices) {
    const group = groups.get(toGroup(price))
    if (group) group.push(price.value)
    else groups.set(toGroup(price), [price.value])
  }
  for (const group of groups.values()) group.sort((left, right) => left - right)
  return groups
}

/**
 * The price in the middle of the others, when this one is far off. Of an even number there are two in the middle, and
 * the nearer one counts: where there are few, one wrong price must not make the right ones look wrong.
 */
function usualFor(value: number, sorted: readonly number[]): number | undefined {
  const left = sorted.length - 1
  if (left < 2) return undefined
  const gap = firstIndexOf(sorted, value)
  const at = (index: number) => sorted[index < gap ? index : index + 1] ?? 0
  const [low, high] = [at((left - 1) >> 1), at(left >> 1)]
  if (value >= high * suspiciousFactor) return high
  return value * suspiciousFactor <= low ? low : undefined
}

function firstIndexOf(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  return low
}

function describe(value: number, usual: number): string {
  const factor = value > usual ? value / usual : usual / value
  const shown = Math.round(factor)
  return value > usual ? `${shown} times` : `1/${shown}`
}
