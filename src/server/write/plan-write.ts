import { rewriteJson } from '../../lib/json/edit-json.ts'
import { isSameJson } from '../../lib/json/json-value.ts'
import type { Host } from '../../platform/host.ts'
import type { FullResponse } from '../../platform/http.ts'
import { isSubRegistry, type RegistryName, registryFiles } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { evaluateAccess, toAccessMatrix } from '../../security/access.ts'
import { toProblem } from '../problem.ts'
import { type CurrentState, toCurrentState, toNextValue, toTarget } from './current-state.ts'
import { holdsPrecondition, isReader, type Target, type WriteRequest } from './write-request.ts'

/** The registries that decide about a write, at the time of the write. */
interface WriteBasis {
  readonly current: LoadedRegistry
  readonly hyper: LoadedRegistry<'hyper'>
}

/** What a write makes of a registry's text, or the response that refuses it. */
type WritePlan =
  | {
      readonly kind: 'planned'
      /** The current text itself when nothing changes. */
      readonly text: string
      readonly result: 'created' | 'updated' | 'removed'
    }
  | { readonly kind: 'refused'; readonly answer: FullResponse }

type PlanHost = Pick<Host, 'sha256'>

/** Decides what a write makes of the current text. Pure; `evaluateWrite` checks whether the result is valid. */
export function planWrite(
  write: WriteRequest,
  { current: loaded, hyper }: WriteBasis,
  host: PlanHost,
): WritePlan {
  const current = toCurrentState(loaded)
  const refusal = findRefusal(write, { current, hyper }, host)
  if (refusal) return refuse(refusal)
  const next = toNextValue(write.change, current)
  const difference = { ...write, current, next }
  if (changesAccess(difference) && !isAdmin(write)) return refuse(refusals.accessControl())
  if (hasUpstream(write.registry, hyper) && changesForeign(difference))
    return refuse(refusals.upstream(write.registry))
  return { kind: 'planned', text: toText(current, next), result: toResult(write, current) }
}

function refuse(answer: FullResponse): WritePlan {
  return { kind: 'refused', answer }
}

function findRefusal(
  write: WriteRequest,
  { current, hyper }: { readonly current: CurrentState; readonly hyper: LoadedRegistry<'hyper'> },
  host: PlanHost,
): FullResponse | undefined {
  const { change, registry, precondition } = write
  const target = toTarget(current, change, host)
  if (!isStillAllowed(write, hyper)) return refusals.notAllowed(write)
  if (change.kind !== 'document' && current.value === undefined) return refusals.noFile(write)
  if ((change.kind === 'patch' || change.kind === 'delete') && !target.exists)
    return refusals.noEntry(registry, change.id)
  return holdsPrecondition(precondition, target) ? undefined : refusals.precondition(write, target)
}

/**
 * Whether the caller still has the right to write: the write may have waited for one that took it away. A hyper registry
 * that cannot be used decides nothing; its backup decided when the request came in.
 */
function isStillAllowed({ registry, caller }: WriteRequest, hyper: LoadedRegistry<'hyper'>): boolean {
  if (hyper.state !== 'ok') return true
  return evaluateAccess(toAccessMatrix(hyper), { registry, action: 'write' }, caller) === 'allowed'
}

function toText({ loaded: { text }, isPlain }: CurrentState, next: unknown): string {
  // A text with a duplicate key cannot be edited in place.
  return text === undefined || !isPlain ? `${JSON.stringify(next, null, 2)}\n` : rewriteJson(text, next)
}

function toResult(
  { change }: WriteRequest,
  { loaded, value }: CurrentState,
): 'created' | 'updated' | 'removed' {
  if (change.kind === 'delete') return 'removed'
  if (change.kind === 'document') return loaded.text === undefined ? 'created' : 'updated'
  return value && Object.hasOwn(value, change.id) ? 'updated' : 'created'
}

interface Difference extends WriteRequest {
  readonly current: CurrentState
  readonly next: unknown
}

function isAdmin({ caller }: WriteRequest): boolean {
  return caller.kind === 'token' && caller.role === 'admin'
}

function changesAccess({ registry, current, next }: Difference): boolean {
  return (
    registry === 'hyper' &&
    !isSameJson(memberOf(current.value, 'access_control'), memberOf(next, 'access_control'))
  )
}

// In a registry with an upstream, the upstream owns all entries without `x-local`.
function changesForeign({ current: { value: before = {} }, next }: Difference): boolean {
  const ids = new Set([...Object.keys(before), ...keysOf(next)])
  return [...ids].some(id => {
    const entry = before[id]
    return !isSameJson(entry, memberOf(next, id)) && memberOf(entry, 'x-local') !== true && id !== '$schema'
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
function hasUpstream(registry: RegistryName, hyper: LoadedRegistry<'hyper'>): boolean {
  if (!isSubRegistry(registry)) return false
  const listed = hyper.state === 'ok' ? hyper.content?.sub_registries[registry] : undefined
  return listed?.url !== undefined && listed.sync_enabled !== false
}

/** Responses to writes that do not fit the current state. */
const refusals = {
  notAllowed: ({ registry, caller }: WriteRequest) => {
    const who = caller.kind === 'token' ? `the role ${caller.role}` : 'this caller'
    return toProblem(403, `${who} may not write ${registry}`, {
      hint: 'See access_control in hyper_registry.json',
    })
  },
  accessControl: () =>
    toProblem(403, 'only admin may change access_control', {
      hint: 'Omit access_control to keep it',
    }),
  noFile: ({ registry }: WriteRequest) =>
    toProblem(409, `the file of ${registry} cannot be used, so its entries cannot be changed`, {
      hint: `PUT /registries/${registryFiles[registry]} with If-Match: * replaces the file`,
    }),
  noEntry: (registry: RegistryName, id: string) =>
    toProblem(404, `${registry} has no entry ${JSON.stringify(id)}`, {
      hint: `PUT /registries/${registry}/ID with If-None-Match: * creates it`,
    }),
  upstream: (registry: RegistryName) =>
    toProblem(409, `${registry} is kept in sync with an upstream, which would undo this change`, {
      hint: 'Write to the upstream; only entries marked with x-local can be changed here',
    }),
  precondition,
}

function precondition(write: WriteRequest, { exists, etag }: Target): FullResponse {
  const { registry, change } = write
  const what = change.kind === 'document' ? registry : `${registry}/${change.id}`
  const { ifMatch } = write.precondition
  const headers = etag !== undefined && isReader(write) ? { etag } : {}
  if (ifMatch === undefined)
    return toProblem(412, `${what} exists already`, {
      hint: 'Send If-Match with its ETag to change it',
      headers,
    })
  if (!exists) return toProblem(412, `${what} does not exist`, { hint: 'Send If-None-Match: * to create it' })
  return toProblem(412, `${what} has changed since the ETag in If-Match`, {
    hint: 'GET it again, and change the current version',
    headers,
  })
}
