import type { Ref } from '../../core/refs.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { Detected } from '../../schema/detected.ts'

/** What was found in a home. */
export interface HomeFindings {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<Ref, Detected>
}
