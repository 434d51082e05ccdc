import type { ProbeContext } from './probe.ts'

export interface Tracer {
  /** The context to hand to one probe. */
  readonly context: ProbeContext
  /** Whether it has started a process. */
  hasRun(): boolean
  /** How long it took so far, and whether a cache spared a process. */
  stop(): { duration_ms: number; cached: boolean }
}

/** Watches what one probe does with its context. */
export function createTracer(context: ProbeContext): Tracer {
  const { clock } = context.host
  const start = clock.elapsed()
  let hits = 0
  let runs = 0
  let running = 0
  return {
    context: {
      ...context,
      cache: {
        ...context.cache,
        get: key => {
          const value = context.cache.get(key)
          hits += Number(value !== undefined)
          return value
        },
      },
      run: async (argv, options) => {
        runs += 1
        const result = await context.run(argv, options)
        running += result.durationMs
        return result
      },
    },
    hasRun: () => runs > 0,
    stop: () => ({
      duration_ms: Math.round(runs > 0 ? running : clock.elapsed() - start),
      cached: runs === 0 && hits > 0,
    }),
  }
}
