import type { Provider } from '../../registry/schema/provider.ts'
import type { ProviderHealth } from '../schema/provider-health.ts'

/** What is known of a provider, by the last sync. */
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
