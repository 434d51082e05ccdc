import type { Readiness } from '../graph/graph.ts'
import type { Detected } from '../registry/schema/detected.ts'

/** How to fix something. */
export interface ReadinessFix {
  /** What to do, in words without a full stop. */
  readonly text: string
  /** A command to copy that does it; null where no command would. */
  readonly command: string | null
}

/** A reason why something is not ready, and its fix. */
export interface Cause {
  /** A ref, or the id of a capability, component or missing thing. */
  readonly ref: string
  readonly status: Exclude<Readiness, 'ready'>
  /** A sentence without its full stop. */
  readonly reason: string
  readonly fix: ReadinessFix
}

/** The path of a model through the platform: an adapter for its provider, and a service with such an adapter. */
export interface PlatformPath {
  readonly status: Exclude<Readiness, 'unknown'>
  readonly causes: readonly Cause[]
}

/** Whether one thing can be used here, and if not, why. The keys are those of the JSON output. */
export interface Explanation {
  readonly ref: string
  readonly status: Readiness
  /** Models only, where the registries have adapters. It never changes the status. */
  readonly via_platform?: PlatformPath | undefined
  /** What to fix, in this order. Empty when it is ready. */
  readonly causes: readonly Cause[]
  /** Sentences that are worth knowing, though they block nothing. */
  readonly warnings: readonly string[]
  /** Tools and frameworks only, where their entry names some. */
  readonly secondary_vars?: readonly SecondaryVariable[] | undefined
  /** What cannot work without it, sorted. */
  readonly dependents: readonly string[]
}

/** A variable of `secondary_vars`, as the environment has it. The keys are those of the JSON output. */
export interface SecondaryVariable {
  readonly name: string
  /** Whether it is set, and not empty. */
  readonly is_set: boolean
  /** Its value; null when it is unset, or when its value is not shown. */
  readonly value: string | null
}

/** What the search for a tool or framework found. */
export interface ToolSearch {
  readonly detected: Detected
  /** Usable matches on PATH that the first one hides. */
  readonly hidden: readonly string[]
  readonly passedOver: readonly { readonly path: string; readonly why: string }[]
}

/** A cause, and everything that it blocks. */
export interface Problem extends Cause {
  readonly blocks: readonly string[]
}

/** Everything about a machine that is worth knowing. The keys are those of the JSON output. */
export interface ReadinessOverview {
  /** What is set up here and does not work. Those that block most come first. */
  readonly problems: readonly Problem[]
  /** What could not be determined. */
  readonly unknown: readonly Omit<Cause, 'status'>[]
  /** Providers and parts of the platform that were never set up here. */
  readonly not_set_up: readonly NotSetUp[]
  /** Tools and frameworks that are not installed. */
  readonly absent: readonly Pick<Cause, 'ref' | 'fix'>[]
  /** Models of ready providers that retire soon, the first one first. */
  readonly retiring: readonly RetiringModel[]
}

export interface NotSetUp extends Pick<Cause, 'ref' | 'reason' | 'fix'> {
  /** How many models wait for it. */
  readonly models?: number
}

export interface RetiringModel {
  readonly ref: string
  /** Calendar day. */
  readonly retires_on: string
  readonly successor: string | null
}

/** The readiness of a thing by itself, without what it needs. */
export type ReadinessCondition =
  | { readonly status: 'ready'; readonly warnings: readonly string[] }
  | {
      readonly status: Exclude<Readiness, 'ready'>
      readonly reason: string
      readonly fix: ReadinessFix
      readonly warnings: readonly string[]
    }

export function ready(...warnings: readonly string[]): ReadinessCondition {
  return { status: 'ready', warnings }
}

export function notReady(reason: string, fix: ReadinessFix): ReadinessCondition {
  return { status: 'not ready', reason, fix, warnings: [] }
}

export function notSetUp(reason: string, fix: ReadinessFix): ReadinessCondition {
  return { status: 'not set up', reason, fix, warnings: [] }
}

export function unknown(reason: string, fix: ReadinessFix): ReadinessCondition {
  return { status: 'unknown', reason, fix, warnings: [] }
}

/** A fix, with the command that does it where there is one. */
export function toFix(text: string, command: string | null = null): ReadinessFix {
  return { text, command }
}

/** A fix on one line: what to do, then the command. */
export function describeFix({ text, command }: ReadinessFix): string {
  return command === null ? text : `${text}: ${command}`
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
