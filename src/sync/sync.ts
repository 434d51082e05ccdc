import type { SyncReport } from '../detection/report.ts'
import type { IsWantedTarget, TargetsCheck } from '../detection/services/targets.ts'
import type { Host } from '../platform/host.ts'
import { keepBackups, nothingRestored, restoreMissing } from '../registry/backup/restore.ts'
import { findIncompatible } from '../registry/components/compatibility.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { isDetectedRegistry } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { Synced } from './alert/alert.ts'
import { type DetectionRun, detectRegistries, type OpenedHome, openHome } from './detect-registries.ts'
import { toSyncReport } from './report.ts'
import { type SyncOptions, type SyncScope, toSyncScope } from './sync-options.ts'
import type { UpstreamsSynced } from './upstream/sync-upstreams.ts'
import type { UpstreamResult } from './upstream/upstream-state.ts'

export interface SyncResult {
  readonly report: SyncReport
  /** The registries in which was looked, before what was found was written into them. */
  readonly snapshot: Snapshot
  /** Sentences about what did not stop the sync. */
  readonly notes: readonly string[]
}

/** Asks the upstreams of a home, detects what its registries list, and writes what was found into them. */
export async function sync(home: RegistryHome, options: SyncOptions, host: Host): Promise<SyncResult> {
  const start = { now: host.clock.now(), elapsed: host.clock.elapsed() }
  const restoration = options.isDryRun ? nothingRestored : await restoreMissing(home.directory, host)
  const opened = await openHome(home, options, host)
  const load = host.clock.elapsed() - start.elapsed
  const scope = toSyncScope(opened.snapshot, options)
  const polling = pollUpstreams(home, { ...opened, scope }, options, host)
  // What upstreams say of tools is what is looked for; all else need not be waited for.
  const isWaiting = scope.sources.some(
    ({ name }) => isDetectedRegistry(name) && scope.detected.includes(name),
  )
  const looking = isWaiting
    ? polling.then(async () =>
        detectRegistries(home, { ...(await openHome(home, options, host)), scope }, options, host),
      )
    : detectRegistries(home, { ...opened, scope }, options, host)
  // Whichever fails: the other one comes to its end, and the home is at rest when this returns.
  await Promise.allSettled([polling, looking])
  const [{ results, notes }, first] = await Promise.all([polling, looking])
  const { notes: others, ...looked } = await detectAgain(first, { home, scope, results }, options, host)
  const { snapshot } = looked
  if (!options.isDryRun) await keepBackups(home.directory, host)
  const current = results.size === 0 ? snapshot : await loadSnapshot(home.directory, host)
  const incompatible = await findIncompatible(current)
  const durations = { load, total: host.clock.elapsed() - start.elapsed }
  const report = toSyncReport({
    ...looked,
    current,
    incompatible,
    restoration,
    upstreams: results,
    startedAt: start.now,
    durations,
  })
  const alerts = await alertOthers(
    { report, snapshot: current, isWhole: options.only === undefined },
    options,
    host,
  )
  const told = [...scope.notes, ...restoration.troubles, ...notes, ...others, ...alerts]
  return { snapshot, notes: told, report }
}

async function pollUpstreams(
  home: RegistryHome,
  { snapshot, scope: { sources } }: OpenedHome,
  { network, isForced, isDryRun }: SyncOptions,
  host: Host,
): Promise<UpstreamsSynced> {
  if (sources.length === 0 || network === undefined) return { results: new Map(), notes: [] }
  const { syncUpstreams } = await import('./upstream/sync-upstreams.ts')
  return syncUpstreams({ home, snapshot, sources, network, isForced, isDryRun }, host)
}

async function alertOthers(
  synced: Synced,
  { alerts, isDryRun }: SyncOptions,
  host: Host,
): Promise<readonly string[]> {
  if (isDryRun || alerts === undefined || (alerts.webhook ?? alerts.command) === undefined) return []
  const { alert } = await import('./alert/alert.ts')
  return alert(synced, alerts, host)
}

interface Taken {
  readonly home: RegistryHome
  readonly scope: SyncScope
  readonly results: UpstreamsSynced['results']
}

/**
 * Looks at those services and providers that upstreams have changed: they were looked at as they were before, or not at
 * all.
 */
async function detectAgain(
  looked: DetectionRun,
  { home, scope, results }: Taken,
  options: SyncOptions,
  host: Host,
): Promise<DetectionRun> {
  const changed = new Map(scope.peers.map(name => [name, changedIds(results.get(name))]))
  const peers = scope.peers.filter(name => (changed.get(name)?.size ?? 0) > 0)
  if (peers.length === 0 || options.isDryRun) return looked
  const opened = await openHome(home, options, host)
  const isWanted: IsWantedTarget = (name, id) => changed.get(name)?.has(id) ?? false
  const again = await detectRegistries(
    home,
    { ...opened, scope: { ...scope, detected: [], peers }, isWanted },
    options,
    host,
  )
  return {
    ...looked,
    peers: mergeTargets(looked.peers, again.peers),
    notes: [...looked.notes, ...again.notes],
  }
}

function mergeTargets(first: TargetsCheck, second: TargetsCheck): TargetsCheck {
  const isAgain = new Set(second.timings.map(({ ref }) => ref))
  return {
    microservices: { ...first.microservices, ...second.microservices },
    providers: { ...first.providers, ...second.providers },
    timings: [...first.timings.filter(({ ref }) => !isAgain.has(ref)), ...second.timings],
  }
}

function changedIds(result: UpstreamResult | undefined): ReadonlySet<string> {
  return new Set([...(result?.upstream.created ?? []), ...(result?.upstream.updated ?? [])])
}
