import { renameSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import type { SyncReport } from '../../../src/detection/report.ts'
import { NexusError } from '../../../src/lib/errors.ts'
import type { Clock, Signal } from '../../../src/platform/host.ts'
import { clock as realClock } from '../../../src/platform/node/clock.ts'
import { loadSnapshot } from '../../../src/registry/load/load-snapshot.ts'
import { byRegistry } from '../../../src/registry/snapshot.ts'
import { loadSyncStates } from '../../../src/registry/sync-state.ts'
import type { AlertSettings } from '../../../src/sync/alert/alert.ts'
import { sync } from '../../../src/sync/sync.ts'
import { watch } from '../../../src/sync/watch/watch.ts'
import type { WatchEvent } from '../../../src/sync/watch/watch-events.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import { openCollector } from '../../support/processes/collect-garbage.ts'
import { startAlertServer } from '../../support/servers/alert-server.ts'
import { createTestHost } from '../../support/test-host.ts'

interface Simulation {
  /** How many polls there are before SIGTERM comes. */
  readonly polls: number
  /** What a poll does: nothing, but for the interval, unless said otherwise. */
  readonly sync?: typeof sync
  readonly alerts?: AlertSettings
  /** Called after each poll with its number, from 1. */
  readonly onPoll?: (poll: number, world: World) => void
}

interface World {
  readonly home: string
  readonly signal: (signal: Signal) => void
  /** Sets the wall clock. */
  readonly jump: (ms: number) => void
  /** Says that a file was touched. */
  readonly touch: () => void
}

/** Shorter waits are deadlines and pauses, not the wait for the next poll. */
const longWaitMs = 10_000

/** Runs the daemon with a clock that does not let it wait for its next poll. */
async function simulate({ polls, sync: poll, alerts, onPoll }: Simulation) {
  const time = { now: Date.parse('2026-11-24T12:00:00Z'), elapsed: 0 }
  const sleeps: number[] = []
  const clock: Partial<Clock> = {
    now: () => time.now,
    elapsed: () => time.elapsed,
    sleep: async (ms, signal) => {
      if (ms < longWaitMs) return realClock.sleep(ms, signal)
      signal?.throwIfAborted()
      if (sleeps.length < 100) sleeps.push(ms)
      time.now += ms
      time.elapsed += ms
    },
  }
  const watching = { open: 0, most: 0, touch: (): void => undefined }
  let signal: World['signal'] = () => undefined
  const host = await createTestHost({
    env: { PATH: '' },
    clock,
    overrides: {
      takeSignals: listener => {
        signal = listener
      },
      watchDirectory: async ({ onChange }) => {
        watching.open += 1
        watching.most = Math.max(watching.most, watching.open)
        watching.touch = onChange
        return {
          close: async () => {
            watching.open -= 1
          },
        }
      },
    },
  })
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeFile(nodePath.join(home, 'hyper_registry.json'), soundTexts.hyper)
  for (const name of ['tool', 'ml_framework'])
    await writeFile(nodePath.join(home, `${name}_registry.json`), '{}')
  const logged: WatchEvent[] = []
  let polled = 0
  const tell = (event: WatchEvent) => {
    // Ten thousand of them would be the leak that is looked for.
    if (logged.length < 100) logged.push(event)
    if (event.event !== 'synced' && (event.event !== 'failed' || event.during !== 'sync')) return
    polled += 1
    const jump = (ms: number) => {
      time.now += ms
    }
    onPoll?.(polled, { home, signal, jump, touch: () => watching.touch() })
    if (polled === polls) signal('SIGTERM')
  }
  const options = { mode: 'quick', isForced: false, isDryRun: false, isPlain: true, alerts } as const
  const snapshot = await loadSnapshot(home, host)
  const idle: typeof sync = async () => ({ report: idleReport(home), snapshot, notes: [] })
  const end = await watch(
    {
      home: { directory: home, origin: 'flag' },
      options,
      sync: poll ?? idle,
      log: tell,
      reload: async () => ({ options, files: [] }),
    },
    host,
  )
  return { end, logged, polled, watching, sleeps, host, home }
}

function idleReport(home: string): SyncReport {
  const status = { status: 'ok', source: 'file', entries: 0, duration_ms: 1, warnings: [] } as const
  return {
    home,
    started_at: '2026-11-24T12:00:00.000Z',
    duration_ms: 1,
    registries: byRegistry(() => status),
    changes: [],
    incompatible: [],
    detections: { tools: {}, ml_frameworks: {}, providers: {}, microservices: {} },
  }
}

const megabyte = 1024 * 1024

test('ten thousand polls take no more memory than a thousand', { timeout: 240_000 }, async () => {
  const heapBytes = openCollector()
  const heaps: number[] = []
  const { polled, watching, end } = await simulate({
    polls: 10_000,
    onPoll: poll => {
      if (poll % 1000 === 0) heaps.push(heapBytes())
    },
  })
  const [first = 0] = heaps
  // Not even an empty object may stay of each of the nine thousand.
  expect(Math.max(...heaps) - first).toBeLessThan(9000 * 40)
  expect({ polled, watching, end }).toMatchObject({
    polled: 10_000,
    watching: { open: 0, most: 1 },
    end: { outcome: 'ended', reason: 'SIGTERM' },
  })
})

test('two hundred real syncs take no more memory than fifty', { timeout: 240_000 }, async () => {
  const heapBytes = openCollector()
  const heaps: number[] = []
  await simulate({
    polls: 200,
    sync,
    onPoll: poll => {
      if (poll % 50 === 0) heaps.push(heapBytes())
    },
  })
  const [first = 0] = heaps
  expect(Math.max(...heaps) - first).toBeLessThan(megabyte)
})

test('polls are an interval apart, give or take a tenth, whatever the wall clock does', async () => {
  const { sleeps } = await simulate({
    polls: 50,
    onPoll: (poll, { jump }) => jump(poll % 2 === 0 ? 3_600_000 : -3_600_000),
  })
  expect(sleeps).toHaveLength(49)
  for (const ms of sleeps) expect(Math.abs(ms - 60_000)).toBeLessThanOrEqual(6000)
  expect(new Set(sleeps).size).toBeGreaterThan(40)
})

test('a failed poll is logged with its count, and a bug with its stack', async () => {
  let calls = 0
  const { logged, end } = await simulate({
    polls: 4,
    sync: async (home, options, host) => {
      calls += 1
      if (calls === 1) throw new NexusError('write', 'the disk is full', { hint: 'Free some space' })
      if (calls === 2) throw new TypeError('x is not a function')
      return sync(home, options, host)
    },
  })
  expect(logged).toMatchObject([
    { event: 'started' },
    { event: 'failed', error: 'the disk is full', hint: 'Free some space', failures: 1 },
    { event: 'failed', error: 'x is not a function', hint: expect.stringContaining('at '), failures: 2 },
    { event: 'synced' },
    { event: 'synced' },
    { event: 'stopping', reason: 'SIGTERM' },
  ])
  expect(end).toEqual({ outcome: 'ended', reason: 'SIGTERM' })
})

test('syncs that fail in a row are alerted once, and once that it goes again', async () => {
  const server = await startAlertServer()
  let calls = 0
  const { logged } = await simulate({
    polls: 6,
    alerts: { webhook: server.url, command: undefined, allowPrivate: ['localhost'] },
    sync: async (home, options, host) => {
      calls += 1
      if (calls < 4) throw new NexusError('write', `the disk is full, for the ${calls}. time`)
      return sync(home, options, host)
    },
  })
  const failures = logged.filter(event => event.event === 'failed')
  expect(failures.map(event => event.warnings)).toEqual([[], [], []])
  const ofSyncs = server.posted.filter(message => Object(message).registry === null)
  expect(ofSyncs).toMatchObject([
    { event: 'failed', registry: null, reason: 'the disk is full, for the 1. time' },
    { event: 'recovered', registry: null, reason: null },
  ])
})

test('a home that goes away in the middle of a sync has failed, and its interval stays known', async () => {
  let calls = 0
  const { logged, sleeps } = await simulate({
    polls: 3,
    sync: async (home, options, host) => {
      calls += 1
      const away = `${home.directory}.away`
      if (calls === 2) await rename(home.directory, away)
      const result = await sync(home, options, host)
      if (calls === 1) {
        const hyper = soundTexts.hyper.replace('"interval_seconds": 60', '"interval_seconds": 600')
        await writeFile(nodePath.join(home.directory, 'hyper_registry.json'), hyper)
        return sync(home, options, host)
      }
      return result
    },
    onPoll: (poll, { home }) => {
      if (poll === 2) renameSync(`${home}.away`, home)
    },
  })
  const polls = logged.filter(({ event }) => event === 'synced' || event === 'failed')
  expect(polls.map(({ event }) => event)).toEqual(['synced', 'failed', 'synced'])
  expect(sleeps.every(ms => ms > 500_000)).toBe(true)
})

test('what was edited while a sync ran is not missed, and what a sync took over is no edit', async () => {
  let calls = 0
  const write = (home: string, file: string, text: string) => writeFile(nodePath.join(home, file), text)
  const { logged } = await simulate({
    polls: 3,
    sync: async (home, options, host) => {
      calls += 1
      if (calls === 1) {
        const models = '"models": { "path": "model_registry.json",'
        const listed = soundTexts.hyper.replace(models, `${models} "url": "https://example.com/models",`)
        await write(home.directory, 'hyper_registry.json', listed)
      }
      const result = await sync(home, options, host)
      if (calls === 2) await write(home.directory, 'model_registry.json', '{ "x-taken": 1 }')
      return result
    },
  })
  expect(logged.map(event => (event.event === 'edited' ? event.registries : event.event))).toEqual([
    'started',
    'synced',
    ['hyper'],
    'synced',
    'synced',
    'stopping',
  ])
})

test('the next attempt is said in the states while the daemon runs, and taken back after it', async () => {
  const seen: unknown[] = []
  const { logged, host, home } = await simulate({
    polls: 3,
    sync: async (home, options, host) => {
      seen.push((await loadSyncStates(home.directory, host)).get('tools')?.next_attempt)
      return sync(home, options, host)
    },
  })
  const announced = logged.flatMap(event => (event.event === 'synced' ? [event.next_attempt] : []))
  expect(announced).toEqual([expect.any(String), expect.any(String), expect.any(String)])
  expect(seen).toEqual([undefined, announced[0], announced[1]])
  expect((await loadSyncStates(home, host)).get('tools')).toMatchObject({ next_attempt: null })
})

test('signals that come together are all heeded', async () => {
  const { logged } = await simulate({
    polls: 2,
    onPoll: (poll, { signal, touch }) => {
      if (poll > 1) return
      touch()
      signal('SIGHUP')
      signal('SIGHUP')
    },
  })
  expect(logged.map(({ event }) => event)).toEqual(['started', 'synced', 'reloaded', 'synced', 'stopping'])
})
