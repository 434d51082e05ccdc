/** What came in. Nothing of it is trusted. */
export interface HttpRequest {
  readonly method: string
  /** Path and query as they were sent. */
  readonly target: string
  /** A part of the path that varies, decoded. */
  readonly param: (name: string) => string | undefined
  /** Decoded; of a name that comes several times the first value. */
  readonly query: (name: string) => string | undefined
  /** By name in lower case; of those that come several times, joined by commas. */
  readonly header: (name: string) => string | undefined
  /** Empty where there is none, and until it has been read. */
  readonly body: () => Uint8Array
  /** Address that it came from; undefined for a socket in the file system. */
  readonly remoteAddress: string | undefined
  /** Calls a listener when the client has closed its connection; what is returned takes that back. */
  readonly onClosed: (listener: () => void) => () => void
}
