import { errorMessage } from '../../lib/errors.ts'
import type { HttpAnswer } from '../../platform/http-answer.ts'
import type { HttpRequest } from '../../platform/http-request.ts'
import type { AuditLine } from '../../security/audit-line.ts'
import type { Caller } from '../../security/caller.ts'
import type { HomeServing } from '../server-state.ts'
import { toAuditLine } from './to-audit-line.ts'

export interface Denial {
  readonly request: HttpRequest
  readonly refusal: HttpAnswer
  /** Nobody known unless said otherwise. */
  readonly caller?: Caller
}

type Recorder = Pick<HomeServing, 'audit' | 'host' | 'tell'>

const writing = ['PUT', 'PATCH', 'DELETE']

/** Puts on record that somebody wanted to write and may not. Requests that write nothing are left out. */
export async function recordDenial(
  { request, refusal, caller = { kind: 'anonymous' } }: Denial,
  serving: Recorder,
): Promise<void> {
  if (!writing.includes(request.method)) return
  const { host } = serving
  const written = {
    name: host.randomName(),
    request,
    caller,
    status: refusal.status,
    outcome: 'denied',
    reason: null,
    hashes: { before: null, after: null },
  } as const
  await recordRefusal(toAuditLine(written, host), serving)
}

/** Puts on record that nothing was changed. When that cannot be, the log tells it loudly: there is nothing to undo. */
export async function recordRefusal(
  line: AuditLine,
  { audit, tell }: Pick<HomeServing, 'audit' | 'tell'>,
): Promise<void> {
  tell({ event: 'written', ...line })
  try {
    await audit.add(line)
  } catch (error) {
    tell({ event: 'unrecorded', error: errorMessage(error) })
  }
}
