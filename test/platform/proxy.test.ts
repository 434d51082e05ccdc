import http from 'node:http'
import type net from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findProxy } from '../../src/platform/node/proxy.ts'
import { sendRequest } from '../../src/platform/node/send-request.ts'
import { findFreePort, startHealthServer } from '../support/servers/health-server.ts'

const proxy = 'http://proxy.example:3128'
const all = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy }

test.each<[string, Record<string, string>, boolean]>([
  ['https://example.com/', all, true],
  ['http://example.com/', all, true],
  ['https://example.com/', { https_proxy: proxy }, true],
  ['https://example.com/', { HTTP_PROXY: proxy }, false],
  ['http://example.com/', { HTTPS_PROXY: proxy }, false],
  ['http://example.com/', { http_proxy: proxy }, true],
  ['http://example.com/', { ALL_PROXY: proxy }, true],
  ['https://example.com/', { all_proxy: proxy }, true],
  ['https://example.com/', { https_proxy: '', HTTPS_PROXY: proxy }, false],
  ['https://example.com/', { HTTPS_PROXY: '' }, false],
  ['https://example.com/', { HTTPS_PROXY: 'proxy.example:3128' }, true],
  // Of a program that a web server started, HTTP_PROXY is a header of its client.
  ['http://example.com/', { HTTP_PROXY: proxy, REQUEST_METHOD: 'GET' }, false],
  ['http://example.com/', { http_proxy: proxy, REQUEST_METHOD: 'GET' }, true],
  ['https://example.com/', { HTTPS_PROXY: proxy, REQUEST_METHOD: 'GET' }, true],
  // This machine.
  ['http://localhost:9/', all, false],
  ['http://localhost.:9/', all, false],
  ['http://a.localhost/', all, false],
  ['http://127.0.0.1/', all, false],
  ['http://127.9.9.9/', all, false],
  ['http://2130706433/', all, false],
  ['http://[::1]/', all, false],
  ['http://[::ffff:127.0.0.1]/', all, false],
  ['http://10.0.0.1/', all, true],
])('%s with %j: through the proxy is %s', (url, env, isProxied) => {
  expect(findProxy(new URL(url), env) !== undefined).toBe(isProxied)
})

test.each<[string, string, boolean]>([
  ['*', 'https://example.com/', true],
  ['example.com', 'https://example.com/', true],
  ['EXAMPLE.com', 'https://example.COM/', true],
  ['example.com', 'https://a.example.com/', true],
  ['.example.com', 'https://a.example.com/', true],
  ['.example.com', 'https://example.com/', true],
  ['*.example.com', 'https://a.example.com/', true],
  ['example.com.', 'https://example.com./', true],
  ['example.com', 'https://badexample.com/', false],
  ['example.com', 'https://example.com.evil.test/', false],
  ['a.test, example.com', 'https://example.com/', true],
  ['a.test example.com', 'https://example.com/', true],
  [' , ', 'https://example.com/', false],
  ['example.com:443', 'https://example.com/', true],
  ['example.com:80', 'https://example.com/', false],
  ['example.com:8443', 'https://example.com:8443/', true],
  ['192.0.2.7', 'http://192.0.2.7/', true],
  ['192.0.2.7:80', 'http://192.0.2.7/', true],
  ['192.0.2.7:81', 'http://192.0.2.7/', false],
  ['192.0.2.0/24', 'http://192.0.2.7/', true],
  ['192.0.2.0/24', 'http://192.0.3.7/', false],
  ['192.0.2.0/24', 'http://example.com/', false],
  ['2001:db8::1', 'http://[2001:db8::1]/', true],
  ['[2001:db8::1]', 'http://[2001:DB8:0::1]/', true],
  ['[2001:db8::1]:81', 'http://[2001:db8::1]/', false],
  ['2001:db8::/32', 'http://[2001:db8::1]/', true],
  ['2001:db8::/32', 'http://[2001:db9::1]/', false],
  ['2', 'http://192.0.2.2/', false],
])('NO_PROXY=%s leaves out %s: %s', (NO_PROXY, url, isLeftOut) => {
  expect(findProxy(new URL(url), { ...all, NO_PROXY }) === undefined).toBe(isLeftOut)
  expect(findProxy(new URL(url), { ...all, no_proxy: NO_PROXY, NO_PROXY: '' }) === undefined).toBe(isLeftOut)
})

test.each(['socks5://user:s3cret@127.0.0.1:1', 'http://user:s3cret@', 'http://user:s3cret@a:b', '://s3cret'])(
  'the address of a proxy that is none is named by its variable, and not shown: %s',
  async HTTPS_PROXY => {
    const answer = await sendRequest(toRequest('https://example.com/'), undefined, { HTTPS_PROXY })
    expect(answer).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^HTTPS_PROXY (?:is no|names)/),
    })
    expect(JSON.stringify(answer)).not.toContain('s3cret')
  },
)

function toRequest(url: string, timeoutMs = 5000) {
  const reach = { kind: 'public', alsoPrivate: ['localhost', '10.0.0.0/8'] } as const
  return { url, reach, timeoutMs, maxBytes: 65_536, isBodyKept: true }
}

/** A proxy that answers with a status, or not at all, and keeps what it is sent. */
async function startProxy(behaviour: number | 'hang' | 'break' | 'noise') {
  const seen: string[] = []
  const server = http.createServer((request, response) => {
    seen.push(
      `${request.method} ${request.url} ${request.headers.host} ${request.headers['proxy-authorization'] ?? '-'}`,
    )
    if (typeof behaviour === 'number') response.writeHead(behaviour).end('hello')
    else if (behaviour !== 'hang') response.socket?.destroy()
  })
  server.on('connect', (request, socket) => {
    seen.push(
      `CONNECT ${request.url} ${request.headers.host} ${request.headers['proxy-authorization'] ?? '-'}`,
    )
    socket.on('error', () => undefined)
    if (typeof behaviour === 'number') socket.end(`HTTP/1.1 ${behaviour} no\r\n\r\n`)
    if (behaviour === 'noise') socket.end('220 mail.example.com\r\n')
    if (behaviour === 'break') socket.destroy()
  })
  const sockets = new Set<net.Socket>()
  server.on('connection', socket => sockets.add(socket))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() satisfies unknown as AddressInfo
  return { seen, port, place: `127.0.0.1:${port}` }
}

describe('an upstream behind a proxy', () => {
  test('of http is named to it in full, with user and password', async () => {
    const { seen, place } = await startProxy(200)
    const env = { http_proxy: `http://ada:s%40cret@${place}` }
    const answer = await sendRequest(toRequest('http://upstream.example/a?b=c#d'), undefined, env)
    expect(answer).toMatchObject({ outcome: 'answered', status: 200 })
    const sign = Buffer.from('ada:s@cret').toString('base64')
    expect(seen).toEqual([`GET http://upstream.example/a?b=c upstream.example Basic ${sign}`])
  })

  test.each<[string, Parameters<typeof startProxy>[0], string, RegExp]>([
    ['wants a password', 407, 'https', /responded with 407: it wants a user and a password/],
    ['wants a password', 407, 'http', /responded with 407: it wants a user and a password/],
    ['refuses', 403, 'https', /responded with 403$/],
    ['cannot reach it', 502, 'https', /responded with 502$/],
    ['breaks off', 'break', 'https', /cannot be used: socket hang up/],
    ['breaks off', 'break', 'http', /cannot be used: socket hang up/],
    ['is something else', 'noise', 'https', /cannot be used: Parse Error/],
  ])(
    'that %s (%s, %s) has failed, and the reason names the proxy alone',
    async (_, behaviour, scheme, reason) => {
      const { seen, place } = await startProxy(behaviour)
      const env = { ALL_PROXY: `http://ada:s3cret@${place}` }
      const answer = await sendRequest(toRequest(`${scheme}://upstream.example/`), undefined, env)
      expect(answer).toMatchObject({ outcome: 'failed', reason: expect.stringMatching(reason) })
      expect(JSON.stringify(answer)).toContain(`the proxy at ${place}`)
      expect(JSON.stringify(answer)).not.toContain('s3cret')
      expect(seen).toHaveLength(1)
    },
  )

  test.each(['https', 'http'])('that does not listen has failed, and not the upstream (%s)', async scheme => {
    const place = `127.0.0.1:${await findFreePort()}`
    const env = { ALL_PROXY: `http://${place}` }
    expect(await sendRequest(toRequest(`${scheme}://upstream.example/`), undefined, env)).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(`the proxy at ${place} cannot be used`),
    })
  })

  test.each(['https', 'http'])('that hangs costs no more than the deadline (%s)', async scheme => {
    const { place } = await startProxy('hang')
    const env = { ALL_PROXY: `http://${place}` }
    expect(await sendRequest(toRequest(`${scheme}://upstream.example/`, 200), undefined, env)).toEqual({
      outcome: 'timed-out',
    })
  })

  test('literal addresses near this machine are judged as without a proxy', async () => {
    const { seen, place } = await startProxy(200)
    const env = { ALL_PROXY: `http://${place}` }
    for (const url of ['http://192.168.1.1/', 'https://169.254.169.254/', 'http://[fd00::1]/'])
      expect(await sendRequest(toRequest(url), undefined, env)).toEqual({ outcome: 'out-of-reach' })
    expect(seen).toEqual([])
  })

  test('services, and what is on this machine, are requested directly', async () => {
    const { seen, place } = await startProxy(200)
    const { url } = await startHealthServer('up')
    const env = { ALL_PROXY: `http://${place}` }
    for (const reach of [
      { kind: 'loopback' },
      { kind: 'listed', addresses: ['localhost'] },
      toRequest(url).reach,
    ] as const)
      expect(await sendRequest({ ...toRequest(url), reach }, undefined, env)).toMatchObject({
        outcome: 'answered',
      })
    expect(seen).toEqual([])
  })
})
