import { NexusError } from '../../lib/errors.ts'
import type { FileInfo, UserFilesHost } from '../../platform/host.ts'
import { isOwnedByUserOrRoot, openPrivateDirectory, writing } from './directories.ts'
import { claimFile, readPrivateFile } from './files.ts'

/** A file of lines that grows, and begins anew when it is large. The one before is kept beside it. */
export interface LineLog {
  /** Absolute path. Its directory is for this user only. */
  readonly path: string
  /** Size from which it begins anew, in bytes. */
  readonly maxBytes: number
  /** For messages, as in "the audit log". */
  readonly what: string
}

/** Another process finishes an interrupted rotation after this time, in milliseconds. */
const rotationMs = 10_000

/**
 * Adds a line to a log, in one write: lines of several processes never mix, and a line that a crash has cut is skipped by
 * readers. Throws a NexusError('write').
 */
export async function appendToLog(log: LineLog, line: string, host: UserFilesHost): Promise<void> {
  await openPrivateDirectory(host.path.dirname(log.path), host)
  await writing(log.path, async () => {
    await openLog(log, host)
    await host.fs.appendLines(log.path, `${line}\n`)
  })
}

/** Lines of a log, the oldest first. Files of other users count as none. */
export async function readLogLines({ path, maxBytes }: LineLog, host: UserFilesHost): Promise<string[]> {
  const texts = await Promise.all(
    [`${path}.1`, path].map(each => readPrivateFile(each, 2 * maxBytes, host).catch(() => undefined)),
  )
  return texts.flatMap(text => (text ?? '').split('\n')).filter(line => line !== '')
}

async function openLog(log: LineLog, host: UserFilesHost): Promise<void> {
  const { path, maxBytes, what } = log
  const info = (await host.fs.lstat(path)) ?? (await makeFile(path, host))
  if (info?.kind !== 'file' || !isOwnedByUserOrRoot(info, host))
    throw new NexusError('write', `${path} is not a file of this user: ${what} is not written`, {
      hint: 'Move it out of the way',
    })
  // Another process may have made it while this one rotated the old one. No other user can: the directory is private.
  if (host.uid !== undefined && (info.mode & 0o077) !== 0) await host.fs.setMode(path, 0o600)
  if (info.size >= maxBytes) await rotate(log, host)
}

async function makeFile(path: string, { fs }: Pick<UserFilesHost, 'fs'>): Promise<FileInfo | undefined> {
  // When another process has made it meanwhile, or has added to it already, it is there all the same.
  const error: unknown = await fs.createFile(path, '', 0o600).catch((cause: unknown) => cause)
  const info = await fs.lstat(path)
  if (info === undefined && error !== undefined) throw error
  return info
}

// Two processes with one log: the second one must not put the file that has just been begun in the old one's place.
async function rotate({ path, maxBytes }: LineLog, host: UserFilesHost): Promise<void> {
  const claim = `${path}.rotating`
  if (!(await claimFile(claim, rotationMs, host))) return
  try {
    const info = await host.fs.lstat(path)
    if (info && info.size >= maxBytes) {
      await host.fs.rename(path, `${path}.1`)
      await makeFile(path, host)
    }
  } finally {
    await host.fs.remove(claim)
  }
}
