import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { SyncReport } from '../../core/sync-report.ts'
import { keepGoodCopies } from '../../store/keep-good-copies.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { nothingRestored, restoreMissing } from '../../store/restore-missing.ts'
import type { Synced } from '../alert/alert.ts'
import { type DetectionResult, detectInHome } from '../detect/detect.ts'
import { detectablesOf } from '../detect/detectables.ts'
import { saveDetections } from './save-detections.ts'
import { prepareMemory } from './sync-memory.ts'
import type { DetectHomeOptions, SyncOptions } from './sync-options.ts'
import { toSyncReport } from './to-sync-report.ts'

export interface SyncResult {
  readonly report: SyncReport
  /** The registries as they were read, before this sync wrote to them. */
  readonly snapshot: Snapshot
  /** Sentences about what did not stop the sync. */
  readonly notes: readonly string[]
}

/** Detects what the home's registries list, and writes what was found into them. */
export async function sync(home: RegistryHome, options: SyncOptions, host: Host): Promise<SyncResult> {
  const start = { now: host.clock.now(), elapsed: host.clock.elapsed() }
  const restoration = options.isDryRun ? nothingRestored : await restoreMissing(home.directory, host)
  const [snapshot, memory] = await Promise.all([
    loadSnapshot(home.directory, host),
    prepareMemory(home, options, host),
  ])
  const loadMs = host.clock.elapsed() - start.elapsed
  const { notes: detectionNotes, ...result } = await detectHome(home, snapshot, options, host)
  if (!options.isDryRun) {
    const found = { snapshot, detections: result.detections }
    const isUndisturbed = await saveDetections(home, found, host).catch(async error => {
      await memory.keepAnswer(found)
      throw error
    })
    await (isUndisturbed ? memory.keep(found) : memory.keepAnswer(found))
    await keepGoodCopies(home.directory, host)
  }
  const durations = { load: loadMs, total: host.clock.elapsed() - start.elapsed }
  const report = toSyncReport({ snapshot, result, restoration, startedAt: start.now, durations })
  const alerts = await alertOthers({ report, snapshot }, options, host)
  return { snapshot, notes: [...detectionNotes, ...restoration.troubles, ...alerts], report }
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

async function alertOthers(
  synced: Synced,
  { alerts, isDryRun }: SyncOptions,
  host: Host,
): Promise<readonly string[]> {
  if (isDryRun || alerts === undefined || (alerts.webhook ?? alerts.command) === undefined) return []
  const { alert } = await import('../alert/alert.ts')
  return alert(synced, alerts, host)
}
