import type { Host } from '../platform/host.ts'
import type { BulkTask } from '../platform/worker-task.ts'
import { readLargeRegistry } from '../registry/load/large-registry.ts'
import type { ServeRenderers } from './serve-request.ts'

/** Runs a task of the server or the daemon for a large home, in another thread, which loads what the task needs. */
export async function doBulk(
  task: BulkTask,
  host: Host,
  createRenderers: () => Promise<ServeRenderers>,
): Promise<{ readonly result: unknown; readonly parts: Iterable<unknown> }> {
  const { kind, input } = task
  if (kind === 'read-registry') return readLargeRegistry(input, host.sha256)
  if (kind !== 'answer-request' && kind !== 'answer-write') {
    const { doWatchTask } = await import('../sync/watch/large-home.ts')
    return { result: await doWatchTask(task, host), parts: [] }
  }
  const [{ respondToLargeRequest: answerLargeRequest }, { routes }, render] = await Promise.all([
    import('./large-home.ts'),
    import('./routes/index.ts'),
    createRenderers(),
  ])
  return { result: await answerLargeRequest(input, { routes, render }, host), parts: [] }
}
