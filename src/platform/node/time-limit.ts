export interface TimeLimit {
  /** Aborted when the time is over, or by the other signal. */
  readonly signal: AbortSignal
  isOver(): boolean
  /** To be called at the end: nothing of it is left then. */
  clear(): void
}

/**
 * A signal for so many milliseconds. `AbortSignal.any` would do the same, but in Node 20 each use leaves something behind
 * with a signal that lives as long as the process.
 */
export function startTimeLimit(ms: number, other: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController()
  let isOver = false
  const timer = setTimeout(() => {
    isOver = true
    controller.abort()
  }, ms)
  const stop = () => controller.abort(other?.reason)
  if (other?.aborted) stop()
  other?.addEventListener('abort', stop, { once: true })
  return {
    signal: controller.signal,
    isOver: () => isOver,
    clear: () => {
      clearTimeout(timer)
      other?.removeEventListener('abort', stop)
    },
  }
}
