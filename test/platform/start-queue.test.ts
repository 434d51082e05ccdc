import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { StartedProcess, StartFailure } from '../../src/platform/node/start-process.ts'
import { createStartQueue } from '../../src/platform/node/start-queue.ts'

const process: StartedProcess = {
  pid: 1,
  stdout: globalThis.process.stdin,
  stderr: globalThis.process.stdin,
  exit: Promise.resolve({ code: 0, signal: null }),
  release: () => undefined,
}

const request = { timeoutMs: 10_000 }

/** Starts that come back like this, one after the other; the last one again and again. */
function starts(...outcomes: (StartedProcess | StartFailure)[]) {
  let count = 0
  const start = async () => {
    const outcome = outcomes[Math.min(count, outcomes.length - 1)] ?? process
    count += 1
    return outcome
  }
  return { start, count: () => count }
}

test('no more processes run at once than there is room for', async () => {
  const queue = createStartQueue(() => 2)
  let running = 0
  let most = 0
  const run = async () => {
    await queue.start(starts(process).start, request)
    running += 1
    most = Math.max(most, running)
    await delay(2)
    running -= 1
    queue.release()
  }
  await Promise.all(Array.from({ length: 12 }, run))
  expect(most).toBe(2)
})

test.each(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM'])(
  '%s: it is tried again when another one has ended',
  async error => {
    const queue = createStartQueue(() => 8)
    await queue.start(starts(process).start, request)
    const second = starts({ error }, process)
    const started = queue.start(second.start, request)
    await delay(5)
    expect(second.count()).toBe(1)
    queue.release()
    expect(await started).toBe(process)
  },
)

test.each([
  ['EMFILE', 'nothing else runs that could end'],
  ['ENOENT', 'waiting would not help'],
])('%s is said at once where %s', async error => {
  const queue = createStartQueue(() => 8)
  if (error === 'ENOENT') await queue.start(starts(process).start, request)
  expect(await queue.start(starts({ error }).start, request)).toEqual({ error })
})

test('who waits for room gives up at its deadline or when it is interrupted', async () => {
  const queue = createStartQueue(() => 8)
  await queue.start(starts(process).start, request)
  const failing = starts({ error: 'EMFILE' })
  expect(await queue.start(failing.start, { timeoutMs: 5 })).toEqual({ error: 'EMFILE' })
  const controller = new AbortController()
  const waiting = queue.start(failing.start, { ...request, signal: controller.signal })
  controller.abort()
  expect(await waiting).toEqual({ error: 'EMFILE' })
})
