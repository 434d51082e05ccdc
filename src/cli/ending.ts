/** How something that goes on comes to its end: the first word counts. */
export interface Ending<Value> {
  readonly ended: Promise<Value>
  readonly isOver: () => boolean
  readonly finish: (value: Value) => void
  readonly fail: (error: unknown) => void
  /** Does something that nobody waits for; what it throws is the end. */
  readonly guard: (work: () => void) => void
}

export function createEnding<Value>(): Ending<Value> {
  let isOver = false
  let settle: { resolve: (value: Value) => void; reject: (error: unknown) => void } | undefined
  const ended = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject }
  })
  const finish = (value: Value) => {
    isOver = true
    settle?.resolve(value)
  }
  const fail = (error: unknown) => {
    isOver = true
    settle?.reject(error)
  }
  const guard = (work: () => void) => {
    try {
      if (!isOver) work()
    } catch (error) {
      fail(error)
    }
  }
  return { ended, isOver: () => isOver, finish, fail, guard }
}
