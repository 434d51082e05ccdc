import { parseDetection } from '../lib/shell/command-line.ts'
import type { Host } from '../platform/host.ts'
import { listDashboardItems } from '../registry/dashboard-items.ts'
import type { LoadHost } from '../registry/load/load-registry.ts'
import { loadSnapshot } from '../registry/load/load-snapshot.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import { trustedRegistryNames } from '../registry/schema/names.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { upstreamHealthAddressOf, upstreamSourcesOf } from '../registry/upstream-source.ts'
import { loadedHashes, type TrustHashes } from '../security/trust.ts'
import { type Detectable, detectablesOf, isFromUpstream, loadShippedCommands } from './detectables.ts'
import { healthAddressOf, providerAddressOf } from './services/requests.ts'

/** A command or import of an entry that the program does not ship word for word. */
interface OwnCommand {
  readonly ref: Ref
  readonly field: 'detection' | 'version_check' | 'import_name'
  readonly command: string
}

/** What an entry searches without starting a process. */
interface Lookup {
  readonly ref: Ref
  /** `PATH` searches for a program, `python` for an installed module. */
  readonly where: 'PATH' | 'python'
  readonly name: string
}

/** What a home would start and request if it were trusted. */
export interface HomeReview {
  readonly commands: readonly OwnCommand[]
  readonly requests: readonly OwnRequest[]
  /** What is searched in any home, trusted or not. */
  readonly lookups: readonly Lookup[]
  /** Of the very bytes that were reviewed. */
  readonly hashes: TrustHashes
}

/** Reads what there is to trust in a home. Broken entries do nothing, and are not listed. */
export async function reviewHome(
  directory: string,
  host: LoadHost & Pick<Host, 'programRoot'>,
): Promise<HomeReview> {
  // What is trusted is what lies in the home, and no copy of it.
  const [snapshot, isShipped] = await Promise.all([
    loadSnapshot(directory, host, { isStrict: true }),
    loadShippedCommands(host),
  ])
  const detectables = detectablesOf(snapshot)
  const own = detectables.filter(entry => !isShipped(entry) && !isFromUpstream(entry))
  return {
    commands: own.flatMap(commandsOf),
    requests: listHomeRequests(snapshot),
    lookups: detectables.flatMap(lookupsOf),
    hashes: loadedHashes(snapshot.registries, trustedRegistryNames),
  }
}

function commandsOf(detectable: Detectable): OwnCommand[] {
  const { registry, id, entry } = detectable
  const ref = toRef(registry, id)
  const detection = parseDetection(entry.detection)
  // A search of PATH starts nothing; that of a module imports it once it is found.
  const isStarted = !detection.ok || detection.detection.kind !== 'path'
  const imported = registry === 'ml_frameworks' ? detectable.entry.import_name : undefined
  const found = [
    { ref, field: 'detection', command: isStarted ? entry.detection : undefined },
    { ref, field: 'version_check', command: entry.version_check },
    { ref, field: 'import_name', command: imported && `import ${imported}` },
  ] as const
  return found.flatMap(({ command, ...rest }) => (command === undefined ? [] : [{ ...rest, command }]))
}

function lookupsOf(detectable: Detectable): Lookup[] {
  const ref = toRef(detectable.registry, detectable.id)
  const parsed = parseDetection(detectable.entry.detection)
  const modules = detectable.registry === 'ml_frameworks' ? [detectable.entry.import_name] : []
  if (!parsed.ok) return []
  const { detection } = parsed
  if (detection.kind === 'path') return [{ ref, where: 'PATH', name: detection.program }]
  if (detection.kind === 'python') modules.push(detection.module)
  return [...new Set(modules)].map(name => ({ ref, where: 'python', name }))
}

/** A request that an entry has sent from this machine. */
interface OwnRequest {
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
  return Object.entries(entriesOf(snapshot, 'providers')).flatMap(([id, provider]) => {
    const address = providerAddressOf(provider)
    return address === undefined ? [] : [toRequest(`providers/${id}`, address, 'sync --deep')]
  })
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
