import type { Ref } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Snapshot } from '../registry/snapshot.ts'

/** What was found in a home. */
export interface HomeFindings {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<Ref, Detected>
}
