import { expect, test } from 'vitest'
import type { ListenAddress } from '../../src/platform/http.ts'
import { isExposed } from '../../src/server/serve.ts'

const port = (host: string): ListenAddress => ({ kind: 'port', host, port: 4780 })
const tls = { cert: new Uint8Array(), key: new Uint8Array() }

test.each<[string, ListenAddress, typeof tls | undefined, boolean]>([
  ['this machine alone', port('127.0.0.1'), undefined, false],
  ['this machine by name', port('localhost'), undefined, false],
  ['this machine over IPv6', port('::1'), undefined, false],
  ['a socket', { kind: 'socket', path: '/run/it' }, undefined, false],
  ['all addresses', port('0.0.0.0'), undefined, true],
  ['all addresses over IPv6', port('::'), undefined, true],
  ['an address of a network', port('192.168.1.2'), undefined, true],
  ['a name that only looks like this machine', port('127.evil.example'), undefined, true],
  ['all addresses with TLS', port('0.0.0.0'), tls, false],
])('a server on %s', (_, address, secure, expected) => {
  expect(isExposed({ address, tls: secure })).toBe(expected)
})
