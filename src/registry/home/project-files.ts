import type { Host } from '../../platform/host.ts'
import { dataDirectory } from './directories.ts'

export type ProjectHost = Pick<Host, 'fs' | 'path' | 'env' | 'userHome' | 'platform'>

/**
 * The directory that files of a registry home must not lead out of, a real path: its repository, or else the home
 * itself. Undefined for the default home, which is the user's own: programs that manage dotfiles link its files.
 */
export async function findHomeBounds(directory: string, host: ProjectHost): Promise<string | undefined> {
  const home = dataDirectory(host)
  if (home !== undefined && host.path.resolve(home) === host.path.resolve(directory)) return undefined
  return (await findRepository(directory, host)) ?? host.fs.realPath(directory).catch(() => undefined)
}

/** The repository that a directory is in, a real path: the nearest directory upwards with a `.git`. */
export async function findRepository(
  directory: string,
  host: Pick<Host, 'fs' | 'path'>,
): Promise<string | undefined> {
  const named = await findMarked(directory, host)
  if (named !== undefined) return host.fs.realPath(named)
  // The directory may be a link into a repository.
  const real = await host.fs.realPath(directory).catch(() => undefined)
  return real === undefined || real === directory ? undefined : findMarked(real, host)
}

async function findMarked(
  directory: string,
  { fs, path }: Pick<Host, 'fs' | 'path'>,
): Promise<string | undefined> {
  for (let at = directory; ; at = path.dirname(at)) {
    const mark = await fs.stat(path.join(at, '.git')).catch(() => undefined)
    if (mark !== undefined) return at
    if (path.dirname(at) === at) return undefined
  }
}

/** Reads a file that is not to lead out of its bounds; without bounds it may lead anywhere. */
export async function readWithin(
  bounds: string | undefined,
  file: string,
  maxBytes: number,
  { fs }: Pick<Host, 'fs'>,
): Promise<Uint8Array | undefined> {
  return bounds === undefined ? fs.readBytes(file, maxBytes) : fs.readBytesWithin(bounds, file, maxBytes)
}
