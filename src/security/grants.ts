import { NexusError } from '../lib/errors.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import type { UserFilesHost } from '../platform/host.ts'
import { stateDirectory } from '../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../registry/home/files.ts'
import { type TrustedRegistryName, trustedRegistryNames } from '../registry/schema/names.ts'

/** A user's word that a home may run its commands and send its requests, as long as the files that declare them are these. */
export interface Grant {
  /** Real path of the home. */
  readonly path: string
  /** When it was given, ISO 8601. */
  readonly granted_at: string
  /**
   * SHA-256 of the texts of each file that are trusted: the current one, and for a while the one before it. A grant of an
   * earlier version, which was for fewer files, has no such field and does not count.
   */
  readonly files: Readonly<Record<TrustedRegistryName, readonly string[]>>
}

const mostBytes = 64 * 1024

/** The grant for a home, by its real path. A damaged one, or one that others could have written, counts as none. */
export async function loadGrant(realPath: string, host: UserFilesHost): Promise<Grant | undefined> {
  const path = grantPath(realPath, host)
  if (!path) return undefined
  const grant = await loadGrantFile(path, host)
  return grant?.path === realPath ? grant : undefined
}

/** All grants, sorted by path. */
export async function loadGrants(host: UserFilesHost): Promise<Grant[]> {
  const directory = grantsDirectory(host)
  if (!directory || !(await host.fs.stat(directory))) return []
  const names = (await host.fs.list(directory)).filter(name => /^[0-9a-f]{64}\.json$/.test(name))
  const grants = await Promise.all(names.map(name => loadGrantFile(host.path.join(directory, name), host)))
  return grants.filter(grant => grant !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Stores a grant. Throws a NexusError when it cannot be kept. */
export async function saveGrant(grant: Grant, host: UserFilesHost): Promise<void> {
  const path = grantPath(grant.path, host)
  if (!path)
    throw new NexusError('trust', 'Trust cannot be kept: neither HOME nor XDG_STATE_HOME is set', {
      hint: 'Set HOME or XDG_STATE_HOME',
    })
  await writePrivateFile(path, `${JSON.stringify(grant, null, 2)}\n`, host)
}

/** Removes a grant; false when there was none. */
export async function removeGrant(realPath: string, host: UserFilesHost): Promise<boolean> {
  const path = grantPath(realPath, host)
  if (!path || !(await host.fs.lstat(path))) return false
  await host.fs.remove(path)
  return true
}

function grantsDirectory(host: UserFilesHost): string | undefined {
  const state = stateDirectory(host)
  return state && host.path.join(state, 'trust')
}

function grantPath(realPath: string, host: UserFilesHost): string | undefined {
  const directory = grantsDirectory(host)
  return directory && host.path.join(directory, `${host.sha256(realPath)}.json`)
}

async function loadGrantFile(path: string, host: UserFilesHost): Promise<Grant | undefined> {
  try {
    const text = await readPrivateFile(path, mostBytes, host)
    return text === undefined ? undefined : parseGrant(JSON.parse(text))
  } catch {
    // An unreadable grant does not count.
    return undefined
  }
}

function parseGrant(content: unknown): Grant | undefined {
  if (!isJsonObject(content)) return undefined
  const { path, granted_at, files } = content
  if (typeof path !== 'string' || typeof granted_at !== 'string' || !isJsonObject(files)) return undefined
  return hasAllFiles(files) ? { path, granted_at, files } : undefined
}

function hasAllFiles(files: Readonly<Record<string, unknown>>): files is Grant['files'] {
  return trustedRegistryNames.every(name => Object.hasOwn(files, name) && isTextList(files[name]))
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(each => typeof each === 'string')
}
