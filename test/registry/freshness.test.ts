import { expect, test } from 'vitest'
import {
  createSyncState,
  evaluateFreshness,
  type Freshness,
  type SyncState,
} from '../../src/registry/sync-state.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const ttlSeconds = 300

test.each<[string, Partial<SyncState>, Freshness]>([
  ['succeeded a moment ago', succeeded(0), 'fresh'],
  ['succeeded as long ago as a copy may be', succeeded(300), 'fresh'],
  ['was not tried again for longer', succeeded(301), 'stale'],
  ['failed after a success', { ...succeeded(60), consecutive_failures: 1 }, 'stale'],
  ['failed until the copy was too old', { ...succeeded(301), consecutive_failures: 5 }, 'failed'],
  ['never succeeded', { consecutive_failures: 1 }, 'failed'],
  ['was refused', { ...succeeded(1), consecutive_failures: 1, is_refused: true }, 'failed'],
  ['succeeded in the future', succeeded(-3600), 'stale'],
])('what %s', (_, state, expected) => {
  expect(evaluateFreshness({ ...never, ...state }, now, ttlSeconds)).toBe(expected)
})

const never = createSyncState(new Date(now).toISOString())

function succeeded(secondsAgo: number): Partial<SyncState> {
  return { last_success: new Date(now - secondsAgo * 1000).toISOString() }
}
