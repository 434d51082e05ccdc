import http from 'node:http'
import { expect, test } from 'vitest'
import { toClientKey } from '../../src/platform/http.ts'
import { startServedHome } from '../support/homes/served-home.ts'

/** Takes all the time that a filter may. */
const endless = '/query/tools?filter=last(range(1e12))'

test('who has filters that take long keeps no other client waiting for all of them', async () => {
  const { ask, token } = await startServedHome()
  const [greedy, modest] = [await token('admin'), await token('admin')]
  // Both threads are there then.
  await Promise.all([greedy, modest].map(each => ask('/query/tools?filter=1', { token: each })))
  const hangUp = new AbortController()
  const ended: string[] = []
  const long = [1, 2, 3, 4].map(async () => {
    await ask(endless, { token: greedy, signal: hangUp.signal })
    ended.push('greedy')
  })
  const answer = await ask('/query/tools?filter=length', { token: modest })
  expect(answer.status).toBe(200)
  expect(ended.length).toBeLessThan(long.length)
  hangUp.abort()
  await Promise.allSettled(long)
})

test('one client has a share of the queue, whatever it says of those behind it', async () => {
  const { ask, token } = await startServedHome()
  const hangUp = new AbortController()
  const answers = Array.from({ length: 12 }, (_, index) => {
    const origin = `198.51.100.${index}`
    const headers = { 'x-forwarded-for': origin, forwarded: `for=${origin}` }
    return ask(endless, { headers, signal: hangUp.signal })
  })
  const refused = await Promise.race(answers)
  const other = await ask('/query/tools?filter=length', { token: await token('admin') })
  hangUp.abort()
  await Promise.allSettled(answers)
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('1')
  expect(other.status).toBe(200)
})

test('who hangs up waits no more, and what runs for them is ended', async () => {
  const { url, ask } = await startServedHome()
  const gone = Array.from({ length: 9 }, () => http.get(new URL(endless, url)).on('error', () => undefined))
  // The tenth of one client finds no place until the others have gone.
  await expect.poll(async () => (await ask('/query/tools?filter=1')).status).toBe(429)
  for (const request of gone) request.destroy()
  await expect.poll(async () => (await ask('/query/tools?filter=1')).status).toBe(200)
})

test.each([
  ['127.0.0.1', '127.8.9.10'],
  ['127.0.0.1', '::1'],
  ['::ffff:127.0.0.1', '::1'],
  ['192.0.2.1', '::ffff:192.0.2.1'],
  ['2001:db8:1:2::1', '2001:DB8:1:2:aaaa::9'],
])('%s and %s are one client', (left, right) => {
  expect(toClientKey(left)).toBe(toClientKey(right))
})

test.each([
  ['192.0.2.1', '192.0.2.2'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['127.0.0.1', '192.0.2.1'],
])('%s and %s are two', (left, right) => {
  expect(toClientKey(left)).not.toBe(toClientKey(right))
})
