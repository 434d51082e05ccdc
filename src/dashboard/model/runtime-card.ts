import { toRuntimeCondition } from '../../readiness/local-runtime.ts'
import { listRuntimeModels } from '../../registry/local-models.ts'
import { localDetectionOf } from '../../registry/provider-detection.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import type { Snapshot } from '../../registry/snapshot.ts'
import { type Card, type RuntimeModel, statesByReadiness } from './dashboard-view.ts'

/** What the card of a local runtime shows: whether it is up, its version, and the models that it has. */
export function toRuntimePart(
  provider: Provider,
  capabilities: readonly string[],
  { registries }: Pick<Snapshot, 'registries'>,
): Pick<Card, 'state' | 'facts' | 'provider'> {
  const detected = localDetectionOf(provider)
  const condition = toRuntimeCondition(provider)
  // Who may not see models sees none of these either.
  const models = registries.models.state === 'hidden' ? [] : listRuntimeModels(provider)
  return {
    state: statesByReadiness[condition.status],
    facts: detected
      ? {
          version: detected.version,
          path: null,
          evidence: null,
          reason: condition.status === 'ready' ? detected.reason : condition.reason,
          checked_at: detected.checked_at,
        }
      : null,
    provider: {
      is_key_set: null,
      is_health_checked: true,
      status_endpoint: null,
      is_reachable: detected === undefined || detected.status === 'unknown' ? null : detected.status === 'up',
      latency_ms: detected?.latency_ms ?? null,
      latency_history: [],
      variables: provider.host_env === undefined ? [] : [provider.host_env],
      model_count: models.length,
      models: [],
      capabilities,
      runtime: { models: models.map(toRuntimeModel).sort(compareLoaded) },
    },
  }
}

function toRuntimeModel({
  id,
  size_bytes,
  loaded,
  vram_bytes,
}: ReturnType<typeof listRuntimeModels>[number]): RuntimeModel {
  return { id, size_bytes, loaded, vram_bytes }
}

// The sort is stable: among each other they stay as the runtime lists them.
function compareLoaded(left: RuntimeModel, right: RuntimeModel): number {
  return Number(right.loaded === true) - Number(left.loaded === true)
}
