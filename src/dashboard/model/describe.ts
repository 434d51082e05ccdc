import { formatBytes, renderCount } from '../../lib/text/format.ts'
import type { ChangeDocument } from './change-schema.ts'
import type { CardState, DashboardView, ProviderFacts, Reading, RuntimeModel } from './dashboard-view.ts'

/**
 * A number as people read it: three digits that say something. Cut and not rounded, since 89.96 is not yet the 90 from
 * which on it would be critical. What is too small to be written so is said to be less than that.
 */
export function formatNumber(value: number, mostDigits = 3): string {
  const size = Math.abs(value)
  if (size >= 1e12) return value.toExponential(1)
  if (size > 0 && size < 0.001) return value > 0 ? '<0.001' : '>-0.001'
  return writeDecimal(value, Math.min(mostDigits, countDigits(size)))
}

/** A value and its unit: `12.3 %`, `0.04 MB/s`, `133/min`. */
export function formatValue(value: number, unit: string | null): string {
  // Nobody reads hundredths of a percent, but where there is little else.
  const number = unit === '%' && Math.abs(value) >= 1 ? formatNumber(value, 1) : formatNumber(value)
  if (unit === null) return number
  return unit.startsWith('/') ? `${number}${unit}` : `${number} ${unit}`
}

function countDigits(size: number): number {
  if (size >= 100) return 0
  if (size >= 10) return 1
  return size >= 0.1 ? 2 : 3
}

/** Digits that are written and cut off: 0.29 is a little less for a computer, and is not to become 0.28. */
const spareDigits = 6

function writeDecimal(value: number, digits: number): string {
  const [whole = '', fraction = ''] = value.toFixed(digits + spareDigits).split('.')
  const rest = fraction.slice(0, digits).replace(/0+$/, '')
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  if (rest !== '') return `${grouped}.${rest}`
  return grouped === '-0' ? '0' : grouped
}

type Scaled = Pick<Reading, 'unit' | 'value' | 'history' | 'threshold_warning' | 'threshold_critical'>

/** From where to where a metric is drawn. */
export interface Scale {
  readonly least: number
  readonly most: number
}

/** Where a value lies on a scale, from 0 to 1; what is beyond is at its end. */
export function toFraction(value: number, { least, most }: Scale): number {
  return Math.min(1, Math.max(0, (value - least) / (most - least || 1)))
}

/** Percents go to 100, shares without a unit to 1, all else as far as it ever went or its thresholds are. */
export function toScale(reading: Scaled): Scale {
  const { unit, value, history, threshold_warning, threshold_critical } = reading
  const known = [value, ...history, threshold_warning, threshold_critical].filter(each => each !== null)
  const [least, most] = [Math.min(0, ...known), Math.max(0, ...known)]
  if (unit === '%') return { least: 0, most: 100 }
  if (unit === null && most <= 1) return { least, most: 1 }
  return { least, most: most * 1.1 || 1 }
}

/** Gibibytes with at most one digit, as drivers count memory: `13.2`, `24`. */
export function formatGibibytes(bytes: number): string {
  const size = bytes / 2 ** 30
  return size >= 100 ? String(Math.round(size)) : size.toFixed(1).replace('.0', '')
}

/** How much of a whole is used: `26.1 of 62.7 GiB`. */
export function formatAmount({
  used_bytes: used,
  total_bytes: total,
}: NonNullable<Reading['amount']>): string {
  return `${formatGibibytes(used)} of ${formatGibibytes(total)} GiB`
}

/** Words for the states of cards. */
export const stateWords: Readonly<Record<CardState, string>> = {
  on: 'ready',
  off: 'not here',
  broken: 'broken',
  unknown: 'unknown',
}

/** Names of entries that people know, by ref: those of their cards. */
export function indexNames({ sections }: Pick<DashboardView, 'sections'>): ReadonlyMap<string, string> {
  const cards = sections.flatMap(section => section.cards)
  return new Map(cards.flatMap(({ subject, name }) => (subject === null ? [] : [[subject, name] as const])))
}

/** What a sync found, in words that follow the name of the entry. */
export function describeDetectedChange(
  { change, from, to }: Extract<ChangeDocument, { kind: 'detected' }>,
  arrow: string,
): string {
  switch (change) {
    case 'came':
    case 'broke':
    case 'went':
      return change
    case 'repaired':
      return 'works again'
    case 'up':
    case 'down':
      return `is ${change}`
    case 'version':
      return `${from ?? 'no version'} ${arrow} ${to ?? 'no version'}`
    case 'path':
      return `is now ${to ?? 'nowhere'}`
    case 'status':
      return `is ${to ?? 'unknown'}, was ${from ?? 'unknown'}`
  }
}

export const dayMs = 86_400_000

/** Days before a retirement in which it is worth a warning. */
export const soonDays = 90

/** Whole days until a calendar day begins, UTC. */
export function countDays(day: string, now: number): number {
  return Math.ceil((Date.parse(day) - now) / dayMs)
}

/** The id of a model without its runtime, which ids of local models begin with. */
export function toShortModelId(id: string, provider: string): string {
  return id.startsWith(`${provider}/`) ? id.slice(provider.length + 1) : id
}

/** Whether a provider can be used, in words: its key, and whether it responds. */
export function describeProvider(provider: ProviderFacts): readonly string[] {
  const { is_key_set: isKeySet, runtime } = provider
  if (runtime !== undefined) return describeRuntime(provider, runtime.models)
  if (isKeySet === null) return ['key not known']
  if (!isKeySet) return ['key not set']
  if (provider.credential === 'rejected') return ['key rejected']
  return provider.is_health_checked ? ['key set', describeHealth(provider)] : ['key set']
}

/** A local runtime needs no key: whether it is up, and how many models it has. */
function describeRuntime(
  { is_reachable: isReachable }: ProviderFacts,
  models: readonly RuntimeModel[],
): readonly string[] {
  const loaded = models.filter(model => model.loaded === true).length
  return [
    isReachable === null ? 'not checked' : isReachable ? 'up' : 'down',
    ...(models.length === 0 ? [] : [renderCount(models.length, 'model')]),
    ...(loaded === 0 ? [] : [`${loaded} loaded`]),
  ]
}

/** What stands beside the name of a model: whether it is in memory, and its size; empty when neither is known. */
export function describeRuntimeModel({ size_bytes: size, loaded }: RuntimeModel): string {
  return [...(loaded === true ? ['loaded'] : []), ...(size === null ? [] : [formatBytes(size)])].join(' · ')
}

function describeHealth({ is_reachable: isReachable, latency_ms: latency }: ProviderFacts): string {
  if (isReachable === null) return 'not checked'
  if (!isReachable) return 'does not respond'
  return latency === null ? 'responds' : `responds in ${Math.round(latency)} ms`
}

/** A sentence for a dashboard that no sync has filled yet; undefined after a sync, and for an empty dashboard. */
export function describeUnchecked({ sections }: DashboardView): string | undefined {
  const things = sections.flatMap(({ cards }) => cards).filter(({ subject }) => subject !== null)
  const isUnlooked = things.length > 0 && things.every(({ facts }) => facts === null)
  return isUnlooked ? 'nothing has been checked yet: run nexus-registry sync' : undefined
}
