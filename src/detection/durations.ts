import type { Ref } from '../registry/refs.ts'
import type { ProbeCache } from './probe.ts'

/** What never ran is taken for slow: it may be. */
const unknownDurationMs = 500

/** The slowest first, as far as earlier runs tell, so that the longest does not start last. */
export function slowestFirst<T extends { readonly ref: Ref }>(items: readonly T[], cache: ProbeCache): T[] {
  return items
    .map(item => ({ item, duration: durationOf(item.ref, cache) }))
    .sort((left, right) => right.duration - left.duration)
    .map(({ item }) => item)
}

/** Keeps how long the processes of a look took, in milliseconds. */
export function rememberDuration(ref: Ref, durationMs: number, cache: ProbeCache): void {
  cache.set(toKey(ref), durationMs)
}

function durationOf(ref: Ref, cache: ProbeCache): number {
  const duration = cache.hint(toKey(ref))
  return typeof duration === 'number' ? duration : unknownDurationMs
}

function toKey(ref: Ref): string {
  return `duration ${ref}`
}
