import type { Host } from '../../platform/host.ts'
import { type Ref, toRef } from '../../registry/refs.ts'
import type { ProviderDetected, ServiceDetected } from '../../registry/schema/detected.ts'
import type { TargetRegistryName } from '../../registry/schema/names.ts'
import { entriesOf } from '../../registry/snapshot.ts'
import type { ProbeMode } from '../probe.ts'
import type { TargetProbe, Timing } from '../report.ts'
import { rememberLatencies } from './latencies.ts'
import { checkProviders } from './providers.ts'
import { checkServices, type ServiceCheck, type ServicesRequest } from './services.ts'

/** What was found out about services and providers, by id. */
export interface TargetFindings {
  readonly microservices: Readonly<Record<string, ServiceDetected>>
  readonly providers: Readonly<Record<string, ProviderDetected>>
}

/** Whether an entry of one of these registries is of interest. */
export type IsWantedTarget = (registry: TargetRegistryName, id: string) => boolean

interface TargetsRequest extends Pick<ServicesRequest, 'home' | 'snapshot'> {
  /** Registries to check. */
  readonly names: readonly TargetRegistryName[]
  /** quick: no requests. deep: the addresses of providers are queried too. */
  readonly mode: ProbeMode
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
  /** Which ones are checked; the default is all. */
  readonly isWanted?: IsWantedTarget | undefined
}

export interface TargetsCheck extends TargetFindings {
  /** Of those that were checked. */
  readonly timings: readonly Timing[]
}

/** Finds out what there is to talk to: which services are up, and which providers can be used. */
export async function checkTargets(request: TargetsRequest, host: Host): Promise<TargetsCheck> {
  const { names, mode } = request
  const areServicesAsked = names.includes('microservices') && mode !== 'quick'
  const [services, providers] = await Promise.all([
    areServicesAsked ? detectServices(request, host) : nothing,
    names.includes('providers') ? detectProviders(request, host) : nothing,
  ])
  return {
    microservices: services.found,
    providers: providers.found,
    timings: [...providers.timings, ...services.timings],
  }
}

interface Detections<Found> {
  readonly found: Readonly<Record<string, Found>>
  readonly timings: readonly Timing[]
}

const nothing = { found: {}, timings: [] } as const

async function detectProviders(request: TargetsRequest, host: Host): Promise<Detections<ProviderDetected>> {
  const { mode, isWanted = () => true } = request
  const wanted = { isDeep: mode === 'deep', isWanted: (id: string) => isWanted('providers', id) }
  const checks = [...(await checkProviders({ ...request, ...wanted }, host))]
  return {
    found: Object.fromEntries(checks.map(([id, { detected }]) => [id, detected])),
    timings: checks.map(([id, { detected, durationMs }]) =>
      toTiming(toRef('providers', id), detected.reachable === null ? 'key' : 'address', durationMs),
    ),
  }
}

async function detectServices(
  { home, snapshot, isWanted }: TargetsRequest,
  host: Host,
): Promise<Detections<ServiceDetected>> {
  const isWantedService = (id: string) => isWanted?.('microservices', id) ?? true
  const checks = [...(await checkServices({ home, snapshot, isWanted: isWantedService }, host))]
  const all = checks.map(([, check]) => check)
  const known = entriesOf(snapshot, 'microservices')
  // Latencies of a part are not saved, because that would evict the others.
  const percentiles = isWanted ? new Map() : await rememberLatencies(home.directory, all, host)
  return {
    found: Object.fromEntries(
      checks.map(([id, check]) => [id, toServiceDetected(check, percentiles, known[id]?.detected)]),
    ),
    timings: checks.flatMap(([id, { durationMs }]) =>
      durationMs === null ? [] : [toTiming(toRef('microservices', id), 'health', durationMs)],
    ),
  }
}

function toTiming(ref: Ref, probe: TargetProbe, durationMs: number): Timing {
  return { ref, probe, duration_ms: Math.round(durationMs), cached: false }
}

/** The detection of a service. `percentiles` are in milliseconds, by address. */
function toServiceDetected(
  { health, address, checkedAt }: ServiceCheck,
  percentiles: ReadonlyMap<string, number>,
  before: ServiceDetected | undefined,
): ServiceDetected {
  const checked_at = new Date(checkedAt).toISOString()
  const last_up_at = health.status === 'up' ? checked_at : before?.last_up_at
  const percentile = address === undefined ? undefined : percentiles.get(address)
  return {
    status: health.status,
    latency_ms: health.latencyMs,
    ...(percentile === undefined ? {} : { latency_p95_ms: percentile }),
    ...(last_up_at === undefined ? {} : { last_up_at }),
    reason: health.status === 'up' ? null : health.reason,
    checked_at,
  }
}

const headStartMs = 50

/**
 * Waits until the requests are done, for a short time at most. Other work of this process would be measured as latency.
 */
export async function giveHeadStart(
  requests: Promise<unknown>,
  { clock }: Pick<Host, 'clock'>,
): Promise<void> {
  const done = new AbortController()
  const pause = clock.sleep(headStartMs, done.signal).catch(() => undefined)
  // Errors belong to the caller that awaits the result.
  await Promise.race([requests.catch(() => undefined), pause])
  done.abort()
}
