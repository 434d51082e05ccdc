import type { AuditLine } from '../security/audit-log.ts'
import { watchLevelOf as levelOfWatching, type WatchEvent } from '../sync/watch/watch-events.ts'

/** What a server has to say, in the words of its log: of its own, and of how it keeps its home in sync. */
export type ServeEvent = WatchEvent | ServerEvent

export type ServerEvent =
  | { readonly event: 'serving'; readonly home: string; readonly url: string }
  /** It can be reached from other machines, and nothing is encrypted. */
  | { readonly event: 'exposed'; readonly url: string }
  /** Another process keeps the home in sync. */
  | { readonly event: 'unpolled'; readonly pid: number }
  | {
      readonly event: 'answered'
      readonly method: string
      /** Pattern of the route; null where none leads. */
      readonly route: string | null
      readonly status: number
      readonly duration_ms: number
    }
  /** Somebody wrote, or wanted to. */
  | ({ readonly event: 'written' } & AuditLine)
  /** What somebody wanted to write, and was refused, could not be put on record. */
  | { readonly event: 'unrecorded'; readonly error: string }
  | { readonly event: 'defect'; readonly method: string; readonly error: string }
  | { readonly event: 'stopped' }

/** How much an event matters. */
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

// Whoever is not known can knock as often as he likes.
function levelOfWrite({ outcome, token }: AuditLine): 'debug' | 'info' | 'error' {
  if (outcome === 'failed') return 'error'
  return token === null ? 'debug' : 'info'
}
