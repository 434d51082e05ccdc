import type { GraphView } from './graph/graph-view.ts'
import type { JqRequest, JqResult } from './jq/jq-program.ts'

/** Work that would keep a thread busy, and is done in another one that can be ended. */
export type AsideTask =
  | { readonly kind: 'jq'; readonly request: Omit<JqRequest, 'print'> }
  | { readonly kind: 'svg'; readonly view: GraphView }
  | BulkTask

/** Work on a registry that is so large that it would keep the server from other requests. */
export interface BulkTask {
  readonly kind: 'read-registry' | 'judge-write'
  /** Plain data. */
  readonly input: unknown
  /** Memory of the input that the other thread gets as it is; here it is empty from then on. */
  readonly handOver?: readonly ArrayBuffer[]
}

/**
 * How it went. `busy`: too much is waiting already. `too-many`: too much of this client is. `failed`: with a sentence.
 */
export type AsideOutcome<Result> =
  | { readonly outcome: 'done'; readonly result: Result }
  | { readonly outcome: 'timed-out' | 'busy' | 'too-many' | 'cancelled' }
  | { readonly outcome: 'failed'; readonly reason: string }

export interface AsideOptions {
  /** From when it is begun, in milliseconds. */
  readonly timeoutMs: number
  /** For whom: one task of each client runs at a time. */
  readonly client: string
  /** Aborted when nobody waits for the result any more. */
  readonly signal?: AbortSignal
  /** Takes a result that comes in parts, each when the event loop has had a turn since the one before. */
  readonly onPart?: (part: unknown) => void
}

/** Does work in another thread, which is ended when it takes longer than it may. Nothing rejects. */
export interface Aside {
  readonly runJq: (
    request: Omit<JqRequest, 'print'>,
    options: AsideOptions,
  ) => Promise<AsideOutcome<JqResult>>
  /** Draws a graph as SVG. */
  readonly draw: (view: GraphView, options: AsideOptions) => Promise<AsideOutcome<string>>
  /** From this size on a registry is large, in bytes. */
  readonly bulkBytes: number
  /** Works on a large registry in a thread of its own, which ends with the task and gives its memory back. */
  readonly doBulk: (task: BulkTask, options: AsideOptions) => Promise<AsideOutcome<unknown>>
}
