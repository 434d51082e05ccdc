import type { Host } from '../../platform/host.ts'
import { type Ref, toRef } from '../../registry/refs.ts'
import type { ProviderDetected, ServiceDetected } from '../../registry/schema/detected.ts'
import type { TargetRegistryName } from '../../registry/schema/names.ts'
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
  /** Registries to look at. */
  readonly names: readonly TargetRegistryName[]
  /** quick: nobody is asked. deep: the addresses of providers are asked too. */
  readonly mode: ProbeMode
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
  /** Which ones are looked at; all of them unless said otherwise. */
  readonly isWanted?: IsWantedTarget | undefined
}

export interface TargetsCheck extends TargetFindings {
  /** Of those that were looked at. */
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
  const looks = [...(await checkProviders({ ...request, ...wanted }, host))]
  return {
    found: Object.fromEntries(looks.map(([id, { detected }]) => [id, detected])),
    timings: looks.map(([id, { detected, durationMs }]) =>
      toTiming(toRef('providers', id), detected.reachable === null ? 'key' : 'address', durationMs),
    ),
  }
}

async function detectServices(
  { home, snapshot, isWanted }: TargetsRequest,
  host: Host,
): Promise<Detections<ServiceDetected>> {
  const isWantedService = (id: string) => isWanted?.('microservices', id) ?? true
  const looks = [...(await checkServices({ home, snapshot, isWanted: isWantedService }, host))]
  const all = looks.map(([, look]) => look)
  // Of a part nothing is remembered: what is not in it would be forgotten.
  const percentiles = isWanted ? new Map() : await rememberLatencies(home.directory, all, host)
  return {
    found: Object.fromEntries(looks.map(([id, look]) => [id, toServiceDetected(look, percentiles)])),
    timings: looks.flatMap(([id, { durationMs }]) =>
      durationMs === null ? [] : [toTiming(toRef('microservices', id), 'health', durationMs)],
    ),
  }
}

function toTiming(ref: Ref, probe: TargetProbe, durationMs: number): Timing {
  return { ref, probe, duration_ms: Math.round(durationMs), cached: false }
}

/** What the file says of a service. `percentiles` are in milliseconds, by address. */
function toServiceDetected(
  { health, address, checkedAt }: ServiceCheck,
  percentiles: ReadonlyMap<string, number>,
): ServiceDetected {
  const percentile = address === undefined ? undefined : percentiles.get(address)
  return {
    status: health.status,
    latency_ms: health.latencyMs,
    ...(percentile === undefined ? {} : { latency_p95_ms: percentile }),
    reason: health.status === 'up' ? null : health.reason,
    checked_at: new Date(checkedAt).toISOString(),
  }
}

const headStartMs = 50

/**
 * Waits until the asking is done, a short while at most. What else this process does from then on would be measured as
 * the time that answers take.
 */
export async function giveHeadStart(asking: Promise<unknown>, { clock }: Pick<Host, 'clock'>): Promise<void> {
  const done = new AbortController()
  const pause = clock.sleep(headStartMs, done.signal).catch(() => undefined)
  // How the asking ends is for whoever awaits its answer.
  await Promise.race([asking.catch(() => undefined), pause])
  done.abort()
}
