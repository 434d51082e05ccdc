import type { Explanation, RootCause } from '../../core/explanation.ts'
import { type Graph, type Readiness, registryOf } from '../../core/graph/graph.ts'

/** Refs of the entries that are not ready, and of what is named and is not there. */
export function toUnusable({ nodes }: Graph, statuses: ReadonlyMap<string, Readiness>): string[] {
  return nodes
    .filter(node => registryOf(node) !== undefined || node.kind === 'missing')
    .map(({ id }) => id)
    .filter(id => statuses.get(id) !== 'ready')
}

/** The causes of all of them, each once: what blocks most comes first, and what is not known at the end. */
export function rankCauses(explanations: readonly Explanation[]): RootCause[] {
  const causes = new Map<string, RootCause>()
  for (const { ref, causes: own } of explanations) {
    for (const cause of own) {
      const blocks = cause.ref === ref ? [] : [ref]
      const before = causes.get(cause.ref)
      causes.set(cause.ref, { ...cause, blocks: [...(before?.blocks ?? []), ...blocks] })
    }
  }
  return [...causes.values()].sort(compare)
}

function compare(left: RootCause, right: RootCause): number {
  if (left.status !== right.status) return left.status === 'not ready' ? -1 : 1
  return right.blocks.length - left.blocks.length || (left.ref < right.ref ? -1 : 1)
}
