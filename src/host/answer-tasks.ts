import { parentPort, workerData } from 'node:worker_threads'
import type { AsideTask, BulkTask } from '../core/aside-task.ts'
import { errorMessage } from '../core/errors.ts'
import type { GraphView } from '../core/graph/graph-view.ts'
import type { Host } from '../core/host.ts'
import { type JqProgram, runJq } from '../core/jq/jq-program.ts'
import { clock } from './clock.ts'
import { loadJq } from './load-jq.ts'
import { sha256 } from './sha256.ts'
import { begun, next } from './thread.ts'

interface Skills {
  readonly draw: (view: GraphView) => Promise<string>
  readonly doBulk: (task: BulkTask, tools: BulkTools) => Promise<BulkResult>
}

/** What work on large registries needs of this process. */
export interface BulkTools {
  readonly sha256: Host['sha256']
  readonly clock: Host['clock']
}

/** A result, and what of it is sent before in parts that the receiver takes one by one. */
export interface BulkResult {
  readonly result: unknown
  readonly parts: Iterable<unknown>
}

/** Runs in a thread of its own: does one task after the other, as they are sent. */
export function answerTasks({ draw, doBulk }: Skills): void {
  let jq: Promise<JqProgram> | undefined
  const perform = async (task: AsideTask): Promise<unknown> => {
    if (task.kind === 'svg') return draw(task.view)
    if (task.kind !== 'jq') return sendInParts(await doBulk(task, { sha256, clock }))
    jq ??= loadJq(String(workerData.programRoot))
    return runJq(await jq, task.request)
  }
  parentPort?.on('message', (task: AsideTask | typeof next) => {
    if (task === next) return
    parentPort?.postMessage(begun)
    perform(task).then(
      result => parentPort?.postMessage({ result }),
      (error: unknown) => parentPort?.postMessage({ reason: errorMessage(error) }),
    )
  })
}

/** Sends each part when the one before has been taken, and returns the rest. */
async function sendInParts({ result, parts }: BulkResult): Promise<unknown> {
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
  return result
}
