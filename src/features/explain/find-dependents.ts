import { registryOf } from '../../core/graph/graph.ts'
import type { GraphIndex } from '../../core/graph/graph-index.ts'

/** Refs of the entries that cannot work without a node, directly or not, sorted. Where any one would do, it counts too. */
export function findDependents(
  id: string,
  index: GraphIndex,
  users: ReadonlyMap<string, readonly string[]>,
): string[] {
  const seen = new Set([id])
  for (const each of seen) for (const user of users.get(each) ?? []) seen.add(user)
  seen.delete(id)
  const isEntry = (each: string) => {
    const node = index.node(each)
    return node !== undefined && registryOf(node) !== undefined
  }
  return [...seen].filter(isEntry).sort()
}
