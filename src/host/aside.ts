import type { Worker } from 'node:worker_threads'
import type { Aside, AsideOutcome, AsideTask } from '../core/aside-task.ts'
import { errorMessage } from '../core/errors.ts'
import type { JqResult } from '../core/jq/jq-program.ts'
import { type Assignment, perform, startThread } from './thread.ts'

/** Threads at once: a filter that takes long must not keep all others waiting. */
const threads = 2
/** Most tasks that wait for a thread. */
const mostWaiting = 64

/** Does work in threads, each of which is started when it is first needed, and anew when it had to be ended. */
export function createAside({ programRoot }: { readonly programRoot: string }): Aside {
  const idle: Worker[] = []
  const waiting: Assignment[] = []
  let working = 0
  const next = () => {
    if (working >= threads) return
    const item = waiting.shift()
    if (item === undefined) return
    const worker = idle.pop() ?? tryStart(programRoot)
    if (typeof worker === 'string') {
      item.settle({ outcome: 'failed', reason: worker })
      next()
      return
    }
    working += 1
    perform(worker, item, isReusable => {
      working -= 1
      if (isReusable) idle.push(worker)
      else void worker.terminate()
      next()
    })
  }
  const run = (task: AsideTask, timeoutMs: number) =>
    new Promise<AsideOutcome<unknown>>(settle => {
      if (waiting.length >= mostWaiting) settle({ outcome: 'busy' })
      else waiting.push({ task, timeoutMs, settle })
      next()
    })
  return {
    runJq: async (request, timeoutMs) => narrow(await run({ kind: 'jq', request }, timeoutMs), isJqResult),
    draw: async (view, timeoutMs) => narrow(await run({ kind: 'svg', view }, timeoutMs), isText),
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
