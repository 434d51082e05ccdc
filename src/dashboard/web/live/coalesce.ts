/** Runs an action one at a time. Whoever calls while it runs gets the run after it, which all of them share. */
export function coalesce(act: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = () => {
    next = undefined
    running = act().finally(() => {
      running = undefined
    })
    return running
  }
  return () => {
    if (running === undefined) return begin()
    next ??= running.catch(() => undefined).then(begin)
    return next
  }
}
