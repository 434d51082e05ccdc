import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coalesce, retryDelay } from '../../src/dashboard/web/live/follow-dashboard.ts'
import { createEventParser, type DashboardEvent } from '../../src/dashboard/web/live/server.ts'
import { type Connection, describeConnection } from '../../src/dashboard/web/state/dashboard-state.ts'

describe('events are put together', () => {
  test.each<[string, string, DashboardEvent[]]>([
    ['one', 'id: a-1\nevent: change\ndata: {}\n\n', [{ id: 'a-1', event: 'change', data: '{}' }]],
    ['without a name', 'data: 1\n\n', [{ id: '', event: 'message', data: '1' }]],
    ['of several lines', 'data: 1\ndata: 2\n\n', [{ id: '', event: 'message', data: '1\n2' }]],
    ['with other line breaks', 'event: a\r\ndata: 1\r\n\r\n', [{ id: '', event: 'a', data: '1' }]],
    ['with comments', ': hello\nevent: a\ndata: 1\n\n', [{ id: '', event: 'a', data: '1' }]],
    ['without a space', 'event:a\ndata:1\n\n', [{ id: '', event: 'a', data: '1' }]],
    ['an id alone is kept for who comes back', 'id: a-0\n\n', [{ id: 'a-0', event: '', data: '' }]],
    ['a sign of life is nothing', ':\n\n', [{ id: '', event: '', data: '' }]],
    ['half of one is not told', 'event: a\ndata: 1\n', []],
  ])('%s', (_, text, events) => {
    expect(createEventParser()(text)).toEqual(events)
  })

  test('an id counts for what follows without one', () => {
    const parse = createEventParser()
    parse('id: a-7\nevent: change\ndata: {}\n\n')
    expect(parse('event: readings\ndata: {}\n\n')).toEqual([{ id: 'a-7', event: 'readings', data: '{}' }])
  })

  test('however the stream is cut', () => {
    const text = 'retry: 2000\n\nid: a-1\r\nevent: change\r\ndata: {"é":1}\r\n\r\n:\n\nevent: b\ndata: 2\n\n'
    const whole = createEventParser()(text)
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), cuts => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        const parse = createEventParser()
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end))
        expect(pieces.flatMap(piece => parse(piece))).toEqual(whole)
      }),
    )
  })

  test('one without an end is given up', () => {
    const parse = createEventParser()
    expect(() => {
      for (let count = 0; count < 10; count++) parse(`data: ${'x'.repeat(1_000_000)}`)
    }).toThrow('an event has no end')
  })
})

describe('a connection is told in words', () => {
  const reason = 'the server cannot be reached'
  test.each<[Connection, number, string, string]>([
    [{ kind: 'loading' }, 0, 'loading', 'the server is requested'],
    [{ kind: 'live' }, 0, 'live', 'changes are shown at once'],
    [
      { kind: 'lost', since: 1000, reason },
      4000,
      'reconnecting',
      `${reason}; this is what was known 3 seconds ago; trying again`,
    ],
    [
      { kind: 'lost', since: 1000, reason },
      31_000,
      'stale',
      `${reason}; this is what was known 30 seconds ago; trying again`,
    ],
    [
      { kind: 'unreached', since: 0, reason },
      0,
      'unknown',
      `the server has not responded yet: ${reason}; trying again`,
    ],
  ])('%j', (connection, now, word, says) => {
    expect(describeConnection(connection, now)).toEqual({ word, says })
  })
})

test('a server is asked again later and later, up to ten seconds, and not by all at once', () => {
  expect([1, 2, 3, 4, 5, 6, 99].map(attempts => retryDelay(attempts, 1))).toEqual([
    800, 1600, 3200, 6400, 10_000, 10_000, 10_000,
  ])
  expect(retryDelay(5, 0)).toBe(6000)
})

test('calls while something runs share the run after it', async () => {
  let [runs, release] = [0, (): void => undefined]
  const run = coalesce(async () => {
    runs += 1
    await new Promise<void>(resolve => {
      release = resolve
    })
  })
  const first = run()
  const [second, third] = [run(), run()]
  expect(second).toBe(third)
  release()
  await first
  await expect.poll(() => runs).toBe(2)
  release()
  await second
  expect(runs).toBe(2)
})

test('a run that fails does not end the next one', async () => {
  let runs = 0
  const run = coalesce(async () => {
    runs += 1
    if (runs === 1) throw new Error('no')
  })
  const [first, second] = [run(), run()]
  await expect(first).rejects.toThrow('no')
  await second
  expect(runs).toBe(2)
})
