import type { BulkTask } from '../../core/aside-task.ts'
import type { Host } from '../../core/host.ts'
import { readLargeRegistry } from '../../store/large-registry.ts'
import { judgeLargeWrite } from './write/judge-large-write.ts'

/** What the server does with large registries in another thread. */
export async function doBulk(
  { kind, input }: BulkTask,
  { sha256, clock }: Pick<Host, 'sha256' | 'clock'>,
): Promise<{ readonly result: unknown; readonly parts: Iterable<unknown> }> {
  if (kind === 'read-registry') return readLargeRegistry(input, sha256)
  return { result: await judgeLargeWrite(input, { clock }), parts: [] }
}
