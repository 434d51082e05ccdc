/** Bounds on waiting for each other, in milliseconds but for `tries`. */
export interface LockLimits {
  /** How long to wait for the lock. */
  readonly waitMs: number
  /** How long a holder may take before it counts as stopped and the lock is taken from it. */
  readonly holdMs: number
  /** How often to start again when the lock was taken away in the middle. */
  readonly tries: number
}

export const defaultLockLimits: LockLimits = { waitMs: 30_000, holdMs: 10_000, tries: 5 }
