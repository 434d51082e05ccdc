import { NexusError } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'

/** Throws when the user has interrupted the program. Call it only where stopping leaves everything as it was. */
export function throwIfInterrupted(host: Pick<Host, 'interrupted'>): void {
  if (host.interrupted.aborted) throw new NexusError('interrupted', 'Interrupted: nothing was changed')
}

/** Sleeps, and throws as soon as the user interrupts the program. */
export async function sleepUnlessInterrupted(
  ms: number,
  host: Pick<Host, 'interrupted' | 'clock'>,
): Promise<void> {
  try {
    await host.clock.sleep(ms, host.interrupted)
  } catch (error) {
    throwIfInterrupted(host)
    throw error
  }
}
