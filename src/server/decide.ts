import type { FullResponse, HttpResponse } from '../platform/http.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { type AccessRequest, evaluateAccess } from '../security/access.ts'
import { toProblem } from './problem.ts'
import type { Call } from './revision.ts'
import type { OpenRoute, RegistryRoute } from './route.ts'
import type { HomeContext } from './server-state.ts'
import { type Denial, recordDenial } from './write/audit.ts'

/** Answers a call when the caller may make it. */
export function decide<Needs extends HomeContext>(
  route: OpenRoute<Needs> | RegistryRoute<Needs>,
  { caller, revision, request }: Pick<Call, 'caller' | 'revision' | 'request'>,
  context: Needs,
): HttpResponse | Promise<HttpResponse> {
  const view = revision.view(caller)
  const call = { request, caller, revision, view }
  if (route.access === 'open') return route.answer(call, context)
  const found = admitTo(route, call)
  return 'refusal' in found
    ? deny({ request, refusal: found.refusal, caller }, context)
    : route.answer({ request, caller, revision, view, registry: found.registry }, context)
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
  context: Pick<HomeContext, 'audit' | 'host' | 'log'>,
): HttpResponse | Promise<HttpResponse> {
  const { refusal, request } = denial
  return request.method === 'GET' ? refusal : recordDenial(denial, context).then(() => refusal)
}

/** Why a caller may not do something with a registry; undefined when it may. */
export function refuseAccess(
  request: AccessRequest,
  { revision, caller }: Pick<Call, 'revision' | 'caller'>,
): FullResponse | undefined {
  const { registry, action } = request
  const judgement = evaluateAccess(revision.matrix, request, caller)
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
