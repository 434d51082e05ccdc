import type { Worker } from 'node:worker_threads'
import type { Aside, AsideOptions, AsideOutcome, AsideTask } from '../core/aside-task.ts'
import { errorMessage } from '../core/errors.ts'
import { createFairQueue } from '../core/fair-queue.ts'
import type { JqResult } from '../core/jq/jq-program.ts'
import { limits } from '../core/limits.ts'
import { type Assignment, perform, smallMemory, startThread, type ThreadMemory } from './thread.ts'

/** Most tasks that wait for a thread, and most of one client. */
const queueLimits = { waiting: 64, waitingPerClient: 8 }

interface PoolOptions {
  readonly programRoot: string
  /** Threads at once: a filter that takes long must not keep all others waiting. */
  readonly threads: number
  readonly memory: ThreadMemory
  /** Whether a thread waits for another task, and keeps its memory. */
  readonly keepsThreads: boolean
}

/** Does work in threads. Work on large registries has its own, which filters cannot take. */
export function createAside({ programRoot }: { readonly programRoot: string }): Aside {
  const run = createPool({ programRoot, threads: 2, memory: smallMemory, keepsThreads: true })
  const runBulk = createPool({ programRoot, threads: 2, memory: {}, keepsThreads: false })
  return {
    bulkBytes: limits.bulkBytes,
    runJq: async (request, options) => narrow(await run({ kind: 'jq', request }, options), isJqResult),
    draw: async (view, options) => narrow(await run({ kind: 'svg', view }, options), isText),
    doBulk: runBulk,
  }
}

/**
 * Does work in threads, each of which is started when it is first needed, and anew when it had to be ended. A client has
 * one of them at a time, and a share of the queue.
 */
function createPool({ programRoot, threads, memory, keepsThreads }: PoolOptions) {
  const idle: Worker[] = []
  const queue = createFairQueue<Assignment>(queueLimits)
  let working = 0
  const next = () => {
    if (working >= threads) return
    const taken = queue.take()
    if (taken === undefined) return
    const worker = idle.pop() ?? tryStart(programRoot, memory)
    if (typeof worker === 'string') {
      queue.release(taken.client)
      taken.item.settle({ outcome: 'failed', reason: worker })
      next()
      return
    }
    working += 1
    perform(worker, taken.item, isReusable => {
      working -= 1
      queue.release(taken.client)
      if (isReusable && keepsThreads) idle.push(worker)
      else void worker.terminate()
      next()
    })
    next()
  }
  return (task: AsideTask, { timeoutMs, client, signal, onPart }: AsideOptions) =>
    new Promise<AsideOutcome<unknown>>(settle => {
      if (signal?.aborted) return settle({ outcome: 'cancelled' })
      const finish = (outcome: AsideOutcome<unknown>) => {
        signal?.removeEventListener('abort', leave)
        settle(outcome)
      }
      const item = { task, timeoutMs, signal, onPart, settle: finish }
      const leave = () => queue.remove(client, item) && finish({ outcome: 'cancelled' })
      const added = queue.add(client, item)
      if (added !== 'added') return settle({ outcome: added === 'full' ? 'busy' : 'too-many' })
      signal?.addEventListener('abort', leave)
      next()
    })
}

// Where the system has no thread, memory or descriptor left, the task fails and the process goes on.
function tryStart(programRoot: string, memory: ThreadMemory): Worker | string {
  try {
    return startThread(programRoot, memory)
  } catch (error) {
    return errorMessage(error)
  }
}

function narrow<Result>(
  outcome: AsideOutcome<unknown>,
  is: (result: unknown) => result is Result,
): AsideOutcome<Result> {
  if (outcome.outcome !== 'done') return outcome
  const { result } = outcome
  return is(result)
    ? { outcome: 'done', result }
    : { outcome: 'failed', reason: 'it answers with something else' }
}

function isText(result: unknown): result is string {
  return typeof result === 'string'
}

function isJqResult(result: unknown): result is JqResult {
  return typeof result === 'object' && result !== null && 'stdout' in result && 'stderr' in result
}
