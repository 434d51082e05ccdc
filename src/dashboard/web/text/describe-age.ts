const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** How long ago a moment was, short: `5 s ago`. Moments are milliseconds since 1970, or ISO 8601. */
export function describeAge(moment: number | string, now: number): string {
  const then = typeof moment === 'string' ? Date.parse(moment) : moment
  if (Number.isNaN(then)) return 'at a time that nobody can read'
  const seconds = Math.floor((now - then) / 1000)
  const unit = units.find(([length]) => seconds >= length)
  return unit === undefined ? 'just now' : `${Math.floor(seconds / unit[0])} ${unit[1]} ago`
}

/** The time of day of a moment, as the reader's clock has it. */
export function formatTime(moment: number | string): string {
  return new Date(moment).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
}
