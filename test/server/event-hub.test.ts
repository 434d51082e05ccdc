import { describe, expect, test } from 'vitest'
import { limits } from '../../src/lib/limits.ts'
import type { HttpRequest } from '../../src/platform/http.ts'
import type { Caller } from '../../src/security/access.ts'
import { createEventHub } from '../../src/server/events/event-hub.ts'
import { createTestHost } from '../support/test-host.ts'

const anonymous: Caller = { kind: 'anonymous' }
const none = () => undefined
const request: HttpRequest = {
  method: 'GET',
  target: '/events',
  param: none,
  query: none,
  header: none,
  body: () => new Uint8Array(0),
  remoteAddress: '127.0.0.1',
  onClosed: () => () => undefined,
}
const event = { registry: undefined, body: 'event: change\ndata: {}\n\n' }

async function createHub({ descriptors = Number.POSITIVE_INFINITY } = {}) {
  const host = { ...(await createTestHost()), descriptorLimit: () => descriptors }
  const hub = createEventHub({ findReadable: () => new Set(), host })
  return {
    ...hub,
    /** Joins with a connection that says how much waits, and whether its end is ever read. */
    join: ({ waiting = 0, isRead = true } = {}) => {
      const gone = new AbortController()
      const seen = { text: '', isEnded: false, isDropped: false, waiting }
      const answer = hub.open({ caller: anonymous, request })
      if (!('stream' in answer)) return { answer, seen }
      answer.stream({
        write: text => {
          seen.text += text
          return true
        },
        waiting: () => seen.waiting,
        end: () => {
          seen.isEnded = true
          if (isRead) gone.abort()
        },
        drop: () => {
          seen.isDropped = true
          gone.abort()
        },
        closed: gone.signal,
      })
      return { answer, seen, leave: () => gone.abort() }
    },
  }
}

describe('readers of events', () => {
  test('are let go when more waits for them than a limit, and no sooner', async () => {
    const hub = await createHub()
    const { seen } = hub.join({ waiting: limits.waitingEventBytes })
    hub.publish(() => [event])
    expect([seen.isDropped, hub.counts()]).toEqual([false, { open: 1, dropped: 0 }])
    seen.waiting += 1
    hub.publish(() => [event])
    expect([seen.isDropped, hub.counts()]).toEqual([true, { open: 0, dropped: 1 }])
    const before = seen.text
    hub.publish(() => [event])
    expect(seen.text).toBe(before)
  })

  test('are let in up to a limit, and again when others have left', async () => {
    const hub = await createHub()
    const joined = Array.from({ length: limits.eventStreams }, () => hub.join())
    const { answer } = hub.join()
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
    expect('body' in answer && JSON.parse(String(answer.body))).toMatchObject({
      detail: 'there are 2000 event streams already',
      hint: expect.any(String),
    })
    joined[0]?.leave?.()
    expect(hub.join().answer.status).toBe(200)
  })

  test('take half of the descriptors at most', async () => {
    const hub = await createHub({ descriptors: 9 })
    const statuses = Array.from({ length: 5 }, () => hub.join().answer.status)
    expect(statuses).toEqual([200, 200, 200, 200, 503])
  })

  test('get the very same text', async () => {
    const hub = await createHub()
    const [first, second] = [hub.join(), hub.join()]
    let made = 0
    hub.publish(() => {
      made += 1
      return [event]
    })
    expect(made).toBe(1)
    expect(first.seen.text).toBe(second.seen.text)
  })

  test('who do not read the end are not waited for', async () => {
    const hub = await createHub()
    const [deaf, polite] = [hub.join({ isRead: false }), hub.join()]
    await hub.close()
    expect(deaf.seen).toMatchObject({ isEnded: true, isDropped: true })
    expect(polite.seen.text).toContain('event: goodbye\ndata: {"reason":"the server stops"}')
  })

  test('are not let in when the end has come', async () => {
    const hub = await createHub()
    await hub.close()
    expect(hub.join().answer).toMatchObject({ status: 503 })
  })
})
