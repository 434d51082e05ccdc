/** Counters and amounts of this machine at one moment. What nobody tells is null. */
export interface MachineLook {
  /** Monotonic clock, milliseconds: rates are differences of two looks. */
  readonly at: number
  /** Time of all processors together since some moment, in milliseconds. */
  readonly cpu: { readonly busyMs: number; readonly totalMs: number } | null
  readonly memory: { readonly availableBytes: number; readonly totalBytes: number } | null
  /** Of the file system that was asked for; what is kept back for root is neither. */
  readonly disk: { readonly usedBytes: number; readonly availableBytes: number } | null
  /** Processes that run or wait to, on average over a minute. */
  readonly load: number | null
  /** Of the interface that leads out. */
  readonly network: NetworkCounters | null
}

export interface NetworkCounters {
  readonly name: string
  readonly receivedBytes: number
  readonly sentBytes: number
}

/** Looks at this machine, and at the file system of a directory. Never rejects, and settles within a second or so. */
export type MeasureMachine = (directory: string) => Promise<MachineLook>
