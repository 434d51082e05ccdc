import { expect, onTestFinished, test } from 'vitest'
import { followDashboard } from '../../src/dashboard/web/live/follow-dashboard.ts'
import type { ListenRequest } from '../../src/dashboard/web/live/server.ts'
import type { DashboardState } from '../../src/dashboard/web/state/dashboard-state.ts'
import { cardOf, readingOf, viewOf } from '../support/homes/dashboard-cards.ts'

test('what was measured while an answer was on its way is not lost by it', async () => {
  const over = new AbortController()
  onTestFinished(() => over.abort())
  const stale = viewOf([cardOf({ ref: 'dashboard/metrics/some', readings: [readingOf({ value: null })] })])
  const fresh = {
    ref: 'dashboard/metrics/some',
    id: 'some',
    value: 7,
    level: 'ok',
    reason: null,
    read_at: 'now',
  }
  const answers: (() => void)[] = []
  let stream: ListenRequest | undefined
  let shown: DashboardState | undefined
  void followDashboard({
    server: {
      load: async path => {
        if (path === '/health') return { registries: [] }
        await new Promise<void>(resolve => answers.push(resolve))
        return structuredClone(stale)
      },
      loadText: async () => '',
      listen: async request => {
        stream = request
        request.onOpen()
        await new Promise<void>(resolve => over.signal.addEventListener('abort', () => resolve()))
      },
    },
    onState: state => {
      shown = state
    },
    onRefusedToken: () => undefined,
    signal: over.signal,
  })
  // The one before the stream, and the one that catches up.
  await expect.poll(() => answers.length).toBe(1)
  answers[0]?.()
  await expect.poll(() => answers.length).toBe(2)
  stream?.onEvent({ id: 'a-1', event: 'readings', data: JSON.stringify({ readings: [fresh] }) })
  answers[1]?.()
  await expect.poll(() => shown?.connection.kind).toBe('live')
  expect(shown?.view?.sections[0]?.cards[0]?.readings[0]?.value).toBe(7)
})
