import { createPositionIndex } from '../../lib/json/json-node.ts'
import { parseJson } from '../../lib/json/parse-json.ts'
import { decodeText, forbiddenKeys } from '../../lib/json/parse-plain-json.ts'
import type { FullResponse, HttpRequest } from '../../platform/http.ts'
import { idSchema } from '../../registry/schema/common.ts'
import { isSubRegistry, type RegistryName, registryFiles } from '../../registry/schema/names.ts'
import type { Caller } from '../../security/access.ts'
import { isExpectedTag, isKnownTag } from '../bodies.ts'
import { toProblem } from '../problem.ts'
import type { RegistryCall } from '../revision.ts'

/** A write as its client sent it. */
export interface WriteRequest {
  readonly registry: RegistryName
  readonly change: Change
  readonly precondition: Precondition
  readonly caller: Caller
  /** Registries that the caller may read: responses omit the others. */
  readonly readable: ReadonlySet<RegistryName>
}

/** The change of a registry. `value` is JSON as it was sent. */
export type Change =
  | { readonly kind: 'document'; readonly value: unknown }
  | { readonly kind: 'put' | 'patch'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly id: string }

/** What the client saw before it writes (RFC 9110, 13.1). */
interface Precondition {
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
}

/** Parses a call, or returns the response that refuses it. */
export function parseWriteRequest(
  kind: Change['kind'],
  call: RegistryCall,
): WriteRequest | { readonly refusal: FullResponse } {
  const { request, registry, caller, view } = call
  const misplaced = kind === 'document' ? undefined : refuseEntry(kind, call)
  if (misplaced) return { refusal: misplaced }
  const precondition = parsePrecondition(request)
  if (precondition === undefined) return { refusal: refuseUnconditional(kind) }
  const body = kind === 'delete' ? { value: undefined } : parseBody(request.body())
  if ('refusal' in body) return body
  const change = toChange(kind, request.param('id') ?? '', body.value)
  return { registry, change, precondition, caller, readable: view.readable }
}

/** Whether the caller may read what it writes. */
export function isReader({ registry, readable }: WriteRequest): boolean {
  return readable.has(registry)
}

/** The thing that a write changes, as it is before. */
export interface Target {
  readonly exists: boolean
  /** Whether GET returns it. */
  readonly isShown: boolean
  /** ETag of what GET returns; undefined for a broken entry. */
  readonly etag: string | undefined
}

export function holdsPrecondition({ ifMatch, ifNoneMatch }: Precondition, target: Target): boolean {
  const { exists, isShown, etag = '' } = target
  if (ifMatch !== undefined && !(exists && isExpectedTag(ifMatch, etag))) return false
  return ifNoneMatch === undefined || !isShown || !isKnownTag(ifNoneMatch, etag)
}

function refuseEntry(kind: Change['kind'], { registry, request }: RegistryCall): FullResponse | undefined {
  const id = request.param('id') ?? ''
  if (!isSubRegistry(registry))
    return toProblem(404, `${registry} is a document without entries`, {
      hint: `PUT /registries/${registryFiles[registry]} replaces the document`,
    })
  if (kind !== 'put' || (idSchema.safeParse(id).success && !forbiddenKeys.has(id))) return undefined
  return toProblem(422, `${JSON.stringify(id)} cannot be the id of an entry`, {
    hint: 'Ids begin with a letter or a digit, and have letters, digits and . _ : / @ + -, 128 at most',
  })
}

// Without a precondition, a write could undo the change of another client.
function parsePrecondition(request: HttpRequest): Precondition | undefined {
  const [ifMatch, ifNoneMatch] = [request.header('if-match'), request.header('if-none-match')]
  return ifMatch === undefined && ifNoneMatch?.trim() !== '*' ? undefined : { ifMatch, ifNoneMatch }
}

function refuseUnconditional(kind: Change['kind']): FullResponse {
  const create = kind === 'put' || kind === 'document' ? '; If-None-Match: * to create it' : ''
  return toProblem(
    428,
    'a write needs a precondition, so that it does not undo the change of another client',
    {
      hint: `Send If-Match with the ETag of the last GET, or * for any version${create}`,
    },
  )
}

function toChange(kind: Change['kind'], id: string, value: unknown): Change {
  if (kind === 'document') return { kind, value }
  return kind === 'delete' ? { kind, id } : { kind, id, value }
}

type ParsedBody = { readonly value: unknown } | { readonly refusal: FullResponse }

const maxReported = 20

/** Parses a body as JSON, by the same rules as registry files. */
function parseBody(bytes: Uint8Array): ParsedBody {
  if (bytes.length === 0) return refuseBody('the body is empty', 'Send JSON')
  const { text, error: encodingError } = decodeText(bytes)
  if (encodingError) return refuseBody('the body is not UTF-8', 'Send JSON as UTF-8')
  const { value, errors } = parseJson(text)
  const [first] = errors
  if (first === undefined) return { value }
  const positionOf = createPositionIndex(text)
  const reported = errors.slice(0, maxReported).map(({ rule, message, hint, pointer, start }) => {
    const { line, column } = positionOf(start)
    return { rule, message: nameBody(message), line, column, pointer, hint }
  })
  const { line, column } = positionOf(first.start)
  const hint = first.hint ?? 'Send JSON as defined by RFC 8259'
  return refuseBody(`the body, line ${line}, column ${column}: ${nameBody(first.message)}`, hint, reported)
}

function refuseBody(detail: string, hint: string, faults: readonly unknown[] = []): ParsedBody {
  return { refusal: toProblem(400, detail, { hint, more: faults.length === 0 ? {} : { faults } }) }
}

// The parser's messages speak of files.
function nameBody(message: string): string {
  return message.replace(/\bthe file\b/g, 'the body')
}
