// Cut and not rounded: 89.96 is not yet the 90 from which on it would be critical.
const formats = [0, 1, 2].map(
  digits => new Intl.NumberFormat('en', { maximumFractionDigits: digits, roundingMode: 'trunc' }),
)

/** A value as people read it: three digits that say something, and its unit. */
export function formatValue(value: number, unit: string | null): string {
  const size = Math.abs(value)
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2
  const number = formats[digits]?.format(value) ?? String(value)
  if (unit === null) return number
  return unit.startsWith('%') || unit.startsWith('/') ? `${number}${unit}` : `${number} ${unit}`
}
