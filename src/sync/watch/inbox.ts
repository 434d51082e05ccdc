import { NexusError } from '../../lib/errors.ts'
import type { Host } from '../../platform/host.ts'
import type { Signal } from '../../platform/signal.ts'

/** What reaches the daemon from outside, and how it waits for that. */
export interface Inbox {
  /** The signal that ends it, once there was one. */
  ending(): Signal | undefined
  /** Whether a reload was asked for since this was asked last. */
  takeReload(): boolean
  /** Whether a file was touched since this was asked last. */
  takeTouch(): boolean
  /** Says that a file was touched. */
  touch(): void
  /** Waits until the monotonic clock says so, or until something arrives. */
  waitUntil(elapsed: number): Promise<void>
  /** Runs something that is interrupted when the daemon is to end. One at a time. */
  run<Result>(task: (interrupted: AbortSignal) => Promise<Result>): Promise<Result>
}

/** Takes the signals of the process: SIGHUP asks for a reload, the others for the end. */
export function createInbox({ clock, takeSignals }: Pick<Host, 'clock' | 'takeSignals'>): Inbox {
  const letters: Letters = { ending: undefined, isReloadWanted: false, isTouched: false, isNew: false }
  // Each wait and each task has a controller of its own: nothing piles up on one that lives as long as the daemon.
  const controllers = { waiting: new AbortController(), task: new AbortController() }
  const ring = () => {
    letters.isNew = true
    controllers.waiting.abort()
  }
  takeSignals(signal => {
    if (signal === 'SIGHUP') letters.isReloadWanted = true
    else letters.ending ??= signal
    if (letters.ending) controllers.task.abort(toInterruption(letters.ending))
    ring()
  })
  const take = (name: 'isReloadWanted' | 'isTouched' | 'isNew') => {
    const was = letters[name]
    letters[name] = false
    return was
  }
  return {
    ending: () => letters.ending,
    takeReload: () => take('isReloadWanted'),
    takeTouch: () => take('isTouched'),
    touch: () => {
      letters.isTouched = true
      ring()
    },
    waitUntil: async elapsed => {
      const ms = elapsed - clock.elapsed()
      if (take('isNew') || ms <= 0) return
      controllers.waiting = new AbortController()
      await clock.sleep(ms, controllers.waiting.signal).catch(() => undefined)
      letters.isNew = false
    },
    run: task => {
      controllers.task = new AbortController()
      if (letters.ending) controllers.task.abort(toInterruption(letters.ending))
      return task(controllers.task.signal)
    },
  }
}

interface Letters {
  ending: Signal | undefined
  isReloadWanted: boolean
  isTouched: boolean
  isNew: boolean
}

function toInterruption(signal: Signal): NexusError {
  return new NexusError('interrupted', `Interrupted by ${signal}`)
}
