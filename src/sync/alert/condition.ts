import type { RegistryStatus } from '../../detection/sync-report.ts'
import { errorMessage } from '../../lib/errors.ts'
import { toCleanText } from '../../lib/text/text.ts'
import { describeFault } from '../../registry/describe-fault.ts'
import type { AlertSubject } from '../../registry/schema/alert-memory.ts'
import type { LoadedRegistry } from '../../registry/snapshot.ts'
import type { SyncState } from '../../registry/sync-state.ts'

/** How a registry, or the sync as a whole, is after a sync. */
export interface Condition {
  readonly subject: AlertSubject
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
  const { name: subject, path } = loaded
  if (status === 'ok') return { subject, status, reason: null }
  const own = describeFault(loaded) ?? (status === 'missing' ? `${path} was missing, and is put back` : null)
  const reason = own ?? state?.error ?? 'it could not be kept fresh'
  return { subject, status, reason: toReason(reason) }
}

/** How the sync as a whole is, after one that has come to its end or has failed with this error. */
export function toSyncCondition(outcome: { readonly error: unknown } | undefined): Condition {
  if (outcome === undefined) return { subject: 'sync', status: 'ok', reason: null }
  return { subject: 'sync', status: 'failed', reason: toReason(errorMessage(outcome.error)) }
}

function toReason(text: string): string {
  return toCleanText(withoutSecrets(text))
}

// Addresses of upstreams may carry a key as their query.
function withoutSecrets(text: string): string {
  return text
    .replace(/\b(https?:\/\/)[^\s/?#@]*@/g, '$1')
    .replace(/\b(https?:\/\/[^\s?#"')]*)[?#][^\s"')]*/g, '$1')
}
