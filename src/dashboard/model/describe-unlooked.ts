import type { DashboardView } from './dashboard-view.ts'

/** What is said once where nobody has looked at anything yet; undefined where somebody has, or there is nothing. */
export function describeUnlooked({ sections }: DashboardView): string | undefined {
  const things = sections.flatMap(({ cards }) => cards).filter(({ subject }) => subject !== null)
  const isUnlooked = things.length > 0 && things.every(({ facts }) => facts === null)
  return isUnlooked ? 'nobody has looked yet what is here: nexus-registry sync does' : undefined
}
