import type { Style } from '../lib/terminal/style.ts'
import type { ServeEvent } from '../server/serve-event.ts'

/** Writes an event of the daemon or server as one line. */
export type WriteEvent = (event: ServeEvent) => void

export interface LogTarget {
  readonly stream: { readonly write: (line: string) => void }
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number
  readonly pid: number
  readonly style: Style
  /** Hides secrets. */
  readonly redact: (text: string) => string
  /** What matters less is not told. */
  readonly leastLevel: 'debug' | 'info' | 'warn'
}

/** A way of writing the log of the daemon and the server. */
export type LogFormat = (target: LogTarget) => Promise<WriteEvent>
