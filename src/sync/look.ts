import type { DetectionResult } from '../detection/detect.ts'
import { giveHeadStart } from '../detection/services/head-start.ts'
import { type IsWantedPeer, lookAtPeers, type PeersLook } from '../detection/services/look-at-peers.ts'
import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { detectedRegistryNames, isObservedRegistry } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { detectHome } from './detect-home.ts'
import { keepDetectionStates } from './detection-states.ts'
import { saveDetections } from './save-detections.ts'
import { prepareMemory, type SyncMemory } from './sync-memory.ts'
import type { SyncOptions } from './sync-options.ts'
import type { SyncScope } from './sync-scope.ts'

/** A home, and the question that looking answers. */
export interface OpenHome {
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

export interface Looking extends OpenHome {
  readonly scope: SyncScope
  /** Which services and providers are looked at; all of them unless said otherwise. */
  readonly isWanted?: IsWantedPeer
}

/** What was found. */
export interface Looked {
  readonly snapshot: Snapshot
  readonly result: DetectionResult
  readonly peers: PeersLook
  readonly notes: readonly string[]
}

/** Looks at this machine and at what it talks to, and writes what was found into the home. */
export async function look(
  home: RegistryHome,
  { snapshot, memory, scope, isWanted }: Looking,
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
    // What was interrupted has not failed.
    if (!host.interrupted.aborted)
      await keepDetectionStates(names, { snapshot, failure: errorMessage(error) }, host)
    throw error
  })
  await (isUndisturbed ? memory.keep(found) : memory.keepAnswer(found))
  return { ...looked, notes: [...notes, ...(await keepDetectionStates(names, { snapshot }, host))] }
}
