import { renewWords } from '../completion/word-cache.ts'
import { type DetectionResult, detectInHome } from '../detection/detect.ts'
import { detectablesOf } from '../detection/detectables.ts'
import {
  checkTargets,
  giveHeadStart,
  type IsWantedTarget,
  type TargetsCheck,
} from '../detection/services/targets.ts'
import { describeCacheKey, renderCacheKey } from '../env/cache/cache-key.ts'
import { saveHomeScript } from '../env/cache/export-scripts.ts'
import { saveSyncMark } from '../env/cache/last-sync.ts'
import { findExports, updateExports } from '../env/exports.ts'
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

/** A home, and the question that looking answers. */
interface OpenHome {
  readonly snapshot: Snapshot
  /** Undefined when nothing is looked for. */
  readonly memory: SyncMemory | undefined
}

/** Reads a home before it is looked at. */
export async function openHome(home: RegistryHome, options: SyncOptions, host: Host): Promise<OpenHome> {
  const isLooking = options.only?.some(isObservedRegistry) ?? true
  const [snapshot, memory] = await Promise.all([
    loadSnapshot(home.directory, host),
    isLooking ? prepareMemory(home, options, host) : undefined,
  ])
  return { snapshot, memory }
}

export interface OpenedHome extends OpenHome {
  readonly scope: SyncScope
  /** Which services and providers are looked at; all of them unless said otherwise. */
  readonly isWanted?: IsWantedTarget
}

/** What was found. */
export interface DetectionRun {
  readonly snapshot: Snapshot
  readonly result: DetectionResult
  readonly peers: TargetsCheck
  readonly notes: readonly string[]
}

/** Looks at this machine and at what it talks to, and writes what was found into the home. */
export async function detectRegistries(
  home: RegistryHome,
  { snapshot, memory, scope, isWanted }: OpenedHome,
  options: SyncOptions,
  host: Host,
): Promise<DetectionRun> {
  const allowPrivate = options.network?.allowPrivate ?? []
  const request = { home, snapshot, names: scope.peers, mode: options.mode, allowPrivate, isWanted }
  const asking = checkTargets(request, host)
  await giveHeadStart(asking, host)
  const [{ notes, ...result }, peers] = await Promise.all([
    detectHome(home, snapshot, { ...options, only: scope.detected }, host),
    asking,
  ])
  const looked = { snapshot, result, peers, notes }
  const names = [...scope.detected, ...scope.peers.filter(name => Object.keys(peers[name]).length > 0)]
  if (options.isDryRun || names.length === 0 || memory === undefined) return looked
  const isWhole = scope.detected.length === detectedRegistryNames.length
  const found = { snapshot, detections: result.detections, peers, isWhole }
  const isUndisturbed = await saveDetections(home, found, host).catch(async error => {
    await memory.keepAnswer(found)
    // What was interrupted has not failed.
    if (!host.interrupted.aborted)
      await keepDetectionStates(names, { snapshot, failure: errorMessage(error) }, host)
    throw error
  })
  await (isUndisturbed ? memory.keep(found) : memory.keepAnswer(found))
  return { ...looked, notes: [...notes, ...(await keepDetectionStates(names, { snapshot }, host))] }
}

/** Detects what the home's registries list, and writes nothing but caches. */
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
 * Remembers how looking for what these registries list went, and why it could not be written if so. A registry that has
 * an upstream is left out: its state tells of that one. Answers with sentences when it cannot be kept.
 */
async function keepDetectionStates(
  names: readonly SubRegistryName[],
  { snapshot, failure = null }: DetectionOutcome,
  host: Host,
): Promise<string[]> {
  const listed = snapshot.registries.hyper.content?.sub_registries
  const own = names.filter(name => listed?.[name]?.url === undefined)
  // Only a failure needs to know what was before: the state of a success tells all.
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

/** Keeps what a sync found for whoever asks the same question later. */
interface SyncMemory {
  /** After what was found, and nothing else, has been written into the home. */
  keep(found: SyncFindings): Promise<void>
  /** When the home could not be written, or another one wrote into it meanwhile: shells can be told all the same. */
  keepAnswer(found: SyncFindings): Promise<void>
}

interface SyncFindings extends HomeFindings {
  /** Whether everything was looked for that can be: a part is no answer. */
  readonly isWhole: boolean
}

/**
 * Asks the question that a sync answers, before the looking begins. An interpreter that was named for this one call
 * makes it another question, which nobody else asks. Caches only cost time when they are not kept.
 */
async function prepareMemory(home: RegistryHome, options: SyncOptions, host: Host): Promise<SyncMemory> {
  const { configFile, python, timeoutMs, isPlain } = options
  const place = { home: home.directory, configFile }
  const pending = await findExports({ ...place, python, timeoutMs, isPlain }, host)
  const asked = renderCacheKey(place, pending.cacheKey.checked, host)
  const isQuick = options.mode === 'quick'
  return {
    keep: async found => {
      if (found.isWhole) await updateExports(pending, { ...found, isQuick, isWritten: true }, host)
      const { text, checked } = await describeCacheKey(place, host)
      if (text !== asked) return
      await saveHomeScript(home.directory, checked, host).catch(() => undefined)
      await renewWords(home.directory, pending.cacheKey.checked.definitions.files, host)
      const { files } = checked.definitions
      const mark = { home: home.directory, cacheKey: text, searchPath: host.env.PATH, files, python }
      if (found.isWhole) await saveSyncMark(mark, host).catch(() => undefined)
    },
    keepAnswer: async found => {
      if (found.isWhole) await updateExports(pending, { ...found, isQuick, isWritten: false }, host)
    },
  }
}
