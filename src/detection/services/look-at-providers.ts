import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { Reach } from '../../platform/web-request.ts'
import type { RegistryHome } from '../../registry/home/home.ts'
import type { ProviderDetected } from '../../registry/schema/detected.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import { askInTurn } from './ask-in-turn.ts'
import { askProvider, type ProviderReach } from './ask-provider.ts'
import { findKey, type KeyFinding } from './find-key.ts'
import { isTrustedHome } from './look-at-services.ts'

export interface ProvidersRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Whether their addresses are asked too. */
  readonly isDeep: boolean
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
  /** Which providers are of interest; all of them unless said otherwise. */
  readonly isWanted?: (id: string) => boolean
}

export interface ProviderLook {
  readonly detected: ProviderDetected
  /** In milliseconds. */
  readonly durationMs: number
}

/** Finds out which providers can be used from here: whether a key is set, and of a deep look whether they answer. */
export async function lookAtProviders(
  request: ProvidersRequest,
  host: Host,
): Promise<ReadonlyMap<string, ProviderLook>> {
  const { snapshot, isWanted = () => true } = request
  const providers = Object.entries(entriesOf(snapshot, 'providers')).filter(([id]) => isWanted(id))
  const isTrusted = request.isDeep && (await isTrustedHome(request, ['providers'], host))
  const reachOf = async (provider: Provider): Promise<ProviderReach> => {
    if (!request.isDeep) return notAsked(null)
    if (!isTrusted) return notAsked('providers of a home that is not trusted are not asked')
    return askProvider(provider, toReach(provider, request), host)
  }
  const stamp = ([id, provider]: Entry, reach: ProviderReach, start: number): [string, ProviderLook] => {
    const detected = toDetected(findKey(provider, host.env), reach, host.clock.now())
    return [id, { detected, durationMs: host.clock.elapsed() - start }]
  }
  const asking = {
    ask: async (entry: Entry) => {
      const start = host.clock.elapsed()
      return stamp(entry, await reachOf(entry[1]), start)
    },
    totalMs: limits.providerTotalMs,
    toLate: (entry: Entry) => stamp(entry, late, host.clock.elapsed()),
  }
  return new Map(await askInTurn(providers, asking, host))
}

type Entry = readonly [id: string, provider: Provider]

const late = notAsked(
  `there was no time to ask it: the providers before it took ${limits.providerTotalMs / 1000} s`,
)

function notAsked(reason: string | null): ProviderReach {
  return { reachable: null, latencyMs: null, reason }
}

// What the user lists is for what the user wrote: an address from the network leads to the internet alone.
function toReach(provider: Provider, { allowPrivate }: ProvidersRequest): Reach {
  return { kind: 'public', alsoPrivate: provider['x-upstream'] === undefined ? allowPrivate : [] }
}

function toDetected(
  key: KeyFinding,
  { reachable, latencyMs, reason }: ProviderReach,
  checkedAt: number,
): ProviderDetected {
  const reasons = ['reason' in key ? key.reason : null, reason].filter(text => text !== null)
  return {
    status: 'reason' in key ? 'unconfigured' : 'configured',
    key_env: key.kind === 'set' ? key.variable : null,
    reachable,
    latency_ms: latencyMs,
    reason: reasons.length === 0 ? null : reasons.join('; '),
    checked_at: new Date(checkedAt).toISOString(),
  }
}
