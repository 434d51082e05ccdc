import { describeFault } from '../../core/describe-fault.ts'
import type { LoadedRegistry } from '../../core/snapshot.ts'
import type { RegistryStatus } from '../../core/sync-report.ts'
import type { SyncState } from '../../core/sync-state.ts'
import { toCleanText } from '../../core/text.ts'
import type { RegistryName } from '../../schema/names.ts'

/** How a registry is after a sync. */
export interface Condition {
  readonly registry: RegistryName
  readonly status: RegistryStatus['status']
  /** Why it is not well, a sentence without its full stop that gives no secret away; null when it is. */
  readonly reason: string | null
}

/** Says how a registry is: its own file first, then what the last attempt to keep it fresh has met. */
export function toCondition(
  loaded: LoadedRegistry,
  status: RegistryStatus['status'],
  state: SyncState | undefined,
): Condition {
  const { name: registry, path } = loaded
  if (status === 'ok') return { registry, status, reason: null }
  const own = describeFault(loaded) ?? (status === 'missing' ? `${path} was missing, and is put back` : null)
  const reason = own ?? state?.error ?? 'it could not be kept fresh'
  return { registry, status, reason: toCleanText(withoutSecrets(reason)) }
}

// Addresses of upstreams may carry a key as their query.
function withoutSecrets(text: string): string {
  return text
    .replace(/\b(https?:\/\/)[^\s/?#@]*@/g, '$1')
    .replace(/\b(https?:\/\/[^\s?#"')]*)[?#][^\s"')]*/g, '$1')
}
