import { errorMessage } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import type { HttpRequest, HttpResponse } from '../../platform/http.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import type { Caller } from '../../security/access.ts'
import type { AuditLine, WriteResult } from '../../security/audit-log.ts'
import type { HomeContext } from '../server-state.ts'
import type { Hashes } from './commit-write.ts'

export interface Denial {
  readonly request: HttpRequest
  readonly refusal: HttpResponse
  /** Nobody known unless said otherwise. */
  readonly caller?: Caller
}

type Recorder = Pick<HomeContext, 'audit' | 'host' | 'log'>

const writing = ['PUT', 'PATCH', 'DELETE']

/** Puts on record that somebody wanted to write and may not. Requests that write nothing are left out. */
export async function recordDenial(
  { request, refusal, caller = { kind: 'anonymous' } }: Denial,
  context: Recorder,
): Promise<void> {
  if (!writing.includes(request.method)) return
  const { host } = context
  const written = {
    name: host.randomName(),
    request,
    caller,
    status: refusal.status,
    outcome: 'denied',
    reason: null,
    hashes: { before: null, after: null },
  } as const
  await recordRefusal(toAuditLine(written, host), context)
}

/** Puts on record that nothing was changed. When that cannot be, the log tells it loudly: there is nothing to undo. */
export async function recordRefusal(
  line: AuditLine,
  { audit, log }: Pick<HomeContext, 'audit' | 'log'>,
): Promise<void> {
  log({ event: 'written', ...line })
  try {
    await audit.add(line)
  } catch (error) {
    log({ event: 'unrecorded', error: errorMessage(error) })
  }
}

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
