import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import type { ListenAddress } from '../platform/http-server.ts'

/** Says why an address cannot be listened on, and what to do about it. */
export function explainListening(cause: unknown, address: ListenAddress): NexusError {
  const isSocket = address.kind === 'socket'
  const place = isSocket ? address.path : `${address.host}:${address.port}`
  const [reason, hint] = explain(cause, isSocket)
  return new NexusError('serve', `${place} ${reason}`, { hint, cause })
}

function explain(cause: unknown, isSocket: boolean): readonly [reason: string, hint: string] {
  switch (systemErrorCode(cause)) {
    case 'EADDRINUSE': {
      const hint = isSocket ? 'Name another --socket' : 'Name another --port; --port 0 takes a free one'
      return ['is taken by another process', hint]
    }
    case 'EACCES':
      return isSocket
        ? ['may not be listened on', 'Name a --socket in a directory that you may write to']
        : ['may not be listened on', 'Ports below 1024 are for root; name another one']
    case 'ENOENT':
      return [
        'cannot be listened on: its directory is not there',
        'Make the directory, or name another --socket',
      ]
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return ['is no address of this machine', 'Name one with --host, like 127.0.0.1 or ::1']
    default:
      return [`cannot be listened on: ${errorMessage(cause)}`, isSocket ? socketHint : portHint]
  }
}

const socketHint = 'Name another --socket'
const portHint = 'Check --host and --port, and that --cert and --key belong together'
