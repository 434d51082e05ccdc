import { parseRef, type Ref } from '../../core/refs.ts'
import type { SyncReport } from '../../core/sync-report.ts'
import type { Detected } from '../../schema/detected.ts'
import type { RegistryName } from '../../schema/names.ts'
import type { PeerFindings } from '../services/look-at-peers.ts'

/** All that a sync found, by registry and id. */
export function findingsByRegistry(
  detections: ReadonlyMap<Ref, Detected>,
  { microservices, providers }: PeerFindings,
): SyncReport['detections'] {
  return {
    tools: detectionsOf('tools', detections),
    ml_frameworks: detectionsOf('ml_frameworks', detections),
    microservices,
    providers,
  }
}

function detectionsOf(
  registry: RegistryName,
  detections: ReadonlyMap<Ref, Detected>,
): Readonly<Record<string, Detected>> {
  return Object.fromEntries(
    [...detections].flatMap(([ref, detected]) => {
      const parts = parseRef(ref)
      return parts?.registry === registry ? [[parts.id, detected]] : []
    }),
  )
}
