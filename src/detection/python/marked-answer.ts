/** Text between the first two markers; undefined when they are not there. Banners stand outside of them. */
export function extractMarked(output: string, marker: string): string | undefined {
  const start = output.indexOf(marker)
  if (start === -1) return undefined
  const end = output.indexOf(marker, start + marker.length)
  return end === -1 ? undefined : output.slice(start + marker.length, end)
}

/** Value of the JSON between the markers; undefined when there is none. */
export function parseMarked(output: string, marker: string): unknown {
  const json = extractMarked(output, marker)
  if (json === undefined) return undefined
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
