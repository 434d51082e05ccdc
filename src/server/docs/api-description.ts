import type { Host } from '../../platform/host.ts'
import type { HttpHeaders } from '../../platform/http.ts'
import { prepareBody } from '../bodies.ts'
import type { Route } from '../route.ts'
import type { ApiDescription, ServeRequest } from '../serve-request.ts'
import type { ExampleServer } from './open-api.ts'

/** Describes routes, for programs and for people. Loaded with the first request. */
export function createApiDescription(
  routes: readonly Route[],
  place: Pick<ServeRequest, 'address' | 'tls'>,
  host: Pick<Host, 'sha256' | 'compress'>,
): ApiDescription {
  const prepare = (type: string, body: string, headers: HttpHeaders = {}) =>
    prepareBody({ body, type, audience: 'public', headers }, host)
  const describe = keepOne(async () => {
    const [{ toOpenApi }, { toComponentSchemas }] = await Promise.all([
      import('./open-api.ts'),
      import('../api-schemas.ts'),
    ])
    const schemas = toComponentSchemas()
    return (server: ExampleServer) => toOpenApi({ routes, schemas, server })
  })
  return {
    document: keepOne(async () => {
      const document = (await describe(''))(usualServer)
      return prepare('application/json', `${JSON.stringify(document, null, 2)}\n`)
    }),
    // One page is cached: a client may invent any number of ports.
    page: keepOne(async name => {
      const [toDocument, { renderPage }] = await Promise.all([describe(''), import('./render-page.ts')])
      return prepare('text/html; charset=utf-8', renderPage(toDocument(toServer(name, place))), pageHeaders)
    }),
    stylesheet: keepOne(async () => {
      const { stylesheet } = await import('./stylesheet.ts')
      return prepare('text/css; charset=utf-8', stylesheet)
    }),
  }
}

const usualServer: ExampleServer = { base: 'http://127.0.0.1:4780', options: [] }

/** The page has no script, no image and no form: one stylesheet is all that a browser may load for it. */
const pageHeaders: HttpHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

function toServer(name: string, { address, tls }: Pick<ServeRequest, 'address' | 'tls'>): ExampleServer {
  // The reader knows the path of the socket.
  const options = address.kind === 'socket' ? ['--unix-socket SOCKET'] : []
  return { base: `${tls ? 'https' : 'http'}://${name}`, options }
}

/** Caches the value of the last key. */
function keepOne<Made>(make: (key: string) => Promise<Made>): (key?: string) => Promise<Made> {
  let kept: { readonly key: string; readonly made: Promise<Made> } | undefined
  return (key = '') => {
    if (kept?.key !== key) kept = { key, made: make(key) }
    return kept.made
  }
}
