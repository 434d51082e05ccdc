import type { Problem } from '../../readiness/readiness.ts'
import { listDashboardItems } from '../../registry/dashboard-items.ts'
import { parseRef } from '../../registry/refs.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import type { DashboardProblem } from './dashboard-view.ts'

/** Most refs of blocked things that a problem has. */
const mostBlocked = 8

/** Most problems that a dashboard has. */
const mostProblems = 50

/** Problems with the names that people know, and since when there are so. */
export function nameProblems(
  problems: readonly Problem[],
  snapshot: Snapshot,
  times: ReadonlyMap<string, number>,
): DashboardProblem[] {
  const nameOf = createNames(snapshot)
  return problems.slice(0, mostProblems).map(({ ref, status, reason, fix, blocks }) => {
    const since = times.get(ref)
    return {
      ref,
      name: nameOf(ref),
      status,
      reason,
      since: since === undefined ? null : new Date(since).toISOString(),
      fix,
      // What the dashboard itself shows of it says nothing new.
      blocks: blocks.filter(each => !each.startsWith('dashboard/')).slice(0, mostBlocked),
      blocks_count: blocks.filter(each => !each.startsWith('dashboard/')).length,
    }
  })
}

/** Names of entries: that of their card, or that of their registry, or their id. */
function createNames(snapshot: Snapshot): (ref: string) => string {
  const shown = new Map(
    listDashboardItems(snapshot).map(({ section, id, entry }) => [`${section}/${id}`, entry.display_name]),
  )
  return ref => {
    const parts = parseRef(ref)
    if (parts === undefined) return ref
    const { registry, id } = parts
    const section = registry === 'ml_frameworks' ? 'tools' : registry
    const name = shown.get(`${section}/${id}`)
    if (name !== undefined || registry === 'hyper' || registry === 'dashboard') return name ?? id
    const entries: Readonly<Record<string, { readonly display_name?: string | undefined }>> = entriesOf(
      snapshot,
      registry,
    )
    return (Object.hasOwn(entries, id) ? entries[id]?.display_name : undefined) ?? id
  }
}
