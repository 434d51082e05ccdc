const unitLengths = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Ten years. */
const longestMs = 3650 * unitLengths.d

/** A duration that a person wrote, like `90m`, `12h`, `30d` or `8w`, in milliseconds. Undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? []
  const length = Object.entries(unitLengths).find(([name]) => name === unit)?.[1]
  if (count === undefined || length === undefined) return undefined
  const ms = Number(count) * length
  return ms > 0 && ms <= longestMs ? ms : undefined
}
