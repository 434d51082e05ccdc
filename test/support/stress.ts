const isStress = process.env.NEXUS_STRESS === '1'

/** How often a long loop runs: in full with `npm run stress`, else as often as shows that it can fail. */
export function rounds(full: number, usual = 20): number {
  return isStress ? full : Math.min(full, usual)
}

/** Rows of a table in which neighbours are alike: all of them with `npm run stress`, else each nth, from the first. */
export function thinOut<Row>(rows: readonly Row[], nth: number): readonly Row[] {
  return rows.filter((_, index) => isStress || index % nth === 0)
}
