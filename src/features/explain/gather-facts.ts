import { findIncompatible, type Incompatibility } from '../../core/find-incompatible.ts'
import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Detected } from '../../core/probe.ts'
import { toRef } from '../../core/refs.ts'
import { entriesOf, type Snapshot } from '../../core/snapshot.ts'
import { satisfies } from '../../core/versions.ts'
import { createProgramFinder } from '../../probes/programs/program-finder.ts'
import { detectablesOf } from '../detect/detectables.ts'
import type { Detectable } from '../detect/plan-target.ts'
import { findKey } from '../services/find-key.ts'
import { lookAtServices } from '../services/look-at-services.ts'
import type { Condition } from './condition.ts'
import { createReplacements } from './create-replacements.ts'
import type { Facts } from './facts.ts'
import { createInstaller } from './installer.ts'
import { loadDetections } from './load-detections.ts'
import { findManagedPythons } from './managed-python.ts'
import { toServiceCondition } from './service-condition.ts'

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
  const [detections, health, installer] = await Promise.all([
    loadDetections(detectables, { ...request, snapshot: whole }, host),
    askServices(request, host),
    createInstaller(createProgramFinder(host), host),
  ])
  const today = new Date(host.clock.now()).toISOString().slice(0, 10)
  return {
    snapshot,
    detections,
    belowMinimum: await findBelowMinimum(detectables, detections),
    incompatible: indexIncompatible(await findIncompatible(snapshot)),
    health,
    keyOf: provider => findKey(provider, host.env),
    today,
    replacementOf: createReplacements(entriesOf(snapshot, 'models'), today),
    installer,
    managedPythons: await findManagedPythons(detections.values(), host),
  }
}

// One thing may be left out by several ranges: the first is to be put right first.
function indexIncompatible(found: readonly Incompatibility[]): Facts['incompatible'] {
  return new Map(
    found.toReversed().flatMap(each => (each.unusable === undefined ? [] : [[each.unusable, each]])),
  )
}

async function findBelowMinimum(
  detectables: readonly Detectable[],
  detections: ReadonlyMap<string, Detected>,
): Promise<ReadonlySet<string>> {
  const judged = detectables.map(async ({ registry, id, entry }) => {
    const ref = toRef(registry, id)
    const detected = detections.get(ref)
    const { min_version: least } = entry
    if (least === undefined || detected?.status !== 'present') return []
    return (await satisfies(detected.version, `>=${least}`)) ? [] : [ref]
  })
  return new Set((await Promise.all(judged)).flat())
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
