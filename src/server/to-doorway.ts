import type { Doorway } from './screen-request.ts'
import type { ServeRequest } from './serve-request.ts'

const everyAddress = ['0.0.0.0', '::']
const ownNames = ['localhost', '127.0.0.1', '::1']
/** Most forms of its own name that are remembered: clients ask by the very same one again and again. */
const knownForms = 64

/** Under which names a server may be asked. */
export function toDoorway({
  address,
  tls,
  allowedHosts,
}: Pick<ServeRequest, 'address' | 'tls' | 'allowedHosts'>): Doorway {
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
