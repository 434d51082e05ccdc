import { NexusError } from '../lib/errors.ts'
import { limits } from '../lib/limits.ts'
import type { FileInfo, UserFilesHost } from '../platform/host.ts'
import {
  isOwnedByUserOrRoot,
  openPrivateDirectory,
  stateDirectory,
  storedName,
  writing,
} from '../registry/home/directories.ts'
import { claimFile } from '../registry/home/files.ts'
import type { Role } from '../registry/schema/access.ts'
import type { RegistryName } from '../registry/schema/names.ts'

/** The record of who wrote what into a home. */
export interface AuditLog {
  /** Adds a line. Throws a NexusError when it cannot be kept. */
  readonly add: (line: AuditLine) => Promise<void>
}

/** Another process finishes an interrupted rotation after this time, in milliseconds. */
const rotationMs = 10_000

/**
 * Opens the audit log of a home, in the state directory. Anonymous writes have a log of their own: however many there
 * are, they push no others out.
 */
export function openAuditLog(home: string, host: UserFilesHost): AuditLog {
  let last: Promise<void> = Promise.resolve()
  return {
    add: line => {
      const added = last.then(() => addLine(home, line, host))
      last = added.catch(() => undefined)
      return added
    },
  }
}

async function addLine(home: string, line: AuditLine, host: UserFilesHost): Promise<void> {
  const directory = await findAuditDirectory(home, host)
  await openPrivateDirectory(directory, host)
  const path = host.path.join(directory, line.token === null ? 'strangers.ndjson' : 'writes.ndjson')
  await writing(path, async () => {
    await openFile(path, host)
    await host.fs.appendLines(path, `${JSON.stringify(line)}\n`)
  })
}

/** Directory of the record of a home, however it is named. */
async function findAuditDirectory(home: string, host: UserFilesHost): Promise<string> {
  const state = stateDirectory(host)
  if (state === undefined)
    throw new NexusError('write', 'Writes cannot be recorded: neither HOME nor XDG_STATE_HOME is set', {
      hint: 'Set XDG_STATE_HOME to a directory of yours',
    })
  const real = await host.fs.realPath(home).catch(() => host.path.resolve(home))
  return host.path.join(state, 'audit', storedName(real, host))
}

async function openFile(path: string, host: UserFilesHost): Promise<void> {
  const info = (await host.fs.lstat(path)) ?? (await makeFile(path, host))
  if (info?.kind !== 'file' || !isOwnedByUserOrRoot(info, host))
    throw new NexusError('write', `${path} is not a file of this user: the audit log is not written`, {
      hint: 'Move it out of the way',
    })
  // Another server may have made it while this one rotated the old one. No other user can: the directory is private.
  if (host.uid !== undefined && (info.mode & 0o077) !== 0) await host.fs.setMode(path, 0o600)
  if (info.size >= limits.auditBytes) await rotate(path, host)
}

async function makeFile(path: string, { fs }: Pick<UserFilesHost, 'fs'>): Promise<FileInfo | undefined> {
  // When another server has made it meanwhile, or has added to it already, it is there all the same.
  const error: unknown = await fs.createFile(path, '', 0o600).catch((cause: unknown) => cause)
  const info = await fs.lstat(path)
  if (info === undefined && error !== undefined) throw error
  return info
}

// Two servers of one home: the second one must not put the file that has just been begun in the old one's place.
async function rotate(path: string, host: UserFilesHost): Promise<void> {
  const claim = `${path}.rotating`
  if (!(await claimFile(claim, rotationMs, host))) return
  try {
    const info = await host.fs.lstat(path)
    if (info && info.size >= limits.auditBytes) {
      await host.fs.rename(path, `${path}.1`)
      await makeFile(path, host)
    }
  } finally {
    await host.fs.remove(claim)
  }
}

/** How a write ended. `denied`: by access (401, 403); `refused`: for any other reason that the writer can fix. */
export type WriteResult = 'created' | 'updated' | 'removed' | 'unchanged' | 'refused' | 'denied' | 'failed'

/** One line of the audit log: a write, or an attempt. */
export interface AuditLine {
  /** ISO 8601, UTC. */
  readonly time: string
  /** Of several lines of one request, the last one counts. */
  readonly request: string
  /** Id of the token; null for an anonymous client. */
  readonly token: string | null
  readonly role: Role | null
  /** Address that it came from; null for a socket in the file system. */
  readonly address: string | null
  readonly method: string
  readonly registry: RegistryName | null
  /** Null for a whole registry. */
  readonly id: string | null
  readonly status: number
  readonly outcome: WriteResult
  /** Why it was not done; null when it was. */
  readonly reason: string | null
  /** SHA-256 of the registry's file before and after; null where there is none, or no change. */
  readonly before: string | null
  readonly after: string | null
}
