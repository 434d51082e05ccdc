import { existsSync } from 'node:fs'
import nodePath from 'node:path'
import { type ResourceLimits, Worker, type WorkerOptions } from 'node:worker_threads'
import { errorMessage } from '../../lib/errors.ts'
import type { WorkerOutcome, WorkerTask } from '../worker-task.ts'
import { type GroupNews, isGroupNews, killGroupAtExit, signalGroup } from './process-group.ts'

/** What a thread says when it begins with a task. */
export const begun = 'begun'
/** What a thread is sent when it may send the next part of a result. */
export const next = 'next'
/** What a thread is sent when its task is to come to an end. */
export const interrupt = 'interrupt'

/** Time for starting a thread, in milliseconds. */
const startTimeoutMs = 30_000
/** Memory of a thread beside what jq takes for itself, in MB. */
export const smallMemory: ThreadMemory = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 }

export interface Assignment {
  readonly task: WorkerTask
  /** From when it is begun. */
  readonly timeoutMs: number
  /** Aborted when the result is not wanted any more: the thread is ended after `graceMs`. */
  readonly signal?: AbortSignal | undefined
  readonly graceMs?: number | undefined
  readonly onPart?: ((part: unknown) => void) | undefined
  readonly settle: (outcome: WorkerOutcome<unknown>) => void
}

/** Memory of a thread, in MB; undefined for what this thread may take itself. */
export type ThreadMemory = Pick<ResourceLimits, 'maxOldGenerationSizeMb' | 'maxYoungGenerationSizeMb'>

/** Starts a thread that does tasks. A small one gets no environment. */
export function startThread(programRoot: string, memory: ThreadMemory = smallMemory): Worker {
  const built = nodePath.join(import.meta.dirname, 'worker.cjs')
  const env = memory === smallMemory ? {} : process.env
  const options = { workerData: { programRoot }, resourceLimits: memory, env }
  return existsSync(built) ? new Worker(built, options) : startFromSource(programRoot, options)
}

// In a checkout the source itself runs. A thread takes no loader as an option, so it begins with one.
function startFromSource(programRoot: string, options: WorkerOptions): Worker {
  const [loader, parent] = [import.meta.resolve('tsx/esm/api'), import.meta.url].map(url =>
    JSON.stringify(url),
  )
  const source = JSON.stringify(nodePath.join(programRoot, 'src', 'worker.ts'))
  const script = `import(${loader}).then(({ tsImport }) => tsImport(${source}, ${parent}))`
  return new Worker(script, { ...options, eval: true })
}

/** Has a thread do one task, and says whether it can do another. */
export function perform(
  worker: Worker,
  { task, timeoutMs, signal, graceMs = 0, onPart, settle }: Assignment,
  free: (isReusable: boolean) => void,
): void {
  const groups = new Map<number, () => void>()
  let hasBegun = false
  const finish = (outcome: WorkerOutcome<unknown>, isReusable: boolean) => {
    clearTimeout(deadline)
    signal?.removeEventListener('abort', cancel)
    for (const [pid, stopWatching] of groups) {
      // No other code knows the processes of a thread that is ended.
      signalGroup(pid, 'SIGKILL')
      stopWatching()
    }
    worker.off('message', onMessage).off('error', onError).off('exit', onExit)
    // Messages of an ended thread are ignored.
    if (!isReusable) worker.on('error', () => undefined)
    worker.unref()
    settle(outcome)
    free(isReusable)
  }
  const fail = (reason: string) => finish({ outcome: 'failed', reason, hasBegun }, false)
  const expire = () => finish({ outcome: 'timed-out' }, false)
  const end = () => finish({ outcome: 'cancelled' }, false)
  const cancel = () => {
    if (graceMs === 0) return end()
    worker.postMessage(interrupt)
    clearTimeout(deadline)
    deadline = setTimeout(end, graceMs)
  }
  const takePart = (part: unknown) => {
    try {
      onPart?.(part)
    } catch (error) {
      return fail(errorMessage(error))
    }
    // Parts that are there already would all be taken in one turn of the event loop.
    setImmediate(() => worker.postMessage(next))
  }
  const onMessage = (message: unknown) => {
    if (typeof message === 'object' && message !== null && 'part' in message) return takePart(message.part)
    if (isGroupNews(message)) return noteGroup(message, groups)
    const outcome = toOutcome(message)
    if (outcome) return finish(outcome, true)
    hasBegun = true
    if (signal?.aborted) return
    // Until now it was starting, which is no error of the task.
    clearTimeout(deadline)
    deadline = setTimeout(expire, timeoutMs)
  }
  const onError = (error: unknown) => fail(errorMessage(error))
  const onExit = () => fail('it ended in the middle')
  let deadline = setTimeout(expire, startTimeoutMs)
  signal?.addEventListener('abort', cancel)
  worker.ref()
  worker.on('message', onMessage).on('error', onError).on('exit', onExit)
  if (task.kind === 'jq' || task.kind === 'svg') worker.postMessage(task)
  else {
    const { handOver = [], ...rest } = task
    worker.postMessage(rest, [...handOver])
  }
}

/** Undefined when it only says that it has begun. */
function toOutcome(message: unknown): WorkerOutcome<unknown> | undefined {
  if (message === begun) return undefined
  if (typeof message === 'object' && message !== null && 'result' in message)
    return { outcome: 'done', result: message.result }
  const hasReason = typeof message === 'object' && message !== null && 'reason' in message
  const reason = hasReason ? String(message.reason) : 'it does not say why'
  return { outcome: 'failed', reason, hasBegun: true }
}

function noteGroup({ group, isRunning }: GroupNews, groups: Map<number, () => void>): void {
  if (isRunning) return void groups.set(group, killGroupAtExit(group))
  groups.get(group)?.()
  groups.delete(group)
}
