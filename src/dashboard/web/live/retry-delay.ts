/**
 * How long to wait before a server is asked again, in milliseconds: longer each time, up to ten seconds. `chance` is from
 * 0 to 1, so that not all pages of a server come back at the same moment.
 */
export function retryDelay(attempts: number, chance: number): number {
  const longest = Math.min(10_000, 400 * 2 ** Math.min(attempts, 8))
  return Math.round(longest * (0.6 + 0.4 * chance))
}
