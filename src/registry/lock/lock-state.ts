/**
 * Who has the lock on a home, and how far that one is:
 * - `held`: reading and staging. Taking over loses nothing but work.
 * - `committing`: past the point of no return. Taking over means finishing it first.
 */
export interface LockState {
  readonly phase: 'held' | 'committing'
  readonly pid: number
  /** Start time of that process, encoded for a file name; empty when the system does not tell. */
  readonly startTime: string
  /** Wall clock, milliseconds since 1970. */
  readonly acquiredAt: number
  /** Random, of 16 hexadecimal digits; never used twice. */
  readonly nonce: string
}

// Four numbers and a nonce fit in a name, so there is no content that could be torn, and one rename changes it all.
const statePattern = /^(held|committing)-(\d{1,10})-(\d{1,16})-([0-9a-f]{16})-([\w.!~*'()%-]{0,64})$/

/** Name of the one thing that lies in a lock. */
export function formatLockState(state: LockState): string {
  return `${state.phase}-${state.pid}-${state.acquiredAt}-${state.nonce}-${state.startTime}`
}

/** Reads a name in a lock; undefined when it is not the name of a state. */
export function parseLockState(name: string): LockState | undefined {
  const [, phase, pid, acquiredAt, nonce, startTime] = statePattern.exec(name) ?? []
  if (phase !== 'held' && phase !== 'committing') return undefined
  if (nonce === undefined || startTime === undefined) return undefined
  return { phase, pid: Number(pid), acquiredAt: Number(acquiredAt), nonce, startTime }
}

export interface HolderFacts {
  /** Start time of the process that has the holder's pid now, encoded; undefined when there is none. */
  readonly runningSince: string | undefined
  /** Wall clock. */
  readonly now: number
  /** How long this very state has been watched, milliseconds of the monotonic clock. */
  readonly watchedMs: number
  /** How long anybody may hold the lock, milliseconds. */
  readonly holdMs: number
  /** Whether the holder is on another host or in another container: its pid says nothing here. */
  readonly isElsewhere?: boolean
}

/**
 * Whether the holder still works on it: `gone` when its process has ended, `stopped` when it holds the lock for too
 * long. The age is doubted when the clock was set back: then only what was watched counts.
 */
export function judgeHolder(state: LockState, facts: HolderFacts): 'working' | 'gone' | 'stopped' {
  // Clocks of two hosts differ: only what was watched counts.
  if (facts.isElsewhere) return facts.watchedMs > facts.holdMs ? 'stopped' : 'working'
  // Without a start time there is no telling whether the pid was given to another process since.
  const isKnown = state.startTime !== ''
  if (isKnown && facts.runningSince !== state.startTime) return 'gone'
  const age = facts.now - state.acquiredAt
  return age > facts.holdMs || facts.watchedMs > facts.holdMs ? 'stopped' : 'working'
}
