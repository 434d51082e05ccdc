import type { SyncReport } from '../detection/report.ts'
import type { IsWantedTarget, TargetsCheck } from '../detection/services/targets.ts'
import { recordDetections, recordFileEdits } from '../journal/record.ts'
import type { Host } from '../platform/host.ts'
import type { BackupChange } from '../registry/backup/backups.ts'
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
  /** The registries that the probes read, before the sync wrote into them. */
  readonly snapshot: Snapshot
  /** Sentences about errors that did not stop the sync. */
  readonly notes: readonly string[]
}

/** Polls the upstreams of a home, detects what its registries list, and writes the results into them. */
export async function sync(home: RegistryHome, options: SyncOptions, host: Host): Promise<SyncResult> {
  const start = { now: host.clock.now(), elapsed: host.clock.elapsed() }
  const restoration = options.isDryRun ? nothingRestored : await restoreMissing(home.directory, host)
  const opened = await openHome(home, options, host)
  const load = host.clock.elapsed() - start.elapsed
  const scope = toSyncScope(opened.snapshot, options)
  const { upstreams, detected } = await pollAndDetect(home, { ...opened, scope }, options, host)
  const run = await detectChangedTargets(detected, { home, scope, results: upstreams.results }, options, host)
  const { snapshot, notes } = run
  const edited = options.isDryRun ? [] : await keepBackups(home.directory, host)
  const current = upstreams.results.size === 0 ? snapshot : await loadSnapshot(home.directory, host)
  const report = toSyncReport({
    ...run,
    current,
    incompatible: await findIncompatible(current),
    restoration,
    upstreams: upstreams.results,
    startedAt: start.now,
    durations: { load, total: host.clock.elapsed() - start.elapsed },
  })
  const journalNotes = options.isDryRun ? [] : await recordSync(home, report, edited, host)
  const synced = { report, snapshot: current, isWhole: options.only === undefined }
  const alertErrors = await sendAlertsOf(synced, options, host)
  return {
    snapshot,
    notes: [
      ...scope.notes,
      ...restoration.troubles,
      ...upstreams.notes,
      ...notes,
      ...journalNotes,
      ...alertErrors,
    ],
    report,
  }
}

async function recordSync(
  { directory }: RegistryHome,
  report: SyncReport,
  edited: readonly BackupChange[],
  host: Host,
): Promise<readonly string[]> {
  return [
    ...(await recordFileEdits(directory, edited, host)),
    ...(await recordDetections(directory, report, host)),
  ]
}

interface Progress {
  readonly upstreams: UpstreamsSynced
  readonly detected: DetectionRun
}

/** Polls and detects at the same time, unless an upstream lists what is to be detected. */
async function pollAndDetect(
  home: RegistryHome,
  opened: OpenedHome,
  options: SyncOptions,
  host: Host,
): Promise<Progress> {
  const { scope } = opened
  const polling = pollUpstreams(home, opened, options, host)
  const detectAfter = async () => {
    await polling
    return detectRegistries(home, { ...(await openHome(home, options, host)), scope }, options, host)
  }
  const isListedByUpstream = scope.sources.some(
    ({ name }) => isDetectedRegistry(name) && scope.detected.includes(name),
  )
  const detecting = isListedByUpstream ? detectAfter() : detectRegistries(home, opened, options, host)
  // When one fails, the other still ends: nothing writes into the home after this returns.
  await Promise.allSettled([polling, detecting])
  const [upstreams, detected] = await Promise.all([polling, detecting])
  return { upstreams, detected }
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

async function sendAlertsOf(
  synced: Synced,
  { alerts, isDryRun }: SyncOptions,
  host: Host,
): Promise<readonly string[]> {
  if (isDryRun || alerts === undefined || (alerts.webhook ?? alerts.command) === undefined) return []
  const { alert } = await import('./alert/alert.ts')
  return alert(synced, alerts, host)
}

interface PolledHome {
  readonly home: RegistryHome
  readonly scope: SyncScope
  readonly results: UpstreamsSynced['results']
}

/** Probes services and providers that upstreams have changed: they were probed as they were before, or not at all. */
async function detectChangedTargets(
  run: DetectionRun,
  { home, scope, results }: PolledHome,
  options: SyncOptions,
  host: Host,
): Promise<DetectionRun> {
  const changed = new Map(scope.targets.map(name => [name, changedIds(results.get(name))]))
  const targets = scope.targets.filter(name => (changed.get(name)?.size ?? 0) > 0)
  if (targets.length === 0 || options.isDryRun) return run
  const opened = await openHome(home, options, host)
  const isWanted: IsWantedTarget = (name, id) => changed.get(name)?.has(id) ?? false
  const again = await detectRegistries(
    home,
    { ...opened, scope: { ...scope, detected: [], targets }, isWanted },
    options,
    host,
  )
  return {
    ...run,
    targets: mergeTargets(run.targets, again.targets),
    notes: [...run.notes, ...again.notes],
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
