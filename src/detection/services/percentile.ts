/** The smallest of these numbers that at least `percent` of them do not exceed (nearest rank); undefined of none. */
export function percentileOf(numbers: readonly number[], percent: number): number | undefined {
  const sorted = numbers.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
}
