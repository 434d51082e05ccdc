/** Steps that are left for walks through the graph. Each of a hundred thousand nodes may lead to all the others. */
export interface Work {
  left: number
}

// A fraction of a second. A home of ten thousand models takes most of it.
const mostSteps = 400_000

export function createWork(): Work {
  return { left: mostSteps }
}
