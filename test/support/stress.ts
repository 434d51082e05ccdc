/** How often a long loop runs: in full with `npm run stress`, else as often as shows that it can fail. */
export function rounds(full: number, usual = 20): number {
  return process.env.NEXUS_STRESS === '1' ? full : Math.min(full, usual)
}
