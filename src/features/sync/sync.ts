import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { SyncReport } from '../../core/sync-report.ts'
import { detectedRegistryNames } from '../../schema/names.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { type DetectionResult, detectInHome } from '../detect/detect.ts'
import { detectablesOf } from '../detect/detectables.ts'
import { keepDetectionStates } from './detection-states.ts'
import { saveDetections } from './save-detections.ts'
import { prepareMemory, type SyncMemory } from './sync-memory.ts'
import type { DetectHomeOptions, SyncOptions } from './sync-options.ts'
import { type SyncScope, toSyncScope } from './sync-scope.ts'
import { toSyncReport } from './to-sync-report.ts'
import type { UpstreamsSynced } from './upstream/sync-upstreams.ts'

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
  const opened = await openHome(home, options, host)
  const load = host.clock.elapsed() - start.elapsed
  const scope = toSyncScope(opened.snapshot, options)
  const polling = askUpstreams(home, { ...opened, scope }, options, host)
  // What upstreams say of tools is what is looked for; all else need not be waited for.
  const isWaiting = scope.sources.some(({ name }) => scope.detected.some(detected => detected === name))
  const looking = isWaiting
    ? polling.then(async () => look(home, { ...(await openHome(home, options, host)), scope }, options, host))
    : look(home, { ...opened, scope }, options, host)
  const [{ results, notes }, { snapshot, result, notes: others }] = await Promise.all([polling, looking])
  const current = results.size === 0 ? snapshot : await loadSnapshot(home.directory, host)
  const durations = { load, total: host.clock.elapsed() - start.elapsed }
  const parts = { snapshot, current, result, upstreams: results, startedAt: start.now, durations }
  return { snapshot, notes: [...scope.notes, ...notes, ...others], report: toSyncReport(parts) }
}

interface OpenHome {
  readonly snapshot: Snapshot
  readonly memory: SyncMemory
}

async function openHome(home: RegistryHome, options: SyncOptions, host: Host): Promise<OpenHome> {
  const [snapshot, memory] = await Promise.all([
    loadSnapshot(home.directory, host),
    prepareMemory(home, options, host),
  ])
  return { snapshot, memory }
}

interface Open extends OpenHome {
  readonly scope: SyncScope
}

async function askUpstreams(
  home: RegistryHome,
  { snapshot, scope: { sources } }: Open,
  { network, isForced, isDryRun }: SyncOptions,
  host: Host,
): Promise<UpstreamsSynced> {
  if (sources.length === 0 || network === undefined) return { results: new Map(), notes: [] }
  const { syncUpstreams } = await import('./upstream/sync-upstreams.ts')
  return syncUpstreams({ home, snapshot, sources, network, isForced, isDryRun }, host)
}

interface Looked {
  readonly snapshot: Snapshot
  readonly result: DetectionResult
  readonly notes: readonly string[]
}

async function look(
  home: RegistryHome,
  { snapshot, memory, scope: { detected } }: Open,
  options: SyncOptions,
  host: Host,
): Promise<Looked> {
  if (detected.length === 0) return { snapshot, result: { detections: new Map(), timings: [] }, notes: [] }
  const { notes, ...result } = await detectHome(home, snapshot, { ...options, only: detected }, host)
  if (options.isDryRun) return { snapshot, result, notes }
  const isWhole = detected.length === detectedRegistryNames.length
  const found = { snapshot, detections: result.detections, isWhole }
  const isUndisturbed = await saveDetections(home, found, host).catch(async error => {
    await memory.keepAnswer(found)
    throw error
  })
  await (isUndisturbed ? memory.keep(found) : memory.keepAnswer(found))
  const more = await keepDetectionStates(detected, snapshot, host)
  return { snapshot, result, notes: [...notes, ...more] }
}

/** Detects what the home's registries list, and writes nothing but caches. */
export async function detectHome(
  home: RegistryHome,
  snapshot: Snapshot,
  options: DetectHomeOptions,
  host: Host,
): Promise<DetectionResult & { readonly notes: readonly string[] }> {
  const entries = detectablesOf(snapshot, options.only)
  const request = { ...options, home, registries: snapshot.registries, entries }
  const { distrust, ...result } = await detectInHome(request, host)
  const isHeldBack = [...result.detections.values()].some(({ reason }) => reason?.includes('not trusted'))
  return { ...result, notes: isHeldBack && distrust !== null ? [distrust] : [] }
}
