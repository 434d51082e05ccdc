import { findUnresolved, listEdges, type Reference } from '../references.ts'
import type { Rule } from '../rule.ts'

export const danglingEdge: Rule = {
  id: 'dangling-edge',
  severity: 'error',
  summary: 'an edge of the dependency graph leads from or to nothing',
  check: context => {
    const ends = listEdges(context.snapshot).flatMap(({ from, to, path }): Reference[] => [
      ...(from === undefined ? [] : [{ registry: 'hyper' as const, path: [...path, 'from'], name: from }]),
      ...(to === undefined ? [] : [{ registry: 'hyper' as const, path: [...path, 'to'], name: to }]),
    ])
    return findUnresolved(ends, context)
  },
}
