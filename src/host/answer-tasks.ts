import { parentPort, workerData } from 'node:worker_threads'
import type { AsideTask } from '../core/aside-task.ts'
import { errorMessage } from '../core/errors.ts'
import type { GraphView } from '../core/graph/graph-view.ts'
import { type JqProgram, runJq } from '../core/jq/jq-program.ts'
import { loadJq } from './load-jq.ts'
import { begun } from './thread.ts'

interface Skills {
  readonly draw: (view: GraphView) => Promise<string>
}

/** Runs in a thread of its own: does one task after the other, as they are sent. */
export function answerTasks({ draw }: Skills): void {
  let jq: Promise<JqProgram> | undefined
  const perform = async (task: AsideTask): Promise<unknown> => {
    if (task.kind === 'svg') return draw(task.view)
    jq ??= loadJq(String(workerData.programRoot))
    return runJq(await jq, task.request)
  }
  parentPort?.on('message', (task: AsideTask) => {
    parentPort?.postMessage(begun)
    perform(task).then(
      result => parentPort?.postMessage({ result }),
      (error: unknown) => parentPort?.postMessage({ reason: errorMessage(error) }),
    )
  })
}
