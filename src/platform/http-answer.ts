/** Names and values of an answer's header fields, in lower case. */
export type HttpHeaders = Readonly<Record<string, string>>

/** What a server answers. */
export type HttpAnswer = WholeAnswer | StreamedAnswer

export interface WholeAnswer {
  readonly status: number
  readonly headers: HttpHeaders
  /** Text is sent as UTF-8. Not sent to HEAD, nor with 204 and 304. */
  readonly body: Uint8Array | string
  /** Whether nothing is added to its headers any more: of an answer that is sent again and again. */
  readonly isFinal?: true
}

export interface StreamedAnswer {
  readonly status: number
  readonly headers: HttpHeaders
  /** Takes hold of the open connection; is told by the stream's signal when its reader has gone. */
  readonly stream: (stream: AnswerStream) => void
}

/** A connection that stays open. */
export interface AnswerStream {
  /** False when its reader is too slow and what was written waits in memory. */
  readonly write: (text: string) => boolean
  /** Bytes that wait in memory for the reader. */
  readonly waiting: () => number
  /** Ends it when all that was written has been read. */
  readonly end: () => void
  /** Ends it at once, whatever waits. */
  readonly drop: () => void
  /** Aborted when the connection is closed, by whomever. */
  readonly closed: AbortSignal
}
