import { existsSync } from 'node:fs'
import nodePath from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Aside, AsideOutcome, AsideTask } from '../core/aside-task.ts'
import { errorMessage } from '../core/errors.ts'
import type { JqResult } from '../core/jq/jq-program.ts'

/** Threads at once: a filter that takes long must not keep all others waiting. */
const threads = 2
/** Most tasks that wait for a thread. */
const mostWaiting = 64
/** Memory of a thread beside what jq takes for itself, in MB. */
const threadMemory = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 }

type Settle = (outcome: AsideOutcome<unknown>) => void

interface Waiting {
  readonly task: AsideTask
  readonly timeoutMs: number
  readonly settle: Settle
}

/** Does work in threads, each of which is started when it is first needed, and anew when it had to be ended. */
export function createAside({ programRoot }: { readonly programRoot: string }): Aside {
  const idle: Worker[] = []
  const waiting: Waiting[] = []
  let working = 0
  const next = () => {
    if (working >= threads) return
    const item = waiting.shift()
    if (item === undefined) return
    working += 1
    const worker = idle.pop() ?? startWorker(programRoot)
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

function perform(
  worker: Worker,
  { task, timeoutMs, settle }: Waiting,
  free: (isReusable: boolean) => void,
): void {
  const finish = (outcome: AsideOutcome<unknown>, isReusable: boolean) => {
    clearTimeout(deadline)
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    // What it has to say when it is ended concerns nobody any more.
    if (!isReusable) worker.on('error', () => undefined)
    worker.unref()
    settle(outcome)
    free(isReusable)
  }
  const fail = (reason: string) => finish({ outcome: 'failed', reason }, false)
  const onMessage = (message: unknown) => finish(toOutcome(message), true)
  const onError = (error: unknown) => fail(errorMessage(error))
  const onExit = () => fail('it ended in the middle')
  const deadline = setTimeout(() => finish({ outcome: 'timed-out' }, false), timeoutMs)
  worker.ref()
  worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  worker.postMessage(task)
}

function toOutcome(message: unknown): AsideOutcome<unknown> {
  if (typeof message === 'object' && message !== null && 'result' in message)
    return { outcome: 'done', result: message.result }
  const isTold = typeof message === 'object' && message !== null && 'reason' in message
  return { outcome: 'failed', reason: isTold ? String(message.reason) : 'it does not say why' }
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

// In a checkout the source itself runs, as tsx does it.
function startWorker(programRoot: string): Worker {
  const built = nodePath.join(import.meta.dirname, 'worker.cjs')
  const options = { workerData: { programRoot }, resourceLimits: threadMemory, env: {} }
  if (existsSync(built)) return new Worker(built, options)
  const source = nodePath.join(programRoot, 'src', 'worker.ts')
  return new Worker(source, { ...options, execArgv: ['--import', 'tsx'] })
}
