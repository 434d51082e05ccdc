import { NexusError } from '../lib/errors.ts'
import { limits } from '../lib/limits.ts'
import type { UserFilesHost } from '../platform/host.ts'
import { stateDirectory, storedName } from '../registry/home/directories.ts'
import { appendToLog } from '../registry/home/line-log.ts'
import type { Role } from '../registry/schema/access.ts'
import type { RegistryName } from '../registry/schema/names.ts'

/** The record of who wrote what into a home. */
export interface AuditLog {
  /** Adds a line. Throws a NexusError when it cannot be kept. */
  readonly add: (line: AuditLine) => Promise<void>
}

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
  const path = host.path.join(directory, line.token === null ? 'strangers.ndjson' : 'writes.ndjson')
  await appendToLog({ path, maxBytes: limits.auditBytes, what: 'the audit log' }, JSON.stringify(line), host)
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
  readonly role: Role | 'owner' | null
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
