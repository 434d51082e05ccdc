import { isSameJson } from '../../lib/json/is-same-json.ts'
import { rewriteJson } from '../../lib/json/rewrite-json.ts'
import type { Host } from '../../platform/host.ts'
import type { WholeAnswer } from '../../platform/http-answer.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import { hasUpstream } from './has-upstream.ts'
import { isMet } from './precondition.ts'
import { readHyper } from './read-hyper.ts'
import { refusals } from './refusals.ts'
import { readStanding, type Standing, toTarget } from './standing.ts'
import { isStillAllowed } from './still-allowed.ts'
import { toNextValue } from './to-next-value.ts'
import type { WriteOrder } from './write-order.ts'

/** Texts of all registries as they are at the moment of a write. */
export type Texts = ReadonlyMap<RegistryName, string | undefined>

/** What a write makes of a registry's text, or why it does not. */
export type WritePlan =
  | {
      readonly kind: 'planned'
      /** The very text that is there when nothing changes. */
      readonly text: string
      readonly result: 'created' | 'updated' | 'removed'
    }
  | { readonly kind: 'refused'; readonly answer: WholeAnswer }

type PlanHost = Pick<Host, 'sha256'>

/** Decides what a write makes of the texts that are there. Pure; whether the result is valid is judged elsewhere. */
export function planWrite(order: WriteOrder, texts: Texts, host: PlanHost): WritePlan {
  const standing = readStanding(order.registry, texts.get(order.registry))
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
  readonly standing: Standing
  readonly hyper: LoadedRegistry<'hyper'> | undefined
}

function findRefusal(
  order: WriteOrder,
  { standing, hyper }: Circumstances,
  host: PlanHost,
): WholeAnswer | undefined {
  const { change, registry, precondition } = order
  const target = toTarget(standing, change, host)
  if (!isStillAllowed(order, hyper)) return refusals.notAllowed(order)
  if (change.kind !== 'document' && standing.value === undefined) return refusals.noFile(order)
  if ((change.kind === 'patch' || change.kind === 'delete') && !target.isThere)
    return refusals.noEntry(registry, change.id)
  return isMet(precondition, target) ? undefined : refusals.precondition(order, target)
}

function toText({ text, isPlain }: Standing, next: unknown): string {
  // What stands twice somewhere cannot be put right and left alone.
  return text === undefined || !isPlain ? `${JSON.stringify(next, null, 2)}\n` : rewriteJson(text, next)
}

function toResult({ change }: WriteOrder, standing: Standing): 'created' | 'updated' | 'removed' {
  if (change.kind === 'delete') return 'removed'
  if (change.kind === 'document') return standing.text === undefined ? 'created' : 'updated'
  return standing.value && Object.hasOwn(standing.value, change.id) ? 'updated' : 'created'
}

interface After extends WriteOrder {
  readonly standing: Standing
  readonly next: unknown
}

function isAdmin({ caller }: WriteOrder): boolean {
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
