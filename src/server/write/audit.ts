import { errorMessage, NexusError } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import type { HttpRequest, HttpResponse } from '../../platform/http.ts'
import { parseRegistryName } from '../../registry/refs.ts'
import { type Caller, toAudience } from '../../security/access.ts'
import type { AuditLine, AuditLog, WriteResult } from '../../security/audit-log.ts'
import type { HomeContext } from '../serve-request.ts'

export interface Denial {
  readonly request: HttpRequest
  readonly refusal: HttpResponse
  /** Anonymous by default. */
  readonly caller?: Caller
}

type Recorder = Pick<HomeContext, 'audit' | 'host' | 'log'>

const writing = ['PUT', 'PATCH', 'DELETE']

/** Records a write that the caller may not make. Other requests are not recorded. */
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
  await recordUnmade(toAuditLine(written, host), context)
}

/** Records a write that changed nothing. When the audit log cannot be written, the server's log has an error. */
export async function recordUnmade(
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

/** Thrown when the audit log cannot be written: then the write is not made. */
export class RecordError extends NexusError {}

/** Records a write before it is made. */
export async function recordWrite(line: AuditLine, audit: AuditLog): Promise<void> {
  try {
    await audit.add(line)
  } catch (error) {
    throw error instanceof NexusError ? new RecordError(error.code, error.message, { cause: error }) : error
  }
}

/** SHA-256 of the registry's file. */
export interface Hashes {
  readonly before: string | null
  readonly after: string | null
}

/** A request that writes, and its result. */
interface Written extends WrittenResult {
  /** Name of the request in the audit log. */
  readonly name: string
  readonly request: HttpRequest
  readonly caller: Caller
}

export interface WrittenResult {
  readonly status: number
  readonly outcome: WriteResult
  readonly reason: string | null
  readonly hashes: Hashes
}

/** Longest text in the audit log that a client can choose, in characters. */
const longestText = 256

/** The line of the audit log for a write. */
export function toAuditLine(written: Written, { clock }: Pick<Host, 'clock'>): AuditLine {
  const { name, request, caller, status, outcome, reason, hashes } = written
  const [id, audience] = [request.param('id'), toAudience(caller)]
  return {
    time: new Date(clock.now()).toISOString(),
    request: name,
    token: caller.kind === 'token' ? caller.tokenId : null,
    role: audience === 'anonymous' ? null : audience,
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
