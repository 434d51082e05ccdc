import type { Host, UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, storedName } from '../../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import type { WatchedFile } from '../../registry/home/watched-file.ts'
import type { Detected } from '../../registry/schema/detected.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { cacheTtlSeconds } from '../../registry/sync-state.ts'
import { type CacheKeyOptions, describeCacheKey, renderDetectionKey } from './cache-key.ts'

/** The detection key, PATH and files of the last complete sync of a home. */
export interface SyncMark {
  /** Registry home, absolute. */
  readonly home: string
  /** See `renderDetectionKey`: which keys of providers are set does not matter. */
  readonly detectionKey: string
  /** PATH as it was spelled, because the paths of detections start with its elements. */
  readonly searchPath: string | undefined
  /** The home's registry files after that sync. Another process may have changed them since. */
  readonly files: readonly WatchedFile[]
  /** Explicit interpreter. */
  readonly python: string | undefined
}

/** Largest mark that is read, in bytes. */
const markBytes = 1024 * 1024

/** Saves the mark of the last complete sync of a home. Does nothing without a cache directory. */
export async function saveSyncMark(mark: SyncMark, host: UserFilesHost): Promise<void> {
  const path = markPath(mark.home, host)
  if (path !== undefined) await writePrivateFile(path, renderMark(mark), host, { isDurable: false })
}

/** Whether the home's files hold the detections of exactly this sync. */
export async function isSyncMark(mark: SyncMark, host: UserFilesHost): Promise<boolean> {
  const path = markPath(mark.home, host)
  const text = path && (await readPrivateFile(path, markBytes, host).catch(() => undefined))
  return text === renderMark(mark)
}

function renderMark({ home, detectionKey: question, searchPath, files, python }: SyncMark): string {
  return JSON.stringify({ home, question, searchPath, files, python })
}

function markPath(home: string, host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'syncs', `${storedName(home, host)}.json`)
}

export interface LastSyncRequest extends Pick<CacheKeyOptions, 'home' | 'configFile' | 'python'> {
  readonly hyper: LoadedRegistry<'hyper'>
  /** Whether a version is needed. A quick sync reads none. */
  readonly needsVersion?: boolean
}

type LastSyncHost = UserFilesHost & Pick<Host, 'cwd'>

/** Whether a detection in the home's files can be used instead of a probe. */
type IsFresh = (detected: Detected | undefined) => boolean

/**
 * Compares the last sync of a home with the current environment, once for any number of detections. They are fresh when
 * PATH, interpreters, configuration and files are the same, and the home's `cache_ttl_seconds` have not passed.
 */
export async function compareLastSync(request: LastSyncRequest, host: LastSyncHost): Promise<IsFresh> {
  const { home, configFile, python } = request
  const { checked } = await describeCacheKey({ home, configFile }, host)
  const { files } = checked.definitions
  const detectionKey = renderDetectionKey({ home, configFile }, checked, host)
  const isSame = await isSyncMark({ home, detectionKey, searchPath: host.env.PATH, files, python }, host)
  return detected => isSame && isRecent(detected, request, host)
}

/** Whether a detection is conclusive, and not older than the home's `cache_ttl_seconds`. */
export function isRecent(
  detected: Detected | undefined,
  { hyper, needsVersion = false }: Pick<LastSyncRequest, 'hyper' | 'needsVersion'>,
  { clock }: Pick<Host, 'clock'>,
): boolean {
  if (detected === undefined || detected.status === 'unknown') return false
  // The next try may read a version that a quick sync skipped or a slow command did not print.
  if (needsVersion && detected.version === null && detected.reason !== null) return false
  const age = clock.now() - Date.parse(detected.checked_at)
  return age >= 0 && age <= cacheTtlSeconds(hyper) * 1000
}
