import type { RegistryHealth } from '../../schema/api/registry-health.ts'
import type { RegistryName } from '../../schema/names.ts'
import type { Call } from './route.ts'
import type { Serving } from './serving.ts'

/** Asks how fresh a registry is that the caller may see. */
export async function loadRegistryHealth(
  name: RegistryName,
  { edition, view }: Call,
  { freshness, home }: Serving,
): Promise<RegistryHealth> {
  const { status, ttlSeconds } = await freshness.ask(name, edition.snapshot)
  // Where its upstream is says the hyper registry alone, and the reason of a failure names it in many ways.
  const { error } = view.readable.has('hyper') ? status : (await freshness.ask(name, view.snapshot)).status
  return {
    name,
    status: status.freshness,
    age_seconds: status.age_seconds,
    ttl_seconds: ttlSeconds,
    entries: status.entries,
    entries_expected: status.entries_count_expected,
    last_success: status.last_success,
    source: status.source,
    error: error && withoutPlaces(error, home.directory),
  }
}

// Where things lie on this machine concerns nobody: the names of files are enough.
function withoutPlaces(error: string, home: string): string {
  return error.replaceAll(`${home}/`, '').replace(/(?<![\w./:])\/(?:[^\s/:"']+\/)+/g, '')
}
