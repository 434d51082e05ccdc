import type http from 'node:http'
import { onTestFinished } from 'vitest'

/** Has a server listen on a free port of loopback until the test is done; answers with the port. */
export async function listenOnLoopback(server: http.Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return portOf(server)
}

/** Port of a server that listens. */
export function portOf(server: http.Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on a port')
  return address.port
}
