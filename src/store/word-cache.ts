import type { Host } from '../core/host.ts'
import { cacheDirectory } from './directories.ts'
import { writePrivateFile } from './private-file.ts'

/** Longest name of a cache file, in bytes: file systems take 255, and a temporary name is 18 longer. */
const nameBytes = 200

type PlaceHost = Pick<Host, 'env' | 'userHome' | 'path'>
type WriteHost = PlaceHost & Pick<Host, 'fs' | 'uid' | 'clock' | 'randomName'>

/**
 * Where a shell looks for the words of a home. It has to find the name without a process, so each `/` of the home's
 * path becomes `%`. Undefined without a cache directory, for a long path, and for one that has a `%` of its own.
 */
export function wordCachePath(home: string, host: PlaceHost): string | undefined {
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

/** Forgets the words of a home, so that a shell asks for them. */
export async function dropWords(home: string, host: PlaceHost & Pick<Host, 'fs'>): Promise<void> {
  const path = wordCachePath(home, host)
  if (path !== undefined) await host.fs.remove(path)
}
