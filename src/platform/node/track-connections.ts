import type http from 'node:http'
import type { Socket } from 'node:net'

/** How often a server that ends looks for connections that have become idle, in milliseconds. */
const sweepMs = 20

/**
 * Keeps track of the connections of a server. What is returned closes those on which no request is under way, now and
 * until the server has ended. Node itself counts as busy whoever has connected and said nothing, as browsers do to have
 * a connection ready, and keeps those that become idle afterwards: each stop would wait for them.
 */
export function trackConnections(server: http.Server, isUnderWay: (socket: Socket) => boolean): () => void {
  const open = new Map<unknown, Socket>()
  const track = (socket: Socket) => {
    // That of TLS takes the place of the one below it.
    const key = socket.remotePort === undefined ? socket : `${socket.remoteAddress} ${socket.remotePort}`
    open.set(key, socket)
    socket.on('close', () => {
      if (open.get(key) === socket) open.delete(key)
    })
  }
  server.on('connection', track)
  server.on('secureConnection', track)
  const closeIdle = () => {
    for (const socket of open.values()) if (!isUnderWay(socket)) socket.destroy()
  }
  let sweeping: NodeJS.Timeout | undefined
  server.on('close', () => clearInterval(sweeping))
  return () => {
    closeIdle()
    sweeping ??= setInterval(closeIdle, sweepMs)
  }
}
