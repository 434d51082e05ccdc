import type { BulkTask } from '../../core/aside-task.ts'
import type { Host } from '../../core/host.ts'
import { readLargeRegistry } from '../../store/large-registry.ts'

/** What the server does with large registries in another thread. */
export async function doBulk(
  { input }: BulkTask,
  { sha256 }: Pick<Host, 'sha256' | 'clock'>,
): Promise<{ readonly result: unknown; readonly parts: Iterable<unknown> }> {
  return readLargeRegistry(input, sha256)
}
