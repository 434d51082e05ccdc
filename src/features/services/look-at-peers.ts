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

/** Whether an entry of one of these registries is of interest. */
export type IsWantedPeer = (registry: PeerRegistryName, id: string) => boolean

export interface PeersRequest extends Pick<ServicesRequest, 'home' | 'snapshot'> {
  /** Registries to look at. */
  readonly names: readonly PeerRegistryName[]
  /** quick: nobody is asked. deep: the addresses of providers are asked too. */
  readonly mode: ProbeMode
  /** See `NetworkConfig`. */
  readonly allowPrivate: readonly string[]
  /** Which ones are looked at; all of them unless said otherwise. */
  readonly isWanted?: IsWantedPeer | undefined
}

/** Finds out what there is to talk to: which services are up, and which providers can be used. */
export async function lookAtPeers(request: PeersRequest, host: Host): Promise<PeerFindings> {
  const { names, mode, isWanted = () => true } = request
  const areServicesAsked = names.includes('microservices') && mode !== 'quick'
  const [services, providers] = await Promise.all([
    areServicesAsked ? detectServices(request, host) : {},
    names.includes('providers')
      ? lookAtProviders(
          { ...request, isDeep: mode === 'deep', isWanted: id => isWanted('providers', id) },
          host,
        )
      : [],
  ])
  return { microservices: services, providers: Object.fromEntries(providers) }
}

async function detectServices(
  { home, snapshot, isWanted }: PeersRequest,
  host: Host,
): Promise<PeerFindings['microservices']> {
  const isWantedService = (id: string) => isWanted?.('microservices', id) ?? true
  const looks = await lookAtServices({ home, snapshot, isWanted: isWantedService }, host)
  // Of a part nothing is remembered: what is not in it would be forgotten.
  const percentiles = isWanted
    ? new Map()
    : await rememberLatencies(home.directory, [...looks.values()], host)
  return Object.fromEntries([...looks].map(([id, look]) => [id, toServiceDetected(look, percentiles)]))
}
