import type { HttpRequest, HttpResponse, ServedRoute } from '../platform/http.ts'
import type { Caller } from '../security/access.ts'
import { withSecurity } from './bodies.ts'
import { admitTo, decide, deny } from './decide.ts'
import { type Identified, identifyCaller } from './identify-caller.ts'
import { answerInThread, isLarge } from './large-home.ts'
import type { Revision } from './revision.ts'
import type { Route } from './route.ts'
import type { ServerContext } from './server-context.ts'

/** Makes a route answer requests: finds out who asks, and whether that one may. */
export function toServedRoute(route: Route, serving: ServerContext): ServedRoute {
  const { method, path } = route
  const { current, prompt } = serving.catalog
  const findEdition = route.access === 'open' && route.isPrompt ? prompt : current
  const handle = (request: HttpRequest): HttpResponse | Promise<HttpResponse> => {
    const [caller, edition] = [identifyCaller(request, serving), findEdition()]
    // Where nothing has to be waited for, a turn of the event loop is most of what an answer costs.
    if (caller instanceof Promise || edition instanceof Promise) return handleLater(caller, edition, request)
    return answer({ caller, edition, request })
  }
  const handleLater = async (
    caller: Identified | Promise<Identified>,
    edition: Revision | Promise<Revision>,
    request: HttpRequest,
  ) => answer({ caller: await caller, edition: await edition, request })
  const answer = ({ caller, edition, request }: IncomingRequest) => {
    const answered =
      'refusal' in caller
        ? deny({ request, refusal: caller.refusal }, serving)
        : answerCaller({ caller, edition, request })
    return answered instanceof Promise ? answered.then(withSecurity) : withSecurity(answered)
  }
  const answerCaller = (asked: IncomingRequest & { readonly caller: Caller }) => {
    const answerHere = () => decide(route, asked, serving)
    const { edition, request } = asked
    if (!route.isHeavy || !isLarge(edition.snapshot, request, serving.host)) return answerHere()
    return answerInThread(route, asked, serving, answerHere)
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

interface IncomingRequest {
  readonly caller: Identified
  readonly edition: Revision
  readonly request: HttpRequest
}
