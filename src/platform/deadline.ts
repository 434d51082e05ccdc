import type { Clock } from './host.ts'

/** The result of the work if it is in time, else undefined: a file system may hang. */
export type Deadline = <T>(work: Promise<T>) => Promise<T | undefined>

// Works that start this close to each other share a timer: one for each of hundreds would cost more than the works.
const spreadMs = 50

interface Batch {
  readonly startedAt: number
  readonly late: Promise<undefined>
  readonly finished: AbortController
  pending: number
}

/** Makes deadlines of `ms` milliseconds, at most 50 ms less. The timer ends with the last work that waits for it. */
export function createDeadline(ms: number, clock: Clock): Deadline {
  let batch: Batch | undefined
  return async work => {
    const current = batch && isOpen(batch, clock) ? batch : startBatch(ms, clock)
    batch = current
    current.pending++
    try {
      return await Promise.race([work, current.late])
    } finally {
      current.pending--
      // With a reason of our own: the usual one is an error, with a stack that is never read.
      if (current.pending === 0) current.finished.abort('finished')
    }
  }
}

function isOpen(batch: Batch, clock: Clock): boolean {
  return !batch.finished.signal.aborted && clock.elapsed() - batch.startedAt <= spreadMs
}

function startBatch(ms: number, clock: Clock): Batch {
  const finished = new AbortController()
  const ignore = () => undefined
  const late = clock.sleep(ms, finished.signal).then(ignore, ignore)
  return { startedAt: clock.elapsed(), late, finished, pending: 0 }
}
