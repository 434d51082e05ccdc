import type { IsWantedPeer, PeersLook } from '../detection/services/look-at-peers.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { type Looked, look, openHome } from './look.ts'
import type { SyncOptions } from './sync-options.ts'
import type { SyncScope } from './sync-scope.ts'
import type { UpstreamsSynced } from './upstream/sync-upstreams.ts'
import type { UpstreamResult } from './upstream/upstream-result.ts'

export interface Taken {
  readonly home: RegistryHome
  readonly scope: SyncScope
  readonly results: UpstreamsSynced['results']
}

/**
 * Looks at those services and providers that upstreams have changed: they were looked at as they were before, or not at
 * all.
 */
export async function lookAgain(
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
