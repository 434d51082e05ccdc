import { recordWrites } from '../../journal/record.ts'
import { NexusError, systemErrorCode } from '../../lib/errors.ts'
import type { FullResponse, HttpResponse } from '../../platform/http.ts'
import {
  CommitError,
  type FileChange,
  type HomeContent,
  updateHomeByPlan,
} from '../../registry/home/update-home.ts'
import { type RegistryName, registryFiles, registryNames } from '../../registry/schema/names.ts'
import type { LoadedRegistry, Snapshot } from '../../registry/snapshot.ts'
import type { AuditLine } from '../../security/audit-log.ts'
import { hashesOf, renewTrust } from '../../security/trust.ts'
import {
  createTextValidation,
  type TextFinding,
  type TextValidation,
} from '../../validate/validate-content.ts'
import type { WriteOutcome } from '../api-schemas.ts'
import { toJsonResponse } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import type { RegistryCall } from '../revision.ts'
import type { HomeContext } from '../serve-request.ts'
import {
  type Hashes,
  RecordError,
  recordUnmade,
  recordWrite,
  toAuditLine,
  type WrittenResult,
} from './audit.ts'
import { toShownTag } from './current-state.ts'
import { type Content, evaluateWrite, hasSameRequests } from './evaluate-write.ts'
import { planWrite } from './plan-write.ts'
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
    toLine({ status: toStatus(write, result), outcome: result, reason: null, hashes })
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

function toStatus(write: WriteRequest, result: CommittedWrite['result']): 200 | 201 | 204 {
  if (result === 'created') return 201
  return isReader(write) ? 200 : 204
}

/** The response to a write that was made. It has no body for a caller that may not read the registry. */
function toSuccess(write: WriteRequest, { result, etag, warnings }: CommittedWrite): FullResponse {
  const { registry, change } = write
  const location = result === 'created' ? { location: toLocation(write) } : {}
  const status = toStatus(write, result)
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

/** The result of a write. */
type WriteDecision = CommittedWrite | RefusedWrite

interface CommittedWrite {
  readonly kind: 'done'
  readonly result: 'created' | 'updated' | 'removed' | 'unchanged'
  /** ETag of what GET returns now; undefined for a caller that may not read the registry. */
  readonly etag: string | undefined
  readonly warnings: readonly TextFinding[]
  readonly hashes: Hashes
  /** The line of the audit log. */
  readonly line: AuditLine
}

interface RefusedWrite {
  readonly kind: 'refused'
  readonly answer: FullResponse
  readonly hashes: Hashes
}

interface CommitOptions {
  /** The registries as the server has them. */
  readonly snapshot: Snapshot
  readonly toLine: (done: Pick<CommittedWrite, 'result' | 'hashes'>) => AuditLine
}

/**
 * Makes a write under the lock of its home: reads the current files, decides, records, and puts the new file in place.
 * Throws a NexusError when it cannot, and a CommitError when it is unknown whether the write was made.
 */
async function commitWrite(
  write: WriteRequest,
  { snapshot, toLine }: CommitOptions,
  { home: { directory }, host, audit }: Pick<HomeContext, 'home' | 'host' | 'audit'>,
): Promise<WriteDecision> {
  const names = await findRegularFiles(write, directory, host)
  const validation = createTextValidation(host, snapshot)
  const plan = (locked: HomeContent) => {
    const before = new Map(
      registryNames.map(name => [
        name,
        names.includes(name) ? locked.get(name) : snapshot.registries[name].text,
      ]),
    )
    return decideWrite(write, { before, validation, toLine }, host)
  }
  const beforeCommit = async (changes: readonly FileChange[], { decision }: DecidedWrite) => {
    if (changes.length === 0 || decision.kind !== 'done') return
    await recordWrite(decision.line, audit)
    // Entries that came over HTTP are marked, and marked entries run nothing: trust is renewed. Documents have no marks:
    // with a new address they have to be trusted again.
    if (hasSameRequests(changes, snapshot))
      await renewTrust(directory, hashesOf('before', changes), hashesOf('after', changes), host)
  }
  const done = await updateHomeByPlan(directory, { names, plan }, host, { beforeCommit })
  const { decision } = done.plan
  const token = decision.kind === 'done' ? decision.line.token : null
  // The audit log has it in any case.
  await recordWrites(directory, { by: 'http', token }, done.changes, host)
  return decision
}

interface DecidedWrite {
  readonly decision: WriteDecision
  /** What the update writes. */
  readonly texts: ReadonlyMap<RegistryName, string>
}

interface DecisionBasis extends Pick<CommitOptions, 'toLine'> {
  readonly before: Content
  readonly validation: TextValidation
}

/** Decides about a write by the content that is locked. Changes nothing. */
async function decideWrite(
  write: WriteRequest,
  { before, validation, toLine }: DecisionBasis,
  host: HomeContext['host'],
): Promise<DecidedWrite> {
  const { registry, change } = write
  const { load, validate } = validation
  const current: LoadedRegistry = load(registry, before.get(registry))
  const hashBefore = current.text === undefined ? null : (current.sha256 ?? host.sha256(current.text))
  const refuse = (answer: FullResponse): DecidedWrite => ({
    decision: { kind: 'refused', answer, hashes: { before: hashBefore, after: null } },
    texts: new Map(),
  })
  const plan = planWrite(write, { current, hyper: load('hyper', before.get('hyper')) }, host)
  if (plan.kind === 'refused') return refuse(plan.answer)
  const { text } = plan
  const isSame = text === current.text
  const after = new Map([...before, [registry, text]])
  const { refusal, warnings } = isSame ? unchanged : await evaluateWrite(write, { before, after }, validate)
  if (refusal) return refuse(refusal)
  const hashes = { before: hashBefore, after: isSame ? hashBefore : host.sha256(text) }
  const etag = isReader(write) ? toShownTag(load(registry, text), change, host) : undefined
  const result = isSame ? 'unchanged' : plan.result
  const line = toLine({ result, hashes })
  return {
    decision: { kind: 'done', result, etag, warnings, hashes, line },
    texts: new Map([[registry, text]]),
  }
}

const unchanged = { refusal: undefined, warnings: [] } as const

// An update takes no links. For those the text that the server loaded last is used.
async function findRegularFiles(
  { registry }: WriteRequest,
  directory: string,
  { fs, path }: HomeContext['host'],
): Promise<RegistryName[]> {
  const found = await Promise.all(
    registryNames.map(async name => {
      if (name === registry) return [name]
      const file = path.join(directory, registryFiles[name])
      const info = await fs.lstat(file).catch(() => undefined)
      return info?.kind === 'file' && (await fs.isReadable(file)) ? [name] : []
    }),
  )
  return found.flat()
}
