import type { Readiness } from '../graph/graph.ts'
import type { Detected } from '../registry/schema/detected.ts'

/** Something that stands in the way, and what to do about it. */
export interface Cause {
  /** A ref, or the id of a capability, component or missing thing. */
  readonly ref: string
  readonly status: Exclude<Readiness, 'ready'>
  /** A sentence without its full stop. */
  readonly reason: string
  /** What would put it right. */
  readonly hint: string
}

/** Whether one thing can be used here, and if not, why. */
export interface Explanation {
  readonly ref: string
  readonly status: Readiness
  /** What is to be put right, in the order in which it has to be. Empty when it is ready. */
  readonly causes: readonly Cause[]
  /** What cannot work without it, sorted. */
  readonly dependents: readonly string[]
  /** What is worth knowing, though it stands in nobody's way. */
  readonly warnings: readonly string[]
}

/** What was looked at to find a tool or framework. */
export interface ToolStory {
  readonly detected: Detected
  /** Usable matches on PATH that the first one hides. */
  readonly hidden: readonly string[]
  readonly passedOver: readonly { readonly path: string; readonly why: string }[]
}

/** A cause, and everything that it keeps from being ready. */
export interface RootCause extends Cause {
  readonly blocks: readonly string[]
}

/** Everything that cannot be used here. */
export interface Unusable {
  /** The ones that block most come first. */
  readonly causes: readonly RootCause[]
  readonly unusable: readonly Explanation[]
}

/** What a thing is by itself, whatever it needs. */
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

/** Steps that are left for walks through the graph. Each of a hundred thousand nodes may lead to all the others. */
export interface Work {
  left: number
}

// A fraction of a second. A home of ten thousand models takes most of it.
const mostSteps = 400_000

export function createWork(): Work {
  return { left: mostSteps }
}
