/** A directed link between two nodes. */
export interface Link {
  readonly from: string
  readonly to: string
}

/**
 * The links, and for each one to a capability that a single other thing provides a second one to that thing: a
 * capability is no one in particular where several provide it. `providersOf` knows the capabilities.
 */
export function followCapabilities<Each extends Link>(
  links: readonly Each[],
  providersOf: (id: string) => readonly string[] | undefined,
): Each[] {
  return links.flatMap(link => {
    const [only, second] = providersOf(link.to) ?? []
    return only === undefined || second !== undefined || only === link.from
      ? [link]
      : [link, { ...link, to: only }]
  })
}

/**
 * One cycle, as short as possible, of each group of nodes that can all reach each other. A cycle begins with its first
 * node in the alphabet; its last node links back to the first. Sorted.
 */
export function findCycles(links: readonly Link[]): string[][] {
  const next = toAdjacency(links)
  return toGroups(next)
    .flatMap(group => {
      const members = new Set(group)
      const start = [...group].sort()[0]
      const cycle = start === undefined ? undefined : shortestCycle(start, next, members)
      return cycle ? [cycle] : []
    })
    .sort((left, right) => ((left[0] ?? '') < (right[0] ?? '') ? -1 : 1))
}

/** Groups of nodes that can all reach each other; a single node only where it links to itself. */
export function findCycleGroups(links: readonly Link[]): string[][] {
  const next = toAdjacency(links)
  const isCycle = ([first = '', ...others]: string[]) => others.length > 0 || next.get(first)?.includes(first)
  return toGroups(next).filter(isCycle)
}

type Adjacency = ReadonlyMap<string, readonly string[]>

function toAdjacency(links: readonly Link[]): Adjacency {
  const next = new Map<string, Set<string>>()
  for (const { from, to } of links) {
    next.set(from, (next.get(from) ?? new Set()).add(to))
    if (!next.has(to)) next.set(to, new Set())
  }
  return new Map([...next].map(([node, targets]) => [node, [...targets].sort()]))
}

function shortestCycle(start: string, next: Adjacency, members: ReadonlySet<string>): string[] | undefined {
  const before = new Map<string, string>()
  const queue = [start]
  for (const node of queue) {
    for (const target of next.get(node) ?? []) {
      if (target === start) return [...pathTo(node, before)]
      if (!members.has(target) || before.has(target)) continue
      before.set(target, node)
      queue.push(target)
    }
  }
  return undefined
}

function pathTo(end: string, before: ReadonlyMap<string, string>): string[] {
  const path: string[] = []
  for (let node: string | undefined = end; node !== undefined; node = before.get(node)) path.push(node)
  return path.reverse()
}

/** Groups of nodes that can all reach each other; a node that no other one reaches back is a group of its own. */
export function findGroups(links: readonly Link[]): string[][] {
  return toGroups(toAdjacency(links)).filter(group => group.length > 0)
}

/**
 * Kosaraju's algorithm. It keeps its own stacks: a chain of a hundred thousand nodes would overflow the engine's.
 */
function toGroups(next: Adjacency): string[][] {
  const links = [...next].flatMap(([from, targets]) => targets.map(to => ({ from: to, to: from })))
  const back = toAdjacency(links)
  const seen = new Set<string>()
  return postOrder(next)
    .reverse()
    .map(node => reachable(node, back, seen))
}

/** All nodes, each after those that it leads to. */
function postOrder(next: Adjacency): string[] {
  const order: string[] = []
  const seen = new Set<string>()
  for (const root of next.keys()) {
    const stack = [{ node: root, isDone: false }]
    for (let visit = stack.pop(); visit; visit = stack.pop()) {
      if (visit.isDone) order.push(visit.node)
      else if (!seen.has(visit.node)) {
        seen.add(visit.node)
        stack.push({ node: visit.node, isDone: true })
        for (const node of next.get(visit.node) ?? []) stack.push({ node, isDone: false })
      }
    }
  }
  return order
}

/** Nodes that a node leads to and that were not seen before, itself included. */
function reachable(start: string, next: Adjacency, seen: Set<string>): string[] {
  if (seen.has(start)) return []
  const found = [start]
  seen.add(start)
  for (const node of found) {
    for (const target of next.get(node) ?? []) {
      if (seen.has(target)) continue
      seen.add(target)
      found.push(target)
    }
  }
  return found
}
