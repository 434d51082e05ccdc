import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import { limits } from '../lib/limits.ts'
import type { HttpRequest, HttpResponse, ListenAddress } from '../platform/http.ts'
import { toProblem } from './problem.ts'

const listenErrors: Readonly<Record<number, { readonly detail: string; readonly hint: string }>> = {
  400: { detail: 'this is not a valid HTTP request', hint: 'Check the address and the headers' },
  408: { detail: 'the request was not complete in time', hint: 'Send it in one go' },
  413: {
    detail: `the body is too large: ${limits.requestBytes} bytes at most`,
    hint: 'Change single entries instead',
  },
  414: {
    detail: 'the address is too long',
    hint: 'See /openapi.json for the limits of ids and filters',
  },
  417: {
    detail: 'the expectation in Expect is not supported',
    hint: 'Only Expect: 100-continue is supported',
  },
  429: { detail: 'too many requests from this address', hint: 'Retry-After has the time to wait' },
  431: { detail: `the headers are too large: ${limits.requestHeadBytes} bytes at most`, hint: 'Send fewer' },
  500: { detail: 'this is a bug of the server', hint: 'See its log, and please report it' },
}

/** The response to a bad request, or to a bug of the server, without details of the bug. */
export function explainListenError(status: number): HttpResponse {
  const { detail, hint } = listenErrors[status] ?? {
    detail: 'the request cannot be handled',
    hint: 'See /openapi.json',
  }
  return toProblem(status, detail, { hint })
}

/** Like /registries/models/openai/gpt-oss-120b. */
const slashed = /^\/(?:registries|explain)(?:\/[^/]+){3,}$/

/** The response to a request for an unknown path or method. */
export function explainNotFound(request: HttpRequest, allowed: readonly string[]): HttpResponse {
  const [path = ''] = request.target.split('?')
  if (allowed.length === 0)
    return toProblem(404, `there is nothing at ${JSON.stringify(path)}`, {
      hint: slashed.test(path) ? 'A slash in an id is written as %2F' : 'See /openapi.json for all paths',
    })
  return toProblem(405, `${request.method} is not supported for ${JSON.stringify(path)}`, {
    hint: `Use ${allowed.join(', ')}`,
    headers: { allow: allowed.join(', ') },
  })
}

/** Explains why the server cannot listen on an address, and what to do. */
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
