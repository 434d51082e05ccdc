import { entriesOf } from '../registry/snapshot.ts'
import type { HomeFindings } from './home-findings.ts'
import type { Findings } from './to-variables.ts'
import { findTooOld } from './too-old.ts'

/** What was asked and found in a home, and what of it is too old. */
export async function toFindings({ snapshot, detections }: HomeFindings): Promise<Findings> {
  const entries = { tools: entriesOf(snapshot, 'tools'), ml_frameworks: entriesOf(snapshot, 'ml_frameworks') }
  return { ...entries, detections, tooOld: await findTooOld(entries, detections) }
}
