import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/to-shell-word.ts'
import type { FileInfo, Host } from '../../platform/host.ts'
import { explainForeignControl } from './ownership.ts'
import { writing } from './write-error.ts'

type Surroundings = Pick<Host, 'env' | 'userHome' | 'path'>
type XdgVariable = 'XDG_CACHE_HOME' | 'XDG_STATE_HOME' | 'XDG_CONFIG_HOME' | 'XDG_DATA_HOME'

const applicationName = 'nexus-registry'

/** Where caches are kept; undefined without HOME and XDG_CACHE_HOME, as with the others below. */
export function cacheDirectory(host: Surroundings): string | undefined {
  return findDirectory('XDG_CACHE_HOME', ['.cache'], host)
}

/** Where trust and tokens are kept. */
export function stateDirectory(host: Surroundings): string | undefined {
  return findDirectory('XDG_STATE_HOME', ['.local', 'state'], host)
}

/** Where the user's configuration is looked for. */
export function configDirectory(host: Surroundings): string | undefined {
  return findDirectory('XDG_CONFIG_HOME', ['.config'], host)
}

/** The default registry home. */
export function dataDirectory(host: Surroundings): string | undefined {
  return findDirectory('XDG_DATA_HOME', ['.local', 'share'], host)
}

// XDG Base Directory Specification: "All paths set in these environment variables must be absolute. If an
// implementation encounters a relative path […] it should consider the path invalid and ignore it."
function findDirectory(
  variable: XdgVariable,
  fallback: readonly string[],
  host: Surroundings,
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
  const trouble = isForeignLink ? 'is a link of another user' : explainForeignControl(target, host)
  if (!trouble) return target
  throw new NexusError('write', `${path} ${trouble}: nothing is kept there`, {
    hint: `Remove it, or make it yours alone: chown and chmod 700 ${toShellWord(path)}`,
  })
}
