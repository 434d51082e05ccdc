import { isJsonObject } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import type { Host, UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, storedName } from '../../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import { type Ref, toRef } from '../../registry/refs.ts'
import type { LocalDetected, ProviderDetected, ServiceDetected } from '../../registry/schema/detected.ts'
import type { TargetRegistryName } from '../../registry/schema/names.ts'
import { entriesOf } from '../../registry/snapshot.ts'
import type { ProbeMode } from '../probe.ts'
import type { TargetProbe, Timing } from '../report.ts'
import { checkRuntimes } from '../runtimes/check-runtimes.ts'
import { checkProviders } from './providers.ts'
import { checkServices, type ServiceCheck, type ServicesRequest } from './services.ts'

/** What was found out about services and providers, by id. */
export interface TargetFindings {
  readonly microservices: Readonly<Record<string, ServiceDetected>>
  readonly providers: Readonly<Record<string, ProviderDetected | LocalDetected>>
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
  /** See `NetworkConfig`. */
  readonly checkCredentials?: readonly string[] | undefined
  /** Which ones are checked; the default is all. */
  readonly isWanted?: IsWantedTarget | undefined
}

export interface TargetsCheck extends TargetFindings {
  /** Of those that were checked. */
  readonly timings: readonly Timing[]
}

interface StartedChecks {
  /** Done when services and hosted providers are checked. */
  readonly measured: Promise<unknown>
  /** Done when everything is. */
  readonly all: Promise<TargetsCheck>
}

/** Detects the targets of requests: which services and local runtimes are up, and which providers can be used. */
export function startTargetChecks(request: TargetsRequest, host: Host): StartedChecks {
  const { names, mode } = request
  const areServicesChecked = names.includes('microservices') && mode !== 'quick'
  const areRuntimesChecked = names.includes('providers') && mode !== 'quick'
  const runtimes = areRuntimesChecked ? detectRuntimes(request, host) : nothing
  const measured = Promise.all([
    areServicesChecked ? detectServices(request, host) : nothing,
    names.includes('providers') ? detectProviders(request, host) : nothing,
  ])
  return { measured, all: Promise.all([measured, runtimes]).then(toTargetsCheck) }
}

type Detected = [
  [Detections<ServiceDetected>, Detections<ProviderDetected>],
  runtimes: Detections<LocalDetected>,
]

function toTargetsCheck([[services, providers], runtimes]: Detected): TargetsCheck {
  return {
    microservices: services.found,
    providers: { ...providers.found, ...runtimes.found },
    timings: [...providers.timings, ...runtimes.timings, ...services.timings],
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

async function detectRuntimes(request: TargetsRequest, host: Host): Promise<Detections<LocalDetected>> {
  const isWanted = (id: string) => request.isWanted?.('providers', id) ?? true
  const checks = [...(await checkRuntimes({ ...request, isWanted }, host))]
  return {
    found: Object.fromEntries(checks.map(([id, { detected }]) => [id, detected])),
    timings: checks.flatMap(([id, { durationMs }]) =>
      durationMs === null ? [] : [toTiming(toRef('providers', id), 'runtime', durationMs)],
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

/** With fewer responses than this, the 95th percentile is the slowest. */
const minLatencies = 20

/**
 * Saves the latencies of services, and returns their 95th percentile by address, in milliseconds. Evicts addresses that no service has any more.
 */
async function rememberLatencies(
  home: string,
  checks: readonly ServiceCheck[],
  host: Host,
): Promise<ReadonlyMap<string, number>> {
  const known = await loadLatencies(home, host)
  const measured = new Map(
    checks.flatMap(({ address, health }): [string, readonly number[]][] => {
      if (address === undefined) return []
      const isWell = health.status === 'up' && health.latencyMs !== null
      return [[address, [...(known.get(address) ?? []), ...(isWell ? [health.latencyMs] : [])]]]
    }),
  )
  await saveLatencies(home, measured, host)
  return new Map(
    [...measured].flatMap(([address, all]): [string, number][] => {
      const percentile =
        all.length < minLatencies ? undefined : percentileOf(all.slice(-limits.latencies), 95)
      return percentile === undefined ? [] : [[address, percentile]]
    }),
  )
}

/** Latencies in milliseconds by address. The latest come last. */
type Latencies = ReadonlyMap<string, readonly number[]>

/** Largest file of latencies that is read, in bytes. */
const latencyBytes = 1024 * 1024

/** Loads the latencies of a home; none when they cannot be read. */
export async function loadLatencies(home: string, host: UserFilesHost): Promise<Latencies> {
  const path = latencyPath(home, host)
  const text = path && (await readPrivateFile(path, latencyBytes, host).catch(() => undefined))
  return text ? parseLatencies(text) : new Map()
}

function parseLatencies(text: string): Latencies {
  try {
    const content: unknown = JSON.parse(text)
    if (!isJsonObject(content)) return new Map()
    return new Map(Object.entries(content).map(([address, all]) => [address, toNumbers(all)]))
  } catch {
    // A broken cache is none.
    return new Map()
  }
}

function toNumbers(value: unknown): number[] {
  const items: unknown[] = Array.isArray(value) ? value : []
  return items.filter(item => typeof item === 'number').filter(item => item >= 0)
}

/** Saves the last latencies of each address. Never rejects: without them percentiles only begin anew. */
async function saveLatencies(home: string, latencies: Latencies, host: UserFilesHost): Promise<void> {
  const path = latencyPath(home, host)
  if (path === undefined) return
  const kept = [...latencies].map(([address, all]) => [address, all.slice(-limits.latencies)])
  const text = JSON.stringify(Object.fromEntries(kept))
  await writePrivateFile(path, text, host, { isDurable: false }).catch(() => undefined)
}

function latencyPath(home: string, host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'latencies', `${storedName(home, host)}.json`)
}

/** The smallest of these numbers that at least `percent` of them do not exceed (nearest rank); undefined of none. */
export function percentileOf(numbers: readonly number[], percent: number): number | undefined {
  const sorted = numbers.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
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
