import type { Detected } from '../../core/probe.ts'
import type { Ref } from '../../core/refs.ts'
import type { Snapshot } from '../../core/snapshot.ts'

/** What was found in a home. */
export interface HomeFindings {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<Ref, Detected>
}
