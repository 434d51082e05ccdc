import { detectablesOf } from '../detection/detectables.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { toRef } from '../registry/refs.ts'
import type { Detected, ServiceDetected } from '../registry/schema/detected.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { type Condition, notReady, ready, unknown } from './condition.ts'
import type { Facts } from './facts.ts'
import { toFacts } from './to-facts.ts'

/** What the last sync found out, of all that may be seen. No tool is started and no service asked. */
export async function recallFacts(
  { home, snapshot }: { readonly home: RegistryHome; readonly snapshot: Snapshot },
  host: Host,
): Promise<Facts> {
  const detectables = detectablesOf(snapshot)
  const detections = new Map(
    detectables.map(({ registry, id, entry }) => [toRef(registry, id), entry.detected ?? unseen] as const),
  )
  const services = Object.entries(entriesOf(snapshot, 'microservices'))
  const health = new Map(
    services.map(([id, { detected }]) => [toRef('microservices', id), recallCondition(detected)] as const),
  )
  return toFacts({ home, snapshot, detectables, detections, health }, host)
}

const unseen: Detected = {
  status: 'unknown',
  path: null,
  version: null,
  evidence: null,
  reason: 'nobody has looked for it yet',
  checked_at: new Date(0).toISOString(),
}

const again = 'nexus-registry sync microservices asks it'

function recallCondition(detected: ServiceDetected | undefined): Condition {
  if (detected === undefined) return unknown('nobody has asked it yet', again)
  if (detected.status === 'up') return ready()
  const reason = detected.reason ?? 'nobody knows why'
  return detected.status === 'down' ? notReady(reason, 'Start it') : unknown(reason, again)
}
