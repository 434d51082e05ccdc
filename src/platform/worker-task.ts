import type { JqRequest, JqResult } from '../lib/jq/jq-program.ts'

/** Work that would keep a thread busy, and is done in another one that can be ended. A drawing is plain data. */
export type WorkerTask<Drawing = object> =
  | { readonly kind: 'jq'; readonly request: Omit<JqRequest, 'print'> }
  | { readonly kind: 'svg'; readonly view: Drawing }
  | BulkTask

/** Work on a home that is so large that it would keep a process from signals and other requests. */
export interface BulkTask {
  readonly kind:
    | 'read-registry'
    | 'answer-request'
    | 'answer-write'
    | 'poll-home'
    | 'hash-registry'
    | 'renew-exports'
  /** Plain data. */
  readonly input: unknown
  /** Memory of the input that the other thread gets as it is; here it is empty from then on. */
  readonly handOver?: readonly ArrayBuffer[]
  /** Where the task is done, when it reads or writes files; as the thread itself finds it unless said. */
  readonly place?: TaskPlace
}

/** What the host of a thread takes over from the one of the main thread. */
export interface TaskPlace {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userHome: string | undefined
  readonly cwd: string
  readonly programBuild: string
}

/** The place of a host, as plain data. */
export function toTaskPlace({ env, userHome, cwd, programBuild }: TaskPlace): TaskPlace {
  return { env: { ...env }, userHome, cwd, programBuild }
}

/**
 * How it went. `busy`: too much is waiting already. `too-many`: too much of this client is. `failed`: with a sentence,
 * and whether the thread had begun with the task.
 */
export type WorkerOutcome<Result> =
  | { readonly outcome: 'done'; readonly result: Result }
  | { readonly outcome: 'timed-out' | 'busy' | 'too-many' | 'cancelled' }
  | { readonly outcome: 'failed'; readonly reason: string; readonly hasBegun?: boolean }

export interface WorkerOptions {
  /** From when it is begun, in milliseconds. */
  readonly timeoutMs: number
  /** The client that waits: one task of each client runs at a time. */
  readonly client: string
  /** Aborted when no caller waits for the result any more. */
  readonly signal?: AbortSignal
  /** Time from then on for the task to come to an end by itself, in milliseconds; its thread is ended at once unless said. */
  readonly graceMs?: number
  /** Takes a result that comes in parts, each when the event loop has had a turn since the one before. */
  readonly onPart?: (part: unknown) => void
}

/** Does work in another thread, which is ended when it takes longer than it may. No method rejects. */
export interface WorkerPool {
  readonly runJq: (
    request: Omit<JqRequest, 'print'>,
    options: WorkerOptions,
  ) => Promise<WorkerOutcome<JqResult>>
  /** Draws a graph as SVG. */
  readonly draw: (view: object, options: WorkerOptions) => Promise<WorkerOutcome<string>>
  /** From this size on a registry, or all files of a home together, are large, in bytes. */
  readonly bulkBytes: number
  /**
   * Works on a large home in a thread of its own, which ends with the task and gives its memory back. The thread that
   * handles requests stays for a while, with what it has read.
   */
  readonly doBulk: (task: BulkTask, options: WorkerOptions) => Promise<WorkerOutcome<unknown>>
}
