import { describe, expect, test } from 'vitest'
import { checkServices } from '../../src/detection/services/services.ts'
import type { WebResponse } from '../../src/platform/http.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createPeerHome, service } from '../support/homes/target-home.ts'
import { type behaviours, findFreePort, startHealthServer } from '../support/servers/health-server.ts'

type PeerHome = Awaited<ReturnType<typeof createPeerHome>>

async function look({ home, host, snapshot }: PeerHome) {
  return checkServices({ home, snapshot: await snapshot() }, host)
}

describe('a service', () => {
  const rows: [is: string, behaviour: keyof typeof behaviours, status: string, reason: RegExp | undefined][] =
    [
      ['up when it answers with 200', 'up', 'up', undefined],
      ['up when it says much', 'huge', 'up', undefined],
      ['down when it answers with anything else', 'failing', 'down', /\/health responds with 500$/],
      ['down when it sends elsewhere', 'redirecting', 'down', /responds with 302$/],
      ['down when it breaks off', 'breaking', 'down', /does not respond: /],
      ['unknown when it says nothing', 'hanging', 'unknown', /did not respond within 1 s$/],
      ['unknown when it never comes to an end', 'dripping', 'unknown', /did not respond within 1 s$/],
    ]
  test.each(rows)('is %s', async (_, behaviour, status, reason) => {
    const server = await startHealthServer(behaviour)
    const looks = await look(await createPeerHome({ services: { one: service(server.url) } }))
    const health = looks.get('one')?.health
    expect(health?.status).toBe(status)
    expect(health && 'reason' in health ? health.reason : undefined).toEqual(
      reason && expect.stringMatching(reason),
    )
    expect(server.asked).toEqual(['/health'])
  })

  test('is down when nothing listens', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`
    const looks = await look(await createPeerHome({ services: { one: service(url) } }))
    expect(looks.get('one')?.health).toMatchObject({ status: 'down', latencyMs: null })
  })

  const refusals: [when: string, more: object, isTrusted: boolean, reason: RegExp][] = [
    ['its entry names no path', { health_endpoint: undefined }, true, /has no health path/],
    [
      'it came over the network',
      { 'x-upstream': 'https://far.example/x' },
      true,
      /came over the network \(https:\/\/far/,
    ],
    ['its home is not trusted', {}, false, /not trusted/],
  ]
  test.each(refusals)('is unknown, and gets no request, when %s', async (_, more, isTrusted, reason) => {
    const server = await startHealthServer('up')
    const home = await createPeerHome({ services: { one: service(server.url, more) }, isTrusted })
    expect((await look(home)).get('one')?.health).toEqual({
      status: 'unknown',
      latencyMs: null,
      reason: expect.stringMatching(reason),
      hint: expect.any(String),
    })
    expect(server.asked).toEqual([])
  })

  test.each(['http://192.0.2.1:9', 'http://10.0.0.1', 'http://[fe80::1]', 'http://169.254.169.254'])(
    'is unknown when it is elsewhere: %s',
    async url => {
      const looks = await look(await createPeerHome({ services: { one: service(url) } }))
      expect(looks.get('one')?.health).toMatchObject({
        status: 'unknown',
        reason: expect.stringContaining('is not on this machine'),
      })
    },
  )
})

test.each([
  ['http://127.0.0.1:9004/api/', 'http://127.0.0.1:9004/api/health'],
  ['http://127.0.0.1:9004', 'http://127.0.0.1:9004/health'],
  ['http://127.0.0.1:9004/a//b//?x=1', 'http://127.0.0.1:9004/a//b/health'],
])('a service at %s gets its request at %s', async (url, address) => {
  const home = await createPeerHome({ services: { one: service(url) } })
  expect((await look(home)).get('one')?.address).toBe(address)
})

test('no more than eight services are checked at once', async () => {
  const server = await startHealthServer('slow')
  const ids = Array.from({ length: 30 }, (_, index) => `s${index}`)
  const services = Object.fromEntries(ids.map(id => [id, service(server.url)]))
  const looks = await look(await createPeerHome({ services }))
  expect([...looks.values()].map(({ health }) => health.status)).toEqual(ids.map(() => 'up'))
  expect(server.mostAtOnce()).toBe(8)
})

test('services that take too long together leave the others unknown, and nothing more is sent', async () => {
  const clock = createFakeClock()
  const asked: string[] = []
  const overrides = {
    clock,
    sendRequest: async ({ url }: { url: string }): Promise<WebResponse> => {
      asked.push(url)
      clock.pass(1000)
      return { outcome: 'timed-out' }
    },
  }
  const ids = Array.from({ length: 40 }, (_, index) => `s${index}`)
  const services = Object.fromEntries(ids.map(id => [id, service('http://127.0.0.1:9')]))
  const looks = [...(await look(await createPeerHome({ services, overrides }))).values()]
  const late = looks.filter(
    ({ health }) => 'reason' in health && health.reason.startsWith('there was no time'),
  )
  expect(asked.length).toBeGreaterThanOrEqual(10)
  expect(asked.length).toBeLessThan(20)
  expect(late).toHaveLength(ids.length - asked.length)
})

test('an interrupt ends the requests', async () => {
  const server = await startHealthServer('hanging')
  const controller = new AbortController()
  const home = await createPeerHome({
    services: { one: service(server.url) },
    overrides: { interrupted: controller.signal },
  })
  const looking = look(home)
  controller.abort(new Error('enough'))
  await expect(looking).rejects.toThrow('enough')
})
