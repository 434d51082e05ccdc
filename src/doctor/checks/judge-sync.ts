import { toShellWord } from '../../lib/shell/to-shell-word.ts'
import { describeAge } from '../../lib/text/age.ts'
import { describeFault } from '../../registry/describe-fault.ts'
import { judgeFreshness } from '../../registry/freshness.ts'
import type { SubRegistryName } from '../../registry/schema/names.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import type { SyncState } from '../../registry/sync-state.ts'
import { describeCopy } from '../../registry/troubles.ts'
import type { HealthFinding } from '../../sync/health.ts'

/** What stands in for a registry's file that cannot be used; nothing for one that can. */
export function judgeFile(registry: LoadedRegistry, now: number): HealthFinding[] {
  const fault = describeFault(registry)
  if (fault === undefined) return []
  const copy = describeCopy(registry, now)
  if (copy !== undefined) {
    const isMissing = registry.state === 'missing'
    const hint = isMissing
      ? 'nexus-registry sync puts it back'
      : `nexus-registry validate ${toShellWord(registry.path)}`
    return [{ status: 'warning', message: `${fault}: ${copy}`, hint }]
  }
  const hint = 'Put it right, or take it from a new home: nexus-registry init DIR'
  return [{ status: 'error', message: `${fault}, and no copy of it is kept: it counts as empty`, hint }]
}

/** How fresh a registry is, as its last attempts tell. */
export function judgeState(
  name: SubRegistryName,
  state: SyncState,
  { now, ttlSeconds }: { now: number; ttlSeconds: number },
): HealthFinding {
  const { last_success: success, error, is_refused: isRefused, consecutive_failures: failures } = state
  const last = success === null ? 'never' : describeAge(now - Date.parse(success))
  const freshness = judgeFreshness(state, now, ttlSeconds)
  if (freshness === 'fresh') return { status: 'ok', message: `${name} was synced ${last}`, hint: null }
  const why = error === null ? '' : `: ${error}`
  if (isRefused)
    return {
      status: 'error',
      message: `${name} is refused by its upstream${why}`,
      hint: 'Check its url in hyper_registry.json, and the token for it in upstreams of your configuration',
    }
  const hint = 'See whether it goes on: nexus-registry sync'
  const message = `${name} is ${freshness === 'stale' ? 'stale' : 'too old to count'}, last synced ${last}${why}`
  if (freshness === 'failed') return { status: 'error', message, hint }
  return { status: failures > 0 ? 'warning' : 'note', message, hint }
}
