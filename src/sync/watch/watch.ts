import type { Host, Signal } from '../../platform/host.ts'
import { claimHome, type Daemon, renewMs } from '../daemon-claim.ts'
import { createHomeWatcher } from './home-watcher.ts'
import { keepInSync } from './keep-in-sync.ts'
import { announceNextAttempt } from './poll-home.ts'
import { createEventQueue, type WatchEvent, type WatchRequest } from './watch-events.ts'

/** How the daemon ended. `held`: it did not start, because another daemon has this home. */
export type WatchEnd =
  | { readonly outcome: 'ended'; readonly reason: Signal | 'displaced' }
  | { readonly outcome: 'held'; readonly by: Daemon; readonly place: string }

/**
 * The daemon of a home: polls it and watches its files until a signal ends it, and logs events. A home has one daemon at
 * a time. Throws a NexusError('write') when the home cannot be claimed.
 */
export async function watch(request: WatchRequest, host: Host): Promise<WatchEnd> {
  const { home, log } = request
  const queue = createEventQueue(host)
  const claim = await claimHome(home.directory, host)
  if (claim.outcome === 'held') return claim
  const onError = (reason: string) => log(toWatchFailure(reason))
  const stopRenewing = keepRenewing(claim.renew, host)
  const watcher = createHomeWatcher(home.directory, { onChange: queue.touch, onError }, host)
  try {
    log({ event: 'started', home: home.directory })
    const reason = await keepInSync({ ...request, queue, watcher, isDisplaced: claim.isDisplaced }, host)
    log({ event: 'stopping', reason })
    // A displaced daemon leaves the states to the other one.
    if (reason !== 'displaced') await announceNextAttempt(home.directory, null, host).catch(() => undefined)
    return { outcome: 'ended', reason }
  } finally {
    stopRenewing()
    await watcher.close()
    await claim.release()
  }
}

function keepRenewing(renew: () => Promise<void>, { clock }: Pick<Host, 'clock'>): () => void {
  const ended = new AbortController()
  const renewUntilEnded = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(renewMs, ended.signal)
      await renew()
    }
  }
  renewUntilEnded().catch(() => undefined)
  return () => ended.abort()
}

function toWatchFailure(reason: string): WatchEvent {
  const error = `files cannot be watched: ${reason}`
  const hint = 'The next poll finds edits'
  return { event: 'failed', during: 'watching', error, hint, warnings: [], failures: 1, next_attempt: null }
}
