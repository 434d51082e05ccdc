import { parentPort, workerData } from 'node:worker_threads'
import { errorMessage, NexusError } from '../../lib/errors.ts'
import { type JqProgram, runJq } from '../../lib/jq/jq-program.ts'
import type { Host } from '../host.ts'
import type { BulkTask, WorkerTask } from '../worker-task.ts'
import { createHost } from './create-host.ts'
import { loadJq } from './jq-runner.ts'
import { begun, interrupt, next } from './thread.ts'

interface Skills<Drawing> {
  readonly draw: (view: Drawing) => Promise<string>
  /** `host` is that of this thread, for this task: all of the machine, and signals as the main thread passes them on. */
  readonly doBulk: (task: BulkTask, host: Host) => Promise<BulkResult>
}

/** A result, and what of it is sent before in parts that the receiver takes one by one. */
interface BulkResult {
  readonly result: unknown
  readonly parts: Iterable<unknown>
  /** Memory of the result that the receiver gets as it is. */
  readonly handOver?: readonly ArrayBuffer[]
}

/** Runs in a thread of its own: does one task after the other, as they are sent. */
export function runTasks<Drawing>({ draw, doBulk }: Skills<Drawing>): void {
  let jq: Promise<JqProgram> | undefined
  let interrupted = new AbortController()
  const perform = async (task: WorkerTask<Drawing>): Promise<Omit<BulkResult, 'parts'>> => {
    if (task.kind === 'svg') return { result: await draw(task.view) }
    if (task.kind !== 'jq') {
      interrupted = new AbortController()
      return sendInParts(await doBulk(task, createThreadHost(task, interrupted.signal)))
    }
    jq ??= loadJq(String(workerData.programRoot))
    return { result: await runJq(await jq, task.request) }
  }
  parentPort?.on('message', (task: WorkerTask<Drawing> | typeof next | typeof interrupt) => {
    if (task === next) return
    if (task === interrupt) return interrupted.abort(new NexusError('interrupted', 'Interrupted by a signal'))
    parentPort?.postMessage(begun)
    perform(task).then(
      ({ result, handOver = [] }) => parentPort?.postMessage({ result }, [...handOver]),
      (error: unknown) => parentPort?.postMessage({ reason: errorMessage(error) }),
    )
  })
}

/** The machine as the main thread sees it. Nothing is large here: work is done where it is. */
function createThreadHost({ place }: BulkTask, interrupted: AbortSignal): Host {
  const host = createHost({ interrupted })
  return { ...host, ...place, workers: { ...host.workers, bulkBytes: Number.POSITIVE_INFINITY } }
}

/** Sends each part when the one before has been taken, and returns the rest. */
async function sendInParts({ parts, ...rest }: BulkResult): Promise<Omit<BulkResult, 'parts'>> {
  for (const part of parts) {
    const taken = new Promise<void>(resolve => {
      const listen = (message: unknown) => {
        if (message !== next) return
        parentPort?.off('message', listen)
        resolve()
      }
      parentPort?.on('message', listen)
    })
    parentPort?.postMessage({ part })
    await taken
  }
  return rest
}
