import type { Caller } from '../../core/access/caller.ts'
import { judgeAccess } from '../../core/access/judge-access.ts'
import type { HttpAnswer } from '../../core/http/http-answer.ts'
import type { HttpRequest } from '../../core/http/http-request.ts'
import type { ServedRoute } from '../../core/http/http-server.ts'
import { parseRegistryName } from '../../core/refs.ts'
import { registryNames } from '../../schema/names.ts'
import type { Edition } from './edition.ts'
import { type Identified, identifyCaller } from './identify-caller.ts'
import { toProblem } from './problem.ts'
import type { Route } from './route.ts'
import { withSecurity } from './security-headers.ts'
import type { Serving } from './serving.ts'
import { type Denial, recordDenial } from './write/record-denial.ts'

/** Makes a route answer requests: finds out who asks, and whether that one may. */
export function toServedRoute(route: Route, serving: Serving): ServedRoute {
  const { method, path } = route
  const handle = (request: HttpRequest): HttpAnswer | Promise<HttpAnswer> => {
    const [caller, edition] = [identifyCaller(request, serving), serving.catalog.current()]
    // Where nothing has to be waited for, a turn of the event loop is most of what an answer costs.
    if (caller instanceof Promise || edition instanceof Promise) return handleLater(caller, edition, request)
    return answer({ caller, edition, request })
  }
  const handleLater = async (
    caller: Identified | Promise<Identified>,
    edition: Edition | Promise<Edition>,
    request: HttpRequest,
  ) => answer({ caller: await caller, edition: await edition, request })
  const answer = ({ caller, edition, request }: Asked) => {
    const answered =
      'refusal' in caller
        ? deny({ request, refusal: caller.refusal }, serving)
        : decide(route, { caller, edition, request }, serving)
    return answered instanceof Promise ? answered.then(withSecurity) : withSecurity(answered)
  }
  return { method, path, handle }
}

interface Asked {
  readonly caller: Identified
  readonly edition: Edition
  readonly request: HttpRequest
}

function decide(
  route: Route,
  { caller, edition, request }: Asked & { readonly caller: Caller },
  serving: Serving,
): HttpAnswer | Promise<HttpAnswer> {
  const call = { request, caller, edition, view: edition.view(caller) }
  if (route.access === 'open') return route.answer(call, serving)
  const text = request.param('registry') ?? ''
  const registry = parseRegistryName(text)
  if (registry === undefined) {
    return toProblem(404, `there is no registry ${JSON.stringify(text)}`, {
      hint: `Registries are ${registryNames.join(', ')}`,
    })
  }
  const judgement = judgeAccess(edition.matrix, { registry, action: route.access }, caller)
  if (judgement === 'unauthenticated')
    return deny({ request, refusal: toUnauthenticated(`to ${route.access} ${registry}`) }, serving)
  if (judgement === 'forbidden' && caller.kind === 'token') {
    const refusal = toProblem(403, `the role ${caller.role} may not ${route.access} ${registry}`, {
      hint: 'access_control in hyper_registry.json says who may',
    })
    return deny({ request, refusal, caller }, serving)
  }
  return route.answer({ ...call, registry }, serving)
}

// Who wanted to write goes on record. Reading waits for nothing.
function deny(denial: Denial, serving: Serving): HttpAnswer | Promise<HttpAnswer> {
  const { refusal, request } = denial
  return request.method === 'GET' ? refusal : recordDenial(denial, serving).then(() => refusal)
}

function toUnauthenticated(what: string): HttpAnswer {
  return toProblem(401, `a token is needed ${what}`, {
    hint: 'nexus-registry token create --role ROLE makes one; send it as Authorization: Bearer TOKEN',
    headers: { 'www-authenticate': 'Bearer realm="nexus-registry"' },
  })
}
