import type { Clock } from '../../src/platform/host.ts'

export interface FakeClock extends Clock {
  /** Pauses that were slept, in milliseconds. */
  readonly slept: readonly number[]
  /** Lets time pass. */
  pass(ms: number): void
  /** Sets the wall clock, as an administrator does: no time passes. */
  jump(ms: number): void
}

/** A wall clock that only moves when it is set, beside real time for everything that waits. */
export function createJumpingClock(start = Date.parse('2026-11-23T08:00:00.000Z')) {
  let wall = start
  return {
    now: () => wall,
    jump: (ms: number) => {
      wall += ms
    },
  }
}

/** A clock that stands still, but for sleeping, which takes no time. */
export function createFakeClock(start = Date.parse('2026-11-23T08:00:00.000Z')): FakeClock {
  const slept: number[] = []
  let [wall, monotonic] = [start, 1000]
  const pass = (ms: number) => {
    wall += ms
    monotonic += ms
  }
  return {
    slept,
    pass,
    jump: ms => {
      wall += ms
    },
    now: () => wall,
    elapsed: () => monotonic,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      pass(ms)
    },
  }
}
