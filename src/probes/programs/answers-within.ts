import type { Clock } from '../../core/host.ts'

/** What the work gives within `ms` milliseconds, else undefined: a file system may never answer. */
export async function answersWithin<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T | undefined> {
  const finished = new AbortController()
  const late = clock.sleep(ms, finished.signal).then(
    () => undefined,
    () => undefined,
  )
  try {
    return await Promise.race([work, late])
  } finally {
    finished.abort()
  }
}
