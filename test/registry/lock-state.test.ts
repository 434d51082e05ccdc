import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  evaluateHolder,
  formatLockState,
  type LockState,
  parseLockState,
  parsePendingName,
  parseStagedName,
} from '../../src/registry/lock/lock-state.ts'

const state: LockState = {
  phase: 'held',
  pid: 17,
  startTime: '4711',
  acquiredAt: 1000,
  nonce: '0123456789abcdef',
}

test('the name of a state says all of it', () => {
  fc.assert(
    fc.property(
      fc.record({
        phase: fc.constantFrom('held' as const, 'committing' as const),
        pid: fc.integer({ min: 1, max: 4_194_304 }),
        startTime: fc.string({ maxLength: 8 }).map(text => encodeURIComponent(text)),
        acquiredAt: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
        nonce: fc.stringMatching(/^[0-9a-f]{16}$/),
      }),
      each => {
        fc.pre(each.startTime.length <= 64)
        expect(parseLockState(formatLockState(each))).toEqual(each)
      },
    ),
  )
})

test.each([
  '',
  'held',
  'held-17-1000-0123456789abcdef',
  'taken-17-1000-0123456789abcdef-4711',
  'held-17-1000-0123456789abcdeg-4711',
  'held--17-1000-0123456789abcdef-4711',
  'held-17-1000-0123456789abcdef-a/b',
  'held-17-1000-0123456789abcdef-4711\n',
])('%j is not the name of a state', name => {
  expect(parseLockState(name)).toBeUndefined()
})

test.each([
  '.nexus-registry.stage-0123456789abcdef-../escape.json',
  '.nexus-registry.stage-0123456789abcdef-other.json',
  '.nexus-registry.stage-0123-tool_registry.json',
  'tool_registry.json',
])('%j is not the name of a staged file', name => {
  expect(parseStagedName(name)).toBeUndefined()
})

test('a staged file and a pending lock tell whose they are', () => {
  const staged = '.nexus-registry.stage-0123456789abcdef-tool_registry.json'
  expect(parseStagedName(staged)).toEqual({ nonce: '0123456789abcdef', file: 'tool_registry.json' })
  expect(parsePendingName(`.nexus-registry.lock-${formatLockState(state)}`)).toEqual(state)
  expect(parsePendingName(formatLockState(state))).toBeUndefined()
})

const working = { runningSince: '4711', now: 2000, watchedMs: 0, holdMs: 10_000 }

test.each([
  { who: 'runs and took the lock a second ago', state, facts: working, is: 'working' },
  { who: 'has ended', state, facts: { ...working, runningSince: undefined }, is: 'gone' },
  { who: 'has the pid of one that ended', state, facts: { ...working, runningSince: '9' }, is: 'gone' },
  { who: 'has held it for the limit', state, facts: { ...working, now: 11_000 }, is: 'working' },
  { who: 'has held it for longer', state, facts: { ...working, now: 11_001 }, is: 'stopped' },
  {
    who: 'was watched holding it for longer',
    state,
    facts: { ...working, watchedMs: 10_001 },
    is: 'stopped',
  },
  {
    who: 'took it tomorrow, by a clock that was set back',
    state: { ...state, acquiredAt: 86_400_000 },
    facts: working,
    is: 'working',
  },
  {
    who: 'took it tomorrow and has ended',
    state: { ...state, acquiredAt: 86_400_000 },
    facts: { ...working, runningSince: undefined },
    is: 'gone',
  },
  {
    who: 'cannot be asked for',
    state: { ...state, startTime: '' },
    facts: { ...working, runningSince: undefined },
    is: 'working',
  },
  {
    who: 'cannot be asked for and is too old',
    state: { ...state, startTime: '' },
    facts: { ...working, runningSince: undefined, now: 20_000 },
    is: 'stopped',
  },
  {
    who: 'is elsewhere, where another clock says that it took it long ago,',
    state,
    facts: { ...working, runningSince: undefined, now: 86_400_000, isElsewhere: true },
    is: 'working',
  },
  {
    who: 'is elsewhere and was watched for too long',
    state,
    facts: { ...working, runningSince: undefined, watchedMs: working.holdMs + 1, isElsewhere: true },
    is: 'stopped',
  },
])('a holder that $who is $is', ({ state: each, facts, is }) => {
  expect(evaluateHolder(each, facts)).toBe(is)
})
