import type { LoadedRegistry } from './snapshot.ts'

const defaultSeconds = 300

/** Age in seconds from which an answer about a home is stale: its own `cache_ttl_seconds`, else 300. */
export function cacheTtlSeconds({ content }: Pick<LoadedRegistry<'hyper'>, 'content'>): number {
  return content?.metadata.cache_ttl_seconds ?? defaultSeconds
}
