import type { Detected } from '../schema/detected.ts'
import type { RegistryName } from '../schema/names.ts'
import type { ProbeKind } from './probe.ts'
import type { Ref } from './refs.ts'

/** What a sync did, as `sync --json` prints it. */
export interface SyncReport {
  readonly home: string
  /** ISO 8601, UTC. */
  readonly started_at: string
  readonly duration_ms: number
  readonly registries: Readonly<Record<RegistryName, RegistryStatus>>
  readonly changes: readonly DetectionChange[]
  readonly detections: {
    readonly tools: Readonly<Record<string, Detected>>
    readonly ml_frameworks: Readonly<Record<string, Detected>>
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
}

/** A difference from the last sync. `from` is null for what was looked for for the first time. */
export interface DetectionChange {
  readonly ref: Ref
  readonly field: 'status' | 'version' | 'path'
  readonly from: string | null
  readonly to: string | null
}

/** How long one look took. */
export interface Timing {
  readonly ref: Ref
  readonly probe: ProbeKind
  /** Time without waiting for a place among the running processes, in milliseconds. */
  readonly duration_ms: number
  /** Whether a cache answered without a process. */
  readonly cached: boolean
}
