import {
  detectedRegistryNames,
  isObservedRegistry,
  type PeerRegistryName,
  peerRegistryNames,
  type SubRegistryName,
} from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { type UpstreamSource, upstreamSourcesOf } from '../registry/upstream-source.ts'
import type { SyncOptions } from './sync-options.ts'

/** What a sync has to do. */
export interface SyncScope {
  /** Registries to detect in. */
  readonly detected: readonly (typeof detectedRegistryNames)[number][]
  /** Registries of what is talked to over the network, to look at. */
  readonly peers: readonly PeerRegistryName[]
  /** Upstreams to ask. */
  readonly sources: readonly UpstreamSource[]
  /** Sentences about registries that were named, and for which nothing is done. */
  readonly notes: readonly string[]
}

/** Decides what a sync has to do: `sync_enabled` and the registries that were named say so. A quick one asks nobody. */
export function toSyncScope(
  { registries: { hyper } }: Snapshot,
  { only, mode, network }: Pick<SyncOptions, 'only' | 'mode' | 'network'>,
): SyncScope {
  const isOff = (name: SubRegistryName) => hyper.content?.sub_registries[name]?.sync_enabled === false
  const isWanted = (name: SubRegistryName) => (only?.includes(name) ?? true) && !isOff(name)
  const sources = upstreamSourcesOf(hyper, only)
  return {
    detected: detectedRegistryNames.filter(isWanted),
    peers: peerRegistryNames.filter(isWanted),
    sources: mode === 'quick' || network === undefined ? [] : sources,
    notes: (only ?? []).flatMap(name => {
      if (isOff(name)) return [`${name} stays as it is: its sync_enabled is false in hyper_registry.json`]
      const isIdle = !isObservedRegistry(name) && sources.every(source => source.name !== name)
      return isIdle ? [`${name} stays as it is: it has no url in hyper_registry.json`] : []
    }),
  }
}
