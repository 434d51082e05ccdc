import dns from 'node:dns'
import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { NetworkReach, WebResponse } from '../../src/platform/http.ts'
import { isWithinReach, sendRequest } from '../../src/platform/node/send-request.ts'
import { type behaviours, findFreePort, startHealthServer } from '../support/servers/health-server.ts'
import { listenOnLoopback } from '../support/servers/listen-on-loopback.ts'

const bounds = {
  reach: { kind: 'loopback' },
  timeoutMs: 20_000,
  maxBytes: 65_536,
  isBodyKept: false,
} as const

test.each([
  ['up', { outcome: 'answered', status: 200 }],
  ['failing', { outcome: 'answered', status: 500 }],
  ['redirecting', { outcome: 'answered', status: 302 }],
  ['hanging', { outcome: 'timed-out' }],
  ['dripping', { outcome: 'timed-out' }],
  ['huge', { outcome: 'answered', status: 200 }],
] as [keyof typeof behaviours, WebResponse][])('a service that is %s', async (behaviour, answer) => {
  const server = await startHealthServer(behaviour)
  const timeoutMs = answer.outcome === 'timed-out' ? 300 : bounds.timeoutMs
  expect(await sendRequest({ url: `${server.url}/health`, ...bounds, timeoutMs })).toMatchObject(answer)
  expect(server.asked).toEqual(['/health'])
})

test('a service that breaks off has failed', async () => {
  const server = await startHealthServer('breaking')
  expect(await sendRequest({ url: server.url, ...bounds })).toMatchObject({ outcome: 'failed' })
})

test('a port on which nothing listens refuses', async () => {
  const url = `http://127.0.0.1:${await findFreePort()}/`
  expect(await sendRequest({ url, ...bounds })).toEqual({ outcome: 'refused' })
})

test('a name is asked when it leads to this machine', async () => {
  const { port } = await startHealthServer('up')
  const answer = await sendRequest({ url: `http://localhost:${port}/`, ...bounds })
  expect(answer).toMatchObject({ outcome: 'answered', status: 200 })
})

test.each([
  'http://192.0.2.1/',
  'http://10.0.0.1:9001/',
  'http://169.254.169.254/latest/meta-data',
  'http://0.0.0.0:9001/',
  'http://[2001:db8::1]/',
  'http://3221225985/',
])('%s is another machine, and nothing is sent', async url => {
  expect(await sendRequest({ url, ...bounds })).toEqual({ outcome: 'out-of-reach' })
})

test.each([
  ['a number', (port: number) => `http://2130706433:${port}/`],
  ['an address of IPv6 that holds one of IPv4', (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
])('loopback as %s is this machine', async (_, toUrl) => {
  const { port } = await startHealthServer('up')
  expect(await sendRequest({ url: toUrl(port), ...bounds })).toMatchObject({
    outcome: 'answered',
    status: 200,
  })
})

test('what speaks no HTTP has failed, and one that is interrupted ends', async () => {
  const { port } = await startHealthServer('up')
  expect(await sendRequest({ url: `https://127.0.0.1:${port}/`, ...bounds })).toMatchObject({
    outcome: 'failed',
  })
  const hanging = await startHealthServer('hanging')
  const signal = AbortSignal.timeout(50)
  const answer = await sendRequest({ url: hanging.url, ...bounds, timeoutMs: 10_000, signal })
  expect(answer).toMatchObject({ outcome: 'failed' })
})

const kept = { timeoutMs: 20_000, maxBytes: 100_000, isBodyKept: true } as const
const toHere = { kind: 'public', alsoPrivate: ['127.0.0.0/8'] } as const

test('a body that is wanted comes with its headers, unpacked', async () => {
  const server = await startServer((request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip', etag: '"1"' })
    response.end(gzipSync(`to ${request.headers['x-name']}`))
  })
  const answer = await sendRequest({ url: server.url, reach: toHere, headers: { 'x-name': 'me' }, ...kept })
  expect(answer).toMatchObject({ outcome: 'answered', status: 200, headers: { etag: '"1"' } })
  expect(textOf(answer)).toBe('to me')
})

test('what is posted arrives', async () => {
  const server = await startServer((request, response) => request.pipe(response))
  const request = { url: server.url, reach: toHere, method: 'POST', body: '{"a":1}', ...kept } as const
  expect(textOf(await sendRequest(request))).toBe('{"a":1}')
})

test.each<[string, http.RequestListener, Partial<WebResponse>]>([
  ['too long', (_, response) => response.end('x'.repeat(100_001)), { outcome: 'too-large' }],
  [
    'small, and 50 MB when unpacked',
    (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync(Buffer.alloc(50_000_000)))
    },
    { outcome: 'too-large' },
  ],
  [
    'shorter than it says',
    (_, response) => response.writeHead(200, { 'content-length': 9 }).write('half', () => response.destroy()),
    { outcome: 'failed' },
  ],
  [
    'no gzip, though it says so',
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain'),
    { outcome: 'failed' },
  ],
  [
    'gzip that breaks off',
    (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync('a'.repeat(1000)).subarray(0, 20))
    },
    { outcome: 'failed' },
  ],
  [
    'compressed as it was not requested',
    (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('?'),
    { outcome: 'failed', reason: 'it is encoded as br, which was not requested' },
  ],
])('a body that is %s', async (_, listener, expected) => {
  const { url } = await startServer(listener)
  expect(await sendRequest({ url, reach: toHere, ...kept })).toMatchObject(expected)
})

test.each([
  ['93.184.216.34', [], true],
  ['2606:2800:220:1::1', [], true],
  ['10.0.0.1', [], false],
  ['10.0.0.1', ['10.0.0.1'], true],
  ['10.0.0.1', ['10.0.0.0/8'], true],
  ['11.0.0.1', ['10.0.0.1'], true],
  ['192.168.1.5', ['10.0.0.0/8'], false],
  ['127.0.0.1', [], false],
  ['127.0.0.1', ['localhost'], true],
  ['::1', ['localhost'], true],
  ['::ffff:127.0.0.1', ['localhost'], true],
  ['::ffff:10.0.0.1', [], false],
  ['64:ff9b::a00:1', [], false],
  ['2002:a00:1::', [], false],
  ['169.254.169.254', ['localhost'], false],
  ['fe80::1', [], false],
  ['fd00::1', [], false],
  ['fd00::1', ['fd00::/8'], true],
  ['100.64.0.1', [], false],
  ['0.0.0.0', [], false],
  ['224.0.0.1', [], false],
  ['255.255.255.255', [], false],
  ['no address', ['no address'], false],
])('%s with %j allowed: %j', (address, alsoPrivate, expected) => {
  expect(isWithinReach(address, { kind: 'public', alsoPrivate })).toBe(expected)
})

test.each([
  ['127.0.0.1', ['localhost'], true],
  ['127.0.0.1', ['10.0.0.0/8'], false],
  ['93.184.216.34', ['10.0.0.0/8'], false],
  ['93.184.216.34', [], false],
])('%s of those alone that are listed, %j: %j', (address, addresses, expected) => {
  expect(isWithinReach(address, { kind: 'listed', addresses })).toBe(expected)
})

describe('a name whose addresses change', () => {
  // What a server of names says the first time, and what it says from then on.
  const createNames = (first: string[], rest: string[]) => {
    const asked: string[] = []
    const lookup = (name: string, _: unknown, callback: (...args: unknown[]) => void) => {
      asked.push(name)
      const answers = asked.length === 1 ? first : rest
      callback(
        null,
        answers.map(address => ({ address, family: 4 })),
      )
    }
    return { asked, lookup: Object.assign(lookup, dns.lookup) }
  }
  const ask = async (first: string[], rest: string[], reach: NetworkReach) => {
    const heard: string[] = []
    const server = await startServer((request, response) => {
      heard.push(request.headers.host ?? '')
      response.end('me')
    })
    const { asked, lookup } = createNames(first, rest)
    const url = server.url.replace('127.0.0.1', 'changing.example')
    const answer = await sendRequest({ url, reach, ...kept }, lookup)
    return { answer, asked, heard }
  }

  test('is asked for once, and what was judged is what is connected to', async () => {
    const { answer, asked, heard } = await ask(['127.0.0.1'], ['10.0.0.1'], toHere)
    expect(textOf(answer)).toBe('me')
    expect(asked).toEqual(['changing.example'])
    expect(heard).toHaveLength(1)
  })

  test.each<[string, string[], string[], NetworkReach]>([
    ['leads here at once', ['127.0.0.1'], ['127.0.0.1'], { kind: 'public', alsoPrivate: [] }],
    ['leads near, and here later', ['10.0.0.1'], ['127.0.0.1'], toHere],
    ['leads nowhere', [], ['127.0.0.1'], toHere],
  ])('that %s is out of reach, and nothing is sent', async (_, first, rest, reach) => {
    const { answer, asked, heard } = await ask(first, rest, reach)
    expect(answer).toEqual({ outcome: 'out-of-reach' })
    expect(asked).toHaveLength(1)
    expect(heard).toEqual([])
  })

  test('of several is asked at one that may be', async () => {
    const { answer } = await ask(['10.0.0.1', '127.0.0.1'], [], toHere)
    expect(textOf(answer)).toBe('me')
  })
})

async function startServer(listener: http.RequestListener): Promise<{ url: string }> {
  const server = http.createServer(listener)
  const port = await listenOnLoopback(server)
  return { url: `http://127.0.0.1:${port}/` }
}

function textOf(answer: WebResponse): string {
  return answer.outcome === 'answered' ? new TextDecoder().decode(answer.body) : answer.outcome
}
