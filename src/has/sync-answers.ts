import { describeCacheKey } from '../env/cache/cache-key.ts'
import { isSyncMark } from '../env/cache/last-sync.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { cacheTtlSeconds } from '../registry/sync-state.ts'

type SyncRequest = Pick<HasRequest, 'home' | 'range' | 'python' | 'configFile'> & {
  readonly registries: DetectableRegistries
}

/** Says of an entry whether what the home's file says about it still answers. */
type IsKnownFromSync = (entry: { readonly detected?: Detected | undefined }) => boolean

/**
 * Whether what the home's files say still answers for these surroundings: the last sync found it here, with the same
 * PATH, interpreters, configuration and files, not longer ago than the home's `cache_ttl_seconds`. The surroundings are
 * looked at once, for any number of entries.
 */
export async function createSyncResults(request: SyncRequest, host: Host): Promise<IsKnownFromSync> {
  const home = request.home.directory
  const { text: cacheKey, checked } = await describeCacheKey({ home, configFile: request.configFile }, host)
  const { files } = checked.definitions
  const mark = { home, cacheKey, searchPath: host.env.PATH, files, python: request.python }
  const isCurrent = await isSyncMark(mark, host)
  return ({ detected }) => isCurrent && mayAnswerFromSync(detected, request, host)
}

/** Whether a detection says enough, and is young enough, to answer at all. */
export function mayAnswerFromSync(
  detected: Detected | undefined,
  { range, registries }: Pick<SyncRequest, 'range' | 'registries'>,
  { clock }: Pick<Host, 'clock'>,
): boolean {
  if (detected === undefined || detected.status === 'unknown') return false
  // A quick sync asks no versions, and what was too slow once may not be now.
  if (range !== undefined && detected.version === null && detected.reason !== null) return false
  const age = clock.now() - Date.parse(detected.checked_at)
  return age >= 0 && age <= cacheTtlSeconds(registries.hyper) * 1000
}

export interface HasRequest {
  readonly home: RegistryHome
  /** Id or ref. */
  readonly name: string
  /** Semver range that the version must satisfy. */
  readonly range?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of what an answer belongs to. */
  readonly configFile?: string | undefined
}

/** What `has` reads of a home. */
export type DetectableRegistries = Pick<Snapshot['registries'], 'tools' | 'ml_frameworks' | 'hyper'>
