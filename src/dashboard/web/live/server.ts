import type { DashboardEvent } from './events.ts'

/** What the page asks its server. */
export interface Server {
  /** A document in JSON. Rejects with a `Refused` where the server says no. */
  readonly load: (path: string) => Promise<unknown>
  readonly loadText: (path: string) => Promise<string>
  /** Hears events until the stream ends. Rejects when it cannot be opened, and when it breaks. */
  readonly listen: (request: ListenRequest) => Promise<void>
}

export interface ListenRequest {
  /** Id of the last event that was heard; empty for none. */
  readonly lastId: string
  readonly signal: AbortSignal
  readonly onOpen: () => void
  /** Called for every sign of life. */
  readonly onHeard: () => void
  readonly onEvent: (event: DashboardEvent) => void
}

/** The server says no. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
