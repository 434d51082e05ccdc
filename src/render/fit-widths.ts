/** No column gets narrower than this: some letters, a sign that it was cut, and the gap. */
const leastWidth = 8

/** Takes from the widest columns until all of them fit, or none can give any more. */
export function fitWidths(widths: readonly number[], available: number): number[] {
  const fitted = [...widths]
  let excess = fitted.reduce((total, width) => total + width, 0) - available
  while (excess > 0) {
    const widest = Math.max(...fitted)
    if (widest <= leastWidth) break
    fitted[fitted.lastIndexOf(widest)] = widest - 1
    excess -= 1
  }
  return fitted
}
