import { NexusError, systemErrorCode } from '../../lib/errors.ts'
import { createPositionIndex } from '../../lib/json/json-node.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { forbiddenKeys } from '../../lib/json/parse-plain-json.ts'
import type { Host } from '../../platform/host.ts'
import type { FullResponse, HttpResponse } from '../../platform/http.ts'
import { decodeText } from '../../registry/load/parse-registry.ts'
import { idSchema } from '../../registry/schema/common.ts'
import { isSubRegistry, registryFiles } from '../../registry/schema/names.ts'
import type { AuditLine } from '../../security/audit-log.ts'
import { toJsonResponse } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import type { RegistryCall } from '../revision.ts'
import type { WriteOutcome } from '../schema/index.ts'
import type { HomeServing } from '../server-state.ts'
import { recordRefusal, toAuditLine, type Written } from './audit.ts'
import { type Committed, commitWrite, type Hashes } from './commit-write.ts'
import { readCurrentState, toTarget } from './current-state.ts'
import { type Change, isReader, parsePrecondition, type WriteRequest } from './write-request.ts'

/** Answers a request that writes, when it has been made or refused and that is on record. */
export async function handleWrite(
  kind: Change['kind'],
  call: RegistryCall,
  serving: HomeServing,
): Promise<HttpResponse> {
  const name = serving.host.randomName()
  const order = toOrder(kind, call)
  if (!('refusal' in order)) return carryOut(order, { name, call }, serving)
  await refuse(order.refusal, { name, call }, serving)
  return order.refusal
}

function toOrder(
  kind: Change['kind'],
  call: RegistryCall,
): WriteRequest | { readonly refusal: FullResponse } {
  const { request, registry, caller, view } = call
  const misplaced = kind === 'document' ? undefined : findMisplaced(kind, call)
  if (misplaced) return { refusal: misplaced }
  const precondition = parsePrecondition(request)
  if (precondition === undefined) return { refusal: toUnconditional(kind) }
  const body = kind === 'delete' ? { value: undefined } : parseBody(request.body())
  if ('refusal' in body) return body
  const change = toChange(kind, request.param('id') ?? '', body.value)
  return { registry, change, precondition, caller, readable: view.readable }
}

function toChange(kind: Change['kind'], id: string, value: unknown): Change {
  if (kind === 'document') return { kind, value }
  return kind === 'delete' ? { kind, id } : { kind, id, value }
}

function findMisplaced(kind: Change['kind'], { registry, request }: RegistryCall): FullResponse | undefined {
  const id = request.param('id') ?? ''
  if (!isSubRegistry(registry))
    return toProblem(404, `${registry} is a document, and has no entries`, {
      hint: `PUT /registries/${registryFiles[registry]} replaces all of it`,
    })
  if (kind !== 'put' || (idSchema.safeParse(id).success && !forbiddenKeys.has(id))) return undefined
  return toProblem(422, `${JSON.stringify(id)} cannot be the id of an entry`, {
    hint: 'Ids begin with a letter or a digit, and hold letters, digits and . _ : / @ + -, 128 at most',
  })
}

function toUnconditional(kind: Change['kind']): FullResponse {
  const create = kind === 'put' || kind === 'document' ? '; If-None-Match: * to create it' : ''
  return toProblem(428, 'a write has to say what it changes, so that it undoes nobody else’s', {
    hint: `Send If-Match with the ETag that GET gave, or * for whatever is there${create}`,
  })
}

/** A request, and what the record calls it. */
interface Named {
  readonly name: string
  readonly call: RegistryCall
}

async function carryOut(order: WriteRequest, named: Named, serving: HomeServing): Promise<HttpResponse> {
  const { audit, catalog, host, tell } = serving
  let stage: WriteStage = 'deciding'
  let line: AuditLine | undefined
  const record = async (done: Extract<Committed, { kind: 'done' }>) => {
    stage = 'recording'
    line = toLine(named, toWritten(order, done), serving)
    await audit.add(line)
    stage = 'deciding'
  }
  const onPoint = () => {
    stage = 'committing'
  }
  try {
    const committed = await commitWrite(order, { edition: named.call.edition, record, onPoint }, serving)
    if (committed.kind === 'refused') {
      await refuse(committed.answer, named, serving, committed.hashes)
      return committed.answer
    }
    if (line !== undefined) tell({ event: 'written', ...line })
    else await recordRefusal(toLine(named, toWritten(order, committed), serving), serving)
    await catalog.refresh()
    return toSuccess(order, committed, host)
  } catch (error) {
    return fail(error, { ...named, stage }, serving)
  }
}

type Ending = Pick<Written, 'status' | 'outcome' | 'reason' | 'hashes'>

function toLine({ name, call }: Named, ending: Ending, { host }: HomeServing) {
  return toAuditLine({ name, request: call.request, caller: call.caller, ...ending }, host)
}

function toWritten(order: WriteRequest, done: Extract<Committed, { kind: 'done' }>): Ending {
  return { status: toStatus(order, done), outcome: done.result, reason: null, hashes: done.hashes }
}

const nothing: Hashes = { before: null, after: null }

async function refuse(
  answer: FullResponse,
  named: Named,
  serving: HomeServing,
  hashes: Hashes = nothing,
): Promise<void> {
  const { status } = answer
  const outcome = status === 403 ? 'denied' : 'refused'
  await recordRefusal(toLine(named, { status, outcome, reason: toReason(answer), hashes }, serving), serving)
}

function toReason({ body }: FullResponse): string | null {
  const problem: unknown = JSON.parse(String(body))
  const detail: unknown =
    typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'detail') : undefined
  return typeof detail === 'string' ? detail : null
}

async function fail(
  error: unknown,
  { stage, ...named }: Named & { readonly stage: WriteStage },
  serving: HomeServing,
): Promise<HttpResponse> {
  const isKnown = error instanceof NexusError
  const answer = isKnown ? explainFailure(error, stage) : { status: 500 }
  const reason = isKnown ? error.message : 'a defect'
  const ending = { status: answer.status, outcome: 'failed', reason, hashes: nothing } as const
  await recordRefusal(toLine(named, ending, serving), serving)
  if (!isKnown) throw error
  return explainFailure(error, stage)
}

/** Status of a write that was made. */
function toStatus(order: WriteRequest, { result }: Pick<Done, 'result'>): 200 | 201 | 204 {
  if (result === 'created') return 201
  return isReader(order) ? 200 : 204
}

type Done = Extract<Committed, { kind: 'done' }>

/** What a writer is told of a write that was made: who may not read the registry learns that it was, and no more. */
function toSuccess(
  order: WriteRequest,
  { result, text, warnings }: Done,
  host: Pick<Host, 'sha256'>,
): FullResponse {
  const { registry, change } = order
  const location = result === 'created' ? { location: toLocation(order) } : {}
  const status = toStatus(order, { result })
  if (!isReader(order)) {
    const headers = { 'cache-control': 'no-store', ...location }
    return { status, headers, body: '' }
  }
  const { etag } = toTarget(readCurrentState(registry, text), change, host)
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

/** How far a write had come when it failed. */
type WriteStage = 'deciding' | 'recording' | 'committing'

const later = { 'retry-after': '1' }

/** What a writer is told when a write cannot be done. Where the home lies, and what is wrong there, says the log. */
function explainFailure(error: NexusError, stage: WriteStage): FullResponse {
  if (error.code === 'interrupted')
    return toProblem(503, 'the server is about to stop; nothing was changed', { hint: 'Try again later' })
  if (stage === 'recording')
    return toProblem(503, 'this write cannot be put on record, so it was not made', {
      hint: 'The log of the server says why',
    })
  if (stage === 'committing')
    return toProblem(503, 'it cannot be said whether this write was made', {
      hint: 'GET what is there now; the log of the server says what is wrong',
    })
  if (error.code === 'lock')
    return toProblem(503, 'the registries are being changed by somebody else; nothing was changed', {
      hint: 'Try again',
      headers: later,
    })
  if (isDiskFull(error))
    return toProblem(507, 'there is no space left for this; nothing was changed', {
      hint: 'Free some space where the registries are',
    })
  return toProblem(503, 'the registries cannot be written here; nothing was changed', {
    hint: 'The log of the server says why',
  })
}

function isDiskFull({ cause }: NexusError): boolean {
  const code = systemErrorCode(cause)
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** The value of a body, or what is wrong with it. */
type ParsedBody = { readonly value: unknown } | { readonly refusal: FullResponse }

const maxReported = 20

/** Reads a body as JSON, by the same rules as registry files. */
function parseBody(bytes: Uint8Array): ParsedBody {
  if (bytes.length === 0) return refuseBody('the body is empty', 'Send JSON')
  const { text, error } = decodeText(bytes)
  if (error) return refuseBody('the body is not UTF-8', 'Send JSON as UTF-8')
  const { value, errors } = parseJson(text)
  const [first] = errors
  if (first === undefined) return { value }
  const positionOf = createPositionIndex(text)
  const told = errors.slice(0, maxReported).map(({ rule, message, hint, pointer, start }) => {
    const { line, column } = positionOf(start)
    return { rule, message: toBodyWords(message), line, column, pointer, hint }
  })
  const { line, column } = positionOf(first.start)
  const hint = first.hint ?? 'Send JSON as RFC 8259 has it'
  return refuseBody(`the body, line ${line}, column ${column}: ${toBodyWords(first.message)}`, hint, told)
}

function refuseBody(detail: string, hint: string, faults: readonly unknown[] = []): ParsedBody {
  return { refusal: toProblem(400, detail, { hint, more: faults.length === 0 ? {} : { faults } }) }
}

// The parser speaks of files.
function toBodyWords(message: string): string {
  return message.replace(/\bthe file\b/g, 'the body')
}
