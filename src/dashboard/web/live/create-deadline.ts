export interface Deadline {
  /** Aborted when the time is over, or when the outer signal is. */
  readonly signal: AbortSignal
  /** Begins the time anew. */
  readonly extend: () => void
  readonly end: () => void
}

/** A time that begins anew with every sign of life. */
export function createDeadline(ms: number, outer: AbortSignal): Deadline {
  const controller = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => controller.abort(outer.reason)
  const extend = () => {
    clearTimeout(timer)
    timer = setTimeout(() => controller.abort(new Error('nothing is heard of the server')), ms)
  }
  outer.addEventListener('abort', stop, { once: true })
  if (outer.aborted) stop()
  extend()
  return {
    signal: controller.signal,
    extend,
    end: () => {
      clearTimeout(timer)
      outer.removeEventListener('abort', stop)
      controller.abort(new Error('it is over'))
    },
  }
}
