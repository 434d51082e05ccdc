import type { Readiness } from '../graph/graph.ts'
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
  // A set, since one that waits already need not wait twice: a capability may have a hundred thousand providers.
  const waiting = new Set(ids)
  for (const id of waiting) {
    waiting.delete(id)
    const before = statuses.get(id) ?? 'ready'
    const now = needsOf(id).reduce((worst, need) => worse(worst, bestOf(need, statuses)), before)
    if (now === before) continue
    statuses.set(id, now)
    for (const user of users.get(id) ?? []) waiting.add(user)
  }
  return statuses
}

/** How usable the best of a need's options is. What has no options cannot be had. */
export function bestOf({ options }: Need, statuses: ReadonlyMap<string, Readiness>): Readiness {
  let best: Readiness = 'not ready'
  for (const id of options) {
    best = better(best, statuses.get(id) ?? 'ready')
    if (best === 'ready') return best
  }
  return best
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
