import { askInTurn } from '../../../detection/services/ask-in-turn.ts'
import { healthAddressOf } from '../../../detection/services/health-address.ts'
import { isTrustedHome } from '../../../detection/services/look-at-services.ts'
import { limits } from '../../../lib/limits.ts'
import type { Host } from '../../../platform/host.ts'
import type { WebAnswer } from '../../../platform/web-request.ts'
import { entriesOf, type Snapshot } from '../../../registry/snapshot.ts'
import type { Measure } from '../sampler.ts'
import type { MetricSample } from '../samples.ts'
import type { CreateMeasure } from './create-measure.ts'
import { listMetrics } from './measured-metrics.ts'
import { readNumber } from './read-number.ts'

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
      : 'services of a home that is not trusted are not asked'
    const addresses = [...new Set(metrics.flatMap(({ place }) => ('address' in place ? place.address : [])))]
    const answers = refusal === undefined ? await askAll(addresses, host) : new Map()
    const at = host.clock.now()
    return new Map(
      metrics.map(({ id, source, place }): [string, MetricSample] => {
        if ('reason' in place) return [`metric/${id}`, { at, value: null, reason: place.reason }]
        const answer = answers.get(place.address)
        const read =
          answer === undefined
            ? ({ value: null, reason: refusal ?? `${place.address} was not asked` } as const)
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
    return { reason: `the address of ${microservice} came from ${upstream}, and is not asked` }
  }
  const address = healthAddressOf({ url, health_endpoint: path })
  return address === undefined ? { reason: `the entry of ${microservice} names no address` } : { address }
}

async function askAll(
  addresses: readonly string[],
  host: Host,
): Promise<ReadonlyMap<string, WebAnswer | undefined>> {
  const ask = async (url: string): Promise<[string, WebAnswer]> => [
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
  const late: WebAnswer = { outcome: 'timed-out' }
  const toLate = (url: string): [string, WebAnswer] => [url, late]
  // An interruption ends the turn of all: then nobody waits for the numbers.
  const asked = askInTurn(addresses, { ask, totalMs: limits.healthTotalMs, toLate }, host)
  return new Map(await asked.catch(() => addresses.map(toLate)))
}
