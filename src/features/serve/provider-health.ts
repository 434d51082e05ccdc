import type { Provider } from '../../schema/provider.ts'

/** Whether a provider can be used from here, as `GET /health/:provider` tells it. */
export interface ProviderHealth {
  readonly provider: string
  /** As far as known. `unknown`: nobody has looked yet. */
  readonly status: 'ready' | 'not ready' | 'unknown'
  /** Whether what it needs to sign in is here. */
  readonly configured: boolean | null
  /** Whether it answered when it was last asked; null when it was not asked. */
  readonly reachable: boolean | null
  readonly latency_ms: number | null
  /** Ids of its models. */
  readonly models: readonly string[]
  /** ISO 8601, UTC. */
  readonly checked_at: string | null
  /** A sentence whenever something is not as it should be, or was not looked at. */
  readonly reason: string | null
}

export function toProviderHealth(id: string, { models, detected }: Provider): ProviderHealth {
  if (detected === undefined) return toUnseen(id, models)
  const { status, reachable, latency_ms, checked_at, reason } = detected
  const configured = status === 'configured'
  const isReady = configured && reachable !== false
  return {
    provider: id,
    status: isReady ? 'ready' : 'not ready',
    configured,
    reachable,
    latency_ms,
    models,
    checked_at,
    reason,
  }
}

function toUnseen(provider: string, models: readonly string[]): ProviderHealth {
  return {
    provider,
    status: 'unknown',
    configured: null,
    reachable: null,
    latency_ms: null,
    models,
    checked_at: null,
    reason: 'nobody has looked at it yet: nexus-registry sync does',
  }
}
