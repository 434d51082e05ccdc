import { NexusError } from '../../lib/errors.ts'
import { decodeText } from '../../lib/json/parse-plain-json.ts'
import { limits } from '../../lib/limits.ts'
import type { FileInfo, Host, WriteOptions } from '../../platform/host.ts'
import { explainForeignControl, openPrivateDirectory, writing } from './directories.ts'

type ReplaceHost = Pick<Host, 'fs' | 'path' | 'clock' | 'randomName'>

/**
 * Replaces the text of a file that belongs to no home: the old file or the new one stands at any time, with the same
 * permissions. Throws a NexusError('write') when it is no regular file, or its text is not `before` any more.
 */
export async function replaceFile(
  path: string,
  { before, after }: { before: string; after: string },
  host: ReplaceHost,
): Promise<void> {
  const info = await requireFile(path, host)
  const directory = host.path.dirname(path)
  const prefix = `.${host.path.basename(path)}-`
  const temporary = host.path.join(directory, `${prefix}${host.randomName()}`)
  await writing(path, async () => {
    await sweepTemporaries({ directory, prefix, kind: 'file' }, host)
    try {
      await host.fs.createFile(temporary, after, 0o600)
      await host.fs.setMode(temporary, info.mode & 0o777)
      await requireText(path, before, host)
      await host.fs.rename(temporary, path)
    } catch (error) {
      await host.fs.remove(temporary).catch(() => undefined)
      throw error
    }
    await host.fs.syncDirectory(directory)
  })
}

async function requireFile(path: string, host: ReplaceHost): Promise<FileInfo> {
  const info = await host.fs.lstat(path)
  if (info?.kind === 'file') return info
  const what = info?.kind === 'link' ? 'is a link: only real files are changed' : 'is not a regular file'
  throw new NexusError('write', `${path} ${what}`, { hint: 'Name the file itself' })
}

// There is no lock outside of a home: a change of another program is not overwritten.
async function requireText(path: string, text: string, host: ReplaceHost): Promise<void> {
  const bytes = await host.fs.readBytes(path, limits.fileBytes)
  if (bytes && decodeText(bytes).text === text) return
  throw new NexusError('write', `${path} was changed by another program meanwhile. Nothing was changed`, {
    hint: 'Try again',
  })
}

/** A temporary file or directory whose writer was killed is swept when it is older than this, in milliseconds. */
const leftoverAgeMs = 60_000

interface Temporaries {
  readonly directory: string
  /** Their names: this, and a random name. */
  readonly prefix: string
  readonly kind: 'file' | 'directory'
  /** Names in the directory, where they are known already. */
  readonly names?: readonly string[]
  /** Whether writers set another modification time than that of the write. */
  readonly isBackdated?: boolean
}

/** Removes what killed writers left in a directory. What cannot be removed stays: nothing fails because of it. */
export async function sweepTemporaries(
  { directory, prefix, kind, names, isBackdated }: Temporaries,
  { fs, path, clock }: Pick<Host, 'fs' | 'path' | 'clock'>,
): Promise<void> {
  for (const name of names ?? (await fs.list(directory).catch(() => []))) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{16}$/.test(name.slice(prefix.length))) continue
    const leftover = path.join(directory, name)
    const info = await fs.lstat(leftover).catch(() => undefined)
    if (info?.kind !== kind) continue
    const writtenAt = isBackdated ? info.ctimeMs : info.mtimeMs
    if (clock.now() - writtenAt <= leftoverAgeMs) continue
    const remove = kind === 'file' ? fs.remove : fs.removeTree
    await remove(leftover).catch(() => undefined)
  }
}

type WriteHost = Pick<Host, 'fs' | 'path' | 'uid' | 'clock' | 'randomName'>

/**
 * Writes a file that only this user can read (0600), in a private directory of its own, in one atomic step.
 * Throws a NexusError('write'), and then the old file stays.
 */
export async function writePrivateFile(
  path: string,
  text: string,
  host: WriteHost,
  options: WriteOptions = { isDurable: true },
): Promise<void> {
  const directory = host.path.dirname(path)
  await openPrivateDirectory(directory, host)
  const prefix = `.${host.path.basename(path)}-`
  const temporary = host.path.join(directory, `${prefix}${host.randomName()}`)
  await writing(path, async () => {
    await sweepTemporaries({ directory, prefix, kind: 'file' }, host)
    try {
      await host.fs.createFile(temporary, text, 0o600, options)
      await host.fs.rename(temporary, path)
    } catch (error) {
      await host.fs.remove(temporary).catch(() => undefined)
      throw error
    }
    if (options.isDurable) await host.fs.syncDirectory(directory)
  })
}

/** Text of a file that only this user can have written; undefined when there is none. */
export async function readPrivateFile(
  path: string,
  maxBytes: number,
  host: Pick<Host, 'fs' | 'path' | 'uid'>,
): Promise<string | undefined> {
  const [directory, file] = await Promise.all([host.fs.stat(host.path.dirname(path)), host.fs.lstat(path)])
  if (!directory || !file || !isPrivate(directory, host) || !isPrivate(file, host)) return undefined
  return file.kind === 'file' ? host.fs.readText(path, maxBytes) : undefined
}

function isPrivate(info: FileInfo, host: Pick<Host, 'uid'>): boolean {
  return explainForeignControl(info, host) === undefined
}

type ClaimHost = Pick<Host, 'fs' | 'clock'>

/**
 * Makes a file that says that this process does something; its directory has to be there. False when another one does
 * it, or it cannot be checked. A leftover file expires after `ageMs` milliseconds.
 */
export async function claimFile(path: string, ageMs: number, host: ClaimHost): Promise<boolean> {
  if (await createClaim(path, host)) return true
  const info = await host.fs.lstat(path).catch(() => undefined)
  if (!info || Math.abs(host.clock.now() - info.mtimeMs) <= ageMs) return false
  await host.fs.remove(path).catch(() => undefined)
  return createClaim(path, host)
}

async function createClaim(path: string, { fs, clock }: ClaimHost): Promise<boolean> {
  try {
    await fs.createFile(path, '', 0o600, { isDurable: false })
    // A file server's clock may be another one.
    await fs.setModified(path, clock.now())
    return true
  } catch {
    return false
  }
}
