import { readdirSync, readFileSync } from 'node:fs'
import { isShortageCode } from '../../lib/errors.ts'
import type { ProcessRequest } from '../host.ts'
import type { StartedProcess, StartFailure } from './start-process.ts'

/** Descriptors that a process takes while it is being started: two pipes, and one that says how the start went. */
const perStart = 6
/** Descriptors that a process which runs takes. */
const perProcess = 2
/** Descriptors that stay free for files. */
const reserve = 8
/** With so many descriptors no process has to be counted. */
const plenty = 1024

interface StartQueue {
  /** Starts a process as soon as there is room for it. Where it comes back with a process, `release` follows its end. */
  start(
    start: () => Promise<StartedProcess | StartFailure>,
    request: Pick<ProcessRequest, 'timeoutMs' | 'signal'>,
  ): Promise<StartedProcess | StartFailure>
  release(): void
}

/**
 * Where descriptors, processes or memory are scarce, processes run one after the other rather than not at all. A start
 * that fails for such a reason is tried again when another process has ended, until its deadline.
 */
export function createStartQueue(countRoom: () => number = countFreePlaces): StartQueue {
  const waiting: (() => void)[] = []
  let running = 0
  let room: number | undefined
  const release = () => {
    running -= 1
    // All waiting callers check again: more than one slot may be free.
    for (const wake of waiting.splice(0)) wake()
  }
  const waitForRelease = async (until: number, signal: AbortSignal | undefined): Promise<void> => {
    const finished = new AbortController()
    const released = new Promise<void>(resolve => {
      waiting.push(resolve)
      signal?.addEventListener('abort', () => resolve(), { signal: finished.signal })
    })
    await settlesWithin(released, until - performance.now())
    finished.abort()
  }
  return {
    start: async (start, { timeoutMs, signal }) => {
      const until = performance.now() + timeoutMs
      room ??= countRoom()
      const isOver = () => performance.now() >= until || signal?.aborted === true
      while (running > 0 && running >= room && !isOver()) await waitForRelease(until, signal)
      for (;;) {
        running += 1
        const started = await start()
        if (!('error' in started)) return started
        release()
        if (!isShortageCode(started.error) || running === 0 || isOver()) return started
        await waitForRelease(until, signal)
      }
    },
    release,
  }
}

// Where the limit is not known, a start that fails is what shows that it is low.
function countFreePlaces(): number {
  const limit = readDescriptorLimit()
  if (limit >= plenty) return Number.POSITIVE_INFINITY
  try {
    const open = readdirSync('/proc/self/fd').length
    return Math.max(1, Math.floor((limit - open - reserve - perStart) / perProcess))
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/**
 * How many files and connections this process may have open. Linux reports it, and it does not change while the process
 * runs, as far as this program is concerned; elsewhere it is not known, and counts as infinite.
 */
export function readDescriptorLimit(): number {
  try {
    const limit = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

/** What the promise gives within `ms` milliseconds, else undefined. The promise must not reject. */
export async function settlesWithin<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
