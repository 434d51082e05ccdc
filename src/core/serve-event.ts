import { levelOf as levelOfWatching, type WatchEvent } from './watch-event.ts'

/** What a server has to say, in the words of its log: of its own, and of how it keeps its home in sync. */
export type ServeEvent = WatchEvent | ServerEvent

export type ServerEvent =
  | { readonly event: 'serving'; readonly home: string; readonly url: string }
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
  | { readonly event: 'defect'; readonly method: string; readonly error: string }
  | { readonly event: 'stopped' }

/** How much an event matters. */
export function levelOf(event: ServeEvent): 'debug' | 'info' | 'warn' | 'error' {
  switch (event.event) {
    case 'answered':
      return 'debug'
    case 'defect':
      return 'error'
    case 'serving':
    case 'unpolled':
    case 'stopped':
      return 'info'
    default:
      return levelOfWatching(event)
  }
}
