const units = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Ten years: what should hold for longer should not end at all. */
const longestMs = 3650 * units.d

/** How long a token is good for, `30d` or `12h`, in milliseconds; null for `never`. Undefined for anything else. */
export function parseLifetime(text: string): number | null | undefined {
  if (text === 'never') return null
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const ms = Object.entries(units).find(([name]) => name === unit)?.[1]
  if (count === undefined || ms === undefined) return undefined
  const lifetime = Number(count) * ms
  return lifetime > 0 && lifetime <= longestMs ? lifetime : undefined
}
