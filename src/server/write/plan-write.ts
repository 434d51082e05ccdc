import { rewriteJson } from '../../lib/json/edit-json.ts'
import { isSameJson } from '../../lib/json/json-value.ts'
import type { Host } from '../../platform/host.ts'
import type { FullResponse } from '../../platform/http.ts'
import { parseRegistry } from '../../registry/load/parse-registry.ts'
import { isSubRegistry, type RegistryName, registryFiles } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { evaluateAccess, toAccessMatrix } from '../../security/access.ts'
import { toProblem } from '../problem.ts'
import { type CurrentState, readCurrentState, toNextValue, toTarget } from './current-state.ts'
import { isMet, isReader, type Target, type WriteRequest } from './write-request.ts'

/** Texts of all registries as they are at the moment of a write. */
export type Content = ReadonlyMap<RegistryName, string | undefined>

/** What a write makes of a registry's text, or why it does not. */
export type WritePlan =
  | {
      readonly kind: 'planned'
      /** The very text that is there when nothing changes. */
      readonly text: string
      readonly result: 'created' | 'updated' | 'removed'
    }
  | { readonly kind: 'refused'; readonly answer: FullResponse }

type PlanHost = Pick<Host, 'sha256'>

/** Decides what a write makes of the texts that are there. Pure; whether the result is valid is judged elsewhere. */
export function planWrite(order: WriteRequest, texts: Content, host: PlanHost): WritePlan {
  const standing = readCurrentState(order.registry, texts.get(order.registry))
  const hyper = readHyper(texts.get('hyper'))
  const refusal = findRefusal(order, { standing, hyper }, host)
  if (refusal) return { kind: 'refused', answer: refusal }
  const { change } = order
  const next = toNextValue(change, standing, order.registry)
  const after = { ...order, next, standing }
  if (touchesAccess(after) && !isAdmin(order)) return { kind: 'refused', answer: refusals.accessControl() }
  const isTaken = hasUpstream(order.registry, hyper) && changesForeign(after)
  if (isTaken) return { kind: 'refused', answer: refusals.upstream(order.registry) }
  return { kind: 'planned', text: toText(standing, next), result: toResult(order, standing) }
}

interface Circumstances {
  readonly standing: CurrentState
  readonly hyper: LoadedRegistry<'hyper'> | undefined
}

function findRefusal(
  order: WriteRequest,
  { standing, hyper }: Circumstances,
  host: PlanHost,
): FullResponse | undefined {
  const { change, registry, precondition } = order
  const target = toTarget(standing, change, host)
  if (!isStillAllowed(order, hyper)) return refusals.notAllowed(order)
  if (change.kind !== 'document' && standing.value === undefined) return refusals.noFile(order)
  if ((change.kind === 'patch' || change.kind === 'delete') && !target.isThere)
    return refusals.noEntry(registry, change.id)
  return isMet(precondition, target) ? undefined : refusals.precondition(order, target)
}

function toText({ text, isPlain }: CurrentState, next: unknown): string {
  // What stands twice somewhere cannot be put right and left alone.
  return text === undefined || !isPlain ? `${JSON.stringify(next, null, 2)}\n` : rewriteJson(text, next)
}

function toResult({ change }: WriteRequest, standing: CurrentState): 'created' | 'updated' | 'removed' {
  if (change.kind === 'delete') return 'removed'
  if (change.kind === 'document') return standing.text === undefined ? 'created' : 'updated'
  return standing.value && Object.hasOwn(standing.value, change.id) ? 'updated' : 'created'
}

interface After extends WriteRequest {
  readonly standing: CurrentState
  readonly next: unknown
}

function isAdmin({ caller }: WriteRequest): boolean {
  return caller.kind === 'token' && caller.role === 'admin'
}

function touchesAccess({ registry, standing, next }: After): boolean {
  return (
    registry === 'hyper' &&
    !isSameJson(memberOf(standing.value, 'access_control'), memberOf(next, 'access_control'))
  )
}

// Of a registry with an upstream, what is not of this home alone is what the upstream says.
function changesForeign({ standing: { value: before = {} }, next }: After): boolean {
  const ids = new Set([...Object.keys(before), ...keysOf(next)])
  return [...ids].some(id => {
    const here = before[id]
    return !isSameJson(here, memberOf(next, id)) && memberOf(here, 'x-local') !== true && id !== '$schema'
  })
}

function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : []
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? Reflect.get(value, key)
    : undefined
}

/** Whether a registry is kept in sync with an upstream. */
function hasUpstream(registry: RegistryName, hyper: LoadedRegistry<'hyper'> | undefined): boolean {
  if (!isSubRegistry(registry)) return false
  const listed = hyper?.content?.sub_registries[registry]
  return listed?.url !== undefined && listed.sync_enabled !== false
}

/** The hyper registry of a text; undefined when there is none, or it cannot be used as a whole. */
function readHyper(text: string | undefined): LoadedRegistry<'hyper'> | undefined {
  if (text === undefined) return undefined
  const parsed = parseRegistry('hyper', registryFiles.hyper, new TextEncoder().encode(text))
  return parsed.state === 'ok' ? { ...parsed, sha256: undefined } : undefined
}

/** What a writer is told when a write does not fit to what is there. */
const refusals = {
  notAllowed: ({ registry, caller }: WriteRequest) => {
    const who = caller.kind === 'token' ? `the role ${caller.role}` : 'this caller'
    return toProblem(403, `${who} may not write ${registry}`, {
      hint: 'access_control in hyper_registry.json says who may',
    })
  },
  accessControl: () =>
    toProblem(403, 'only admin may change access_control', {
      hint: 'Leave access_control out: then it stays as it is',
    }),
  noFile: ({ registry }: WriteRequest) =>
    toProblem(409, `the file of ${registry} cannot be used, so no entry of it can be changed`, {
      hint: `PUT /registries/${registryFiles[registry]} with If-Match: * replaces all of it`,
    }),
  noEntry: (registry: RegistryName, id: string) =>
    toProblem(404, `${registry} has no entry ${JSON.stringify(id)}`, {
      hint: `PUT /registries/${registry}/ID with If-None-Match: * creates one`,
    }),
  upstream: (registry: RegistryName) =>
    toProblem(409, `${registry} is kept in sync with an upstream, which would undo this`, {
      hint: 'Write to the upstream; here only entries that are marked as x-local can be changed',
    }),
  precondition,
}

function precondition(order: WriteRequest, { isThere, etag }: Target): FullResponse {
  const { registry, change } = order
  const what = change.kind === 'document' ? registry : `${registry}/${change.id}`
  const { ifMatch } = order.precondition
  const headers = etag !== undefined && isReader(order) ? { etag } : {}
  if (ifMatch === undefined)
    return toProblem(412, `${what} is there already`, {
      hint: 'Send If-Match with its ETag to change it',
      headers,
    })
  if (!isThere) return toProblem(412, `${what} is not there`, { hint: 'Send If-None-Match: * to create it' })
  return toProblem(412, `${what} is not what If-Match says: it was changed meanwhile`, {
    hint: 'GET it again, and change what is there now',
    headers,
  })
}

/**
 * Whether a writer has the right that he had when he came: he may have waited for another one to take it away. A hyper
 * registry that cannot be used decides nothing; then the copy that stands in for it has decided.
 */
function isStillAllowed(
  { registry, caller }: WriteRequest,
  hyper: LoadedRegistry<'hyper'> | undefined,
): boolean {
  if (hyper === undefined) return true
  return evaluateAccess(toAccessMatrix(hyper), { registry, action: 'write' }, caller) === 'allowed'
}
