import { detectablesOf } from '../detection/detectables.ts'
import { lookAtServices } from '../detection/services/look-at-services.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { toRef } from '../registry/refs.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import type { Condition } from './condition.ts'
import type { Facts } from './facts.ts'
import { loadDetections } from './load-detections.ts'
import { toServiceCondition } from './service-condition.ts'
import { toFacts } from './to-facts.ts'

export interface FactsRequest {
  readonly home: RegistryHome
  /** What whoever asks may see. */
  readonly snapshot: Snapshot
  /** All of the home, where some of it is hidden: its trust and its age belong to the whole. */
  readonly whole?: Snapshot | undefined
  /** Refs of everything that is asked about. */
  readonly refs: ReadonlySet<string>
  /** The one tool that is asked about closely: its engine too. */
  readonly close?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of what an answer belongs to. */
  readonly configFile?: string | undefined
}

/** Finds out what is here, of the things that may be seen: tools by a fresh sync or a look, services by their health, keys by their variables. */
export async function gatherFacts(request: FactsRequest, host: Host): Promise<Facts> {
  const { snapshot, refs, whole = snapshot } = request
  const detectables = detectablesOf(snapshot).filter(({ registry, id }) => refs.has(toRef(registry, id)))
  const [detections, health] = await Promise.all([
    loadDetections(detectables, { ...request, snapshot: whole }, host),
    askServices(request, host),
  ])
  return toFacts({ home: request.home, snapshot, detectables, detections, health }, host)
}

async function askServices(
  { home, snapshot, refs, whole = snapshot }: FactsRequest,
  host: Host,
): Promise<ReadonlyMap<string, Condition>> {
  const toServiceRef = (id: string) => toRef('microservices', id)
  const seen = entriesOf(snapshot, 'microservices')
  const isWanted = (id: string) => refs.has(toServiceRef(id)) && Object.hasOwn(seen, id)
  const looks = await lookAtServices({ home, snapshot: whole, isWanted }, host)
  return new Map([...looks].map(([id, { health }]) => [toServiceRef(id), toServiceCondition(health)]))
}
