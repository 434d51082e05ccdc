import type { Dashboard } from '../../registry/schema/dashboard.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import type { Card } from './card.ts'

type Shown = Dashboard['sections']['providers']['entries'][string]

/** Whether a provider can be used from here, and what its card names. */
export function toProviderFacts(
  { detected, models }: Provider,
  { models_display, capabilities = [] }: Shown,
): Pick<Card, 'state' | 'provider'> {
  const isKeySet = detected === undefined ? null : detected.status === 'configured'
  return {
    state: toState(isKeySet, detected?.reachable ?? null),
    provider: {
      is_key_set: isKeySet,
      is_reachable: detected?.reachable ?? null,
      latency_ms: detected?.latency_ms ?? null,
      models: models_display ?? models,
      capabilities,
    },
  }
}

function toState(isKeySet: boolean | null, isReachable: boolean | null): Card['state'] {
  if (isKeySet === null) return 'unknown'
  if (!isKeySet) return 'off'
  return isReachable === false ? 'broken' : 'on'
}
