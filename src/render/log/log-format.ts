import type { WatchEvent } from '../../core/watch-event.ts'
import type { Style } from '../style.ts'

/** Writes an event of the daemon as one line. */
export type WriteEvent = (event: WatchEvent) => void

export interface LogTarget {
  readonly stream: { readonly write: (line: string) => void }
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number
  readonly pid: number
  readonly style: Style
  /** Hides secrets. */
  readonly redact: (text: string) => string
  /** Whether only what is wrong is told. */
  readonly isQuiet: boolean
}

/** A way of writing the daemon's log. */
export type LogFormat = (target: LogTarget) => Promise<WriteEvent>
