import { NexusError } from '../lib/errors.ts'
import { isJsonObject } from '../lib/json/json-value.ts'
import { limits } from '../lib/limits.ts'
import type { UserFilesHost } from '../platform/host.ts'
import { explainForeignControl, type RegistryHome, stateDirectory } from '../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../registry/home/files.ts'
import type { FileChange } from '../registry/home/update-home.ts'
import {
  mapNames,
  registryFiles,
  type TrustedRegistryName,
  trustedRegistryNames,
} from '../registry/schema/names.ts'
import type { LoadedRegistry } from '../registry/snapshot.ts'

/** Hashes of the files that declare what is started and requested, before or after a change. */
export function hashesOf(state: 'before' | 'after', changes: readonly FileChange[]): TrustHashes {
  const hashOf = (name: TrustedRegistryName) => changes.find(change => change.name === name)?.[state]?.sha256
  return Object.fromEntries(trustedRegistryNames.map(name => [name, hashOf(name)]))
}

/** Hashes of some registries, as they were read. */
export function loadedHashes<Name extends TrustedRegistryName>(
  registries: Readonly<Record<Name, Pick<LoadedRegistry, 'sha256'>>>,
  names: readonly Name[],
): TrustHashes {
  return Object.fromEntries(names.map(name => [name, registries[name].sha256]))
}

/**
 * SHA-256 of files that declare what is started or requested, of the very bytes that were parsed; undefined for a
 * missing one. Pass the hashes of the files that declare what is about to be started or requested.
 */
export type TrustHashes = Readonly<Partial<Record<TrustedRegistryName, string | undefined>>>

interface TrustResult {
  /** Whether what these files declare may be started and requested. */
  readonly isTrusted: boolean
  /** Why not, a sentence; null when it is trusted. */
  readonly reason: string | null
  /** The file that has changed since it was trusted. */
  readonly changed?: TrustedRegistryName
}

const trusted: TrustResult = { isTrusted: true, reason: null }

/**
 * Whether a home may do what some of its files declare: the default one by its place, as long as no other user can write
 * to it, and any home by a grant for exactly these bytes.
 */
export async function evaluateTrust(
  home: RegistryHome,
  hashes: TrustHashes,
  host: UserFilesHost,
): Promise<TrustResult> {
  // A user who can change the shipped files can change the program.
  if (home.origin === 'shipped') return trusted
  const names = trustedRegistryNames.filter(name => hashes[name] !== undefined)
  const reason =
    home.origin === 'default' ? await explainPlace(home.directory, names, host) : 'it is not trusted'
  if (reason === undefined) return trusted
  const grant = await loadGrant(await toRealPath(home.directory, host), host)
  if (!grant) return distrust(`${home.directory} may not run commands or send requests: ${reason}`)
  const changed = names.find(name => !isGranted(grant, name, hashes))
  if (changed === undefined) return trusted
  return { ...distrust(`${registryFiles[changed]} has changed since it was trusted`), changed }
}

function distrust(what: string): TrustResult {
  return { isTrusted: false, reason: `${what}: run nexus-registry trust` }
}

// A file that is missing declares nothing.
function isGranted({ files }: Grant, name: TrustedRegistryName, hashes: TrustHashes): boolean {
  const hash = hashes[name]
  return hash === undefined || files[name].includes(hash)
}

/** Why the default home is not trusted by its place; undefined when it is. */
async function explainPlace(
  directory: string,
  names: readonly TrustedRegistryName[],
  host: UserFilesHost,
): Promise<string | undefined> {
  const files = names.map(name => host.path.join(directory, registryFiles[name]))
  for (const path of [directory, ...files]) {
    const info = await host.fs.stat(path)
    const reason = info && explainForeignControl(info, host)
    if (reason) return `${path} ${reason}`
  }
  return undefined
}

/**
 * Trusts a home as it is now: `hashes` are those of the bytes that the user was shown, without them those on the disk.
 * Returns what was granted. Throws a NexusError when there are no files to trust or the grant cannot be saved.
 */
export async function grantTrust(
  directory: string,
  host: UserFilesHost,
  hashes?: TrustHashes,
): Promise<Grant> {
  const path = await toRealPath(directory, host)
  const known = hashes ?? (await hashFiles(path, host))
  if (trustedRegistryNames.every(name => known[name] === undefined)) {
    throw new NexusError('trust', `${directory} holds no registry that could be trusted`, {
      hint: 'Name a registry home; nexus-registry init DIR creates one',
    })
  }
  const files = mapNames(trustedRegistryNames, name => toList(known[name]))
  const grant = { path, granted_at: new Date(host.clock.now()).toISOString(), files }
  await saveGrant(grant, host)
  return grant
}

/** Takes a grant back; false when there was none. */
export async function revokeTrust(directory: string, host: UserFilesHost): Promise<boolean> {
  const path = grantPath(await toRealPath(directory, host), host)
  if (!path || !(await host.fs.lstat(path))) return false
  await host.fs.remove(path)
  return true
}

/** All grants, sorted by path. */
export async function listTrust(host: UserFilesHost): Promise<Grant[]> {
  const directory = grantsDirectory(host)
  if (!directory || !(await host.fs.stat(directory))) return []
  const names = (await host.fs.list(directory)).filter(name => /^[0-9a-f]{64}\.json$/.test(name))
  const grants = await Promise.all(names.map(name => loadGrantFile(host.path.join(directory, name), host)))
  return grants.filter(grant => grant !== undefined).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/**
 * Lets a grant follow a change that this program makes to a home's files under their lock, which does not touch what
 * they run and request. Call it before the change: until it has happened, both are trusted; older grants are removed.
 */
export async function renewTrust(
  directory: string,
  before: TrustHashes,
  after: TrustHashes,
  host: UserFilesHost,
): Promise<void> {
  const grant = await loadGrant(await toRealPath(directory, host), host)
  if (!grant) return
  const files = mapNames(trustedRegistryNames, name => renew(grant.files[name], before[name], after[name]))
  const renewed = { ...grant, files }
  if (JSON.stringify(renewed) !== JSON.stringify(grant)) await saveGrant(renewed, host)
}

// Only what was trusted hands its trust on.
function renew(
  granted: readonly string[],
  before: string | undefined,
  after: string | undefined,
): readonly string[] {
  if (before === undefined || after === undefined || !granted.includes(before)) return granted
  return toList(after, before)
}

function toList(...hashes: readonly (string | undefined)[]): string[] {
  return [...new Set(hashes.filter(hash => hash !== undefined))]
}

async function hashFiles(directory: string, host: UserFilesHost): Promise<TrustHashes> {
  const hashes = await Promise.all(
    trustedRegistryNames.map(async name => {
      const bytes = await host.fs.readBytes(host.path.join(directory, registryFiles[name]), limits.fileBytes)
      return [name, bytes && host.sha256(bytes)] as const
    }),
  )
  return Object.fromEntries(hashes)
}

// A home that was removed can still lose its grant.
async function toRealPath(directory: string, host: UserFilesHost): Promise<string> {
  return host.fs.realPath(directory).catch(() => host.path.resolve(directory))
}

/** A user's permission for a home to run its commands and send its requests, as long as the files that declare them are these. */
interface Grant {
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

/** Largest file of a grant that is read, in bytes. */
const mostGrantBytes = 64 * 1024

/** The grant for a home, by its real path. A damaged one, or one that others could have written, counts as none. */
async function loadGrant(realPath: string, host: UserFilesHost): Promise<Grant | undefined> {
  const path = grantPath(realPath, host)
  if (!path) return undefined
  const grant = await loadGrantFile(path, host)
  return grant?.path === realPath ? grant : undefined
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
    const text = await readPrivateFile(path, mostGrantBytes, host)
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
