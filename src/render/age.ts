import { renderCount } from './count.ts'

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** How long ago something was, for people: `3 minutes ago`. What lies ahead, since a clock jumped, is `just now`. */
export function renderAge(ms: number): string {
  const unit = units.find(([, length]) => ms >= length)
  if (!unit) return 'just now'
  const [name, length] = unit
  return `${renderCount(Math.floor(ms / length), name)} ago`
}
