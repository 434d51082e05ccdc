import type { Host } from '../../platform/host.ts'
import { cacheDirectory, storedName } from '../../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import type { WatchedFile } from '../../registry/home/watched-file.ts'

/** The cache key, PATH and files of the last complete sync of a home. */
export interface SyncMark {
  /** Registry home, absolute. */
  readonly home: string
  /** Text of the `CacheKey`. */
  readonly cacheKey: string
  /** PATH as it was spelled, because the paths of detections start with its elements. */
  readonly searchPath: string | undefined
  /** The home's registry files after that sync. Another process may have changed them since. */
  readonly files: readonly WatchedFile[]
  /** Explicit interpreter. */
  readonly python: string | undefined
}

type MarkHost = Pick<Host, 'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'>

/** Largest mark that is read, in bytes. */
const markBytes = 1024 * 1024

/** Saves the mark of the last complete sync of a home. Does nothing without a cache directory. */
export async function saveSyncMark(mark: SyncMark, host: MarkHost): Promise<void> {
  const path = markPath(mark.home, host)
  if (path !== undefined) await writePrivateFile(path, renderMark(mark), host, { isDurable: false })
}

/** Whether the home's files hold the detections of exactly this sync. */
export async function isSyncMark(mark: SyncMark, host: MarkHost): Promise<boolean> {
  const path = markPath(mark.home, host)
  const text = path && (await readPrivateFile(path, markBytes, host).catch(() => undefined))
  return text === renderMark(mark)
}

function renderMark({ home, cacheKey: question, searchPath, files, python }: SyncMark): string {
  return JSON.stringify({ home, question, searchPath, files, python })
}

function markPath(home: string, host: MarkHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'syncs', `${storedName(home, host)}.json`)
}
