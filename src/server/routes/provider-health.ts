import { suggest } from '../../lib/text/nearest.ts'
import { toRuntimeCondition } from '../../readiness/local-runtime.ts'
import { findByStatusEndpoint } from '../../registry/dashboard-items.ts'
import { isLocalRuntime, listRuntimeModels } from '../../registry/local-models.ts'
import { hostedDetectionOf, localDetectionOf } from '../../registry/provider-detection.ts'
import type { ProviderDetected } from '../../registry/schema/detected.ts'
import type { Provider } from '../../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import type { ProviderHealth } from '../api-schemas.ts'
import { toJsonResponse } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import { idParameter, problem, type RegistryRoute, response } from '../route.ts'

export const providerHealth: RegistryRoute = {
  method: 'GET',
  path: '/health/:provider',
  summary: 'whether a provider can be used from here: 200 as far as known, 203 not known, 503 not',
  access: 'read',
  registry: 'providers',
  docs: {
    tag: 'health',
    parameters: [{ ...idParameter, name: 'provider', says: 'Id of the provider', example: 'openai' }],
    body: null,
    answers: {
      200: response('It can be used from here, as far as known', 'ProviderHealth'),
      203: response('It was not probed yet', 'ProviderHealth'),
      404: problem('There is no such provider'),
      503: {
        says: 'It cannot be used from here, or nothing can be said',
        content: { 'application/json': ['ProviderHealth'], 'application/problem+json': ['Problem'] },
      },
    },
    example: '/health/openai',
  },
  answer: ({ request, revision, view }) => {
    const id = toProviderId(request.param('provider') ?? '', view.snapshot)
    const { content: providers, quarantined } = revision.snapshot.registries.providers
    if (providers === undefined)
      return toProblem(503, 'providers cannot be read, and there is no copy of it', {
        hint: 'nexus-registry validate shows its errors',
      })
    const provider = Object.hasOwn(providers, id) ? providers[id] : undefined
    if (provider === undefined && quarantined.includes(id))
      return toProblem(503, `the entry ${JSON.stringify(id)} is broken, and left out`, {
        hint: 'nexus-registry validate shows its errors',
      })
    if (provider === undefined)
      return toProblem(404, `there is no provider ${JSON.stringify(id)}`, {
        hint: suggest(id, Object.keys(providers)) ?? 'GET /registries/providers returns all of them',
      })
    const isModelShown = view.readable.has('models')
    const health = toProviderHealth(id, provider, isModelShown)
    return toJsonResponse(health, { status: statuses[health.status] })
  },
}

/** The provider of an id, else the one whose card names this path as its `status_endpoint`. */
function toProviderId(name: string, snapshot: Snapshot): string {
  if (Object.hasOwn(entriesOf(snapshot, 'providers'), name)) return name
  const paths = [`/health/${name}`, `/health/${encodeURIComponent(name)}`]
  return paths.flatMap(path => findByStatusEndpoint(path, snapshot) ?? [])[0] ?? name
}

const statuses: Readonly<Record<ProviderHealth['status'], number>> = {
  ready: 200,
  unknown: 203,
  'not ready': 503,
  'not set up': 503,
}

/** What is known of a provider, by the last sync. */
function toProviderHealth(id: string, provider: Provider, isModelShown: boolean): ProviderHealth {
  if (isLocalRuntime(provider)) return toRuntimeHealth(id, provider, isModelShown)
  const { models } = provider
  const detected = hostedDetectionOf(provider)
  if (detected === undefined) return toUnseen(id, models)
  const { reachable, latency_ms, checked_at, reason } = detected
  return {
    provider: id,
    status: toReadiness(detected),
    configured: detected.status === 'configured',
    reachable,
    latency_ms,
    models,
    checked_at,
    reason,
  }
}

/** A local runtime needs no credential. Its models are those that it has. */
function toRuntimeHealth(id: string, provider: Provider, isModelShown: boolean): ProviderHealth {
  const detected = localDetectionOf(provider)
  const models = isModelShown ? listRuntimeModels(provider).map(model => model.id) : []
  if (detected === undefined) return { ...toUnseen(id, models), status: 'not set up' }
  const { status, latency_ms, checked_at, reason } = detected
  return {
    provider: id,
    status: toRuntimeCondition(provider).status,
    configured: true,
    reachable: status === 'unknown' ? null : status === 'up',
    latency_ms,
    models,
    checked_at,
    reason,
  }
}

function toReadiness({ status, reachable, credential }: ProviderDetected): ProviderHealth['status'] {
  if (status === 'unconfigured') return 'not set up'
  if (reachable === false || credential === 'rejected') return 'not ready'
  return status === 'configured' ? 'ready' : 'unknown'
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
    reason: 'it was not probed yet: run nexus-registry sync',
  }
}
