import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import type { FullResponse } from '../../platform/http.ts'
import {
  createTextValidation,
  type TextFinding,
  type ValidateContent,
} from '../../validate/validate-content.ts'
import { toProblem } from '../problem.ts'
import type { Content } from './plan-write.ts'
import { isReader, type WriteRequest } from './write-request.ts'

/** Whether registries may be as a write makes them. */
export interface WriteEvaluation {
  readonly refusal: FullResponse | undefined
  /** What is worth telling the writer all the same. */
  readonly warnings: readonly TextFinding[]
}

/** Texts before and after a write. */
export interface Difference {
  readonly before: Content
  readonly after: Content
}

/** Most findings that an answer holds. */
const maxReported = 100

/**
 * Checks all registries as they would be: the one that is written may have no error, and the others no new one. What is
 * told of it is what somebody finds who sees no more than the writer may.
 */
export async function evaluateWrite(
  order: WriteRequest,
  difference: Difference,
  host: Pick<Host, 'clock'>,
): Promise<WriteEvaluation> {
  const text = difference.after.get(order.registry) ?? ''
  if (new TextEncoder().encode(text).length > limits.fileBytes)
    return { refusal: toTooLarge(order), warnings: [] }
  const validate = createTextValidation(host)
  const wrong = await findWrong(order, difference, validate)
  const seen = await validate(toSeen(order, difference.after))
  if (wrong.length > 0) return { refusal: toRefusal(order, wrong, seen), warnings: [] }
  return { refusal: undefined, warnings: await findWarnings(order, { seen, difference }, validate) }
}

async function findWrong(
  { registry }: WriteRequest,
  { before, after }: Difference,
  validate: ValidateContent,
): Promise<TextFinding[]> {
  const errors = (await validate(after)).filter(({ severity }) => severity === 'error')
  if (errors.every(error => error.registry === registry)) return errors
  const known = new Set((await validate(before)).map(toKey))
  return errors.filter(error => error.registry === registry || !known.has(toKey(error)))
}

// Of what a writer may not read, he knows what he sends.
function toSeen(order: WriteRequest, texts: Content): Content {
  if (isReader(order)) return new Map([...texts].filter(([name]) => order.readable.has(name)))
  const { change, registry } = order
  if (change.kind === 'document') return new Map([[registry, JSON.stringify(change.value)]])
  if (change.kind === 'put') return new Map([[registry, JSON.stringify({ [change.id]: change.value })]])
  return new Map()
}

function toRefusal(
  { registry }: WriteRequest,
  wrong: readonly TextFinding[],
  seen: readonly TextFinding[],
): FullResponse {
  const places = new Set(wrong.map(toPlace))
  const told = seen.filter(finding => finding.severity === 'error' && places.has(toPlace(finding)))
  const [first] = told
  if (first === undefined)
    return toProblem(422, `${registry} would not fit to what this role may not see`, {
      hint: 'Ask somebody with the role admin: nexus-registry validate shows what does not fit',
      more: { diagnostics: [] },
    })
  const others = told.length === 1 ? '' : ` (and ${told.length - 1} more)`
  return toProblem(422, `${first.message}${others}`, {
    hint: first.hint ?? 'diagnostics lists all that is wrong',
    more: { diagnostics: told.slice(0, maxReported) },
  })
}

// What has been there before and is about something else would be told again with every write.
async function findWarnings(
  order: WriteRequest,
  { seen, difference }: { readonly seen: readonly TextFinding[]; readonly difference: Difference },
  validate: ValidateContent,
): Promise<TextFinding[]> {
  if (!isReader(order) || seen.length === 0) return []
  const known = new Set((await validate(toSeen(order, difference.before))).map(toKey))
  return seen
    .filter(finding => finding.severity === 'warning')
    .filter(finding => isAbout(order, finding) || !known.has(toKey(finding)))
    .slice(0, maxReported)
}

function isAbout({ registry, change }: WriteRequest, finding: TextFinding): boolean {
  if (finding.registry !== registry) return false
  return change.kind === 'document' || finding.pointer.split('/')[1] === change.id.replaceAll('/', '~1')
}

function toKey(finding: TextFinding): string {
  return `${toPlace(finding)} ${finding.message}`
}

function toPlace({ registry, rule, pointer }: TextFinding): string {
  return `${registry} ${rule} ${pointer}`
}

function toTooLarge({ registry }: WriteRequest): FullResponse {
  return toProblem(422, `${registry} would be larger than ${limits.fileBytes / 1024 ** 2} MiB`, {
    hint: 'Take out what is not needed first',
  })
}
