import http from 'node:http'
import { describe, expect, test } from 'vitest'
import { createSourceMeasure } from '../../../src/dashboard/model/measures/sources.ts'
import { createDashboardHome, type Entries, metric } from '../../support/homes/dashboard-home.ts'
import { service } from '../../support/homes/target-home.ts'
import { findFreePort, startHealthServer } from '../../support/servers/health-server.ts'
import { listenOnLoopback } from '../../support/servers/listen-on-loopback.ts'
import { createTestHost } from '../../support/test-host.ts'

async function startService(body: string | Uint8Array, status = 200) {
  const asked: string[] = []
  const port = await listenOnLoopback(
    http.createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(status).end(body)
    }),
  )
  return { url: `http://127.0.0.1:${port}`, asked }
}

function from(pointer: string, { path = '/v1/metrics', microservice = 'one' } = {}): object {
  return metric({ source: { microservice, path, pointer } })
}

async function measure(
  options: { readonly services: Entries; readonly metrics: Entries },
  { isTrusted = true } = {},
) {
  const host = await createTestHost()
  const { home, snapshot } = await createDashboardHome(
    { services: options.services, orchestrator: options.metrics },
    { host, isTrusted },
  )
  return createSourceMeasure({ home, isDeep: false }, host)(snapshot)
}

async function readFrom(url: string, pointer: string) {
  const samples = await measure({ services: { one: service(url) }, metrics: { it: from(pointer) } })
  return samples.get('metric/it')
}

const answer = JSON.stringify({
  zero: 0,
  small: -1.5e-3,
  text: '42',
  none: null,
  yes: true,
  list: [1, { deep: 7 }],
  'a/b': { '~': 8 },
  toString: 'x',
})

describe('a number', () => {
  const found: [pointer: string, value: number][] = [
    ['/zero', 0],
    ['/small', -1.5e-3],
    ['/list/0', 1],
    ['/list/1/deep', 7],
    ['/a~1b/~0', 8],
  ]
  test.each(found)('at %s is taken', async (pointer, value) => {
    const { url } = await startService(answer)
    expect(await readFrom(url, pointer)).toMatchObject({ value })
  })

  test('that is the whole answer is taken', async () => {
    const { url } = await startService('12.5')
    expect(await readFrom(url, '')).toMatchObject({ value: 12.5 })
  })
})

describe('nothing is taken for a number, and a sentence says why, when it is', () => {
  const places: [what: string, pointer: string, reason: RegExp][] = [
    ['a text', '/text', /has a text at \/text, where a number is expected/],
    ['null', '/none', /has null at \/none/],
    ['a yes', '/yes', /has true at/],
    ['a list', '/list', /has a list at/],
    ['an object', '/a~1b', /has an object at/],
    ['not there', '/gone/deeper', /has nothing at \/gone\/deeper/],
    ['beyond the end of a list', '/list/9', /has nothing at/],
    ['what every list has', '/list/length', /has nothing at/],
    ['what every object has', '/valueOf', /has nothing at/],
  ]
  test.each(places)('%s', async (_, pointer, reason) => {
    const { url } = await startService(answer)
    expect(await readFrom(url, pointer)).toMatchObject({ value: null, reason: expect.stringMatching(reason) })
  })

  const bodies: [what: string, body: string, reason: RegExp][] = [
    ['NaN', '{"it": NaN}', /invalid JSON/],
    ['larger than any number', '{"it": 1e999}', /invalid JSON/],
    ['nothing at all', '', /invalid JSON/],
    ['a page', '<html>7</html>', /invalid JSON/],
    ['said twice', '{"it": 1, "it": 2}', /invalid JSON/],
    ['too deep', `${'['.repeat(100)}${']'.repeat(100)}`, /invalid JSON/],
    ['in an answer of 1 MiB', JSON.stringify({ it: 1, more: 'x'.repeat(1024 * 1024) }), /more than 64 KiB/],
  ]
  test.each(bodies)('%s', async (_, body, reason) => {
    const { url } = await startService(body)
    expect(await readFrom(url, '/it')).toMatchObject({ value: null, reason: expect.stringMatching(reason) })
  })

  test('behind an error', async () => {
    const { url } = await startService('{"it": 1}', 503)
    expect(await readFrom(url, '/it')).toMatchObject({
      value: null,
      reason: expect.stringMatching(/with 503$/),
    })
  })

  const silent = [
    ['redirecting', /responds with 302$/],
    ['hanging', /did not respond within 1 s$/],
    ['dripping', /did not respond within 1 s$/],
    ['breaking', /does not respond: /],
    ['huge', /more than 64 KiB$/],
  ] as const
  test.each(silent)('at a service that is %s', async (behaviour, reason) => {
    const { url } = await startHealthServer(behaviour)
    expect(await readFrom(url, '/it')).toMatchObject({ value: null, reason: expect.stringMatching(reason) })
  })

  test('where nothing listens', async () => {
    const url = `http://127.0.0.1:${await findFreePort()}`
    expect(await readFrom(url, '/it')).toMatchObject({
      reason: expect.stringMatching(/nothing listens there/),
    })
  })
})

describe('a service is not asked when', () => {
  const rows: [when: string, more: object, isTrusted: boolean, reason: RegExp][] = [
    ['its home is not trusted', {}, false, /of a home that is not trusted/],
    ['it came over the network', { 'x-upstream': 'https://far.example/x' }, true, /came from https:\/\/far/],
  ]
  test.each(rows)('%s', async (_, more, isTrusted, reason) => {
    const { url, asked } = await startService('{"it": 1}')
    const samples = await measure(
      { services: { one: service(url, more) }, metrics: { it: from('/it') } },
      { isTrusted },
    )
    expect(samples.get('metric/it')).toMatchObject({ value: null, reason: expect.stringMatching(reason) })
    expect(asked).toEqual([])
  })

  test('it is not there', async () => {
    const samples = await measure({
      services: {},
      metrics: { it: from('/it', { microservice: 'constructor' }) },
    })
    expect(samples.get('metric/it')).toMatchObject({ reason: 'there is no microservice constructor' })
  })

  test('it is elsewhere', async () => {
    expect(await readFrom('http://192.0.2.1:9', '/it')).toMatchObject({
      reason: expect.stringMatching(/not on this machine/),
    })
  })
})

test('an address is asked once for all of its metrics, below the path of its service', async () => {
  const { url, asked } = await startService('{"one": 1, "two": 2}')
  const samples = await measure({
    services: { one: service(`${url}/base/`) },
    metrics: { one: from('/one'), two: from('/two'), other: from('/two', { path: '/other' }) },
  })
  expect(asked.toSorted()).toEqual(['/base/other', '/base/v1/metrics'])
  expect([...samples].map(([name, { value }]) => [name, value])).toEqual([
    ['metric/one', 1],
    ['metric/two', 2],
    ['metric/other', 2],
  ])
})
