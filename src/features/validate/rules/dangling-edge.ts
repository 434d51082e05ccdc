import { listEdges } from '../entries.ts'
import { findUnresolved, type Reference } from '../references.ts'
import type { Rule } from '../rule.ts'

export const danglingEdge: Rule = {
  id: 'dangling-edge',
  severity: 'error',
  summary: 'an edge of the dependency graph leads from or to nothing',
  check: context => {
    const ends = listEdges(context.snapshot).flatMap(({ from, to, path }): Reference[] => [
      { registry: 'hyper', path: [...path, 'from'], name: from },
      { registry: 'hyper', path: [...path, 'to'], name: to },
    ])
    return findUnresolved(ends, context)
  },
}
