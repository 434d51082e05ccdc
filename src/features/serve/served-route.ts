import type { Caller } from '../../core/access/caller.ts'
import type { HttpAnswer, WholeAnswer } from '../../core/http/http-answer.ts'
import type { HttpRequest } from '../../core/http/http-request.ts'
import type { ServedRoute } from '../../core/http/http-server.ts'
import { parseRegistryName } from '../../core/refs.ts'
import type { RegistryName } from '../../schema/names.ts'
import type { Edition } from './edition.ts'
import { type Identified, identifyCaller } from './identify-caller.ts'
import { refuseAccess, toUnknownRegistry } from './refuse-access.ts'
import type { Call, RegistryRoute, Route } from './route.ts'
import { withSecurity } from './security-headers.ts'
import type { Serving } from './serving.ts'
import { type Denial, recordDenial } from './write/record-denial.ts'

/** Makes a route answer requests: finds out who asks, and whether that one may. */
export function toServedRoute(route: Route, serving: Serving): ServedRoute {
  const { method, path } = route
  const { current, prompt } = serving.catalog
  const findEdition = route.access === 'open' && route.isPrompt ? prompt : current
  const handle = (request: HttpRequest): HttpAnswer | Promise<HttpAnswer> => {
    const [caller, edition] = [identifyCaller(request, serving), findEdition()]
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
  const admit = async (request: HttpRequest) => {
    const caller = await identifyCaller(request, serving)
    if ('refusal' in caller) return withSecurity(await deny({ request, refusal: caller.refusal }, serving))
    if (route.access === 'open') return undefined
    const edition = await serving.catalog.current()
    const found = admitTo(route, { request, caller, edition, view: edition.view(caller) })
    if (!('refusal' in found)) return undefined
    return withSecurity(await deny({ request, refusal: found.refusal, caller }, serving))
  }
  return method === 'GET' ? { method, path, handle } : { method, path, handle, admit }
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
function admitTo(route: RegistryRoute, call: Call): Admission {
  const text = route.registry ?? call.request.param('registry') ?? ''
  const registry = parseRegistryName(text)
  if (registry === undefined) return { refusal: toUnknownRegistry(text) }
  const refusal = refuseAccess({ registry, action: route.access }, call)
  return refusal ? { refusal } : { registry }
}

// Who wanted to write goes on record. Reading waits for nothing.
function deny(denial: Denial, serving: Serving): HttpAnswer | Promise<HttpAnswer> {
  const { refusal, request } = denial
  return request.method === 'GET' ? refusal : recordDenial(denial, serving).then(() => refusal)
}
