import type { Host } from '../../platform/host.ts'
import type { HttpRequest } from '../../platform/http-request.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import type { AuditLine, WriteResult } from '../../security/audit-line.ts'
import type { Caller } from '../../security/caller.ts'
import type { Hashes } from './commit-write.ts'

/** A request that writes, and how it ended. */
export interface Written {
  /** Name of the request in the record. */
  readonly name: string
  readonly request: HttpRequest
  readonly caller: Caller
  readonly status: number
  readonly outcome: WriteResult
  readonly reason: string | null
  readonly hashes: Hashes
}

/** Longest text that somebody else chooses and that stands in the record, in characters. */
const longestText = 256

/** The line that goes on record for a write. */
export function toAuditLine(written: Written, { clock }: Pick<Host, 'clock'>): AuditLine {
  const { name, request, caller, status, outcome, reason, hashes } = written
  const id = request.param('id')
  return {
    time: new Date(clock.now()).toISOString(),
    request: name,
    token: caller.kind === 'token' ? caller.tokenId : null,
    role: caller.kind === 'token' ? caller.role : null,
    address: request.remoteAddress ?? null,
    method: request.method,
    registry: parseRegistryName(request.param('registry') ?? '') ?? null,
    id: id === undefined ? null : id.slice(0, longestText),
    status,
    outcome,
    reason: reason === null ? null : reason.slice(0, longestText),
    ...hashes,
  }
}
