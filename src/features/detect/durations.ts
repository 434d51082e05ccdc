import type { ProbeCache } from '../../core/probe.ts'
import type { Ref } from '../../core/refs.ts'

/** What never ran is taken for slow: it may be. */
const unknownDurationMs = 500

/** The slowest first, as far as earlier runs tell, so that the longest does not start last. */
export function slowestFirst<T extends { readonly ref: Ref }>(items: readonly T[], cache: ProbeCache): T[] {
  return items
    .map(item => ({ item, duration: durationOf(item.ref, cache) }))
    .sort((left, right) => right.duration - left.duration)
    .map(({ item }) => item)
}

/** Keeps how long a look took, unless a cache answered. */
export function rememberDuration(
  timing: { readonly ref: Ref; readonly duration_ms: number; readonly cached: boolean },
  cache: ProbeCache,
): void {
  if (!timing.cached) cache.set(toKey(timing.ref), timing.duration_ms)
}

function durationOf(ref: Ref, cache: ProbeCache): number {
  const duration = cache.hint(toKey(ref))
  return typeof duration === 'number' ? duration : unknownDurationMs
}

function toKey(ref: Ref): string {
  return `duration ${ref}`
}
