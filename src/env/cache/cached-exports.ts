import type { UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, openPrivateDirectory, storedName } from '../../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import { type CachedExports, parseCacheEntry, renderCacheEntry, type ShellExports } from './cache-entry.ts'
import { writeExportScripts } from './export-scripts.ts'

/** Most cache entries: terminals and virtual environments in use at the same time. */
export const maxCachedExports = 16

/** Largest cache entry that is read, in bytes. */
const maxEntryBytes = 1024 * 1024

/** Files of a killed writer are removed when they are older than this. */
const leftoverAgeMs = 60_000

/** The exports that are cached for a cache key; undefined when there are none, or the entry is not valid. */
export async function findCachedExports(
  cacheKey: string,
  host: UserFilesHost,
): Promise<CachedExports | undefined> {
  const directory = cachedExportsDirectory(cacheKey, host)
  const cached = directory === undefined ? undefined : await readCachedExports(directory, host)
  return cached?.cacheKey === cacheKey ? cached : undefined
}

/** Too old, or from a clock that was ahead. */
export function isStale(cached: CachedExports, now: number): boolean {
  const age = now - cached.checkedAt
  return age < 0 || age > cached.ttlSeconds * 1000
}

/** All cached exports, newest first. */
export async function listCachedExports(host: UserFilesHost): Promise<CachedExports[]> {
  const entries = await readAll(host)
  return entries.flatMap(({ cached }) => cached ?? [])
}

/**
 * Writes a cache entry, and evicts the entries that were used longest ago. Exports in use are renewed whenever they are
 * stale, so the time of their detection is also the time of their use, and reading needs no write.
 * Does nothing without a cache directory. Throws a NexusError('write') when the entry cannot be written.
 */
export async function cacheExports(
  cached: CachedExports,
  shells: ShellExports | undefined,
  host: UserFilesHost,
): Promise<void> {
  const directory = cachedExportsDirectory(cached.cacheKey, host)
  if (directory === undefined) return
  await openPrivateDirectory(host.path.dirname(directory), host)
  const file = host.path.join(directory, 'answer.json')
  await writePrivateFile(file, renderCacheEntry(cached), host, { isDurable: false })
  if (shells) await writeExportScripts(directory, { cached, shells }, host)
  const entries = await readAll(host)
  const surplus = entries.filter(entry => entry.cached).slice(maxCachedExports)
  const broken = entries.filter(entry => !entry.cached)
  for (const entry of surplus) await host.fs.removeTree(entry.directory)
  for (const entry of broken) await removeOld(entry.directory, host)
}

/** Writes the scripts of cached exports again, because those in the cache do not fit the current shell. */
export async function cacheForShells(
  cached: CachedExports,
  shells: ShellExports,
  host: UserFilesHost,
): Promise<void> {
  const directory = cachedExportsDirectory(cached.cacheKey, host)
  if (directory !== undefined) await writeExportScripts(directory, { cached, shells }, host)
}

/** Evicts everything, because trust has changed, which is in no cache key. Never rejects. */
export async function evictCachedExports(host: UserFilesHost): Promise<void> {
  const directory = exportsCacheDirectory(host)
  if (directory !== undefined) await host.fs.removeTree(directory).catch(() => undefined)
}

/** Directory of a cache entry with its scripts; undefined without a cache directory. */
export function cachedExportsDirectory(cacheKey: string, host: UserFilesHost): string | undefined {
  const directory = exportsCacheDirectory(host)
  return directory && host.path.join(directory, storedName(cacheKey, host))
}

interface StoredExports {
  readonly directory: string
  readonly cached: CachedExports | undefined
}

async function readAll(host: UserFilesHost): Promise<StoredExports[]> {
  const parent = exportsCacheDirectory(host)
  if (parent === undefined) return []
  const names = await host.fs.list(parent).catch(() => [])
  const directories = names.sort().map(name => host.path.join(parent, name))
  const entries = await Promise.all(
    directories.map(async directory => ({ directory, cached: await readCachedExports(directory, host) })),
  )
  const now = host.clock.now()
  return entries.sort((a, b) => lastUse(b, now) - lastUse(a, now))
}

// Entries that are not valid, or come from a clock that was ahead, are evicted first.
function lastUse({ cached }: StoredExports, now: number): number {
  return cached === undefined || cached.checkedAt > now ? 0 : cached.checkedAt
}

// An unreadable entry only costs a detection.
async function readCachedExports(directory: string, host: UserFilesHost): Promise<CachedExports | undefined> {
  const file = host.path.join(directory, 'answer.json')
  const text = await readPrivateFile(file, maxEntryBytes, host).catch(() => undefined)
  return text === undefined ? undefined : parseCacheEntry(text)
}

// Another process may be writing a young one right now.
async function removeOld(path: string, host: UserFilesHost): Promise<void> {
  const info = await host.fs.lstat(path)
  if (info && host.clock.now() - info.mtimeMs > leftoverAgeMs) await host.fs.removeTree(path)
}

function exportsCacheDirectory(host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory === undefined ? undefined : host.path.join(directory, 'answers')
}
