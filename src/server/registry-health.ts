import type { RegistryName } from '../registry/schema/names.ts'
import type { RegistryHealth } from '../sync/health-schema.ts'
import type { KnownFreshness } from './freshness-book.ts'
import type { Call } from './revision.ts'
import type { ServerState } from './server-state.ts'

/** Asks how fresh a registry is that the caller may see. */
export async function loadRegistryHealth(
  name: RegistryName,
  { revision, view }: Call,
  { freshness, home }: ServerState,
): Promise<RegistryHealth> {
  return toRegistryHealth(name, await freshness.ask(name, revision.snapshot), { view, home })
}

/** What may be told of the freshness of a registry to those who share a view. */
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

// Where its upstream is says the hyper registry alone, and the reason of a failure names it in many ways.
function toReportedError(
  name: RegistryName,
  { url, error }: KnownFreshness['status'],
  { view, home }: Pick<Call, 'view'> & Pick<ServerState, 'home'>,
): string | null {
  const isOfUpstream = url !== null && view.snapshot.registries[name].state === 'ok'
  if (isOfUpstream && !view.readable.has('hyper')) return 'the last attempt to bring it up to date failed'
  return error && withoutPlaces(error, home.directory)
}

// Where things lie on this machine concerns nobody: the names of files are enough.
function withoutPlaces(error: string, home: string): string {
  return error.replaceAll(`${home}/`, '').replace(/(?<![\w./:])\/(?:[^\s/:"']+\/)+/g, '')
}
