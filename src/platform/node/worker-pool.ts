import type { Worker } from 'node:worker_threads'
import { errorMessage } from '../../lib/errors.ts'
import type { JqResult } from '../../lib/jq/jq-program.ts'
import { limits } from '../../lib/limits.ts'
import type { WorkerOptions, WorkerOutcome, WorkerPool, WorkerTask } from '../worker-task.ts'
import { type Assignment, perform, smallMemory, startThread, type ThreadMemory } from './thread.ts'

/** Most tasks that wait for a thread, and most of one client. */
const queueLimits = { waiting: 64, waitingPerClient: 8 }

interface PoolOptions {
  readonly programRoot: string
  /** Threads at once: a filter that takes long must not keep all others waiting. */
  readonly threads: number
  readonly memory: ThreadMemory
  /** How long a thread waits for another task, and keeps its memory, in milliseconds. */
  readonly keepMs: number
}

/** Time after which an idle thread that handles requests ends, and frees what it has read, in milliseconds. */
const keepReaderMs = 60_000

/** Does work in threads. Work on large homes has its own, which filters cannot take, and nor can a poll, which takes long. */
export function createWorkerPool({ programRoot }: { readonly programRoot: string }): WorkerPool {
  const run = createPool({ programRoot, threads: 2, memory: smallMemory, keepMs: Number.POSITIVE_INFINITY })
  const runBulk = createPool({ programRoot, threads: 2, memory: {}, keepMs: 0 })
  const runPoll = createPool({ programRoot, threads: 1, memory: {}, keepMs: 0 })
  const answer = createPool({ programRoot, threads: 1, memory: {}, keepMs: keepReaderMs })
  return {
    bulkBytes: limits.bulkBytes,
    runJq: async (request, options) => narrow(await run({ kind: 'jq', request }, options), isJqResult),
    draw: async (view, options) => narrow(await run({ kind: 'svg', view }, options), isText),
    doBulk: async (task, options) => {
      if (task.kind === 'answer-request') return answer(task, options)
      return task.kind === 'poll-home' ? runPoll(task, options) : runBulk(task, options)
    },
  }
}

/**
 * Does work in threads, each of which is started when it is first needed, and anew when it had to be ended. A client has
 * one of them at a time, and a share of the queue.
 */
function createPool({ programRoot, threads, memory, keepMs }: PoolOptions) {
  const idle: Idle[] = []
  const queue = createFairQueue<Assignment>(queueLimits)
  let working = 0
  const next = () => {
    if (working >= threads) return
    const taken = queue.take()
    if (taken === undefined) return
    const worker = takeIdle(idle) ?? tryStart(programRoot, memory)
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
      if (isReusable && keepMs > 0) keepIdle(worker, keepMs, idle)
      else void worker.terminate()
      next()
    })
    next()
  }
  return (task: WorkerTask, { timeoutMs, client, signal, graceMs, onPart }: WorkerOptions) =>
    new Promise<WorkerOutcome<unknown>>(settle => {
      if (signal?.aborted) return settle({ outcome: 'cancelled' })
      const finish = (outcome: WorkerOutcome<unknown>) => {
        signal?.removeEventListener('abort', leave)
        settle(outcome)
      }
      const item = { task, timeoutMs, signal, graceMs, onPart, settle: finish }
      const leave = () => queue.remove(client, item) && finish({ outcome: 'cancelled' })
      const added = queue.add(client, item)
      if (added !== 'added') return settle({ outcome: added === 'full' ? 'busy' : 'too-many' })
      signal?.addEventListener('abort', leave)
      next()
    })
}

interface Idle {
  readonly worker: Worker
  readonly forget: NodeJS.Timeout | undefined
}

function takeIdle(idle: Idle[]): Worker | undefined {
  const taken = idle.pop()
  clearTimeout(taken?.forget)
  return taken?.worker
}

function keepIdle(worker: Worker, keepMs: number, idle: Idle[]): void {
  const forget = () => {
    idle.splice(0, idle.length, ...idle.filter(kept => kept.worker !== worker))
    void worker.terminate()
  }
  const isForever = keepMs === Number.POSITIVE_INFINITY
  idle.push({ worker, forget: isForever ? undefined : setTimeout(forget, keepMs).unref() })
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
  outcome: WorkerOutcome<unknown>,
  is: (result: unknown) => result is Result,
): WorkerOutcome<Result> {
  if (outcome.outcome !== 'done') return outcome
  const { result } = outcome
  return is(result)
    ? { outcome: 'done', result }
    : { outcome: 'failed', reason: 'it sent an unexpected result' }
}

function isText(result: unknown): result is string {
  return typeof result === 'string'
}

function isJqResult(result: unknown): result is JqResult {
  return typeof result === 'object' && result !== null && 'stdout' in result && 'stderr' in result
}

/** Work of several clients, of which none can keep the others waiting: one item of each runs at a time, in turn. */
interface FairQueue<Item> {
  /** Adds an item behind the others of its client; otherwise says whose share is used up. */
  readonly add: (client: string, item: Item) => 'added' | 'client-full' | 'full'
  /** Takes the item that runs next; undefined when no item waits, or each client that waits has one running. */
  readonly take: () => { readonly client: string; readonly item: Item } | undefined
  /** Removes an item that still waits; false when it does not. */
  readonly remove: (client: string, item: Item) => boolean
  /** Says that the running item of a client has ended. */
  readonly release: (client: string) => void
}

interface FairQueueLimits {
  /** Most items that wait. */
  readonly waiting: number
  /** Most of these that belong to one client. */
  readonly waitingPerClient: number
}

export function createFairQueue<Item>({ waiting, waitingPerClient }: FairQueueLimits): FairQueue<Item> {
  // In the order of their turns: whose item is taken goes to the end.
  const lines = new Map<string, Item[]>()
  const running = new Set<string>()
  let count = 0
  return {
    add: (client, item) => {
      const line = lines.get(client) ?? []
      if (line.length >= waitingPerClient) return 'client-full'
      if (count >= waiting) return 'full'
      line.push(item)
      lines.set(client, line)
      count += 1
      return 'added'
    },
    take: () => {
      for (const [client, line] of lines) {
        if (running.has(client)) continue
        const [item, ...rest] = line
        lines.delete(client)
        if (item === undefined) continue
        if (rest.length > 0) lines.set(client, rest)
        running.add(client)
        count -= 1
        return { client, item }
      }
      return undefined
    },
    remove: (client, item) => {
      const line = lines.get(client) ?? []
      const rest = line.filter(each => each !== item)
      if (rest.length === line.length) return false
      if (rest.length > 0) lines.set(client, rest)
      else lines.delete(client)
      count -= 1
      return true
    },
    release: client => {
      running.delete(client)
    },
  }
}
