const minute = 60_000

/** A duration for people: `85 ms`, `1.2 s`, `2 min 5 s`. */
export function renderDuration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const rest = seconds % 60
  return `${Math.floor((seconds * 1000) / minute)} min${rest === 0 ? '' : ` ${rest} s`}`
}

/** See `describeAge`. */
export function renderAge(ms: number): string {
  return describeAge(ms)
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** How long ago something was, for people: `3 minutes ago`. What lies ahead, since a clock jumped, is `just now`. */
export function describeAge(ms: number): string {
  const span = describeSpan(ms)
  return span === undefined ? 'just now' : `${span} ago`
}

/** How long something has lasted, for people: `3 minutes`. Undefined below a second. */
export function describeSpan(ms: number): string | undefined {
  const unit = units.find(([, length]) => ms >= length)
  if (!unit) return undefined
  const [name, length] = unit
  const count = Math.floor(ms / length)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** A number and what is counted: `1 tool`, `2 tools`, `3 registries` with its own plural. */
export function renderCount(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`
}
