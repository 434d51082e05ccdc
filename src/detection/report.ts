import type { Ref } from '../registry/refs.ts'
import type { ProbeKind } from '../registry/schema/detectable.ts'
import type {
  Detected,
  LocalDetected,
  ProviderDetected,
  ServiceDetected,
} from '../registry/schema/detected.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { SyncState } from '../registry/sync-state.ts'

/** What a sync did, as `sync --json` prints it. */
export interface SyncReport {
  readonly home: string
  /** ISO 8601, UTC. */
  readonly started_at: string
  readonly duration_ms: number
  readonly registries: Readonly<Record<RegistryName, RegistryStatus>>
  readonly changes: readonly DetectionChange[]
  /** Which versions do not fit together, a sentence each. */
  readonly incompatible: readonly string[]
  readonly detections: {
    readonly tools: Readonly<Record<string, Detected>>
    readonly ml_frameworks: Readonly<Record<string, Detected>>
    readonly microservices: Readonly<Record<string, ServiceDetected>>
    readonly providers: Readonly<Record<string, ProviderDetected | LocalDetected>>
  }
  readonly timings?: readonly Timing[]
}

export interface RegistryStatus {
  readonly status: 'ok' | 'stale' | 'missing' | 'failed'
  readonly source: 'detection' | 'file' | 'remote' | 'cache' | 'empty'
  readonly entries: number
  readonly duration_ms: number
  /** Sentences: what is wrong with it, and what was left out because of it. */
  readonly warnings: readonly string[]
  /** What came from its upstream; only there when the upstream was queried. */
  readonly upstream?: UpstreamReport
}

/** How one poll of an upstream went. */
export interface UpstreamReport {
  readonly url: string
  /** Ids of entries that the file has, holds anew or has lost by it. */
  readonly created: readonly string[]
  readonly updated: readonly string[]
  readonly removed: readonly string[]
  /** Ids of entries that are broken there, and were left out. */
  readonly quarantined: readonly string[]
  /** How it judges its registry itself. */
  readonly health: NonNullable<SyncState['upstream_health']>
  /** Seconds since the last poll that succeeded: 0 for this one. Null when none ever has; below zero after the clock was set back. */
  readonly age_seconds: number | null
  /** Why this poll failed, a sentence without its full stop. */
  readonly error: string | null
}

/** A difference from the last sync. `from` is null for a first detection. */
export interface DetectionChange {
  readonly ref: Ref
  readonly field: 'status' | 'version' | 'path'
  readonly from: string | null
  readonly to: string | null
}

/** How services and providers are checked: by health, by key, by address too, or by what a local runtime says. */
export type TargetProbe = 'health' | 'key' | 'address' | 'runtime'

/** How long one probe took. */
export interface Timing {
  readonly ref: Ref
  readonly probe: ProbeKind | TargetProbe
  /** Time without waiting for a place among the running processes, in milliseconds. */
  readonly duration_ms: number
  /** Whether the cache had the result. */
  readonly cached: boolean
}
