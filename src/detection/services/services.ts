import { limits } from '../../lib/limits.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host, RequestHost } from '../../platform/host.ts'
import type { WebResponse } from '../../platform/http.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { Microservice } from '../../registry/schema/microservice.ts'
import { detectedRegistryNames, type TrustedRegistryName } from '../../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../../registry/snapshot.ts'
import { evaluateTrust, loadedHashes } from '../../security/trust.ts'
import { healthAddressOf, requestOneByOne, sendTimedRequest } from './requests.ts'

/** The health of a service. `reason` is a sentence without its full stop. */
export type ServiceHealth =
  | { readonly status: 'up'; readonly latencyMs: number | null }
  | {
      readonly status: 'down' | 'unknown'
      readonly latencyMs: number | null
      readonly reason: string
      /** What to do about it. */
      readonly hint: string
    }

/** Queries the health address of a service, on this machine only. */
async function requestService(address: string, host: RequestHost): Promise<ServiceHealth> {
  const request = { url: address, reach: { kind: 'loopback' }, timeoutMs: limits.healthTimeoutMs } as const
  const { response, latencyMs } = await sendTimedRequest(request, host)
  return { latencyMs, ...evaluateResponse(response, address) }
}

function unknownHealth(reason: string, hint: string): ServiceHealth {
  return { status: 'unknown', latencyMs: null, reason, hint }
}

type ServiceResult =
  | { readonly status: 'up' }
  | { readonly status: 'down' | 'unknown'; readonly reason: string; readonly hint: string }

function evaluateResponse(response: WebResponse, address: string): ServiceResult {
  const start = `Start it: it is expected at ${address}`
  switch (response.outcome) {
    case 'answered':
      if (response.status === 200) return { status: 'up' }
      return {
        status: 'down',
        reason: `${address} responds with ${response.status}`,
        hint: 'See its log; it must respond with 200',
      }
    case 'refused':
      return { status: 'down', reason: `nothing listens at ${address}`, hint: start }
    case 'failed':
      if (response.isOurs) {
        const reason = `${address} could not be queried: ${toCleanText(response.reason)}`
        return { status: 'unknown', reason, hint: 'See `ulimit -n` and what this machine is busy with' }
      }
      return {
        status: 'down',
        reason: `${address} does not respond: ${toCleanText(response.reason)}`,
        hint: start,
      }
    case 'too-large':
    case 'timed-out':
      return {
        status: 'unknown',
        reason: `${address} did not respond within ${limits.healthTimeoutMs / 1000} s`,
        hint: 'See its log, or start it again',
      }
    case 'out-of-reach':
      return {
        status: 'unknown',
        reason: `${address} is not on this machine, and only this machine is checked`,
        hint: `Ask it yourself: curl ${toShellWord(address)}`,
      }
  }
}

export interface ServicesRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Which services to check; the default is all. */
  readonly isWanted?: (id: string) => boolean
}

export interface ServiceCheck {
  readonly health: ServiceHealth
  /** Its health address, queried or not; undefined when its entry has none. */
  readonly address: string | undefined
  /** Milliseconds since 1970. */
  readonly checkedAt: number
  /** How long the check took, in milliseconds; null without a request. */
  readonly durationMs: number | null
}

/**
 * Checks the health of the services of a home. Sends no request that the user has not reviewed: none to services of a home
 * that is not trusted, and none to those that came over the network.
 */
export async function checkServices(
  { home, snapshot, isWanted = () => true }: ServicesRequest,
  host: Host,
): Promise<ReadonlyMap<string, ServiceCheck>> {
  const services = Object.entries(entriesOf(snapshot, 'microservices')).filter(([id]) => isWanted(id))
  if (services.length === 0) return new Map()
  const isTrusted = await isTrustedHome({ home, snapshot }, ['microservices'], host)
  const checkService = async ([id, service]: Service): Promise<[string, ServiceCheck]> => {
    const address = healthAddressOf(service)
    const refusal =
      explainRefusal(service, { home, isTrusted }) ?? (address === undefined ? unnamed : undefined)
    const start = host.clock.elapsed()
    const health = refusal || address === undefined ? undefined : await requestService(address, host)
    const durationMs = health === undefined ? null : host.clock.elapsed() - start
    return [id, { health: health ?? refusal ?? unnamed, address, checkedAt: host.clock.now(), durationMs }]
  }
  const toLate = ([id, service]: Service): [string, ServiceCheck] => [
    id,
    { health: late, address: healthAddressOf(service), checkedAt: host.clock.now(), durationMs: null },
  ]
  return new Map(
    await requestOneByOne(services, { check: checkService, totalMs: limits.healthTotalMs, toLate }, host),
  )
}

type Service = readonly [id: string, service: Microservice]

const unnamed = unknownHealth('its entry has no health path', 'Name one as health_endpoint in its entry')

const late = unknownHealth(
  `there was no time to check it: the services before it took ${limits.healthTotalMs / 1000} s`,
  'Start those that do not respond, or remove them',
)

/** Whether requests may be sent from here that some files of a home declare. Those with its commands count as well. */
export async function isTrustedHome(
  { home, snapshot }: Pick<ServicesRequest, 'home' | 'snapshot'>,
  names: readonly TrustedRegistryName[],
  host: Host,
): Promise<boolean> {
  return (
    await evaluateTrust(home, loadedHashes(snapshot.registries, [...detectedRegistryNames, ...names]), host)
  ).isTrusted
}

/** Why a service gets no request; undefined when it gets one. */
function explainRefusal(
  { 'x-upstream': upstream }: Microservice,
  { home, isTrusted }: { readonly home: RegistryHome; readonly isTrusted: boolean },
): ServiceHealth | undefined {
  if (upstream !== undefined) {
    const hint = 'Check it yourself: addresses from the network get no requests'
    return unknownHealth(`its address came over the network (${upstream}), and gets no request`, hint)
  }
  if (isTrusted) return undefined
  const reason = 'services of a home that is not trusted are not checked'
  return unknownHealth(reason, `nexus-registry trust ${toShellWord(home.directory)}`)
}
