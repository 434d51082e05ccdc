/** A process that keeps a home in sync. */
export interface Daemon {
  readonly pid: number
  /** Since when it does, milliseconds since 1970. */
  readonly since: number
}
