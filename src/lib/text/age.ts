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
