import type { RegistryName } from '../registry/schema/names.ts'
import type { RegistryHealth } from '../sync/health-schema.ts'
import type { KnownFreshness } from './freshness-book.ts'
import type { Call } from './revision.ts'
import type { ServerState } from './server-state.ts'

/** Loads how fresh a registry is that the caller may read. */
export async function loadRegistryHealth(
  name: RegistryName,
  { revision, view }: Call,
  { freshness, home }: ServerState,
): Promise<RegistryHealth> {
  return toRegistryHealth(name, await freshness.find(name, revision.snapshot), { view, home })
}

/** The freshness of a registry, as the callers of a view may read it. */
export function toRegistryHealth(
  name: RegistryName,
  { status, ttlSeconds }: KnownFreshness,
  { view, home }: Pick<Call, 'view'> & Pick<ServerState, 'home'>,
): RegistryHealth {
  return {
    name,
    status: status.freshness,
    age_seconds: status.age_seconds,
    ttl_seconds: ttlSeconds,
    entries: status.entries,
    entries_expected: status.entries_count_expected,
    last_success: status.last_success,
    source: status.source,
    error: status.error && toReportedError(name, status, { view, home }),
  }
}

// Only the hyper registry lists upstreams, and an error may contain their address in many forms.
function toReportedError(
  name: RegistryName,
  { url, error }: KnownFreshness['status'],
  { view, home }: Pick<Call, 'view'> & Pick<ServerState, 'home'>,
): string | null {
  const isOfUpstream = url !== null && view.snapshot.registries[name].state === 'ok'
  if (isOfUpstream && !view.readable.has('hyper')) return 'the last attempt to sync it failed'
  return error && withoutPaths(error, home.directory)
}

// Paths of this machine are omitted: the names of files are enough.
function withoutPaths(error: string, home: string): string {
  return error.replaceAll(`${home}/`, '').replace(/(?<![\w./:])\/(?:[^\s/:"']+\/)+/g, '')
}
