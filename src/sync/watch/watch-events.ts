import type { DetectionChange } from '../../detection/report.ts'
import { NexusError } from '../../lib/errors.ts'
import type { Host, Signal } from '../../platform/host.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { sync } from '../sync.ts'
import type { SyncOptions } from '../sync-options.ts'

/** What reaches the daemon from outside, and how it waits for that. */
export interface EventQueue {
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
export function createEventQueue({ clock, takeSignals }: Pick<Host, 'clock' | 'takeSignals'>): EventQueue {
  const letters: QueuedEvents = { ending: undefined, isReloadWanted: false, isTouched: false, isNew: false }
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

interface QueuedEvents {
  ending: Signal | undefined
  isReloadWanted: boolean
  isTouched: boolean
  isNew: boolean
}

function toInterruption(signal: Signal): NexusError {
  return new NexusError('interrupted', `Interrupted by ${signal}`)
}

export interface WatchRequest {
  readonly home: RegistryHome
  readonly options: SyncOptions
  /** What a poll does. */
  readonly sync: typeof sync
  /** Reads the configuration anew. Rejects when it cannot be used, and then the old one goes on. */
  readonly reload: () => Promise<ReloadedOptions>
  readonly log: (event: WatchEvent) => void
}

interface ReloadedOptions {
  readonly options: SyncOptions
  /** Configuration files that were read, absolute. */
  readonly files: readonly string[]
}

/** What the daemon has to say, in the words of its log. */
export type WatchEvent =
  | { readonly event: 'started'; readonly home: string }
  | {
      readonly event: 'synced'
      readonly changes: readonly DetectionChange[]
      /** Registries in which something changed by their upstream. */
      readonly upstreams: readonly UpstreamChange[]
      readonly duration_ms: number
      /** Sentences about what is wrong and did not stop it. */
      readonly warnings: readonly string[]
      /** ISO 8601, UTC; null when there will be none. */
      readonly next_attempt: string | null
    }
  | {
      readonly event: 'failed'
      /** What failed. Whatever it is, the daemon goes on. */
      readonly during: 'sync' | 'reload' | 'watching'
      readonly error: string
      readonly hint: string | null
      /** Sentences about who could not be told of it. */
      readonly warnings: readonly string[]
      /** How often in a row. */
      readonly failures: number
      readonly next_attempt: string | null
    }
  | { readonly event: 'reloaded'; readonly files: readonly string[] }
  | { readonly event: 'edited'; readonly registries: readonly RegistryName[] }
  | { readonly event: 'stopping'; readonly reason: Signal | 'displaced' }

/** Numbers of entries that came, differ, and went. */
export interface UpstreamChange {
  readonly registry: RegistryName
  readonly created: number
  readonly updated: number
  readonly removed: number
}

/** How much an event matters. */
export function watchLevelOf(event: WatchEvent): 'info' | 'warn' | 'error' {
  if (event.event === 'failed') return 'error'
  return event.event === 'synced' && event.warnings.length > 0 ? 'warn' : 'info'
}
