import { errorMessage, NexusError, systemErrorCode } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import type { FileInfo, Host, UserDirectoriesHost } from '../../platform/host.ts'

type XdgVariable = 'XDG_CACHE_HOME' | 'XDG_STATE_HOME' | 'XDG_CONFIG_HOME' | 'XDG_DATA_HOME'

const applicationName = 'nexus-registry'

/** Where caches are kept; undefined without HOME and XDG_CACHE_HOME, as with the others below. */
export function cacheDirectory(host: UserDirectoriesHost): string | undefined {
  return findDirectory('XDG_CACHE_HOME', ['.cache'], host)
}

/** Where trust and tokens are kept. */
export function stateDirectory(host: UserDirectoriesHost): string | undefined {
  return findDirectory('XDG_STATE_HOME', ['.local', 'state'], host)
}

/** Where the user's configuration may be. */
export function configDirectory(host: UserDirectoriesHost): string | undefined {
  return findDirectory('XDG_CONFIG_HOME', ['.config'], host)
}

/** The default registry home. */
export function dataDirectory(host: UserDirectoriesHost): string | undefined {
  return findDirectory('XDG_DATA_HOME', ['.local', 'share'], host)
}

// XDG Base Directory Specification: "All paths set in these environment variables must be absolute. If an
// implementation encounters a relative path […] it should consider the path invalid and ignore it."
function findDirectory(
  variable: XdgVariable,
  fallback: readonly string[],
  host: UserDirectoriesHost,
): string | undefined {
  const named = host.env[variable]
  if (named && host.path.isAbsolute(named)) return host.path.join(named, applicationName)
  if (!host.userHome || !host.path.isAbsolute(host.userHome)) return undefined
  return host.path.join(host.userHome, ...fallback, applicationName)
}

/**
 * Makes a directory that only this user can enter (0700), or checks the one that is there.
 * Throws a NexusError when it belongs to another user, can be written by others, or cannot be made.
 */
export async function openPrivateDirectory(path: string, host: Pick<Host, 'fs' | 'uid'>): Promise<void> {
  await writing(path, () => host.fs.makeDirectory(path, 0o700))
  const info = await requireOwnDirectory(path, host)
  if (host.uid !== undefined && (info.mode & 0o077) !== 0)
    await writing(path, () => host.fs.setMode(path, 0o700))
}

async function requireOwnDirectory(path: string, host: Pick<Host, 'fs' | 'uid'>): Promise<FileInfo> {
  const [entry, target] = await Promise.all([host.fs.lstat(path), host.fs.stat(path)])
  if (!entry || target?.kind !== 'directory')
    throw new NexusError('write', `${path} is not a directory`, { hint: 'Move it out of the way' })
  // A link that another user planted could lead to any directory of this user.
  const isForeignLink = host.uid !== undefined && entry.uid !== host.uid && entry.kind === 'link'
  const reason = isForeignLink ? 'is a link of another user' : explainForeignControl(target, host)
  if (!reason) return target
  throw new NexusError('write', `${path} ${reason}: it is not used`, {
    hint: `Remove it, or make it yours alone: chown and chmod 700 ${toShellWord(path)}`,
  })
}

/**
 * Why another user could change this file or directory, the end of a sentence; undefined when no other can.
 * What root owns counts as safe: root can change everything anyway.
 */
export function explainForeignControl(info: FileInfo, host: Pick<Host, 'uid'>): string | undefined {
  if (!isOwnedByUserOrRoot(info, host)) return `belongs to another user (uid ${info.uid})`
  // Windows has access lists and no permission bits.
  if (host.uid !== undefined && (info.mode & 0o022) !== 0) return 'can be written by other users'
  return undefined
}

export function isOwnedByUserOrRoot(info: FileInfo, host: Pick<Host, 'uid'>): boolean {
  return host.uid === undefined || info.uid === host.uid || info.uid === 0
}

const freeSpace = 'Free some space there and try again'
const otherHome = 'Choose a place that you may write to, with --home or NEXUS_REGISTRY_HOME'
const fileInTheWay = {
  what: 'a part of that path is a file, where a directory is needed',
  hint: 'Move that file out of the way, or name another place',
}

const explanations: Readonly<Record<string, { what: string; hint: string }>> = {
  ENOSPC: { what: 'no space is left on the disk', hint: freeSpace },
  EDQUOT: { what: 'your disk quota is used up', hint: freeSpace },
  EROFS: { what: 'the file system is read-only', hint: otherHome },
  ENOTDIR: fileInTheWay,
  // Node's recursive mkdir, when the last parent is the file.
  EEXIST: fileInTheWay,
  EACCES: {
    what: 'you may not write there',
    hint: 'Check with `ls -ld` who owns it and who may write to it',
  },
  EPERM: {
    what: 'the system does not permit it',
    hint: 'Check with `ls -ld` who owns it and who may write to it',
  },
}

/** Says what could not be written, where, and what to do. Anything but a system's error comes back as it is. */
function toWriteError(path: string, error: unknown): unknown {
  const code = systemErrorCode(error)
  // Node's own codes, like ERR_INVALID_ARG_TYPE, are our defects.
  if (error instanceof NexusError || code === undefined || code.startsWith('ERR_')) return error
  const { what, hint } = explanations[code] ?? {
    what: errorMessage(error),
    hint: 'Check the place and try again',
  }
  return new NexusError('write', `${path} could not be written: ${what}. Nothing was changed`, {
    hint,
    cause: error,
  })
}

/** Does something that writes to `path`; the system's errors become a `NexusError('write')`. */
export async function writing<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    throw toWriteError(path, error)
  }
}

/** Does something with a file that another process may have moved away: false when it was not there. */
export async function unlessMissing(operation: () => Promise<void>): Promise<boolean> {
  try {
    await operation()
    return true
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** The directory that holds the nine registry files, and who named it. */
export interface RegistryHome {
  /** Absolute path. */
  readonly directory: string
  readonly origin: 'flag' | 'environment' | 'config' | 'default' | 'shipped'
  /** Why the shipped registries are read instead of the default home, a sentence without its full stop. */
  readonly whyShipped?: string
}

/** File name for what belongs to a text, like the path of a home or a cache key. */
export function storedName(text: string, { sha256 }: Pick<Host, 'sha256'>): string {
  return sha256(text).slice(0, 32)
}

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
