import { renewWords } from '../completion/words.ts'
import { type DetectionResult, detectInHome } from '../detection/detect.ts'
import { detectablesOf } from '../detection/detectables.ts'
import {
  giveHeadStart,
  type IsWantedTarget,
  startTargetChecks,
  type TargetsCheck,
} from '../detection/services/targets.ts'
import { describeCacheKey, renderDetectionKey } from '../env/cache/cache-key.ts'
import { saveHomeScript } from '../env/cache/export-scripts.ts'
import { saveSyncMark } from '../env/cache/last-sync.ts'
import { findExports, type PendingExports, updateExports } from '../env/exports.ts'
import type { HomeFindings } from '../env/variables.ts'
import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { detectedRegistryNames, isObservedRegistry, type SubRegistryName } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { createSyncState, keepSyncState, loadSyncStates, type SyncState } from '../registry/sync-state.ts'
import { saveDetections } from './save-detections.ts'
import type { DetectHomeOptions, SyncOptions, SyncScope } from './sync-options.ts'

/** A home before a sync probes anything. */
interface OpenHome {
  readonly snapshot: Snapshot
  /** Undefined when nothing is probed. */
  readonly caches: PendingCaches | undefined
}

/** Reads a home, and the cache key of what a sync will find. */
export async function openHome(home: RegistryHome, options: SyncOptions, host: Host): Promise<OpenHome> {
  const isProbing = options.only?.some(isObservedRegistry) ?? true
  const [snapshot, caches] = await Promise.all([
    loadSnapshot(home.directory, host),
    isProbing ? openCaches(home, options, host) : undefined,
  ])
  return { snapshot, caches }
}

export interface OpenedHome extends OpenHome {
  readonly scope: SyncScope
  /** Which services and providers are probed; all by default. */
  readonly isWanted?: IsWantedTarget
}

/** What the probes found. */
export interface DetectionRun {
  readonly snapshot: Snapshot
  readonly result: DetectionResult
  readonly targets: TargetsCheck
  readonly notes: readonly string[]
}

/** Probes this machine and its targets, and writes the detections into the home. */
export async function detectRegistries(
  home: RegistryHome,
  opened: OpenedHome,
  options: SyncOptions,
  host: Host,
): Promise<DetectionRun> {
  const run = await probeRegistries(home, opened, options, host)
  const plan = options.isDryRun ? undefined : planSaving(run, opened)
  if (plan === undefined) return run
  const notes = await applySaving(home, plan, host)
  return { ...run, notes: [...run.notes, ...notes] }
}

async function probeRegistries(
  home: RegistryHome,
  { snapshot, scope, isWanted }: OpenedHome,
  options: SyncOptions,
  host: Host,
): Promise<DetectionRun> {
  const { allowPrivate = [], checkCredentials = [] } = options.network ?? {}
  const access = { mode: options.mode, allowPrivate, checkCredentials }
  const request = { home, snapshot, names: scope.targets, ...access, isWanted }
  const { measured, all: checking } = startTargetChecks(request, host)
  const detectLocal = () => detectHome(home, snapshot, { ...options, only: scope.detected }, host)
  const [{ notes, ...result }, targets] = await Promise.all([
    giveHeadStart(measured, host).then(detectLocal),
    // Awaited from the start: it can reject during the head start.
    checking,
  ])
  return { snapshot, result, targets, notes }
}

/** What a sync writes: detections into the files, a state for each registry, and the caches. */
interface SavingPlan {
  readonly names: readonly SubRegistryName[]
  readonly findings: HomeFindings & Pick<DetectionRun, 'targets'>
  /** Whether everything was probed: a part is not cached. */
  readonly isWhole: boolean
  readonly caches: PendingCaches
}

function planSaving({ snapshot, result, targets }: DetectionRun, opened: OpenedHome): SavingPlan | undefined {
  const { caches, scope } = opened
  const checked = scope.targets.filter(name => Object.keys(targets[name]).length > 0)
  const names = [...scope.detected, ...checked]
  if (names.length === 0 || caches === undefined) return undefined
  const isWhole = scope.detected.length === detectedRegistryNames.length
  return { names, findings: { snapshot, detections: result.detections, targets }, isWhole, caches }
}

/** Applies a plan. Returns sentences about states that could not be saved. */
async function applySaving(
  home: RegistryHome,
  { names, findings, isWhole, caches }: SavingPlan,
  host: Host,
): Promise<string[]> {
  const { snapshot } = findings
  const saving = saveDetections(home, findings, host)
  const isUndisturbed = await saving.catch(async error => {
    if (isWhole) await cacheFoundExports(caches, findings, { isWritten: false }, host)
    // An interrupted sync did not fail.
    if (!host.interrupted.aborted)
      await keepDetectionStates(names, { snapshot, failure: errorMessage(error) }, host)
    throw error
  })
  if (isWhole) await cacheFoundExports(caches, findings, { isWritten: isUndisturbed }, host)
  if (isUndisturbed) await cacheScripts(caches, { isWhole }, host)
  return keepDetectionStates(names, { snapshot }, host)
}

/** Detects what the registries of a home list. Writes only caches. */
export async function detectHome(
  home: RegistryHome,
  snapshot: Snapshot,
  options: DetectHomeOptions,
  host: Host,
): Promise<DetectionResult & { readonly notes: readonly string[] }> {
  const entries = detectablesOf(snapshot, options.only)
  if (entries.length === 0) return { detections: new Map(), timings: [], notes: [] }
  const request = { ...options, home, registries: snapshot.registries, entries }
  const { distrust, ...result } = await detectInHome(request, host)
  const isHeldBack = [...result.detections.values()].some(({ reason }) => reason?.includes('not trusted'))
  return { ...result, notes: isHeldBack && distrust !== null ? [distrust] : [] }
}

/**
 * Saves the state of these registries: synced now, or why it failed. A registry with an upstream is left out: its state
 * is about the upstream. Returns sentences about states that could not be saved.
 */
async function keepDetectionStates(
  names: readonly SubRegistryName[],
  { snapshot, failure = null }: DetectionOutcome,
  host: Host,
): Promise<string[]> {
  const listed = snapshot.registries.hyper.content?.sub_registries
  const own = names.filter(name => listed?.[name]?.url === undefined)
  // Only a failure needs the state before: it counts on.
  const isBroken = failure !== null || own.some(name => snapshot.registries[name].state !== 'ok')
  const before = isBroken ? await loadSyncStates(snapshot.home, host) : undefined
  const now = new Date(host.clock.now()).toISOString()
  const notes = await Promise.all(
    own.map(name => {
      const error = explainFailure(snapshot, name) ?? failure
      const state = error === null ? toSuccess(now) : toFailure(before?.get(name), { now, error })
      return keepSyncState(snapshot.home, name, state, host)
    }),
  )
  return notes.flat()
}

interface DetectionOutcome {
  readonly snapshot: Snapshot
  /** A sentence without its full stop. */
  readonly failure?: string | null
}

function explainFailure({ registries }: Snapshot, name: SubRegistryName): string | null {
  const { state, diagnostics, path } = registries[name]
  return state === 'ok' ? null : `${path}: ${diagnostics[0]?.message ?? 'it cannot be used'}`
}

function toSuccess(now: string): SyncState {
  return { ...createSyncState(now), last_success: now }
}

function toFailure(
  before: SyncState | undefined,
  { now, error }: { readonly now: string; readonly error: string },
): SyncState {
  const { last_success = null, consecutive_failures = 0 } = before?.url === null ? before : {}
  return { ...createSyncState(now), last_success, error, consecutive_failures: consecutive_failures + 1 }
}

/** The cached exports that a sync renews: their key from before the probes. */
interface PendingCaches {
  readonly home: string
  readonly configFile: string | undefined
  readonly python: string | undefined
  readonly isQuick: boolean
  readonly pending: PendingExports
  /** See `renderDetectionKey`. */
  readonly key: string
}

/** Computes the cache key. An interpreter that was named for this call makes another key, which no shell has. */
async function openCaches(home: RegistryHome, options: SyncOptions, host: Host): Promise<PendingCaches> {
  const { configFile, python, timeoutMs, isPlain, mode } = options
  const place = { home: home.directory, configFile }
  const pending = await findExports({ ...place, python, timeoutMs, isPlain }, host)
  const key = renderDetectionKey(place, pending.cacheKey.checked, host)
  return { ...place, python, isQuick: mode === 'quick', pending, key }
}

/** Caches the exports that detections make. */
export async function cacheFoundExports(
  { pending, isQuick }: PendingCaches,
  findings: HomeFindings,
  { isWritten }: { readonly isWritten: boolean },
  host: Host,
): Promise<void> {
  await updateExports(pending, { ...findings, isQuick, isWritten }, host)
}

/** Caches what shells and TAB read, unless the cache key has changed meanwhile. */
export async function cacheScripts(
  { home, configFile, python, pending, key }: PendingCaches,
  { isWhole }: { readonly isWhole: boolean },
  host: Host,
): Promise<void> {
  const place = { home, configFile }
  const { checked } = await describeCacheKey(place, host)
  const now = renderDetectionKey(place, checked, host)
  if (now !== key) return
  await saveHomeScript(home, checked, host).catch(() => undefined)
  await renewWords(home, pending.cacheKey.checked.definitions.files, host)
  const { files } = checked.definitions
  const mark = { home, detectionKey: now, searchPath: host.env.PATH, files, python }
  if (isWhole) await saveSyncMark(mark, host).catch(() => undefined)
}
