import type { Readiness } from '../../graph/graph.ts'
import type { LatencyRecord } from '../../journal/journal.ts'
import { isHealthChecked, statusEndpointOf } from '../../registry/dashboard-items.ts'
import { hostedDetectionOf } from '../../registry/provider-detection.ts'
import { type Ref, toRef } from '../../registry/refs.ts'
import type { Dashboard } from '../../registry/schema/dashboard.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import { type Card, statesByReadiness } from './dashboard-view.ts'

type Shown = Dashboard['sections']['providers']['entries'][string]

interface ProviderCard {
  readonly id: string
  readonly provider: Provider
  readonly entry: Shown
  readonly readiness: Readiness
}

interface HostedFacts {
  readonly snapshot: Snapshot
  /** What the journal has of response times, the oldest first. */
  readonly latencies: readonly LatencyRecord[]
  /** Milliseconds since 1970. */
  readonly now: number
}

/** What the card of a hosted provider shows: whether it can be used from here, how fast it responds, and its models. */
export function toHostedPart(
  { id, provider, entry, readiness }: ProviderCard,
  { snapshot, latencies, now }: HostedFacts,
): Pick<Card, 'state' | 'provider'> {
  const { models_display, capabilities = [] } = entry
  const { models } = provider
  const isChecked = isHealthChecked(id, snapshot)
  const detected = hostedDetectionOf(provider)
  // What an earlier sync found is no health of now.
  const health = isChecked ? detected : undefined
  return {
    state: statesByReadiness[readiness],
    provider: {
      is_key_set: readiness === 'unknown' ? null : readiness !== 'not set up',
      credential: detected?.credential ?? null,
      is_reachable: health?.reachable ?? null,
      latency_ms: health?.latency_ms ?? null,
      latency_history: toLatencyHistory(toRef('providers', id), latencies, now),
      variables: toList(provider.key_env),
      model_count: countModels(id, snapshot),
      is_health_checked: isChecked,
      status_endpoint: statusEndpointOf(id, snapshot),
      models: models_display ?? models,
      capabilities,
    },
  }
}

/** The response times of the last 24 hours that are shown: one in half an hour. */
const latencyPoints = 48
const latencyPointMs = 30 * 60_000

function toLatencyHistory(ref: Ref, records: readonly LatencyRecord[], now: number): (number | null)[] {
  const points: (number | null)[] = Array.from({ length: latencyPoints }, () => null)
  for (const { time, latencies } of records) {
    const age = now - Date.parse(time)
    const index = latencyPoints - 1 - Math.floor(age / latencyPointMs)
    const latency = Object.hasOwn(latencies, ref) ? latencies[ref] : undefined
    if (latency !== undefined && index >= 0 && index < latencyPoints) points[index] = latency
  }
  return points.some(point => point !== null) ? points : []
}

function toList(names: string | readonly string[] | undefined): readonly string[] {
  return typeof names === 'string' ? [names] : (names ?? [])
}

const modelCounts = new WeakMap<object, ReadonlyMap<string, number>>()

function countModels(provider: string, snapshot: Snapshot): number {
  const models = entriesOf(snapshot, 'models')
  const known = modelCounts.get(models)
  if (known) return known.get(provider) ?? 0
  const counts = new Map<string, number>()
  for (const model of Object.values(models)) counts.set(model.provider, (counts.get(model.provider) ?? 0) + 1)
  modelCounts.set(models, counts)
  return counts.get(provider) ?? 0
}
