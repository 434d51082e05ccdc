import type { RegistryHealth } from '../../schema/api/registry-health.ts'
import type { RegistryName } from '../../schema/names.ts'
import type { KnownFreshness } from './freshness-book.ts'
import type { Call } from './route.ts'
import type { Serving } from './serving.ts'

/** Asks how fresh a registry is that the caller may see. */
export async function loadRegistryHealth(
  name: RegistryName,
  { edition, view }: Call,
  { freshness, home }: Serving,
): Promise<RegistryHealth> {
  return toRegistryHealth(name, await freshness.ask(name, edition.snapshot), { view, home })
}

/** What may be told of the freshness of a registry to those who share a view. */
export function toRegistryHealth(
  name: RegistryName,
  { status, ttlSeconds }: KnownFreshness,
  { view, home }: Pick<Call, 'view'> & Pick<Serving, 'home'>,
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
    error:
      status.error && toTold(status.error, { isTrusted: view.readable.has('hyper'), home: home.directory }),
  }
}

// Where an upstream is says the hyper registry, and where the home is concerns nobody.
function toTold(
  error: string,
  { isTrusted, home }: { readonly isTrusted: boolean; readonly home: string },
): string {
  const told = error.replaceAll(`${home}/`, '')
  return isTrusted ? told : told.replace(/\bhttps?:\/\/\S+/g, 'its upstream')
}
