import type { HttpAnswer } from '../../core/http/http-answer.ts'
import type { HttpRequest } from '../../core/http/http-request.ts'
import { toProblem } from './problem.ts'

/** What a server knows of itself when it judges requests. */
export interface Doorway {
  /** Names that it may be asked by, in lower case; of addresses like `::1` without brackets. */
  readonly hosts: ReadonlySet<string>
  /** Whether any address may stand for it, since it listens on all that this machine has. */
  readonly isOnEveryAddress: boolean
  readonly isSecure: boolean
}

const jsonTypes = ['application/json', 'application/merge-patch+json']

/**
 * Judges the head of a request. A page of somebody else's can make a browser send requests to this machine, under any
 * name that leads here: so the name has to be one of ours, and the page too.
 */
export function screenRequest(request: HttpRequest, doorway: Doorway): HttpAnswer | undefined {
  const host = request.header('host') ?? ''
  const stranger = [host, ...listAuthorities(request.target)].find(name => !isOwnHost(name, doorway))
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
  return isWrite ? judgeType(request.header('content-type') ?? '') : undefined
}

/** Whom a request is for that names it in its first line, as those to a proxy do. */
function listAuthorities(target: string): string[] {
  const [, authority] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(target) ?? []
  return authority === undefined ? [] : [authority]
}

// Its port is not looked at: a tunnel has another one than the server, and no page can make a browser send a wrong one.
function isOwnHost(host: string, { hosts, isOnEveryAddress }: Doorway): boolean {
  const [, literal, text] = /^(?:\[([^[\]]*)\]|([^[\]:]*))(?::\d*)?$/.exec(host.toLowerCase()) ?? []
  if (literal !== undefined && !literal.includes(':')) return false
  const name = literal ?? text ?? ''
  // Nobody can have an address lead elsewhere, as with a name.
  return hosts.has(name) || (isOnEveryAddress && /^(?:\d+\.){3}\d+$|^[\da-f:]*:[\da-f:]*$/.test(name))
}

function isForeignPage(request: HttpRequest, host: string, { isSecure }: Doorway): boolean {
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

function judgeType(type: string): HttpAnswer | undefined {
  const [essence = ''] = type.split(';')
  if (jsonTypes.includes(essence.trim().toLowerCase())) return undefined
  return toProblem(415, `a body of type ${JSON.stringify(type)} cannot be taken`, {
    hint: 'Send JSON, with Content-Type: application/json',
  })
}
