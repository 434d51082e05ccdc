import { healthAddressOf, requestOneByOne } from '../../../detection/services/requests.ts'
import { isTrustedHome } from '../../../detection/services/services.ts'
import { valueAtPointer } from '../../../lib/json/json-value.ts'
import { parsePlainJson } from '../../../lib/json/parse-plain-json.ts'
import { limits } from '../../../lib/limits.ts'
import { toCleanText } from '../../../lib/text/text.ts'
import type { Host } from '../../../platform/host.ts'
import type { WebResponse } from '../../../platform/http.ts'
import { entriesOf, type Snapshot } from '../../../registry/snapshot.ts'
import { type CreateMeasure, type InUnit, listMetrics, type Measure, type MetricSample } from '../sampler.ts'

/**
 * Metrics that services tell. They are asked as for their health: on this machine alone, in a home that is trusted, and
 * none that came over the network.
 */
export const createSourceMeasure: CreateMeasure = ({ home }, host): Measure => {
  return async snapshot => {
    const metrics = listMetrics(snapshot).flatMap(({ id, entry: { source } }) =>
      source === undefined ? [] : [{ id, source, place: findAddress(source, snapshot) }],
    )
    if (metrics.length === 0) return new Map()
    const refusal = (await isTrustedHome({ home, snapshot }, ['dashboard', 'microservices'], host))
      ? undefined
      : 'services of a home that is not trusted are not requested'
    const addresses = [...new Set(metrics.flatMap(({ place }) => ('address' in place ? place.address : [])))]
    const answers = refusal === undefined ? await requestAll(addresses, host) : new Map()
    const at = host.clock.now()
    return new Map(
      metrics.map(({ id, source, place }): [string, MetricSample] => {
        if ('reason' in place) return [`metric/${id}`, { at, value: null, reason: place.reason }]
        const answer = answers.get(place.address)
        const read =
          answer === undefined
            ? ({ value: null, reason: refusal ?? `${place.address} was not requested` } as const)
            : readNumber(answer, { address: place.address, pointer: source.pointer })
        return [`metric/${id}`, { at, ...read }]
      }),
    )
  }
}

type Source = NonNullable<ReturnType<typeof listMetrics>[number]['entry']['source']>
type Place = { readonly address: string } | { readonly reason: string }

function findAddress({ microservice, path }: Source, snapshot: Snapshot): Place {
  const services = entriesOf(snapshot, 'microservices')
  const service = Object.hasOwn(services, microservice) ? services[microservice] : undefined
  if (service === undefined) return { reason: `there is no microservice ${microservice}` }
  const { url, 'x-upstream': upstream } = service
  if (upstream !== undefined) {
    return { reason: `the address of ${microservice} came from ${upstream}, and is not requested` }
  }
  const address = healthAddressOf({ url, health_endpoint: path })
  return address === undefined ? { reason: `the entry of ${microservice} names no address` } : { address }
}

async function requestAll(
  addresses: readonly string[],
  host: Host,
): Promise<ReadonlyMap<string, WebResponse | undefined>> {
  const ask = async (url: string): Promise<[string, WebResponse]> => [
    url,
    await host.sendRequest({
      url,
      reach: { kind: 'loopback' },
      headers: { accept: 'application/json' },
      timeoutMs: limits.healthTimeoutMs,
      maxBytes: limits.healthBytes,
      isBodyKept: true,
      signal: host.interrupted,
    }),
  ]
  const late: WebResponse = { outcome: 'timed-out' }
  const toLate = (url: string): [string, WebResponse] => [url, late]
  // An interruption ends the turn of all: then nobody waits for the numbers.
  const asked = requestOneByOne(addresses, { check: ask, totalMs: limits.healthTotalMs, toLate }, host)
  return new Map(await asked.catch(() => addresses.map(toLate)))
}

/** The number that an answer holds at a place, or why there is none. Nothing else is taken for a number. */
function readNumber(
  answer: WebResponse,
  { address, pointer }: { readonly address: string; readonly pointer: string },
): InUnit {
  if (answer.outcome !== 'answered') return nothing(`${address} ${explainSilence(answer)}`)
  if (answer.status !== 200) return nothing(`${address} responds with ${answer.status}`)
  const parsed = parsePlainJson(new TextDecoder().decode(answer.body))
  if (parsed === undefined) return nothing(`${address} responds with invalid JSON`)
  const value = valueAtPointer(parsed.value, pointer)
  if (typeof value === 'number') return { value }
  return nothing(`${address} has ${describe(value)} at ${pointer || 'its root'}, where a number is expected`)
}

function nothing(reason: string): InUnit {
  return { value: null, reason }
}

function explainSilence(answer: Exclude<WebResponse, { outcome: 'answered' }>): string {
  switch (answer.outcome) {
    case 'refused':
      return 'does not respond: nothing listens there'
    case 'failed':
      return `does not respond: ${toCleanText(answer.reason)}`
    case 'too-large':
      return `responds with more than ${limits.healthBytes / 1024} KiB`
    case 'timed-out':
      return `did not respond within ${limits.healthTimeoutMs / 1000} s`
    case 'out-of-reach':
      return 'is not on this machine, and only this machine is queried'
  }
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (typeof value === 'string') return 'a text'
  if (typeof value === 'boolean') return `${value}`
  return Array.isArray(value) ? 'a list' : 'an object'
}
