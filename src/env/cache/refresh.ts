import { isJsonObject } from '../../lib/json/json-value.ts'
import type { UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory } from '../../registry/home/directories.ts'
import { claimFile, readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import { cachedExportsDirectory } from './cached-exports.ts'

/** Why the last refresh in the background failed: nobody has seen it. */
export interface RefreshFailure {
  /** Milliseconds since 1970. */
  readonly failedAt: number
  /** A sentence. */
  readonly reason: string
}

/** Longest note that is read, in bytes. */
const noteBytes = 16 * 1024

/** Keeps a note for `doctor`. Without a cache directory nothing happens; it never rejects. */
export async function saveRefreshFailure(failure: RefreshFailure, host: UserFilesHost): Promise<void> {
  const path = failurePath(host)
  if (path === undefined) return
  const text = JSON.stringify({ failed_at: failure.failedAt, reason: failure.reason })
  await writePrivateFile(path, text, host, { isDurable: false }).catch(() => undefined)
}

/** Undefined when the last one succeeded, or none was started. */
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
 * Who makes this file refreshes the answer beside it, and removes it when that is done. One that was left behind, by a
 * refresh that failed or was killed, keeps others from trying again at once; after this time it counts no more.
 */
const claimAgeMs = 120_000

/** Whether this process may start the refresh of an answer. False when another one has, or it cannot be told. */
export async function claimRefresh(question: string, host: UserFilesHost): Promise<boolean> {
  const path = claimPath(question, host)
  // Where nothing can be written there is nothing to refresh either.
  return path !== undefined && claimFile(path, claimAgeMs, host)
}

/** Lets the next one refresh the answer. */
export async function releaseRefresh(question: string, host: UserFilesHost): Promise<void> {
  const path = claimPath(question, host)
  if (path !== undefined) await host.fs.remove(path)
}

function claimPath(question: string, host: UserFilesHost): string | undefined {
  const directory = cachedExportsDirectory(question, host)
  return directory && host.path.join(directory, 'refreshing')
}
