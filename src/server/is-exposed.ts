import type { ServeRequest } from './serve-request.ts'

/** Whether others may read what a server sends and gets: what goes to other machines passes more on its way. */
export function isExposed({ address, tls }: Pick<ServeRequest, 'address' | 'tls'>): boolean {
  return (
    address.kind === 'port' && tls === undefined && !/^(?:localhost|::1|127(?:\.\d+){3})$/i.test(address.host)
  )
}
