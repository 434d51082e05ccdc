/** How the page is connected with its server. */
export type Connection =
  /** It asks for the first time. */
  | { readonly kind: 'loading' }
  /** It hears what happens as it happens. */
  | { readonly kind: 'live' }
  /** It has lost the server, and tries again; moments are milliseconds since 1970. */
  | { readonly kind: 'lost'; readonly since: number; readonly reason: string }
  /** It has never reached the server. */
  | { readonly kind: 'unreached'; readonly since: number; readonly reason: string }

/** What is said of a connection. */
export interface ConnectionWords {
  readonly word: 'loading' | 'live' | 'reconnecting' | 'stale' | 'unknown'
  /** A sentence without its full stop. */
  readonly says: string
}

/** From when on what is shown counts as stale, in milliseconds since the server was last heard. */
const staleMs = 30_000

export function describeConnection(connection: Connection, now: number): ConnectionWords {
  switch (connection.kind) {
    case 'loading':
      return { word: 'loading', says: 'asking the server' }
    case 'live':
      return { word: 'live', says: 'what changes is shown at once' }
    case 'unreached':
      return { word: 'unknown', says: `the server has not answered yet: ${connection.reason}; trying again` }
    case 'lost': {
      const seconds = Math.max(0, Math.round((now - connection.since) / 1000))
      const says = `${connection.reason}; shown is what was known ${seconds} s ago; trying again`
      return { word: now - connection.since >= staleMs ? 'stale' : 'reconnecting', says }
    }
  }
}
