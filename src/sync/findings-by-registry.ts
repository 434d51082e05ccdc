import type { PeerFindings } from '../detection/services/look-at-peers.ts'
import type { SyncReport } from '../detection/sync-report.ts'
import { parseRef, type Ref } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { RegistryName } from '../registry/schema/names.ts'

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
