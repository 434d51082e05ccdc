import type { FullResponse, HttpResponse } from '../platform/http.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { type AccessRequest, evaluateAccess } from '../security/access.ts'
import { toProblem } from './problem.ts'
import type { Call } from './revision.ts'
import type { OpenRoute, RegistryRoute } from './route.ts'
import type { HomeServing } from './server-state.ts'
import { type Denial, recordDenial } from './write/audit.ts'

/** Answers a call when the caller may make it. */
export function decide<Needs extends HomeServing>(
  route: OpenRoute<Needs> | RegistryRoute<Needs>,
  { caller, edition, request }: Pick<Call, 'caller' | 'edition' | 'request'>,
  serving: Needs,
): HttpResponse | Promise<HttpResponse> {
  const view = edition.view(caller)
  const call = { request, caller, edition, view }
  if (route.access === 'open') return route.answer(call, serving)
  const found = admitTo(route, call)
  return 'refusal' in found
    ? deny({ request, refusal: found.refusal, caller }, serving)
    : route.answer({ request, caller, edition, view, registry: found.registry }, serving)
}

type Admission = { readonly registry: RegistryName } | { readonly refusal: FullResponse }

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
): HttpResponse | Promise<HttpResponse> {
  const { refusal, request } = denial
  return request.method === 'GET' ? refusal : recordDenial(denial, serving).then(() => refusal)
}

/** Why a caller may not do something with a registry; undefined when it may. */
export function refuseAccess(
  request: AccessRequest,
  { edition, caller }: Pick<Call, 'edition' | 'caller'>,
): FullResponse | undefined {
  const { registry, action } = request
  const judgement = evaluateAccess(edition.matrix, request, caller)
  if (judgement === 'allowed') return undefined
  if (judgement === 'unauthenticated' || caller.kind === 'anonymous') {
    return toProblem(401, `a token is needed to ${action} ${registry}`, {
      hint: 'nexus-registry token create --role ROLE makes one; send it as Authorization: Bearer TOKEN',
      headers: { 'www-authenticate': 'Bearer realm="nexus-registry"' },
    })
  }
  return toProblem(403, `the role ${caller.role} may not ${action} ${registry}`, {
    hint: 'access_control in hyper_registry.json says who may',
  })
}

export function toUnknownRegistry(text: string): FullResponse {
  return toProblem(404, `there is no registry ${JSON.stringify(text)}`, {
    hint: `Registries are ${registryNames.join(', ')}`,
  })
}
