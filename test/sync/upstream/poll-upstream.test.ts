import { describe, expect, test } from 'vitest'
import { toPollPolicy } from '../../../src/sync/upstream/fetch-document.ts'
import { pollUpstream } from '../../../src/sync/upstream/poll-source.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import {
  type Behaviour,
  breakingOff,
  document,
  resetting,
  startUpstream,
  status,
} from '../../support/servers/upstream.ts'
import { createTestHost } from '../../support/test-host.ts'

const protocol = { type: 'polling', interval_seconds: 60, retry_attempts: 3, timeout_seconds: 30 } as const

/** Polls a real upstream by a clock that stands still, and tells how often it was asked and after which pauses. */
async function poll(
  behaviours: (pass: (ms: number) => void) => Behaviour[],
  changes: Partial<typeof protocol> = {},
) {
  const clock = createFakeClock()
  const upstream = await startUpstream(...behaviours(clock.pass))
  const host = await createTestHost({ overrides: { clock } })
  const request = {
    url: upstream.url,
    reach: { kind: 'loopback' },
    token: undefined,
    etag: undefined,
  } as const
  const fetched = await pollUpstream(request, toPollPolicy({ ...protocol, ...changes }), host)
  return { fetched, attempts: upstream.calls.length, pauses: clock.slept.map(ms => ms / 1000) }
}

const good = document({ a: 1 })
const later: Behaviour = (request, response) =>
  status(503, { 'retry-after': 'Mon, 23 Nov 2026 08:00:20 GMT' })(request, response)

describe('a poll', () => {
  test.each<[string, Behaviour[], pauses: number[], outcome: 'received' | 'failed']>([
    ['that is answered asks once', [good], [], 'received'],
    ['tries again after a second when the connection is reset', [resetting, good], [1], 'received'],
    ['tries again when the answer breaks off', [breakingOff, good], [1], 'received'],
    ['waits twice as long each time', [status(500), status(502), status(503), good], [1, 2, 4], 'received'],
    ['gives up after three retries', [status(500)], [1, 2, 4], 'failed'],
    ['tries again after 408', [status(408), good], [1], 'received'],
    ['tries again after 429', [status(429), good], [1], 'received'],
    ['waits as long as it is asked to', [status(429, { 'retry-after': '7' }), good], [7], 'received'],
    ['waits until the time in Retry-After', [later, good], [20], 'received'],
    ['never waits less than its own pause', [status(429, { 'retry-after': '0' }), good], [1], 'received'],
    ['does not wait beyond its deadline', [status(429, { 'retry-after': '60' }), good], [], 'failed'],
    [
      'takes a Retry-After that says nothing for none',
      [status(503, { 'retry-after': 'soon' }), good],
      [1],
      'received',
    ],
    ['does not try again after 400', [status(400), good], [], 'failed'],
    ['does not try again after 401', [status(401), good], [], 'failed'],
    ['does not try again after 403', [status(403), good], [], 'failed'],
    ['does not try again after 404', [status(404), good], [], 'failed'],
    ['does not try again after 410', [status(410), good], [], 'failed'],
    ['does not follow, nor try again', [status(302, { location: '/other' }), good], [], 'failed'],
    ['does not try again after a 304 that nobody asked for', [status(304), good], [], 'failed'],
  ])('%s', async (_, behaviours, expected, outcome) => {
    const { fetched, attempts, pauses } = await poll(() => behaviours)
    expect({ outcome: fetched.outcome, attempts, pauses }).toEqual({
      outcome,
      attempts: expected.length + 1,
      pauses: expected,
    })
  })

  test.each([
    ['ends before the interval, however slow the answers are', 60, 25_000, 2],
    ['has time for all its retries when there is', 600, 25_000, 4],
    ['of an interval of ten seconds tries as often as fits in', 10, 3000, 2],
  ])('%s', async (_, interval_seconds, slowness, expected) => {
    const slow = (pass: (ms: number) => void): Behaviour[] => [
      (request, response) => {
        pass(slowness)
        status(500)(request, response)
      },
    ]
    const { attempts } = await poll(slow, { ...protocol, ...Object({ interval_seconds }) })
    expect(attempts).toBe(expected)
  })

  test('that is configured to makes no retries', async () => {
    expect(await poll(() => [status(500)], Object({ retry_attempts: 0 }))).toMatchObject({
      attempts: 1,
      pauses: [],
    })
  })

  test.each([
    [401, true],
    [403, true],
    [404, true],
    [410, true],
    [400, false],
    [429, false],
    [500, false],
  ])('takes %i for the last word: %s', async (code, isRefused) => {
    expect((await poll(() => [status(code)])).fetched).toMatchObject({ outcome: 'failed', isRefused })
  })
})

test.each([
  [{ interval_seconds: 60 }, { retries: 3, timeoutMs: 30_000, totalMs: 51_000 }],
  [{ interval_seconds: 3600 }, { retries: 3, timeoutMs: 30_000, totalMs: 127_000 }],
  [
    { interval_seconds: 1, retry_attempts: 0 },
    { retries: 0, timeoutMs: 30_000, totalMs: 850 },
  ],
])('the policy of %j', (changes, expected) => {
  expect(toPollPolicy({ ...protocol, ...changes })).toEqual(expected)
})
