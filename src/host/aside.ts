import type { Worker } from 'node:worker_threads'
import type { Aside, AsideOptions, AsideOutcome, AsideTask } from '../core/aside-task.ts'
import { errorMessage } from '../core/errors.ts'
import { createFairQueue } from '../core/fair-queue.ts'
import type { JqResult } from '../core/jq/jq-program.ts'
import { type Assignment, perform, startThread } from './thread.ts'

/** Threads at once: a filter that takes long must not keep all others waiting. */
const threads = 2
/** Most tasks that wait for a thread, and most of one client. */
const queueLimits = { waiting: 64, waitingPerClient: 8 }

/**
 * Does work in threads, each of which is started when it is first needed, and anew when it had to be ended. A client has
 * one of them at a time, and a share of the queue.
 */
export function createAside({ programRoot }: { readonly programRoot: string }): Aside {
  const idle: Worker[] = []
  const queue = createFairQueue<Assignment>(queueLimits)
  let working = 0
  const next = () => {
    if (working >= threads) return
    const taken = queue.take()
    if (taken === undefined) return
    const worker = idle.pop() ?? tryStart(programRoot)
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
      if (isReusable) idle.push(worker)
      else void worker.terminate()
      next()
    })
    next()
  }
  const run = (task: AsideTask, { timeoutMs, client, signal }: AsideOptions) =>
    new Promise<AsideOutcome<unknown>>(settle => {
      if (signal?.aborted) return settle({ outcome: 'cancelled' })
      const item = { task, timeoutMs, signal, settle }
      const added = queue.add(client, item)
      if (added !== 'added') return settle({ outcome: added === 'full' ? 'busy' : 'too-many' })
      signal?.addEventListener(
        'abort',
        () => queue.remove(client, item) && settle({ outcome: 'cancelled' }),
        {
          once: true,
        },
      )
      next()
    })
  return {
    runJq: async (request, options) => narrow(await run({ kind: 'jq', request }, options), isJqResult),
    draw: async (view, options) => narrow(await run({ kind: 'svg', view }, options), isText),
  }
}

// Where the system has no thread, memory or descriptor left, the task fails and the process goes on.
function tryStart(programRoot: string): Worker | string {
  try {
    return startThread(programRoot)
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
