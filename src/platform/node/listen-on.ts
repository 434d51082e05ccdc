import { chmod, lstat, stat, unlink } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { ListenAddress, RunningServer } from '../http-server.ts'

/** Has a server listen, and says where to reach it. */
export async function listenOn(
  app: FastifyInstance,
  address: ListenAddress,
  { isSecure }: { readonly isSecure: boolean },
): Promise<Pick<RunningServer, 'url' | 'port'>> {
  if (address.kind === 'socket') {
    await listenOnSocket(app, address.path)
    return { url: address.path, port: undefined }
  }
  await app.listen({ host: address.host, port: address.port })
  const bound = app.server.address()
  const port = typeof bound === 'object' && bound ? bound.port : address.port
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return { url: `${isSecure ? 'https' : 'http'}://${host}:${port}`, port }
}

// sun_path of Linux and of macOS, with its end. libuv cuts off what is longer, and listens somewhere else.
const longestSocket = process.platform === 'linux' ? 107 : 103

async function listenOnSocket(app: FastifyInstance, path: string): Promise<void> {
  if (process.platform !== 'win32' && Buffer.byteLength(path) > longestSocket)
    throw new Error(`the path of a socket has ${longestSocket} bytes at most`)
  // It would be told as a lack of rights.
  if (process.platform !== 'win32') await stat(dirname(path))
  const there = await lstat(path).catch(() => undefined)
  if (there && !there.isSocket()) throw new Error('something else is there, which is no socket')
  if (there && (await isForsaken(path))) await unlink(path)
  // Nobody else may connect, from the first moment on.
  const usual = process.umask(0o177)
  try {
    await app.listen({ path })
  } finally {
    process.umask(usual)
  }
  await chmod(path, 0o600)
}

/** Whether nobody listens on a socket any more. What is no socket refuses connections as well: look before. */
function isForsaken(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.on('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.on('error', error => resolve('code' in error && error.code === 'ECONNREFUSED'))
  })
}
