import { readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { percentileOf } from '../../src/detection/services/targets.ts'
import type { WebResponse } from '../../src/platform/http.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createPeerHome, service } from '../support/homes/target-home.ts'

const well: WebResponse = { outcome: 'answered', status: 200, headers: {}, body: new Uint8Array() }

/** A home whose service takes these many milliseconds, one sync each. */
async function createMeasured() {
  const clock = createFakeClock()
  const next = { ms: 0, answer: well }
  const home = await createPeerHome({
    services: { one: service('http://127.0.0.1:9') },
    overrides: {
      clock,
      sendRequest: async () => {
        clock.pass(next.ms)
        return next.answer
      },
    },
  })
  const measure = async (ms: number, answer = well) => {
    Object.assign(next, { ms, answer })
    await home.sync({ only: ['microservices'] })
    return (await home.detected('microservices')).one
  }
  const cache = nodePath.join(String(home.host.env.XDG_CACHE_HOME), 'nexus-registry/latencies')
  const file = async () => nodePath.join(cache, (await readdir(cache))[0] ?? '')
  return { measure, file, home }
}

describe('the latency of a service', () => {
  test('is measured to a tenth of a millisecond', async () => {
    const { measure } = await createMeasured()
    expect(await measure(12.3456)).toMatchObject({ status: 'up', latency_ms: 12.3 })
  })

  test('has a percentile from twenty answers on, of the last hundred', async () => {
    const { measure, file } = await createMeasured()
    for (let ms = 1; ms < 20; ms++) expect(await measure(ms)).not.toHaveProperty('latency_p95_ms')
    expect(await measure(20)).toMatchObject({ latency_ms: 20, latency_p95_ms: 19 })
    for (let ms = 21; ms <= 120; ms++) await measure(ms)
    expect(await measure(121)).toMatchObject({ latency_p95_ms: 116 })
    const kept: Record<string, number[]> = JSON.parse(await readFile(await file(), 'utf8'))
    expect(Object.values(kept).map(({ length }) => length)).toEqual([100])
  })

  test('is not what a failure takes', async () => {
    const { measure, file } = await createMeasured()
    await measure(5)
    expect(await measure(900, { ...well, status: 500 })).toMatchObject({ status: 'down', latency_ms: 900 })
    expect(await measure(900, { outcome: 'timed-out' })).toMatchObject({
      status: 'unknown',
      latency_ms: null,
    })
    expect(JSON.parse(await readFile(await file(), 'utf8'))).toEqual({ 'http://127.0.0.1:9/health': [5] })
  })

  test.each([
    '',
    '{',
    '[]',
    '{"http://127.0.0.1:9/health": "5"}',
    '{"http://127.0.0.1:9/health": [null, -1, "x"]}',
  ])('begins anew when what was kept is %j', async text => {
    const { measure, file } = await createMeasured()
    await measure(5)
    await writeFile(await file(), text)
    expect(await measure(7)).toMatchObject({ status: 'up', latency_ms: 7 })
    expect(JSON.parse(await readFile(await file(), 'utf8'))).toEqual({ 'http://127.0.0.1:9/health': [7] })
  })

  test('is evicted with its address', async () => {
    const { measure, file, home } = await createMeasured()
    await measure(5)
    await home.write('microservices', { one: service('http://127.0.0.1:10') })
    await measure(6)
    expect(JSON.parse(await readFile(await file(), 'utf8'))).toEqual({ 'http://127.0.0.1:10/health': [6] })
  })
})

test.each([
  [[], undefined],
  [[3], 3],
  [[5, 1, 4, 2, 3], 5],
  [Array.from({ length: 100 }, (_, index) => 100 - index), 95],
])('the 95th percentile of %j is %s', (numbers, percentile) => {
  expect(percentileOf(numbers, 95)).toBe(percentile)
})
