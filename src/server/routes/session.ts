import { parsePlainJson } from '../../lib/json/parse-plain-json.ts'
import { type FullResponse, type HttpRequest, isLoopback } from '../../platform/http.ts'
import { toCredentialId } from '../../security/access.ts'
import type { SessionDocument } from '../api-schemas.ts'
import { toJsonResponse } from '../bodies.ts'
import { checkJsonType } from '../host-policy.ts'
import { refuseSignIn } from '../identify-caller.ts'
import type { LinkRefusal } from '../owner-sessions.ts'
import { toProblem } from '../problem.ts'
import { type OpenRoute, problem, response } from '../route.ts'

/** Largest body of a sign-in, in bytes. */
const mostBytes = 4096

const openSession: OpenRoute = {
  method: 'POST',
  path: '/session',
  summary: "trades the token of the owner's link for a session, on this machine",
  access: 'open',
  docs: {
    tag: 'api',
    parameters: [],
    body: { 'application/json': ['LinkToken'] },
    answers: {
      201: response(
        'A session, to be sent as a bearer token. It reads all registries, and writes none',
        'Session',
      ),
      400: problem('The body has no token'),
      401: problem('The link was used before, has expired, or is not of this server'),
      403: problem('The request comes from another machine, or from a page of another server'),
    },
    example: '/session',
  },
  admit: request => refuseForeign(request) ?? checkBody(request),
  answer: ({ request }, { sessions, signIns }) => {
    const token = parseToken(request)
    if (token === undefined)
      return toProblem(400, 'the body has no token', { hint: 'Send {"token": "TOKEN"}, from the link' })
    const opened = sessions.open(token)
    if (typeof opened === 'string')
      return refuseSignIn({ token, address: request.remoteAddress }, refusals[opened], signIns)
    const { session, expiresAt } = opened
    const document: SessionDocument = { session, expires_at: new Date(expiresAt).toISOString() }
    return toJsonResponse(document, { status: 201 })
  },
}

const closeSession: OpenRoute = {
  method: 'DELETE',
  path: '/session',
  summary: 'ends the session that is sent with it',
  access: 'open',
  docs: {
    tag: 'api',
    parameters: [],
    body: null,
    answers: { 204: { says: 'There is no such session any more', content: {} } },
    example: '/session',
  },
  answer: ({ caller }, { sessions, events }) => {
    const credentialId = toCredentialId(caller)
    if (caller.kind === 'owner' && credentialId !== undefined) {
      sessions.close(caller.sessionId)
      events.dismiss(credentialId, 'the session has ended')
    }
    return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' }
  },
}

/** The session of the owner's page. */
export const sessionRoutes: readonly OpenRoute[] = [openSession, closeSession]

const refusals: Readonly<Record<LinkRefusal, string>> = {
  wrong: 'this link is not of this server',
  used: 'this link was used before',
  expired: 'this link has expired',
}

function refuseForeign({ remoteAddress }: HttpRequest): FullResponse | undefined {
  if (remoteAddress !== undefined && isLoopback(remoteAddress)) return undefined
  return toProblem(403, 'a link to the page works only on the machine of the server', {
    hint: 'Create a token with nexus-registry token create, and sign in with it',
  })
}

function checkBody(request: HttpRequest): FullResponse | undefined {
  const refusal = checkJsonType(request)
  if (refusal !== undefined) return refusal
  // Without a length, as in chunks, it is not a number.
  if (Number(request.header('content-length') ?? Number.NaN) <= mostBytes) return undefined
  return toProblem(413, `the body is too large: ${mostBytes} bytes at most`, {
    hint: 'Send its length, in Content-Length',
  })
}

function parseToken(request: HttpRequest): string | undefined {
  const body = parsePlainJson(new TextDecoder().decode(request.body()))?.value
  if (typeof body !== 'object' || body === null || !('token' in body)) return undefined
  return typeof body.token === 'string' ? body.token : undefined
}
