import type { Readiness } from '../graph/graph.ts'

/** What a thing is by itself, whatever it needs. */
export type Condition =
  | { readonly status: 'ready'; readonly warnings: readonly string[] }
  | {
      readonly status: Exclude<Readiness, 'ready'>
      readonly reason: string
      readonly hint: string
      readonly warnings: readonly string[]
    }

export function ready(...warnings: readonly string[]): Condition {
  return { status: 'ready', warnings }
}

export function notReady(reason: string, hint: string): Condition {
  return { status: 'not ready', reason, hint, warnings: [] }
}

export function unknown(reason: string, hint: string): Condition {
  return { status: 'unknown', reason, hint, warnings: [] }
}
