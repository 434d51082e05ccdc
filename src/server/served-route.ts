import type { HttpRequest, HttpResponse, ServedRoute } from '../platform/http.ts'
import type { Caller } from '../security/access.ts'
import { withSecurity } from './bodies.ts'
import { admitTo, decide, deny } from './decide.ts'
import { type Identified, identifyCaller } from './identify-caller.ts'
import { isLarge, respondInThread } from './large-home.ts'
import type { Revision } from './revision.ts'
import type { Route } from './route.ts'
import type { ServerContext } from './server-context.ts'

/** Serves a route: identifies the caller, checks access, and chooses the thread. */
export function toServedRoute(route: Route, context: ServerContext): ServedRoute {
  const { method, path } = route
  const { current, prompt } = context.catalog
  const findRevision = route.access === 'open' && route.isPrompt ? prompt : current
  const handle = (request: HttpRequest): HttpResponse | Promise<HttpResponse> => {
    const [caller, revision] = [identifyCaller(request, context), findRevision()]
    // Without promises: a turn of the event loop would be most of the cost of a response.
    if (caller instanceof Promise || revision instanceof Promise)
      return handleLater(caller, revision, request)
    return answer({ caller, revision, request })
  }
  const handleLater = async (
    caller: Identified | Promise<Identified>,
    revision: Revision | Promise<Revision>,
    request: HttpRequest,
  ) => answer({ caller: await caller, revision: await revision, request })
  const answer = ({ caller, revision, request }: IncomingRequest) => {
    const answered =
      'refusal' in caller
        ? deny({ request, refusal: caller.refusal }, context)
        : answerCaller({ caller, revision, request })
    return answered instanceof Promise ? answered.then(withSecurity) : withSecurity(answered)
  }
  const answerCaller = (incoming: IncomingRequest & { readonly caller: Caller }) => {
    const answerHere = () => decide(route, incoming, context)
    const { revision, request } = incoming
    if (!route.isHeavy || !isLarge(revision.snapshot, request, context.host)) return answerHere()
    return respondInThread(route, incoming, context, answerHere)
  }
  const admit = async (request: HttpRequest) => {
    const caller = await identifyCaller(request, context)
    if ('refusal' in caller) return withSecurity(await deny({ request, refusal: caller.refusal }, context))
    if (route.access === 'open') return undefined
    const revision = await context.catalog.current()
    const found = admitTo(route, { request, caller, revision, view: revision.view(caller) })
    if (!('refusal' in found)) return undefined
    return withSecurity(await deny({ request, refusal: found.refusal, caller }, context))
  }
  return method === 'GET' ? { method, path, handle } : { method, path, handle, admit }
}

interface IncomingRequest {
  readonly caller: Identified
  readonly revision: Revision
  readonly request: HttpRequest
}
