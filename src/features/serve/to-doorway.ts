import type { Doorway } from './screen-request.ts'
import type { ServeRequest } from './serve-request.ts'

const everyAddress = ['0.0.0.0', '::']
const ownNames = ['localhost', '127.0.0.1', '::1']

/** Under which names a server may be asked. */
export function toDoorway({
  address,
  tls,
  allowedHosts,
}: Pick<ServeRequest, 'address' | 'tls' | 'allowedHosts'>): Doorway {
  const host = address.kind === 'port' ? address.host.toLowerCase() : 'localhost'
  return {
    hosts: new Set([...ownNames, host, ...allowedHosts.map(name => name.toLowerCase())]),
    isOnEveryAddress: everyAddress.includes(host),
    isSecure: tls !== undefined,
  }
}
