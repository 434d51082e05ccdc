import type { Model } from '../../registry/schema/model.ts'
import type { Readable } from '../readable.ts'
import { listItems, listReadEntries } from '../references.ts'
import type { Rule, RuleContext, Violation } from '../rule.ts'
import { findPriceDisorder } from './price-order.ts'

/** Prices for a million tokens written as those for a thousand are off by 1000, dollars as cents by 100. */
const suspiciousFactor = 100

export const costMagnitude: Rule = {
  id: 'cost-magnitude',
  severity: 'warning',
  summary:
    'a price is a hundred times off against other models, or contradicts another price of its model (cache, tiers, hours)',
  check: context => [
    ...findSuspicious('cost_per_1k_input', context),
    ...findSuspicious('cost_per_1k_output', context),
    ...findPriceDisorder(context),
  ],
}

interface Price {
  readonly id: string
  /** What other providers may call the same model: the id without the path before it, and aliases. */
  readonly names: readonly string[]
  readonly kind: string
  readonly provider: string
  readonly value: number
}

/** What a price would be like. */
interface Usual {
  readonly value: number
  readonly whose: string
}

function findSuspicious(
  field: 'cost_per_1k_input' | 'cost_per_1k_output',
  { snapshot }: RuleContext,
): Violation[] {
  const prices = listReadEntries(snapshot, 'models').flatMap(([id, model]): Price[] => {
    const value = model[field]
    // A provider that is broken is one of its own.
    const { provider = '' } = model
    const names = [id, ...listItems(model.aliases).map(({ item }) => item)].map(name =>
      name.slice(name.lastIndexOf('/') + 1).toLowerCase(),
    )
    // Free is a price of its own, not a magnitude.
    return value ? [{ id, names, kind: kindOf(model), provider, value }] : []
  })
  const usualOf = createComparison(prices)
  return prices.flatMap((price): Violation[] => {
    const { id, value } = price
    const usual = usualOf(price)
    if (usual === undefined) return []
    const message = `${value} USD is ${describe(value, usual.value)} as much as is usual for ${usual.whose} (${usual.value})`
    return [{ registry: 'models', path: [id, field], message, hint: 'Give the price in USD for 1000 tokens' }]
  })
}

function createComparison(prices: readonly Price[]): (price: Price) => Usual | undefined {
  const groupOf = ({ provider, kind }: Price) => `${provider}\0${kind}`
  const byProvider = sortedValues(prices, groupOf)
  const middles = [...new Map(prices.map(price => [groupOf(price), price])).values()].map(price => ({
    ...price,
    value: middleOf(byProvider.get(groupOf(price)) ?? []),
  }))
  const middlesByKind = sortedValues(middles, ({ kind }) => kind)
  const middleByGroup = new Map(middles.map(price => [groupOf(price), price.value]))
  // A provider most of whose prices are off: then only other providers tell what is usual.
  const elsewhereOf = (price: Price) =>
    usualFor(middleByGroup.get(groupOf(price)) ?? price.value, middlesByKind.get(price.kind) ?? [])
  const offGroups = new Set(middles.filter(price => elsewhereOf(price) !== undefined).map(groupOf))
  const believed = prices.filter(price => !offGroups.has(groupOf(price)))
  const byKind = sortedValues(believed, ({ kind }) => kind)
  const byName = groupByName(prices)
  return price => {
    const { kind, provider, value } = price
    const own = byProvider.get(groupOf(price)) ?? []
    const all = byKind.get(kind) ?? []
    const elsewhere = offGroups.has(groupOf(price)) ? elsewhereOf(price) : undefined
    if (elsewhere !== undefined && isFar(value, elsewhere))
      return { value: elsewhere, whose: 'other providers' }
    const namesake = usualForName(price, byName, middleOf(all))
    if (namesake !== undefined) return { value: namesake, whose: 'this model at other providers' }
    if (elsewhere !== undefined) return undefined
    // One other price says little about what is usual: then all providers are asked.
    const [others, whose] = own.length > 2 ? [own, provider] : [all, 'all providers']
    const usual = usualFor(value, others)
    return usual === undefined ? undefined : { value: usual, whose }
  }
}

function groupByName(prices: readonly Price[]): ReadonlyMap<string, readonly Price[]> {
  const groups = new Map<string, Price[]>()
  for (const price of prices) {
    for (const name of new Set(price.names)) {
      const group = groups.get(name)
      if (group) group.push(price)
      else groups.set(name, [price])
    }
  }
  return groups
}

/** The price of the same model elsewhere, when this one is far off, and further from what is usual than that one. */
function usualForName(
  { names, kind, provider, value }: Price,
  byName: ReadonlyMap<string, readonly Price[]>,
  usual: number,
): number | undefined {
  const others = names
    // A name that very many models have is none.
    .flatMap(name => (byName.get(name) ?? []).slice(0, mostNamesakes))
    .filter(other => other.provider !== provider && other.kind === kind)
    .map(other => other.value)
    .sort((left, right) => left - right)
  if (others.length === 0) return undefined
  const middle = middleOf(others)
  return isFar(value, middle) && distance(value, usual) > distance(middle, usual) ? middle : undefined
}

const mostNamesakes = 100

function isFar(value: number, other: number): boolean {
  return value >= other * suspiciousFactor || value * suspiciousFactor <= other
}

function distance(value: number, other: number): number {
  return Math.abs(Math.log(value / other))
}

/** The lower one of the two in the middle where there are two. */
function middleOf(sorted: readonly number[]): number {
  return sorted[(sorted.length - 1) >> 1] ?? 0
}

// Embeddings, speech and pictures are priced quite differently from text.
function kindOf({ capabilities = [] }: Readable<Model>): string {
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
