const minute = 60_000

/** A measured duration: `85 ms`, `1.2 s`, `2 min 5 s`. */
export function renderDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const rest = seconds % 60
  return `${Math.floor((seconds * 1000) / minute)} min${rest === 0 ? '' : ` ${rest} s`}`
}

const units = [
  [86_400_000, 'day', 'd'],
  [3_600_000, 'hour', 'h'],
  [minute, 'minute', 'min'],
  [1000, 'second', 's'],
] as const

type UnitStyle = 'long' | 'short'

/**
 * How long ago something was: `3 minutes ago`, or `3 min ago` where there is little room. A time in the future is
 * `just now`, because clocks jump.
 */
export function formatAge(ms: number, style: UnitStyle = 'long'): string {
  const span = formatSpan(ms, style)
  return span === undefined ? 'just now' : `${span} ago`
}

/** How long something has lasted, in its largest unit: `3 minutes`. Undefined below a second. */
export function formatSpan(ms: number, style: UnitStyle = 'long'): string | undefined {
  const unit = units.find(([length]) => ms >= length)
  if (!unit) return undefined
  const [length, name, symbol] = unit
  const count = Math.floor(ms / length)
  return style === 'short' ? `${count} ${symbol}` : renderCount(count, name)
}

/** A number with its noun: `1 tool`, `2 tools`, `3 registries` with its own plural. */
export function renderCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`
}

/** A size in gibibytes, `1.9 GiB`; a small one in mebibytes, `45 MiB`. */
export function formatBytes(bytes: number): string {
  const gibibytes = bytes / 2 ** 30
  return gibibytes >= 0.1 ? `${gibibytes.toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(0)} MiB`
}

/** A number of tokens: `41 k`, `1.05 M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1000) return String(tokens)
  return tokens < 1_000_000
    ? `${Math.round(tokens / 1000)} k`
    : `${Number((tokens / 1_000_000).toFixed(2))} M`
}

/** A price in dollars per million tokens: `1.25`, `0.075`, `free`. */
export function formatPrice(dollars: number): string {
  if (dollars === 0) return 'free'
  const price = Number(dollars.toPrecision(12))
  return price >= 0.01 ? price.toFixed(2) : String(price)
}
