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
import { healthAddressOf, requestInTurn, sendTimedRequest } from './requests.ts'

/** How a service is, as far as it told. `reason` is a sentence without its full stop. */
export type ServiceHealth =
  | { readonly status: 'up'; readonly latencyMs: number | null }
  | {
      readonly status: 'down' | 'unknown'
      readonly latencyMs: number | null
      readonly reason: string
      /** What to do about it. */
      readonly hint: string
    }

/** Asks the address that tells whether a service is well. It is asked on this machine alone. */
async function requestService(address: string, host: RequestHost): Promise<ServiceHealth> {
  const request = { url: address, reach: { kind: 'loopback' }, timeoutMs: limits.healthTimeoutMs } as const
  const { answer, latencyMs } = await sendTimedRequest(request, host)
  return { latencyMs, ...evaluateResponse(answer, address) }
}

function unknownHealth(reason: string, hint: string): ServiceHealth {
  return { status: 'unknown', latencyMs: null, reason, hint }
}

type ServiceResult =
  | { readonly status: 'up' }
  | { readonly status: 'down' | 'unknown'; readonly reason: string; readonly hint: string }

function evaluateResponse(answer: WebResponse, address: string): ServiceResult {
  const start = `Start it: it is expected at ${address}`
  switch (answer.outcome) {
    case 'answered':
      if (answer.status === 200) return { status: 'up' }
      return {
        status: 'down',
        reason: `${address} answers with ${answer.status}`,
        hint: 'See its log; it is well when it answers with 200',
      }
    case 'refused':
      return { status: 'down', reason: `nothing listens at ${address}`, hint: start }
    case 'failed':
      if (answer.isOurs) {
        const reason = `${address} could not be asked: ${toCleanText(answer.reason)}`
        return { status: 'unknown', reason, hint: 'See `ulimit -n` and what this machine is busy with' }
      }
      return {
        status: 'down',
        reason: `${address} does not answer: ${toCleanText(answer.reason)}`,
        hint: start,
      }
    case 'too-large':
    case 'timed-out':
      return {
        status: 'unknown',
        reason: `${address} did not answer within ${limits.healthTimeoutMs / 1000} s`,
        hint: 'See its log, or start it again',
      }
    case 'out-of-reach':
      return {
        status: 'unknown',
        reason: `${address} is not on this machine, and only this machine is asked`,
        hint: `Ask it yourself: curl ${toShellWord(address)}`,
      }
  }
}

export interface ServicesRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Which services are of interest; all of them unless said otherwise. */
  readonly isWanted?: (id: string) => boolean
}

export interface ServiceCheck {
  readonly health: ServiceHealth
  /** Where it tells its health, asked or not; undefined when its entry does not say. */
  readonly address: string | undefined
  /** Milliseconds since 1970. */
  readonly checkedAt: number
  /** How long the asking took, in milliseconds; null when it was not asked. */
  readonly durationMs: number | null
}

/**
 * Asks the services of a home whether they are well. What would send a request where the user has not looked is not
 * asked: services of a home that is not trusted, and those that came over the network.
 */
export async function checkServices(
  { home, snapshot, isWanted = () => true }: ServicesRequest,
  host: Host,
): Promise<ReadonlyMap<string, ServiceCheck>> {
  const services = Object.entries(entriesOf(snapshot, 'microservices')).filter(([id]) => isWanted(id))
  if (services.length === 0) return new Map()
  const isTrusted = await isTrustedHome({ home, snapshot }, ['microservices'], host)
  const look = async ([id, service]: Service): Promise<[string, ServiceCheck]> => {
    const address = healthAddressOf(service)
    const refusal =
      explainRefusal(service, { home, isTrusted }) ?? (address === undefined ? unnamed : undefined)
    const start = host.clock.elapsed()
    const asked = refusal || address === undefined ? undefined : await requestService(address, host)
    const durationMs = asked === undefined ? null : host.clock.elapsed() - start
    return [id, { health: asked ?? refusal ?? unnamed, address, checkedAt: host.clock.now(), durationMs }]
  }
  const toLate = ([id, service]: Service): [string, ServiceCheck] => [
    id,
    { health: late, address: healthAddressOf(service), checkedAt: host.clock.now(), durationMs: null },
  ]
  return new Map(await requestInTurn(services, { ask: look, totalMs: limits.healthTotalMs, toLate }, host))
}

type Service = readonly [id: string, service: Microservice]

const unnamed = unknownHealth(
  'its entry names no path that tells its health',
  'Name one as health_endpoint in its entry',
)

const late = unknownHealth(
  `there was no time to ask it: the services before it took ${limits.healthTotalMs / 1000} s`,
  'Start the ones that do not answer, or take them out',
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

/** Why a service is not asked; undefined when it is. */
function explainRefusal(
  { 'x-upstream': upstream }: Microservice,
  { home, isTrusted }: { readonly home: RegistryHome; readonly isTrusted: boolean },
): ServiceHealth | undefined {
  if (upstream !== undefined) {
    const hint = 'See for yourself whether it runs: what came over the network is never asked'
    return unknownHealth(`its address came over the network (${upstream}), and is not asked`, hint)
  }
  if (isTrusted) return undefined
  const reason = 'services of a home that is not trusted are not asked'
  return unknownHealth(reason, `nexus-registry trust ${toShellWord(home.directory)}`)
}
