import type { HttpAnswer, WholeAnswer } from '../platform/http-answer.ts'
import { parseRegistryName } from '../registry/refs.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { Call } from './edition.ts'
import { refuseAccess, toUnknownRegistry } from './refuse-access.ts'
import type { OpenRoute, RegistryRoute } from './route.ts'
import type { HomeServing } from './server-state.ts'
import { type Denial, recordDenial } from './write/record-denial.ts'

/** Answers a call when the caller may make it. */
export function decide<Needs extends HomeServing>(
  route: OpenRoute<Needs> | RegistryRoute<Needs>,
  { caller, edition, request }: Pick<Call, 'caller' | 'edition' | 'request'>,
  serving: Needs,
): HttpAnswer | Promise<HttpAnswer> {
  const view = edition.view(caller)
  const call = { request, caller, edition, view }
  if (route.access === 'open') return route.answer(call, serving)
  const found = admitTo(route, call)
  return 'refusal' in found
    ? deny({ request, refusal: found.refusal, caller }, serving)
    : route.answer({ request, caller, edition, view, registry: found.registry }, serving)
}

type Admission = { readonly registry: RegistryName } | { readonly refusal: WholeAnswer }

/** Which registry a call is about, or why it may not be. */
export function admitTo(route: Pick<RegistryRoute, 'access' | 'registry'>, call: Call): Admission {
  const text = route.registry ?? call.request.param('registry') ?? ''
  const registry = parseRegistryName(text)
  if (registry === undefined) return { refusal: toUnknownRegistry(text) }
  const refusal = refuseAccess({ registry, action: route.access }, call)
  return refusal ? { refusal } : { registry }
}

// Who wanted to write goes on record. Reading waits for nothing.
export function deny(
  denial: Denial,
  serving: Pick<HomeServing, 'audit' | 'host' | 'tell'>,
): HttpAnswer | Promise<HttpAnswer> {
  const { refusal, request } = denial
  return request.method === 'GET' ? refusal : recordDenial(denial, serving).then(() => refusal)
}
