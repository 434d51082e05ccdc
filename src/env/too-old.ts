import { isAtLeast } from '../lib/version/versions.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Entries } from './to-variables.ts'

/** Entries with a `min_version` that the version found is not known to reach. */
export async function findTooOld(
  { tools, ml_frameworks }: Entries,
  detections: ReadonlyMap<Ref, Detected>,
): Promise<ReadonlySet<Ref>> {
  const entries = [
    ...Object.entries(tools).map(([id, entry]) => ({ ref: toRef('tools', id), entry })),
    ...Object.entries(ml_frameworks).map(([id, entry]) => ({ ref: toRef('ml_frameworks', id), entry })),
  ]
  const tooOld = new Set<Ref>()
  for (const { ref, entry } of entries) {
    const version = detections.get(ref)?.version ?? null
    if (entry.min_version !== undefined && !(await isAtLeast(version, entry.min_version))) tooOld.add(ref)
  }
  return tooOld
}
