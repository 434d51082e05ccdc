import { findIncompatible } from '../../core/find-incompatible.ts'
import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { SyncReport } from '../../core/sync-report.ts'
import { detectedRegistryNames, isDetectedRegistry, isObservedRegistry } from '../../schema/names.ts'
import { keepGoodCopies } from '../../store/keep-good-copies.ts'
import { loadSnapshot } from '../../store/load-snapshot.ts'
import { nothingRestored, restoreMissing } from '../../store/restore-missing.ts'
import type { Synced } from '../alert/alert.ts'
import { type DetectionResult, detectInHome } from '../detect/detect.ts'
import { detectablesOf } from '../detect/detectables.ts'
import { giveHeadStart } from '../services/head-start.ts'
import { type IsWantedPeer, lookAtPeers, type PeersLook } from '../services/look-at-peers.ts'
import { keepDetectionStates } from './detection-states.ts'
import { saveDetections } from './save-detections.ts'
import { prepareMemory, type SyncMemory } from './sync-memory.ts'
import type { DetectHomeOptions, SyncOptions } from './sync-options.ts'
import { type SyncScope, toSyncScope } from './sync-scope.ts'
import { toSyncReport } from './to-sync-report.ts'
import type { UpstreamsSynced } from './upstream/sync-upstreams.ts'
import type { UpstreamResult } from './upstream/upstream-result.ts'

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
  const polling = askUpstreams(home, { ...opened, scope }, options, host)
  // What upstreams say of tools is what is looked for; all else need not be waited for.
  const isWaiting = scope.sources.some(
    ({ name }) => isDetectedRegistry(name) && scope.detected.includes(name),
  )
  const looking = isWaiting
    ? polling.then(async () => look(home, { ...(await openHome(home, options, host)), scope }, options, host))
    : look(home, { ...opened, scope }, options, host)
  // Whichever fails: the other one comes to its end, and the home is at rest when this returns.
  await Promise.allSettled([polling, looking])
  const [{ results, notes }, first] = await Promise.all([polling, looking])
  const { notes: others, ...looked } = await lookAgain(first, { home, scope, results }, options, host)
  const { snapshot } = looked
  if (!options.isDryRun) await keepGoodCopies(home.directory, host)
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

interface OpenHome {
  readonly snapshot: Snapshot
  /** Undefined when nothing is looked for. */
  readonly memory: SyncMemory | undefined
}

async function openHome(home: RegistryHome, options: SyncOptions, host: Host): Promise<OpenHome> {
  const isLooking = options.only?.some(isObservedRegistry) ?? true
  const [snapshot, memory] = await Promise.all([
    loadSnapshot(home.directory, host),
    isLooking ? prepareMemory(home, options, host) : undefined,
  ])
  return { snapshot, memory }
}

interface Open extends OpenHome {
  readonly scope: SyncScope
  /** Which services and providers are looked at; all of them unless said otherwise. */
  readonly isWanted?: IsWantedPeer
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
  readonly peers: PeersLook
  readonly notes: readonly string[]
}

async function look(
  home: RegistryHome,
  { snapshot, memory, scope, isWanted }: Open,
  options: SyncOptions,
  host: Host,
): Promise<Looked> {
  const allowPrivate = options.network?.allowPrivate ?? []
  const request = { home, snapshot, names: scope.peers, mode: options.mode, allowPrivate, isWanted }
  const asking = lookAtPeers(request, host)
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
    throw error
  })
  await (isUndisturbed ? memory.keep(found) : memory.keepAnswer(found))
  return { ...looked, notes: [...notes, ...(await keepDetectionStates(names, snapshot, host))] }
}

interface Taken {
  readonly home: RegistryHome
  readonly scope: SyncScope
  readonly results: UpstreamsSynced['results']
}

// What upstreams have changed of services and providers was looked at as it was before, or not at all.
async function lookAgain(
  looked: Looked,
  { home, scope, results }: Taken,
  options: SyncOptions,
  host: Host,
): Promise<Looked> {
  const changed = new Map(scope.peers.map(name => [name, changedIds(results.get(name))]))
  const peers = scope.peers.filter(name => (changed.get(name)?.size ?? 0) > 0)
  if (peers.length === 0 || options.isDryRun) return looked
  const opened = await openHome(home, options, host)
  const isWanted: IsWantedPeer = (name, id) => changed.get(name)?.has(id) ?? false
  const again = await look(
    home,
    { ...opened, scope: { ...scope, detected: [], peers }, isWanted },
    options,
    host,
  )
  return {
    ...looked,
    peers: mergePeers(looked.peers, again.peers),
    notes: [...looked.notes, ...again.notes],
  }
}

function mergePeers(first: PeersLook, second: PeersLook): PeersLook {
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

async function alertOthers(
  synced: Synced,
  { alerts, isDryRun }: SyncOptions,
  host: Host,
): Promise<readonly string[]> {
  if (isDryRun || alerts === undefined || (alerts.webhook ?? alerts.command) === undefined) return []
  const { alert } = await import('../alert/alert.ts')
  return alert(synced, alerts, host)
}
