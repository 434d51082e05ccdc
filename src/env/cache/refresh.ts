import { isJsonObject } from '../../lib/json/json-value.ts'
import type { UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory } from '../../registry/home/directories.ts'
import { claimFile, readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import { cachedExportsDirectory } from './cached-exports.ts'

/** Why the last refresh in the background failed. Its own output is lost. */
export interface RefreshFailure {
  /** Milliseconds since 1970. */
  readonly failedAt: number
  /** A sentence. */
  readonly reason: string
}

/** Longest note that is read, in bytes. */
const noteBytes = 16 * 1024

/** Saves the failure for `doctor`. Does nothing without a cache directory. Never rejects. */
export async function saveRefreshFailure(failure: RefreshFailure, host: UserFilesHost): Promise<void> {
  const path = failurePath(host)
  if (path === undefined) return
  const text = JSON.stringify({ failed_at: failure.failedAt, reason: failure.reason })
  await writePrivateFile(path, text, host, { isDurable: false }).catch(() => undefined)
}

/** Undefined when the last refresh succeeded, or none was started. */
export async function loadRefreshFailure(host: UserFilesHost): Promise<RefreshFailure | undefined> {
  const path = failurePath(host)
  const text = path && (await readPrivateFile(path, noteBytes, host).catch(() => undefined))
  return text ? parseFailure(text) : undefined
}

export async function clearRefreshFailure(host: UserFilesHost): Promise<void> {
  const path = failurePath(host)
  if (path !== undefined) await host.fs.remove(path).catch(() => undefined)
}

function parseFailure(text: string): RefreshFailure | undefined {
  try {
    const note: unknown = JSON.parse(text)
    if (!isJsonObject(note) || typeof note.failed_at !== 'number' || typeof note.reason !== 'string')
      return undefined
    return { failedAt: note.failed_at, reason: note.reason }
  } catch {
    return undefined
  }
}

function failurePath(host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'refresh-failure.json')
}

/**
 * The process that creates the claim file refreshes the cached exports beside it, and then removes the file. A refresh that
 * failed or was killed leaves its claim behind, so that others do not retry at once. After this time the claim expires.
 */
const claimAgeMs = 120_000

/** Whether this process may refresh the exports of a cache key. False when another one does, or the claim cannot be written. */
export async function claimRefresh(cacheKey: string, host: UserFilesHost): Promise<boolean> {
  const path = claimPath(cacheKey, host)
  // Without a cache directory there is nothing to refresh.
  return path !== undefined && claimFile(path, claimAgeMs, host)
}

/** Removes the claim after a refresh. */
export async function releaseRefresh(cacheKey: string, host: UserFilesHost): Promise<void> {
  const path = claimPath(cacheKey, host)
  if (path !== undefined) await host.fs.remove(path)
}

function claimPath(cacheKey: string, host: UserFilesHost): string | undefined {
  const directory = cachedExportsDirectory(cacheKey, host)
  return directory && host.path.join(directory, 'refreshing')
}
