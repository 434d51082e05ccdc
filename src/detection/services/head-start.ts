import type { Host } from '../../platform/host.ts'

const headStartMs = 50

/**
 * Waits until the asking is done, a short while at most. What else this process does from then on would be measured as
 * the time that answers take.
 */
export async function giveHeadStart(asking: Promise<unknown>, { clock }: Pick<Host, 'clock'>): Promise<void> {
  const done = new AbortController()
  const pause = clock.sleep(headStartMs, done.signal).catch(() => undefined)
  // How the asking ends is for whoever awaits its answer.
  await Promise.race([asking.catch(() => undefined), pause])
  done.abort()
}
