import { expect, test } from 'vitest'
import type { LoopbackAnswer } from '../../src/core/host.ts'
import { askLoopback } from '../../src/host/ask-loopback.ts'
import { type behaviours, findFreePort, startHealthServer } from '../support/health-server.ts'

const bounds = { timeoutMs: 300, maxBytes: 65_536 }

test.each([
  ['up', { outcome: 'answered', status: 200 }],
  ['failing', { outcome: 'answered', status: 500 }],
  ['redirecting', { outcome: 'answered', status: 302 }],
  ['hanging', { outcome: 'timed-out' }],
  ['dripping', { outcome: 'timed-out' }],
  ['huge', { outcome: 'answered', status: 200 }],
] as [keyof typeof behaviours, LoopbackAnswer][])('a service that is %s', async (behaviour, answer) => {
  const server = await startHealthServer(behaviour)
  expect(await askLoopback({ url: `${server.url}/health`, ...bounds })).toEqual(answer)
  expect(server.asked).toEqual(['/health'])
})

test('a service that breaks off has failed', async () => {
  const server = await startHealthServer('breaking')
  expect(await askLoopback({ url: server.url, ...bounds })).toMatchObject({ outcome: 'failed' })
})

test('a port on which nothing listens refuses', async () => {
  const url = `http://127.0.0.1:${await findFreePort()}/`
  expect(await askLoopback({ url, ...bounds })).toEqual({ outcome: 'refused' })
})

test('a name is asked when it leads to this machine', async () => {
  const { port } = await startHealthServer('up')
  const answer = await askLoopback({ url: `http://localhost:${port}/`, ...bounds })
  expect(answer).toEqual({ outcome: 'answered', status: 200 })
})

test.each([
  'http://192.0.2.1/',
  'http://10.0.0.1:9001/',
  'http://169.254.169.254/latest/meta-data',
  'http://0.0.0.0:9001/',
  'http://[2001:db8::1]/',
  'http://3221225985/',
])('%s is another machine, and nothing is sent', async url => {
  expect(await askLoopback({ url, ...bounds })).toEqual({ outcome: 'not-loopback' })
})

test.each([
  ['a number', (port: number) => `http://2130706433:${port}/`],
  ['an address of IPv6 that holds one of IPv4', (port: number) => `http://[::ffff:127.0.0.1]:${port}/`],
])('loopback as %s is this machine', async (_, toUrl) => {
  const { port } = await startHealthServer('up')
  expect(await askLoopback({ url: toUrl(port), ...bounds })).toEqual({ outcome: 'answered', status: 200 })
})

test('what speaks no HTTP has failed, and one that is interrupted ends', async () => {
  const { port } = await startHealthServer('up')
  expect(await askLoopback({ url: `https://127.0.0.1:${port}/`, ...bounds })).toMatchObject({
    outcome: 'failed',
  })
  const hanging = await startHealthServer('hanging')
  const signal = AbortSignal.timeout(50)
  const answer = await askLoopback({ url: hanging.url, ...bounds, timeoutMs: 10_000, signal })
  expect(answer).toMatchObject({ outcome: 'failed' })
})
