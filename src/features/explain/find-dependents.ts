import { type Graph, registryOf } from '../../core/graph/graph.ts'

/** Refs of the entries that cannot work without a node, directly or not, sorted. Where any one would do, it counts too. */
export function findDependents(
  id: string,
  { nodes }: Graph,
  users: ReadonlyMap<string, readonly string[]>,
): string[] {
  const seen = new Set([id])
  for (const each of seen) for (const user of users.get(each) ?? []) seen.add(user)
  seen.delete(id)
  return nodes.filter(node => seen.has(node.id) && registryOf(node) !== undefined).map(node => node.id)
}
