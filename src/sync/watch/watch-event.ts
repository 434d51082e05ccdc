import type { DetectionChange } from '../../detection/sync-report.ts'
import type { Signal } from '../../platform/signal.ts'
import type { RegistryName } from '../../registry/schema/names.ts'

/** What the daemon has to say, in the words of its log. */
export type WatchEvent =
  | { readonly event: 'started'; readonly home: string }
  | {
      readonly event: 'synced'
      readonly changes: readonly DetectionChange[]
      /** Registries in which something changed by their upstream. */
      readonly upstreams: readonly UpstreamChange[]
      readonly duration_ms: number
      /** Sentences about what is wrong and did not stop it. */
      readonly warnings: readonly string[]
      /** ISO 8601, UTC; null when there will be none. */
      readonly next_attempt: string | null
    }
  | {
      readonly event: 'failed'
      /** What failed. Whatever it is, the daemon goes on. */
      readonly during: 'sync' | 'reload' | 'watching'
      readonly error: string
      readonly hint: string | null
      /** Sentences about who could not be told of it. */
      readonly warnings: readonly string[]
      /** How often in a row. */
      readonly failures: number
      readonly next_attempt: string | null
    }
  | { readonly event: 'reloaded'; readonly files: readonly string[] }
  | { readonly event: 'edited'; readonly registries: readonly RegistryName[] }
  | { readonly event: 'stopping'; readonly reason: Signal | 'displaced' }

/** Numbers of entries that came, differ, and went. */
export interface UpstreamChange {
  readonly registry: RegistryName
  readonly created: number
  readonly updated: number
  readonly removed: number
}

/** How much an event matters. */
export function levelOf(event: WatchEvent): 'info' | 'warn' | 'error' {
  if (event.event === 'failed') return 'error'
  return event.event === 'synced' && event.warnings.length > 0 ? 'warn' : 'info'
}
