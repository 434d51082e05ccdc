import type { Role } from '../registry/schema/access.ts'
import type { RegistryName } from '../registry/schema/names.ts'

/** How a write ended. `denied`: by access (401, 403); `refused`: by anything else that the writer can put right. */
export type WriteResult = 'created' | 'updated' | 'removed' | 'unchanged' | 'refused' | 'denied' | 'failed'

/** One line on record for a write that somebody made, or wanted to make. */
export interface AuditLine {
  /** ISO 8601, UTC. */
  readonly time: string
  /** Of several lines of one request, the last one counts. */
  readonly request: string
  /** Id of the token; null for somebody unknown. */
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
  /** SHA-256 of the registry's file before and after; null where there is none, or nothing was changed. */
  readonly before: string | null
  readonly after: string | null
}
