import type { Host, UserDirectoriesHost, UserFilesHost } from '../platform/host.ts'
import { cacheDirectory, dataDirectory, type RegistryHome } from '../registry/home/directories.ts'
import { writePrivateFile } from '../registry/home/files.ts'
import { type WatchedFile, watchFiles } from '../registry/home/watched-file.ts'
import { registryFiles, registryNames } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { renderWords, toWords } from './words.ts'

/**
 * Keeps the words of a home where shells find them, so that TAB starts no process. The snapshot has to be what the home
 * holds now: after a sync, one that was read after it wrote. Throws a NexusError('write'), and then the old words stand.
 */
export async function saveWords(home: RegistryHome, snapshot: Snapshot, host: UserFilesHost): Promise<void> {
  await keepWords(home.directory, renderWords(toWords(snapshot)), host)
  // A shell believes words that are younger than the registries. These would be, of a file that changed meanwhile.
  if (!(await isCurrent(snapshot, host))) await dropWords(home.directory, host)
  if (home.origin === 'config') await dropDefault(host)
}

async function isCurrent(snapshot: Snapshot, host: UserFilesHost): Promise<boolean> {
  const checks = registryNames.map(async name => {
    const { path, sha256, copy } = snapshot.registries[name]
    const bytes = await host.fs.readBytes(path).catch(() => undefined)
    return (bytes && host.sha256(bytes)) === (copy ? copy.fileSha256 : sha256)
  })
  return (await Promise.all(checks)).every(Boolean)
}

// No shell can tell that a configuration names another home: it would offer the words of the default one for ever.
async function dropDefault(host: UserFilesHost): Promise<void> {
  const directory = dataDirectory(host)
  if (directory !== undefined) await dropWords(directory, host)
}

/** Longest name of a cache file, in bytes: file systems take 255, and a temporary name is 18 longer. */
const nameBytes = 200

type WriteHost = UserDirectoriesHost & Pick<Host, 'fs' | 'uid' | 'clock' | 'randomName'>

/**
 * Where a shell looks for the words of a home. It has to find the name without a process, so each `/` of the home's
 * path becomes `%`. Undefined without a cache directory, for a long path, and for one that has a `%` of its own.
 */
export function wordCachePath(home: string, host: UserDirectoriesHost): string | undefined {
  const directory = cacheDirectory(host)
  if (directory === undefined || home.includes('%')) return undefined
  const name = home.replaceAll('/', '%')
  return new TextEncoder().encode(name).length > nameBytes
    ? undefined
    : host.path.join(directory, 'words', name)
}

/** Keeps the words of a home for shells to read. Throws a NexusError('write'), and then the old ones stand. */
export async function keepWords(home: string, text: string, host: WriteHost): Promise<void> {
  const path = wordCachePath(home, host)
  if (path !== undefined) await writePrivateFile(path, text, host, { isDurable: false })
}

/**
 * Lets shells go on believing words that they believed until a sync wrote into registries: it has changed no word.
 * `before` are these registries as that sync found them. Never rejects: without it the words are asked for once more.
 */
export async function renewWords(
  home: string,
  before: readonly WatchedFile[],
  host: UserDirectoriesHost & Pick<Host, 'fs' | 'clock'>,
): Promise<void> {
  const path = wordCachePath(home, host)
  const words = path && (await host.fs.stat(path).catch(() => undefined))
  if (!path || !words) return
  const now = await watchFiles(
    registryNames.map(name => host.path.join(home, registryFiles[name])),
    host,
  )
  const isWritten = (file: WatchedFile) => before.some(({ path }) => path === file.path)
  const others = now.filter(file => !isWritten(file))
  if ([...before, ...others].some(({ state }) => (state?.modifiedMs ?? 0) > words.mtimeMs)) return
  // Not the time of now: what is changed from here on has to be younger than the words.
  const youngest = Math.max(
    words.mtimeMs,
    ...now.filter(isWritten).map(({ state }) => (state?.modifiedMs ?? 0) + 1),
  )
  await host.fs.setModified(path, youngest).catch(() => undefined)
}

/** Forgets the words of a home, so that a shell asks for them. */
async function dropWords(home: string, host: UserDirectoriesHost & Pick<Host, 'fs'>): Promise<void> {
  const path = wordCachePath(home, host)
  if (path !== undefined) await host.fs.remove(path)
}
