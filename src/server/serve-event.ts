import type { AuditLine } from '../security/audit-log.ts'
import { watchLevelOf as levelOfWatching, type WatchEvent } from '../sync/watch/watch-events.ts'

/** An event of the server or its daemon, as the log prints it. */
export type ServeEvent = WatchEvent | ServerEvent

export type ServerEvent =
  | { readonly event: 'serving'; readonly home: string; readonly url: string }
  /** The server can be reached from other machines without encryption. */
  | { readonly event: 'exposed'; readonly url: string }
  /** Another process is the daemon of the home. */
  | { readonly event: 'unpolled'; readonly pid: number }
  | {
      readonly event: 'answered'
      readonly method: string
      /** Pattern of the route; null for an unknown path. */
      readonly route: string | null
      readonly status: number
      readonly duration_ms: number
    }
  /** A write was made or refused. */
  | ({ readonly event: 'written' } & AuditLine)
  /** A refused write could not be recorded. */
  | { readonly event: 'unrecorded'; readonly error: string }
  | { readonly event: 'defect'; readonly method: string; readonly error: string }
  | { readonly event: 'stopped' }

/** Log level of an event. */
export function levelOf(event: ServeEvent): 'debug' | 'info' | 'warn' | 'error' {
  switch (event.event) {
    case 'exposed':
      return 'warn'
    case 'answered':
      return 'debug'
    case 'defect':
    case 'unrecorded':
      return 'error'
    case 'written':
      return levelOfWrite(event)
    case 'serving':
    case 'unpolled':
    case 'stopped':
      return 'info'
    default:
      return levelOfWatching(event)
  }
}

// Anonymous clients can send any number of writes.
function levelOfWrite({ outcome, token }: AuditLine): 'debug' | 'info' | 'error' {
  if (outcome === 'failed') return 'error'
  return token === null ? 'debug' : 'info'
}
