/** A value in the unit that an entry names, or why it is not told in that, a sentence. */
export type InUnit = { readonly value: number } | { readonly value: null; readonly reason: string }

/** A share of a whole, from 0 to 1: in per cent, or without a unit as it is. */
export function toShare(share: number, unit: string | undefined): InUnit {
  if (unit === '%') return { value: share * 100 }
  if (unit === undefined || unit === 'ratio') return { value: share }
  return { value: null, reason: `it is a share of a whole: its unit is % or none, and not ${unit}` }
}

const bytes: Readonly<Record<string, number>> = {
  'B/s': 1,
  'kB/s': 1e3,
  'KB/s': 1e3,
  'MB/s': 1e6,
  'GB/s': 1e9,
  'KiB/s': 2 ** 10,
  'MiB/s': 2 ** 20,
  'GiB/s': 2 ** 30,
  'bit/s': 1 / 8,
  'kbit/s': 1e3 / 8,
  'Mbit/s': 1e6 / 8,
  'Gbit/s': 1e9 / 8,
}

/** Bytes a second. */
export function toRate(bytesPerSecond: number, unit: string | undefined): InUnit {
  const name = unit ?? 'MB/s'
  const size = Object.hasOwn(bytes, name) ? bytes[name] : undefined
  if (size !== undefined) return { value: bytesPerSecond / size }
  return { value: null, reason: `it is measured in MB/s and the like, and not in ${unit}` }
}
