import type { HttpRequest, HttpResponse } from '../platform/http.ts'
import { toProblem } from './problem.ts'
import type { ServeRequest } from './serve-request.ts'

const everyAddress = ['0.0.0.0', '::']
const ownNames = ['localhost', '127.0.0.1', '::1']
/** Most forms of its own name that are remembered: clients ask by the very same one again and again. */
const knownForms = 64

/** Under which names a server may be asked. */
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

// Its port is not looked at: a tunnel has another one than the server, and no page can make a browser send a wrong one.
function isOwnHost(
  host: string,
  { names, isOnEveryAddress }: { readonly names: ReadonlySet<string>; readonly isOnEveryAddress: boolean },
): boolean {
  const [, literal, text] = /^(?:\[([^[\]]*)\]|([^[\]:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? []
  if (literal !== undefined && !literal.includes(':')) return false
  const name = literal ?? text ?? ''
  // Nobody can have an address lead elsewhere, as with a name. One that listens on all that this machine has is any of them.
  return names.has(name) || (isOnEveryAddress && /^(?:\d+\.){3}\d+$|^[\da-f:]*:[\da-f:]*$/.test(name))
}

/** What a server knows of itself when it judges requests. */
interface HostPolicy {
  /** Whether it may be asked by a name or address, with or without a port. */
  readonly isOwn: (host: string) => boolean
  readonly isSecure: boolean
}

const jsonTypes = ['application/json', 'application/merge-patch+json']

/**
 * Judges the head of a request. A page of somebody else's can make a browser send requests to this machine, under any
 * name that leads here: so the name has to be one of ours, and the page too.
 */
export function screenRequest(request: HttpRequest, doorway: HostPolicy): HttpResponse | undefined {
  const host = request.header('host') ?? ''
  const stranger = doorway.isOwn(host) ? findForeignAuthority(request.target, doorway) : host
  if (stranger !== undefined) {
    return toProblem(403, `this server is not ${JSON.stringify(stranger)}`, {
      hint: 'Ask it by its address, or list the name in server.allowed_hosts of the configuration',
    })
  }
  if (isForeignPage(request, host, doorway)) {
    return toProblem(403, 'pages of other servers may not ask this one', {
      hint: 'Open the address of this server itself',
    })
  }
  const isWrite = request.method === 'PUT' || request.method === 'PATCH'
  return isWrite ? checkType(request.header('content-type') ?? '') : undefined
}

// Requests to a proxy name whom they are for in their first line.
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

function checkType(type: string): HttpResponse | undefined {
  const [essence = ''] = type.split(';')
  if (jsonTypes.includes(essence.trim().toLowerCase())) return undefined
  return toProblem(415, `a body of type ${JSON.stringify(type)} cannot be taken`, {
    hint: 'Send JSON, with Content-Type: application/json',
  })
}
