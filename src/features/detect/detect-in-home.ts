import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import { openProbeCache } from '../../store/probe-cache.ts'
import { judgeTrust } from '../../store/trust.ts'
import { type DetectionResult, type DetectRequest, detect } from './detect.ts'

export interface HomeRequest extends Omit<DetectRequest, 'cache' | 'isTrusted'> {
  readonly home: RegistryHome
  /** The registries that the entries are from, as they were read. */
  readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks'>
  /** Whether caches are ignored. */
  readonly isForced: boolean
}

export interface HomeDetections extends DetectionResult {
  /** Why the home's own commands may not be executed, a sentence; null when they may. */
  readonly distrust: string | null
}

/** Looks for entries of a home, with what caches know and no more than the home is trusted with. */
export async function detectInHome(request: HomeRequest, host: Host): Promise<HomeDetections> {
  const { home, registries, isForced, ...rest } = request
  const { tools, ml_frameworks: frameworks } = registries
  const [cache, trust] = await Promise.all([
    openProbeCache({ ignore: isForced }, host),
    judgeTrust(home, { tools: tools.sha256, ml_frameworks: frameworks.sha256 }, host),
  ])
  const result = await detect({ ...rest, cache, isTrusted: trust.isTrusted }, host)
  await cache.save()
  return { ...result, distrust: trust.reason }
}
