import { NexusError, systemErrorCode } from '../../lib/errors.ts'
import type { FullResponse, HttpResponse } from '../../platform/http.ts'
import { CommitError } from '../../registry/home/update-home.ts'
import { registryFiles } from '../../registry/schema/names.ts'
import { toJsonResponse } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import type { RegistryCall } from '../revision.ts'
import type { WriteOutcome } from '../schema/index.ts'
import type { HomeContext } from '../server-state.ts'
import { RecordError, recordUnmade, toAuditLine, type WrittenResult } from './audit.ts'
import { type CommittedWrite, commitWrite, type RefusedWrite } from './commit-write.ts'
import { type Change, isReader, parseWriteRequest, type WriteRequest } from './write-request.ts'

/** Handles a request that writes. Responds when the write was made or refused, and the audit log says so. */
export async function handleWrite(
  kind: Change['kind'],
  call: RegistryCall,
  context: HomeContext,
): Promise<HttpResponse> {
  const { catalog, host, log } = context
  const name = host.randomName()
  const toLine = (result: WrittenResult) =>
    toAuditLine({ name, request: call.request, caller: call.caller, ...result }, host)
  const refuse = async ({ answer, hashes }: Pick<RefusedWrite, 'answer' | 'hashes'>) => {
    const { status } = answer
    const outcome = status === 403 ? 'denied' : 'refused'
    await recordUnmade(toLine({ status, outcome, reason: toReason(answer), hashes }), context)
    return answer
  }
  const write = parseWriteRequest(kind, call)
  if ('refusal' in write) return refuse({ answer: write.refusal, hashes: noHashes })
  const toDoneLine = ({ result, hashes }: Pick<CommittedWrite, 'result' | 'hashes'>) =>
    toLine({ status: toStatus(write, { result }), outcome: result, reason: null, hashes })
  const { snapshot } = call.revision
  try {
    const decision = await commitWrite(write, { snapshot, toLine: toDoneLine }, context)
    if (decision.kind === 'refused') return refuse(decision)
    if (decision.result === 'unchanged') await recordUnmade(decision.line, context)
    else log({ event: 'written', ...decision.line })
    await catalog.refresh()
    return toSuccess(write, decision)
  } catch (error) {
    const answer = explainError(error)
    const reason = error instanceof NexusError ? error.message : 'a defect'
    const result = { status: answer?.status ?? 500, outcome: 'failed', reason, hashes: noHashes } as const
    await recordUnmade(toLine(result), context)
    if (answer === undefined) throw error
    return answer
  }
}

const noHashes = { before: null, after: null } as const

function toReason({ body }: FullResponse): string | null {
  const problem: unknown = JSON.parse(String(body))
  const detail: unknown =
    typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'detail') : undefined
  return typeof detail === 'string' ? detail : null
}

function toStatus(write: WriteRequest, { result }: Pick<CommittedWrite, 'result'>): 200 | 201 | 204 {
  if (result === 'created') return 201
  return isReader(write) ? 200 : 204
}

/** The response to a write that was made. It has no body for a caller that may not read the registry. */
function toSuccess(write: WriteRequest, { result, etag, warnings }: CommittedWrite): FullResponse {
  const { registry, change } = write
  const location = result === 'created' ? { location: toLocation(write) } : {}
  const status = toStatus(write, { result })
  if (!isReader(write)) return { status, headers: { 'cache-control': 'no-store', ...location }, body: '' }
  const tag = etag === undefined ? {} : { etag }
  const id = change.kind === 'document' ? null : change.id
  const outcome: WriteOutcome = { outcome: result, registry, id, ...tag, warnings: [...warnings] }
  return toJsonResponse(outcome, { status, headers: { ...tag, ...location } })
}

function toLocation({ registry, change }: WriteRequest): string {
  return change.kind === 'document'
    ? `/registries/${registryFiles[registry]}`
    : `/registries/${registry}/${encodeURIComponent(change.id)}`
}

/** The response to a write that failed; undefined for a bug. Only the log names paths and system errors. */
function explainError(error: unknown): FullResponse | undefined {
  if (!(error instanceof NexusError)) return undefined
  if (error.code === 'interrupted')
    return toProblem(503, 'the server is about to stop; nothing was changed', { hint: 'Try again later' })
  if (error instanceof RecordError)
    return toProblem(503, 'this write cannot be recorded, so it was not made', { hint: logHint })
  if (error instanceof CommitError)
    return toProblem(503, 'it is unknown whether this write was made', {
      hint: 'GET the current version; the log of the server has the error',
    })
  if (error.code === 'lock')
    return toProblem(503, 'another process is changing the registries; nothing was changed', {
      hint: 'Try again',
      headers: { 'retry-after': '1' },
    })
  if (isDiskFull(error))
    return toProblem(507, 'there is no space left on the disk; nothing was changed', {
      hint: 'Free some space where the registries are',
    })
  return toProblem(503, 'the registries cannot be written here; nothing was changed', { hint: logHint })
}

const logHint = 'The log of the server has the reason'

function isDiskFull({ cause }: NexusError): boolean {
  const code = systemErrorCode(cause)
  return code === 'ENOSPC' || code === 'EDQUOT'
}
