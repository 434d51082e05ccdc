import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import net from 'node:net'
import nodePath from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { HttpResponse, ServedRoute, ServerBounds, ServerRequest } from '../../src/platform/http.ts'
import { serveHttp } from '../../src/platform/node/serve-http.ts'
import { callRaw, sayRaw } from '../support/servers/served-program.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const bounds: ServerBounds = {
  bodyBytes: 100,
  headBytes: 4096,
  headTimeoutMs: 400,
  requestTimeoutMs: 500,
  idleMs: 700,
  connections: 8,
  requestsPerMinute: undefined,
  requestsPerMinuteElsewhere: 100,
}

function toText(status: number, body: string): HttpResponse {
  return { status, headers: { 'content-type': 'text/plain' }, body }
}

async function start(routes: readonly ServedRoute[], more: Partial<ServerRequest> = {}): Promise<number> {
  const { port = 0, stop } = await serveHttp({
    address: { kind: 'port', host: '127.0.0.1', port: 0 },
    routes,
    screen: ({ header }) => (header('host') === 'evil' ? toText(403, 'evil') : undefined),
    onStray: () => toText(404, 'stray'),
    onTrouble: status => toText(status, `trouble ${status}`),
    bounds,
    ...more,
  })
  onTestFinished(() => stop(100))
  return port
}

const write: ServedRoute = {
  method: 'PUT',
  path: '/',
  admit: async ({ header }) => (header('x-a') === 'stranger' ? toText(401, 'stranger') : undefined),
  handle: ({ body }) => toText(200, `took ${body().length}`),
}
const large: ServedRoute = {
  method: 'GET',
  path: '/',
  handle: () => toText(200, 'x'.repeat(64 * 1024 * 1024)),
}
const stream: ServedRoute = {
  method: 'GET',
  path: '/',
  handle: () => ({ status: 200, headers: {}, stream: ({ write: send }) => void send('one') }),
}

const head = (fields: string) => `PUT / HTTP/1.1\r\nHost: ok\r\n${fields}\r\nConnection: close\r\n\r\n`

test('100 Continue is said when the body is wanted', async () => {
  const port = await start([write])
  const call = callRaw(port, head('Expect: 100-continue\r\nContent-Length: 2'))
  await expect.poll(call.received).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  call.socket.write('{}')
  expect((await call.ended).text).toMatch(/took 2$/)
})

test.each([
  ['is too large', head('Expect: 100-continue\r\nContent-Length: 101'), 413],
  ['comes under another name', head('Expect: 100-continue\r\nContent-Length: 2').replace('ok', 'evil'), 403],
  ['is for nothing', head('Expect: 100-continue\r\nContent-Length: 2').replace('/', '/nothing'), 404],
  [
    'has a method for nothing',
    head('Expect: 100-continue\r\nContent-Length: 2').replace('PUT', 'PATCH'),
    404,
  ],
  ['is not admitted', head('Expect: 100-continue\r\nContent-Length: 2\r\nX-A: stranger'), 401],
  ['wants more than that', head('Expect: wonders'), 417],
])('100 Continue is not said to a call that %s', async (_, bytes, status) => {
  const port = await start([write])
  expect(await sayRaw(port, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
})

test('a reader that takes nothing any more is let go', async () => {
  const port = await start([large])
  const socket = net.connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: ok\r\n\r\n')
  // Node looks twice whether anything of what it has written was taken.
  await new Promise(resolve => setTimeout(resolve, 12 * bounds.idleMs))
  const count = await new Promise<number>(resolve => {
    let bytes = 0
    socket.on('data', chunk => {
      bytes += chunk.length
    })
    socket.on('close', () => resolve(bytes))
  })
  expect(count).toBeLessThan(64 * 1024 * 1024)
})

test('a body that stays out gets no answer into the middle of another one', async () => {
  const port = await start([stream])
  const call = callRaw(port, 'GET / HTTP/1.1\r\nHost: ok\r\nContent-Length: 9\r\n\r\n')
  const { text } = await call.ended
  expect(text).toContain('one')
  expect(text).not.toContain('trouble')
})

test('garbage behind a request that is not answered yet does not overtake its answer', async () => {
  const slow: ServedRoute = {
    method: 'GET',
    path: '/',
    handle: () => new Promise(resolve => setTimeout(() => resolve(toText(200, 'slow')), 200)),
  }
  const port = await start([slow])
  const text = await sayRaw(port, 'GET / HTTP/1.1\r\nHost: ok\r\n\r\nBREW / HTTP/9\r\n\r\n')
  expect(text).not.toContain('trouble')
})

test('garbage behind a request that has been answered is answered', async () => {
  const quick: ServedRoute = { method: 'GET', path: '/', handle: () => toText(200, 'quick') }
  const port = await start([quick])
  const call = callRaw(port, 'GET / HTTP/1.1\r\nHost: ok\r\n\r\n')
  await expect.poll(call.received).toContain('quick')
  call.socket.write('BREW / HTTP/9\r\n\r\n')
  expect((await call.ended).text).toContain('trouble 400')
})

test('a connection for TLS that never shakes hands ends, and plain text gets nothing', async () => {
  const directory = await temporaryDirectory()
  const [key, cert] = ['key.pem', 'cert.pem'].map(name => nodePath.join(directory, name))
  const subject = ['-subj', '/CN=localhost', '-days', '1', '-nodes', '-keyout', `${key}`, '-out', `${cert}`]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...subject],
    {
      stdio: 'ignore',
    },
  )
  const tls = { key: await readFile(`${key}`), cert: await readFile(`${cert}`) }
  const port = await start([write], { tls })
  const [silent, plain] = [callRaw(port), callRaw(port, 'GET / HTTP/1.1\r\nHost: ok\r\n\r\n')]
  expect((await silent.ended).text).toBe('')
  expect((await plain.ended).text).not.toContain('HTTP')
})

test('connections beyond the bound are not taken', async () => {
  const port = await start([stream])
  const calls = Array.from({ length: 8 }, () => callRaw(port, 'GET / HTTP/1.1\r\nHost: ok\r\n\r\n'))
  await expect.poll(() => calls.every(call => call.received().includes('one'))).toBe(true)
  expect(await sayRaw(port, 'GET / HTTP/1.1\r\nHost: ok\r\n\r\n')).toBe('')
})
