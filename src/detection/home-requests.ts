import { listDashboardItems } from '../registry/dashboard-items.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { upstreamHealthAddressOf, upstreamSourcesOf } from '../registry/upstream-source.ts'
import { healthAddressOf, providerAddressOf } from './services/health-address.ts'

/** A request that an entry has sent from this machine. */
export interface OwnRequest {
  /** The entry, metric or registry that declares it. */
  readonly ref: string
  readonly method: 'GET'
  readonly address: string
  /** When it is sent, in a few words. */
  readonly when: string
}

/** All requests that a home declares. What came over the network is left out where it is never requested. */
export function listHomeRequests(snapshot: Pick<Snapshot, 'registries'>): OwnRequest[] {
  return [
    ...listServiceRequests(snapshot),
    ...listProviderRequests(snapshot),
    ...listMetricRequests(snapshot),
    ...listUpstreamRequests(snapshot),
  ]
}

function toRequest(ref: string, address: string, when: string): OwnRequest {
  return { ref, method: 'GET', address, when }
}

function listServiceRequests(snapshot: Pick<Snapshot, 'registries'>): OwnRequest[] {
  return Object.entries(entriesOf(snapshot, 'microservices')).flatMap(([id, service]) => {
    const address = healthAddressOf(service)
    if (address === undefined || service['x-upstream'] !== undefined) return []
    return [toRequest(`microservices/${id}`, address, 'sync, explain')]
  })
}

function listProviderRequests(snapshot: Pick<Snapshot, 'registries'>): OwnRequest[] {
  return Object.entries(entriesOf(snapshot, 'providers')).map(([id, provider]) =>
    toRequest(`providers/${id}`, providerAddressOf(provider), 'sync --deep'),
  )
}

function listMetricRequests(snapshot: Pick<Snapshot, 'registries'>): OwnRequest[] {
  const services = entriesOf(snapshot, 'microservices')
  return listDashboardItems(snapshot).flatMap(item => {
    const source = item.section === 'metrics' ? item.entry.source : undefined
    if (source === undefined || !Object.hasOwn(services, source.microservice)) return []
    const service = services[source.microservice]
    if (service === undefined || service['x-upstream'] !== undefined) return []
    const address = healthAddressOf({ url: service.url, health_endpoint: source.path })
    return address === undefined ? [] : [toRequest(item.ref, address, 'dashboard, serve')]
  })
}

function listUpstreamRequests({ registries }: Pick<Snapshot, 'registries'>): OwnRequest[] {
  return upstreamSourcesOf(registries.hyper).flatMap(source => [
    toRequest(`hyper/${source.name}`, source.url, 'sync'),
    toRequest(`hyper/${source.name}`, upstreamHealthAddressOf(source), 'sync'),
  ])
}
