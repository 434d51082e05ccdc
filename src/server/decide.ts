import type { FullResponse, HttpResponse } from '../platform/http.ts'
import { parseRegistryName } from '../registry/refs.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { type AccessRequest, evaluateAccess } from '../security/access.ts'
import { toProblem } from './problem.ts'
import type { Call } from './revision.ts'
import type { OpenRoute, RegistryRoute } from './route.ts'
import type { HomeContext } from './serve-request.ts'
import { type Denial, recordDenial } from './write/audit.ts'

/** Handles a call if the caller may make it. */
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

/** The registry of a call, or the response that refuses it. */
export function admitTo(route: Pick<RegistryRoute, 'access' | 'registry'>, call: Call): Admission {
  const text = route.registry ?? call.request.param('registry') ?? ''
  const registry = parseRegistryName(text)
  if (registry === undefined) return { refusal: toUnknownRegistry(text) }
  const refusal = refuseAccess({ registry, action: route.access }, call)
  return refusal ? { refusal } : { registry }
}

// A refused write is recorded. A refused read does not wait.
export function deny(
  denial: Denial,
  context: Pick<HomeContext, 'audit' | 'host' | 'log'>,
): HttpResponse | Promise<HttpResponse> {
  const { refusal, request } = denial
  return request.method === 'GET' ? refusal : recordDenial(denial, context).then(() => refusal)
}

/** The response that refuses access to a registry; undefined when it is allowed. */
export function refuseAccess(
  request: AccessRequest,
  { revision, caller }: Pick<Call, 'revision' | 'caller'>,
): FullResponse | undefined {
  const { registry, action } = request
  const access = evaluateAccess(revision.matrix, request, caller)
  if (access === 'allowed') return undefined
  if (access === 'unauthenticated' || caller.kind === 'anonymous') {
    return toProblem(401, `a token is required to ${action} ${registry}`, {
      hint: 'Create one with nexus-registry token create --role ROLE, and send it as Authorization: Bearer TOKEN',
      headers: { 'www-authenticate': 'Bearer realm="nexus-registry"' },
    })
  }
  if (caller.kind === 'owner')
    return toProblem(403, "the owner's page reads only", {
      hint: 'Use a token to write: nexus-registry token create makes one',
    })
  return toProblem(403, `the role ${caller.role} may not ${action} ${registry}`, {
    hint: 'See access_control in hyper_registry.json',
  })
}

export function toUnknownRegistry(text: string): FullResponse {
  return toProblem(404, `there is no registry ${JSON.stringify(text)}`, {
    hint: `Registries are ${registryNames.join(', ')}`,
  })
}
