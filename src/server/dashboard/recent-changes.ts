import type { TimedChange } from '../../dashboard/model/dashboard-view.ts'
import type { Host } from '../../platform/host.ts'
import { registryNames } from '../../registry/schema/names.ts'
import type { Catalog } from '../catalog.ts'
import type { Edition, View } from '../edition.ts'
import { planChange } from '../events/plan-change.ts'

/** What has changed lately, for whoever comes later. */
export interface RecentChanges {
  /** What a caller may read of it, the newest first. */
  readonly list: (view: View) => readonly TimedChange[]
}

/** Most changes that are kept. */
const mostChanges = 50

/** Keeps the last changes of what is served, since the server was started. */
export function keepRecentChanges(catalog: Catalog, { clock }: Pick<Host, 'clock'>): RecentChanges {
  let kept: readonly TimedChange[] = []
  catalog.onChange(async (before, after) => {
    const at = new Date(clock.now()).toISOString()
    const changes = await compare(before, after, clock)
    kept = [...changes.map(change => ({ at, ...change })), ...kept].slice(0, mostChanges)
  })
  return { list: ({ readable }) => kept.filter(({ registry }) => readable.has(registry)) }
}

async function compare(before: Edition, after: Edition, clock: Host['clock']) {
  const [was, is] = [before.snapshot.registries, after.snapshot.registries]
  const changed = registryNames.filter(name => was[name] !== is[name])
  const changes = await Promise.all(
    changed.map(name => planChange(was[name], is[name], { etag: null, clock })),
  )
  return changes.filter(({ created, updated, removed, detected }) =>
    [created, updated, removed, detected].some(({ length }) => length > 0),
  )
}
