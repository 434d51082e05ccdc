import { NexusError } from '../../lib/errors.ts'
import { forbiddenKeys } from '../../lib/json/parse-plain-json.ts'
import type { HttpAnswer, WholeAnswer } from '../../platform/http-answer.ts'
import { idSchema } from '../../registry/schema/common.ts'
import { isSubRegistry, registryFiles } from '../../registry/schema/names.ts'
import type { AuditLine } from '../../security/audit-line.ts'
import type { RegistryCall } from '../edition.ts'
import { toProblem } from '../problem.ts'
import type { HomeServing } from '../server-state.ts'
import { toStatus, toSuccess } from './answer-success.ts'
import { type Committed, commitWrite, type Hashes } from './commit-write.ts'
import { explainFailure, type WriteStage } from './explain-failure.ts'
import { parseBody } from './parse-body.ts'
import { parsePrecondition } from './precondition.ts'
import { recordRefusal } from './record-denial.ts'
import { toAuditLine, type Written } from './to-audit-line.ts'
import type { Change, WriteOrder } from './write-order.ts'

/** Answers a request that writes, when it has been made or refused and that is on record. */
export async function answerWrite(
  kind: Change['kind'],
  call: RegistryCall,
  serving: HomeServing,
): Promise<HttpAnswer> {
  const name = serving.host.randomName()
  const order = toOrder(kind, call)
  if (!('refusal' in order)) return carryOut(order, { name, call }, serving)
  await refuse(order.refusal, { name, call }, serving)
  return order.refusal
}

function toOrder(kind: Change['kind'], call: RegistryCall): WriteOrder | { readonly refusal: WholeAnswer } {
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

function findMisplaced(kind: Change['kind'], { registry, request }: RegistryCall): WholeAnswer | undefined {
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

function toUnconditional(kind: Change['kind']): WholeAnswer {
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

async function carryOut(order: WriteOrder, named: Named, serving: HomeServing): Promise<HttpAnswer> {
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

function toWritten(order: WriteOrder, done: Extract<Committed, { kind: 'done' }>): Ending {
  return { status: toStatus(order, done), outcome: done.result, reason: null, hashes: done.hashes }
}

const nothing: Hashes = { before: null, after: null }

async function refuse(
  answer: WholeAnswer,
  named: Named,
  serving: HomeServing,
  hashes: Hashes = nothing,
): Promise<void> {
  const { status } = answer
  const outcome = status === 403 ? 'denied' : 'refused'
  await recordRefusal(toLine(named, { status, outcome, reason: toReason(answer), hashes }, serving), serving)
}

function toReason({ body }: WholeAnswer): string | null {
  const problem: unknown = JSON.parse(String(body))
  const detail: unknown =
    typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'detail') : undefined
  return typeof detail === 'string' ? detail : null
}

async function fail(
  error: unknown,
  { stage, ...named }: Named & { readonly stage: WriteStage },
  serving: HomeServing,
): Promise<HttpAnswer> {
  const isKnown = error instanceof NexusError
  const answer = isKnown ? explainFailure(error, stage) : { status: 500 }
  const reason = isKnown ? error.message : 'a defect'
  const ending = { status: answer.status, outcome: 'failed', reason, hashes: nothing } as const
  await recordRefusal(toLine(named, ending, serving), serving)
  if (!isKnown) throw error
  return explainFailure(error, stage)
}
