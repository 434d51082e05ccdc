import type { FullResponse, HttpRequest, HttpResponse } from '../platform/http.ts'
import { toProblem } from './problem.ts'
import type { ServeRequest } from './serve-request.ts'

const everyAddress = ['0.0.0.0', '::']
const ownNames = ['localhost', '127.0.0.1', '::1']
/** Most forms of the server's names that are cached: clients use the same one again and again. */
const knownForms = 64

/** The names by which clients may request this server. */
export function toHostPolicy({
  address,
  tls,
  allowedHosts,
}: Pick<ServeRequest, 'address' | 'tls' | 'allowedHosts'>): HostPolicy {
  const host = address.kind === 'port' ? address.host.toLowerCase() : 'localhost'
  const names = new Set([...ownNames, host, ...allowedHosts.map(name => name.toLowerCase())])
  const isOnEveryAddress = everyAddress.includes(host)
  const known = new Set<string>()
  return {
    isSecure: tls !== undefined,
    isOwn: text => {
      if (known.has(text)) return true
      const isOwn = isOwnHost(text, { names, isOnEveryAddress })
      if (isOwn && known.size < knownForms) known.add(text)
      return isOwn
    },
  }
}

// The port is not checked: a tunnel has another one than the server, and no page can make a browser send a wrong one.
function isOwnHost(
  host: string,
  { names, isOnEveryAddress }: { readonly names: ReadonlySet<string>; readonly isOnEveryAddress: boolean },
): boolean {
  const [, literal, text] = /^(?:\[([^[\]]*)\]|([^[\]:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? []
  if (literal !== undefined && !literal.includes(':')) return false
  const name = literal ?? text ?? ''
  // Unlike a name, an address cannot lead elsewhere. A server on all addresses has any address of this machine.
  return names.has(name) || (isOnEveryAddress && /^(?:\d+\.){3}\d+$|^[\da-f:]*:[\da-f:]*$/.test(name))
}

/** The server's own names, by which requests are checked. */
interface HostPolicy {
  /** Whether this is a name or address of the server, with or without a port. */
  readonly isOwn: (host: string) => boolean
  readonly isSecure: boolean
}

const jsonTypes = ['application/json', 'application/merge-patch+json']

/**
 * Checks the head of a request. A foreign page can make a browser send requests to this machine, under any name that
 * leads here: so the name has to be one of the server's, and the page has to come from this server.
 */
export function screenRequest(request: HttpRequest, policy: HostPolicy): HttpResponse | undefined {
  const host = request.header('host') ?? ''
  const foreign = policy.isOwn(host) ? findForeignAuthority(request.target, policy) : host
  if (foreign !== undefined) {
    return toProblem(403, `this server is not ${JSON.stringify(foreign)}`, {
      hint: 'Use its address, or list the name in server.allowed_hosts of the configuration',
    })
  }
  if (isForeignPage(request, host, policy)) {
    return toProblem(403, 'pages of other servers may not request this one', {
      hint: 'Open the address of this server itself',
    })
  }
  const isWrite = request.method === 'PUT' || request.method === 'PATCH'
  return isWrite ? checkJsonType(request) : undefined
}

// The first line of a request to a proxy contains the target's authority.
function findForeignAuthority(target: string, { isOwn }: HostPolicy): string | undefined {
  if (target.startsWith('/')) return undefined
  const [, authority] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(target) ?? []
  return authority === undefined || isOwn(authority) ? undefined : authority
}

function isForeignPage(request: HttpRequest, host: string, { isSecure }: HostPolicy): boolean {
  const origin = request.header('origin')
  if (
    origin !== undefined &&
    origin.toLowerCase() !== `${isSecure ? 'https' : 'http'}://${host.toLowerCase()}`
  )
    return true
  const site = request.header('sec-fetch-site') ?? 'none'
  if (site === 'none' || site === 'same-origin') return false
  return site !== 'same-site' || request.header('sec-fetch-mode') !== 'navigate'
}

/** The response that refuses a body which is not JSON. */
export function checkJsonType(request: HttpRequest): FullResponse | undefined {
  const type = request.header('content-type') ?? ''
  const [essence = ''] = type.split(';')
  if (jsonTypes.includes(essence.trim().toLowerCase())) return undefined
  return toProblem(415, `a body of type ${JSON.stringify(type)} is not supported`, {
    hint: 'Send JSON, with Content-Type: application/json',
  })
}
