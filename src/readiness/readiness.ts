import type { Readiness } from '../graph/graph.ts'
import type { Detected } from '../registry/schema/detected.ts'

/** A reason why something is not ready, and its fix. */
export interface Cause {
  /** A ref, or the id of a capability, component or missing thing. */
  readonly ref: string
  readonly status: Exclude<Readiness, 'ready'>
  /** A sentence without its full stop. */
  readonly reason: string
  /** What fixes it. */
  readonly hint: string
}

/** Whether one thing can be used here, and if not, why. */
export interface Explanation {
  readonly ref: string
  readonly status: Readiness
  /** What to fix, in this order. Empty when it is ready. */
  readonly causes: readonly Cause[]
  /** What cannot work without it, sorted. */
  readonly dependents: readonly string[]
  /** Sentences that are worth knowing, though they block nothing. */
  readonly warnings: readonly string[]
}

/** What the search for a tool or framework found. */
export interface ToolSearch {
  readonly detected: Detected
  /** Usable matches on PATH that the first one hides. */
  readonly hidden: readonly string[]
  readonly passedOver: readonly { readonly path: string; readonly why: string }[]
}

/** A cause, and everything that it blocks. */
export interface RootCause extends Cause {
  readonly blocks: readonly string[]
}

/** Everything that cannot be used here. */
export interface Unusable {
  /** Those that block most come first. */
  readonly causes: readonly RootCause[]
  readonly unusable: readonly Explanation[]
}

/** The readiness of a thing by itself, without what it needs. */
export type ReadinessCondition =
  | { readonly status: 'ready'; readonly warnings: readonly string[] }
  | {
      readonly status: Exclude<Readiness, 'ready'>
      readonly reason: string
      readonly hint: string
      readonly warnings: readonly string[]
    }

export function ready(...warnings: readonly string[]): ReadinessCondition {
  return { status: 'ready', warnings }
}

export function notReady(reason: string, hint: string): ReadinessCondition {
  return { status: 'not ready', reason, hint, warnings: [] }
}

export function unknown(reason: string, hint: string): ReadinessCondition {
  return { status: 'unknown', reason, hint, warnings: [] }
}

/** Limits walks through the graph: each of a hundred thousand nodes may lead to all the others. */
export interface StepBudget {
  left: number
}

// Takes a fraction of a second. A home of ten thousand models needs most of it.
const maxSteps = 400_000

export function createStepBudget(): StepBudget {
  return { left: maxSteps }
}
