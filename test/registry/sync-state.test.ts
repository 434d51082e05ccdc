import { expect, test } from 'vitest'
import { isSyncState, type SyncState } from '../../src/registry/sync-state.ts'

const state: SyncState = {
  url: 'https://registry.example.com/models.json',
  last_attempt: '2026-11-24T12:00:00.000Z',
  last_success: null,
  next_attempt: '2026-11-24T12:01:00.000Z',
  not_before: '2026-11-24T12:02:00.000Z',
  consecutive_failures: 2,
  error: 'nothing listens there',
  is_refused: false,
  etag: '"1"',
  last_modified: null,
  file_sha256: null,
  upstream_health: 'stale',
  cache_hits: 10,
  cache_misses: 1,
}

test('a state is one', () => {
  expect(isSyncState(JSON.parse(JSON.stringify(state)))).toBe(true)
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['a list', [state]],
  ...Object.keys(state).map((key): [string, unknown] => [
    `one without ${key}`,
    { ...state, [key]: undefined },
  ]),
  ['a moment that is none', { ...state, last_attempt: 'yesterday' }],
  ['half a failure', { ...state, consecutive_failures: 0.5 }],
  ['fewer than no polls', { ...state, cache_hits: -1 }],
  ['a health that nobody knows', { ...state, upstream_health: 'fine' }],
  ['a yes that is a text', { ...state, is_refused: 'yes' }],
])('%s is none', (_, value) => {
  expect(isSyncState(value)).toBe(false)
})
