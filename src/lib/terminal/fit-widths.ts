/** None but the first gets narrower than this where that is enough: some letters, a sign that it was cut, the gap. */
const goodWidth = 8

/** No column gets narrower than this. */
const leastWidth = 5

/**
 * Takes from the widest columns until all of them fit, or none can give any more. The first one, which names the rows,
 * keeps up to half of the width while the others can give.
 */
export function fitWidths(widths: readonly number[], available: number): number[] {
  const named = Math.min(widths[0] ?? 0, Math.floor(available / 2))
  const ways = [goodWidth, leastWidth].map(least => widths.map((_, index) => (index === 0 ? named : least)))
  const leasts = ways.find(
    way => sum(way.map((least, index) => Math.min(least, widths[index] ?? 0))) <= available,
  )
  return narrow(widths, leasts ?? widths.map(() => leastWidth), available)
}

function narrow(widths: readonly number[], leasts: readonly number[], available: number): number[] {
  const fitted = [...widths]
  for (let excess = sum(fitted) - available; excess > 0; excess -= 1) {
    const spare = fitted.map((width, index) => (width > (leasts[index] ?? 0) ? width : 0))
    const widest = Math.max(...spare)
    if (widest === 0) break
    fitted[spare.lastIndexOf(widest)] = widest - 1
  }
  return fitted
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
