import type { DetectionChange } from '../../detection/report.ts'
import { NexusError } from '../../lib/errors.ts'
import type { Host, Signal } from '../../platform/host.ts'
import type { RegistryHome } from '../../registry/home/directories.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { sync } from '../sync.ts'
import type { SyncOptions } from '../sync-options.ts'

/** Signals and file events that reach the daemon, and how it waits for them. */
export interface EventQueue {
  /** The signal that ends the daemon, once it was received. */
  ending(): Signal | undefined
  /** Whether a reload was requested since the last call. */
  takeReload(): boolean
  /** Whether a file was touched since the last call. */
  takeTouch(): boolean
  /** Adds the event that a file was touched. */
  touch(): void
  /** Waits until a time of the monotonic clock, or until an event arrives. */
  waitUntil(elapsed: number): Promise<void>
  /** Runs a task that a signal interrupts. One at a time. */
  run<Result>(task: (interrupted: AbortSignal) => Promise<Result>): Promise<Result>
}

/** Handles the signals of the process: SIGHUP requests a reload, the others end the daemon. */
export function createEventQueue({ clock, takeSignals }: Pick<Host, 'clock' | 'takeSignals'>): EventQueue {
  const events: QueuedEvents = { ending: undefined, isReloadWanted: false, isTouched: false, isNew: false }
  // Each wait and each task has its own controller, so that listeners do not accumulate.
  const controllers = { waiting: new AbortController(), task: new AbortController() }
  const wakeUp = () => {
    events.isNew = true
    controllers.waiting.abort()
  }
  takeSignals(signal => {
    if (signal === 'SIGHUP') events.isReloadWanted = true
    else events.ending ??= signal
    if (events.ending) controllers.task.abort(toInterruption(events.ending))
    wakeUp()
  })
  const take = (name: 'isReloadWanted' | 'isTouched' | 'isNew') => {
    const was = events[name]
    events[name] = false
    return was
  }
  return {
    ending: () => events.ending,
    takeReload: () => take('isReloadWanted'),
    takeTouch: () => take('isTouched'),
    touch: () => {
      events.isTouched = true
      wakeUp()
    },
    waitUntil: async elapsed => {
      const ms = elapsed - clock.elapsed()
      if (take('isNew') || ms <= 0) return
      controllers.waiting = new AbortController()
      await clock.sleep(ms, controllers.waiting.signal).catch(() => undefined)
      events.isNew = false
    },
    run: task => {
      controllers.task = new AbortController()
      if (events.ending) controllers.task.abort(toInterruption(events.ending))
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
  /** The sync of a poll. */
  readonly sync: typeof sync
  /** Reloads the configuration. When it rejects, the daemon keeps the old options. */
  readonly reload: () => Promise<ReloadedOptions>
  readonly log: (event: WatchEvent) => void
}

interface ReloadedOptions {
  readonly options: SyncOptions
  /** Configuration files that were read, absolute. */
  readonly files: readonly string[]
}

/** An event of the daemon, as its log prints it. */
export type WatchEvent =
  | { readonly event: 'started'; readonly home: string }
  | {
      readonly event: 'synced'
      readonly changes: readonly DetectionChange[]
      /** Registries that their upstream changed. */
      readonly upstreams: readonly UpstreamChange[]
      readonly duration_ms: number
      /** Sentences about errors that did not stop the sync. */
      readonly warnings: readonly string[]
      /** ISO 8601, UTC; null when there will be none. */
      readonly next_attempt: string | null
    }
  | {
      readonly event: 'failed'
      /** What failed. The daemon continues. */
      readonly during: 'sync' | 'reload' | 'watching'
      readonly error: string
      readonly hint: string | null
      /** Sentences about alerts that could not be sent. */
      readonly warnings: readonly string[]
      /** Failures in a row. */
      readonly failures: number
      readonly next_attempt: string | null
    }
  | { readonly event: 'reloaded'; readonly files: readonly string[] }
  /** Newer shipped data was taken into the default home: numbers of entries, and the sentence for people. */
  | {
      readonly event: 'upgraded'
      readonly from: string | null
      readonly to: string
      readonly created: number
      readonly updated: number
      readonly waiting: number
      readonly message: string
    }
  | { readonly event: 'edited'; readonly registries: readonly RegistryName[] }
  | { readonly event: 'stopping'; readonly reason: Signal | 'displaced' }

/** Numbers of entries that an upstream changed. */
export interface UpstreamChange {
  readonly registry: RegistryName
  readonly created: number
  readonly updated: number
  readonly removed: number
}

/** Log level of an event. */
export function watchLevelOf(event: WatchEvent): 'info' | 'warn' | 'error' {
  if (event.event === 'failed') return 'error'
  return event.event === 'synced' && event.warnings.length > 0 ? 'warn' : 'info'
}
