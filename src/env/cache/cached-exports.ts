import type { UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, openPrivateDirectory, storedName } from '../../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import { type CachedExports, parseCacheEntry, renderCacheEntry, type ShellExports } from './cache-entry.ts'
import { writeExportScripts } from './export-scripts.ts'

/** Most answers kept: terminals and virtual environments in use at the same time. */
export const maxCachedExports = 16

/** Largest answer that is read, in bytes. */
const maxEntryBytes = 1024 * 1024

/** What a writer that was killed has left is swept when it is older than this. */
const leftoverAgeMs = 60_000

/** The answer to this very question; undefined when there is none, or it cannot be read or believed. */
export async function findCachedExports(
  question: string,
  host: UserFilesHost,
): Promise<CachedExports | undefined> {
  const directory = cachedExportsDirectory(question, host)
  const answer = directory === undefined ? undefined : await readCachedExports(directory, host)
  return answer?.question === question ? answer : undefined
}

/** Too old, or from a clock that was ahead. */
export function isStale(answer: CachedExports, now: number): boolean {
  const age = now - answer.checkedAt
  return age < 0 || age > answer.ttlSeconds * 1000
}

/** All answers that are kept, newest first. */
export async function listCachedExports(host: UserFilesHost): Promise<CachedExports[]> {
  const kept = await readAll(host)
  return kept.flatMap(({ answer }) => answer ?? [])
}

/**
 * Keeps an answer, and drops those that were used longest ago. An answer in use is renewed whenever it is stale, so the
 * time that it was looked for says when it was used, and reading needs no write.
 * Without a cache directory nothing happens. Throws a NexusError('write') when it cannot be kept.
 */
export async function cacheExports(
  answer: CachedExports,
  shells: ShellExports | undefined,
  host: UserFilesHost,
): Promise<void> {
  const directory = cachedExportsDirectory(answer.question, host)
  if (directory === undefined) return
  await openPrivateDirectory(host.path.dirname(directory), host)
  const file = host.path.join(directory, 'answer.json')
  await writePrivateFile(file, renderCacheEntry(answer), host, { isDurable: false })
  if (shells) await writeExportScripts(directory, { answer, shells }, host)
  const all = await readAll(host)
  const surplus = all.filter(kept => kept.answer).slice(maxCachedExports)
  const broken = all.filter(kept => !kept.answer)
  for (const kept of surplus) await host.fs.removeTree(kept.directory)
  for (const kept of broken) await removeOld(kept.directory, host)
}

/** Lets shells give an answer that is kept, when what they were left with does not let them any more. */
export async function keepForShells(
  answer: CachedExports,
  shells: ShellExports,
  host: UserFilesHost,
): Promise<void> {
  const directory = cachedExportsDirectory(answer.question, host)
  if (directory !== undefined) await writeExportScripts(directory, { answer, shells }, host)
}

/** Drops all answers, because what no question names has changed: what is trusted. Never rejects. */
export async function evictCachedExports(host: UserFilesHost): Promise<void> {
  const directory = exportsCacheDirectory(host)
  if (directory !== undefined) await host.fs.removeTree(directory).catch(() => undefined)
}

/** Where an answer lies, and what belongs to it; undefined without a cache directory. */
export function cachedExportsDirectory(question: string, host: UserFilesHost): string | undefined {
  const directory = exportsCacheDirectory(host)
  return directory && host.path.join(directory, storedName(question, host))
}

interface StoredExports {
  readonly directory: string
  readonly answer: CachedExports | undefined
}

async function readAll(host: UserFilesHost): Promise<StoredExports[]> {
  const parent = exportsCacheDirectory(host)
  if (parent === undefined) return []
  const names = await host.fs.list(parent).catch(() => [])
  const directories = names.sort().map(name => host.path.join(parent, name))
  const kept = await Promise.all(
    directories.map(async directory => ({ directory, answer: await readCachedExports(directory, host) })),
  )
  const now = host.clock.now()
  return kept.sort((a, b) => lastUse(b, now) - lastUse(a, now))
}

// What is not an answer, or comes from a clock that was ahead, goes first.
function lastUse({ answer }: StoredExports, now: number): number {
  return answer === undefined || answer.checkedAt > now ? 0 : answer.checkedAt
}

// A file that cannot be read costs a detection, no more.
async function readCachedExports(directory: string, host: UserFilesHost): Promise<CachedExports | undefined> {
  const file = host.path.join(directory, 'answer.json')
  const text = await readPrivateFile(file, maxEntryBytes, host).catch(() => undefined)
  return text === undefined ? undefined : parseCacheEntry(text)
}

// A young one may be what another process is writing right now.
async function removeOld(path: string, host: UserFilesHost): Promise<void> {
  const info = await host.fs.lstat(path)
  if (info && host.clock.now() - info.mtimeMs > leftoverAgeMs) await host.fs.removeTree(path)
}

function exportsCacheDirectory(host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory === undefined ? undefined : host.path.join(directory, 'answers')
}
