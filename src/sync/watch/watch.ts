import type { Host, Signal } from '../../platform/host.ts'
import { claimHome, type Daemon, renewMs } from '../daemon-claim.ts'
import { createHomeWatcher } from './home-watcher.ts'
import { keepInSync } from './keep-in-sync.ts'
import { announceNextAttempt } from './poll-home.ts'
import { createEventQueue, type WatchRequest } from './watch-events.ts'

/** Why the daemon ended. `held`: it has not begun, since another one keeps this home in sync. */
export type WatchEnd =
  | { readonly outcome: 'ended'; readonly reason: Signal | 'displaced' }
  | { readonly outcome: 'held'; readonly by: Daemon; readonly place: string }

/**
 * Keeps a home in sync until a signal ends it: polls it, watches its files, and tells what happens. One process at a
 * time does that for a home. Throws a NexusError('write') when the home cannot be claimed.
 */
export async function watch(request: WatchRequest, host: Host): Promise<WatchEnd> {
  const { home, log } = request
  const inbox = createEventQueue(host)
  const claim = await claimHome(home.directory, host)
  if (claim.outcome === 'held') return claim
  const onTrouble = (reason: string) => log({ event: 'failed', during: 'watching', ...toErrorEvent(reason) })
  const stopRenewing = keepRenewing(claim.renew, host)
  const watcher = createHomeWatcher(home.directory, { onChange: inbox.touch, onTrouble }, host)
  try {
    log({ event: 'started', home: home.directory })
    const reason = await keepInSync({ ...request, inbox, watcher, isDisplaced: claim.isDisplaced }, host)
    log({ event: 'stopping', reason })
    // What is announced by then is the other one's.
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
  const goOn = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await clock.sleep(renewMs, ended.signal)
      await renew()
    }
  }
  goOn().catch(() => undefined)
  return () => ended.abort()
}

function toErrorEvent(reason: string) {
  const hint = 'What is edited is seen at the next poll'
  return { error: `files cannot be watched: ${reason}`, hint, warnings: [], failures: 1, next_attempt: null }
}
