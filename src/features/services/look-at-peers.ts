import type { Host } from '../../core/host.ts'
import type { ProbeMode } from '../../core/probe.ts'
import type { ProviderDetected, ServiceDetected } from '../../schema/detected.ts'
import type { PeerRegistryName } from '../../schema/names.ts'
import { lookAtProviders } from './look-at-providers.ts'
import { lookAtServices, type ServicesRequest } from './look-at-services.ts'
import { rememberLatencies } from './remember-latencies.ts'
import { toServiceDetected } from './to-service-detected.ts'

/** What was found out about services and providers, by id. */
export interface PeerFindings {
  readonly microservices: Readonly<Record<string, ServiceDetected>>
  readonly providers: Readonly<Record<string, ProviderDetected>>
}

export interface PeersRequest extends Pick<ServicesRequest, 'home' | 'snapshot'> {
  /** Registries to look at. */
  readonly names: readonly PeerRegistryName[]
  /** quick: nobody is asked. deep: the addresses of providers are asked too. */
  readonly mode: ProbeMode
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
}

/** Finds out what there is to talk to: which services are up, and which providers can be used. */
export async function lookAtPeers(request: PeersRequest, host: Host): Promise<PeerFindings> {
  const { names, mode } = request
  const areServicesAsked = names.includes('microservices') && mode !== 'quick'
  const [services, providers] = await Promise.all([
    areServicesAsked ? detectServices(request, host) : {},
    names.includes('providers') ? lookAtProviders({ ...request, isDeep: mode === 'deep' }, host) : [],
  ])
  return { microservices: services, providers: Object.fromEntries(providers) }
}

async function detectServices(
  { home, snapshot }: PeersRequest,
  host: Host,
): Promise<PeerFindings['microservices']> {
  const looks = await lookAtServices({ home, snapshot }, host)
  const percentiles = await rememberLatencies(home.directory, [...looks.values()], host)
  return Object.fromEntries([...looks].map(([id, look]) => [id, toServiceDetected(look, percentiles)]))
}
