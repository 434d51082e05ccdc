import { detectablesOf } from '../detection/detectables.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { EnvAnswer } from './pending-answer.ts'
import { toProblems } from './problems.ts'
import { toFindings } from './to-findings.ts'
import { toVariables } from './to-variables.ts'

/**
 * What the last sync of a home found, as `env` tells it: of a snapshot, of which some may be hidden. Nothing is looked
 * at, and nothing kept. `now` is milliseconds since 1970.
 */
export async function toEnvAnswer(snapshot: Snapshot, now: number): Promise<EnvAnswer> {
  const detections = listDetections(snapshot)
  const { variables, notes } = toVariables(await toFindings({ snapshot, detections }))
  const problems = toProblems(snapshot, now)
  return { variables, status: problems.length > 0 ? 'partial' : 'ok', notes: [...problems, ...notes] }
}

function listDetections(snapshot: Snapshot): ReadonlyMap<Ref, Detected> {
  const found = detectablesOf(snapshot).flatMap(({ registry, id, entry: { detected } }) =>
    detected === undefined ? [] : [[toRef(registry, id), detected] as const],
  )
  return new Map(found)
}
