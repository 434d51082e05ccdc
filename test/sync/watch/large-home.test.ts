import { mkdir, readFile, rename, symlink } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { createServeRenderers } from '../../../src/cli/serve-renderers.ts'
import type { Host, Signal } from '../../../src/platform/host.ts'
import type { BulkTask, WorkerOptions, WorkerPool } from '../../../src/platform/worker-task.ts'
import { doBulk } from '../../../src/server/bulk.ts'
import { sync } from '../../../src/sync/sync.ts'
import { watch } from '../../../src/sync/watch/watch.ts'
import type { WatchEvent } from '../../../src/sync/watch/watch-events.ts'
import { soundTexts, writeHome } from '../../support/homes/valid-home.ts'
import { createTestHost } from '../../support/test-host.ts'

type DoBulk = WorkerPool['doBulk']

/** Does tasks as a thread would: of plain data, and interrupted by the signal of the task. */
function toThread(host: () => Host): DoBulk {
  return async (task: BulkTask, { signal }: WorkerOptions) => {
    const own = { ...host(), ...task.place, interrupted: signal ?? new AbortController().signal }
    const there = { ...own, aside: { ...own.workers, bulkBytes: Number.POSITIVE_INFINITY } }
    const { result } = await doBulk(structuredClone(task), there, createServeRenderers)
    return { outcome: 'done', result: structuredClone(result) }
  }
}

interface Watching {
  /** How large tasks are done; a thread that works unless said otherwise. */
  readonly wrap?: (thread: DoBulk) => DoBulk
  readonly bulkBytes?: number
  /** Whether a registry is a link, which no sync writes through. */
  readonly isLinked?: boolean
  readonly onTask?: (kind: string, signal: (signal: Signal) => void) => void
}

/** Runs the daemon until its first poll is over. */
async function watchOnce({ wrap = thread => thread, bulkBytes = 1, isLinked = false, onTask }: Watching) {
  let signal: (signal: Signal) => void = () => undefined
  const tasks: string[] = []
  const thread = wrap(toThread(() => host))
  const notedThread: DoBulk = (task, taskOptions) => {
    tasks.push(task.kind)
    onTask?.(task.kind, signal)
    return thread(task, taskOptions)
  }
  const takeSignals = (listener: typeof signal) => {
    signal = listener
  }
  const base = await createTestHost({ overrides: { takeSignals } })
  const host: Host = { ...base, workers: { ...base.workers, bulkBytes, doBulk: notedThread } }
  const home = nodePath.join(base.directory, 'home')
  await mkdir(home, { mode: 0o700 })
  await writeHome(home, soundTexts)
  const file = nodePath.join(home, 'tool_registry.json')
  if (isLinked) {
    await rename(file, `${file}.real`)
    await symlink(`${file}.real`, file)
  }
  const logged: WatchEvent[] = []
  const end = await watch(
    {
      home: { directory: home, origin: 'flag' },
      options: { mode: 'quick', isForced: false, isDryRun: false, isPlain: true },
      sync,
      reload: async () => ({ options: { mode: 'quick', isForced: false, isDryRun: false }, files: [] }),
      log: event => {
        logged.push(event)
        if (event.event === 'synced' || event.event === 'failed') signal('SIGTERM')
      },
    },
    host,
  )
  const tools = await readFile(file, 'utf8')
  return { end, logged, tasks, tools }
}

const ended = { outcome: 'ended', reason: 'SIGTERM' }

test('a large home is synced in a thread, a small one is not, and both log the same', async () => {
  const [large, small] = [await watchOnce({}), await watchOnce({ bulkBytes: 1024 * 1024 })]
  expect([large.end, small.end]).toEqual([ended, ended])
  expect(large.logged.map(({ event }) => event)).toEqual(['started', 'synced', 'stopping'])
  expect(small.logged.map(({ event }) => event)).toEqual(['started', 'synced', 'stopping'])
  expect(new Set(large.tasks)).toEqual(new Set(['hash-registry', 'poll-home']))
  expect(small.tasks).toEqual([])
  expect([large.tools, small.tools]).toEqual([
    expect.stringContaining('"detected"'),
    expect.stringContaining('"detected"'),
  ])
})

test('an error in a thread is logged with its hint', async () => {
  const failures = await Promise.all(
    [1, 1024 * 1024].map(async bulkBytes => {
      const { logged } = await watchOnce({ bulkBytes, isLinked: true })
      return logged.flatMap(event => (event.event === 'failed' ? [[event.error, event.hint]] : []))
    }),
  )
  expect(failures[0]).toEqual([[expect.stringContaining('is a link'), expect.any(String)]])
  expect(failures[1]).toEqual([[expect.stringContaining('is a link'), failures[0]?.[0]?.[1]]])
})

test.each(['hash-registry', 'poll-home'])(
  'a signal ends a daemon that waits for %s, which is no failure',
  async kind => {
    const neverDone =
      (thread: DoBulk): DoBulk =>
      async (task, options) => {
        if (task.kind !== kind) return thread(task, options)
        await new Promise(resolve => options.signal?.addEventListener('abort', resolve))
        return { outcome: 'cancelled' }
      }
    const { end, logged } = await watchOnce({
      wrap: neverDone,
      onTask: (begun, signal) => {
        if (begun === kind) setImmediate(() => signal('SIGTERM'))
      },
    })
    expect(end).toEqual(ended)
    expect(logged.map(({ event }) => event)).toEqual(['started', 'stopping'])
  },
)

test.each([
  ['that cannot be started', false, 'synced'],
  ['that ends in the middle', true, 'failed'],
])('with a thread %s the daemon goes on', async (_, hasBegun, event) => {
  const failing = (): DoBulk => async () => ({ outcome: 'failed', reason: 'no more threads', hasBegun })
  const { end, logged } = await watchOnce({ wrap: failing })
  expect(end).toEqual(ended)
  expect(logged.map(each => each.event)).toContain(event)
})
