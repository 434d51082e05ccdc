import { registryOf } from '../graph/graph.ts'
import type { GraphIndex } from '../graph/graph-index.ts'
import type { Work } from './bounded-work.ts'

export interface Users {
  readonly index: GraphIndex
  /** Which nodes have a node among what they need. */
  readonly users: ReadonlyMap<string, readonly string[]>
}

/**
 * Refs of the entries that cannot work without a node, directly or not, sorted. Where any one would do, it counts too.
 * When all work is done, only those that need it directly.
 */
export function findDependents(id: string, { index, users }: Users, work: Work): string[] {
  const seen = new Set([id, ...(work.left > 0 ? [] : (users.get(id) ?? []))])
  if (work.left > 0) {
    for (const each of seen) {
      work.left -= 1
      for (const user of users.get(each) ?? []) seen.add(user)
    }
  }
  seen.delete(id)
  const isEntry = (each: string) => {
    const node = index.node(each)
    return node !== undefined && registryOf(node) !== undefined
  }
  return [...seen].filter(isEntry).sort()
}
