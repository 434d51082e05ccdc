import type { Readiness } from '../../core/graph/graph.ts'
import type { Condition } from './condition.ts'
import type { Need, Needs } from './needs.ts'

const order = ['ready', 'unknown', 'not ready'] as const satisfies readonly Readiness[]

/**
 * How usable each node is: no more than it is by itself, and no more than the best of each of its needs. Things that
 * need each other in a circle are ready when nothing else is in their way.
 */
export function judge(
  ids: readonly string[],
  conditionOf: (id: string) => Condition,
  needsOf: Needs,
): ReadonlyMap<string, Readiness> {
  const statuses = new Map<string, Readiness>(ids.map(id => [id, conditionOf(id).status]))
  const users = indexUsers(ids, needsOf)
  // Statuses only get worse, so this ends: each node is looked at again at most twice for each thing that it needs.
  const queue = [...ids]
  for (const id of queue) {
    const before = statuses.get(id) ?? 'ready'
    const now = [before, ...needsOf(id).map(need => bestOf(need, statuses))].reduce(worse)
    if (now === before) continue
    statuses.set(id, now)
    queue.push(...(users.get(id) ?? []))
  }
  return statuses
}

/** How usable the best of a need's options is. What has no options cannot be had. */
export function bestOf({ options }: Need, statuses: ReadonlyMap<string, Readiness>): Readiness {
  return options.map(id => statuses.get(id) ?? 'ready').reduce(better, 'not ready')
}

/** Which nodes have a node among their options. */
export function indexUsers(ids: readonly string[], needsOf: Needs): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>()
  for (const id of ids) {
    for (const option of needsOf(id).flatMap(({ options }) => options)) {
      const known = users.get(option)
      if (known) known.push(id)
      else users.set(option, [id])
    }
  }
  return users
}

function worse(left: Readiness, right: Readiness): Readiness {
  return order.indexOf(left) > order.indexOf(right) ? left : right
}

function better(left: Readiness, right: Readiness): Readiness {
  return order.indexOf(left) < order.indexOf(right) ? left : right
}
