import type { DashboardView, ProviderFacts } from './dashboard-view.ts'

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

/** Whether a provider can be used, in words: its key, and whether it answers. Nobody asks one whose key is not there. */
export function describeProvider(provider: ProviderFacts): readonly string[] {
  const { is_key_set: isKeySet } = provider
  if (isKeySet === null) return ['key not looked for']
  return isKeySet ? ['key set', describeHealth(provider)] : ['key not set']
}

function describeHealth({ is_reachable: isReachable, latency_ms: latency }: ProviderFacts): string {
  if (isReachable === null) return 'not asked'
  if (!isReachable) return 'does not answer'
  return latency === null ? 'answers' : `answers in ${Math.round(latency)} ms`
}

/** A sentence for a dashboard that no sync has filled yet; undefined after a sync, and for an empty dashboard. */
export function describeUnchecked({ sections }: DashboardView): string | undefined {
  const things = sections.flatMap(({ cards }) => cards).filter(({ subject }) => subject !== null)
  const isUnlooked = things.length > 0 && things.every(({ facts }) => facts === null)
  return isUnlooked ? 'nobody has looked yet what is here: nexus-registry sync does' : undefined
}
