import { type Graph, isOnlyNamed, type Readiness, registryOf } from '../graph/graph.ts'
import type { Explanation, RootCause } from './explanation.ts'
import { toCauseKey } from './find-causes.ts'

/** Refs of the entries and registries that are not ready, and of what is named and is not there. */
export function toUnusable({ nodes }: Graph, statuses: ReadonlyMap<string, Readiness>): string[] {
  return nodes
    .filter(node => registryOf(node) !== undefined || node.kind === 'registry' || isOnlyNamed(node))
    .map(({ id }) => id)
    .filter(id => statuses.get(id) !== 'ready')
}

/** The causes of all of them, each once: what blocks most comes first, and what is not known at the end. */
export function rankCauses(explanations: readonly Explanation[]): RootCause[] {
  const causes = new Map<string, RootCause & { readonly blocks: string[] }>()
  for (const { ref, causes: own } of explanations) {
    for (const cause of own) {
      const key = toCauseKey(cause)
      const known = causes.get(key) ?? { ...cause, blocks: [] }
      causes.set(key, known)
      if (cause.ref !== ref) known.blocks.push(ref)
    }
  }
  return [...causes.values()].sort(compare)
}

function compare(left: RootCause, right: RootCause): number {
  if (left.status !== right.status) return left.status === 'not ready' ? -1 : 1
  return right.blocks.length - left.blocks.length || (toCauseKey(left) < toCauseKey(right) ? -1 : 1)
}
