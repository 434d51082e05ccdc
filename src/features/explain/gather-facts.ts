import pLimit from 'p-limit'
import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Detected } from '../../core/probe.ts'
import { toRef } from '../../core/refs.ts'
import { entriesOf, type Snapshot } from '../../core/snapshot.ts'
import { toShellWord } from '../../core/to-shell-word.ts'
import { satisfies } from '../../core/versions.ts'
import { createProgramFinder } from '../../probes/programs/program-finder.ts'
import { judgeTrust } from '../../store/trust.ts'
import { detectablesOf } from '../detect/detectables.ts'
import type { Detectable } from '../detect/plan-target.ts'
import { askHealth } from './ask-health.ts'
import { type Condition, unknown } from './condition.ts'
import { createReplacements } from './create-replacements.ts'
import type { Facts } from './facts.ts'
import { findIncompatible } from './find-incompatible.ts'
import { createInstaller } from './installer.ts'
import { loadDetections } from './load-detections.ts'
import { findManagedPythons } from './managed-python.ts'

export interface FactsRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Refs of everything that is asked about. */
  readonly refs: ReadonlySet<string>
  /** The one tool that is asked about closely: its engine too. */
  readonly close?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of what an answer belongs to. */
  readonly configFile?: string | undefined
}

const mostAtOnce = 8

/** Finds out what is here: tools by a fresh sync or a look, services by their health, keys by their variables. */
export async function gatherFacts(request: FactsRequest, host: Host): Promise<Facts> {
  const { snapshot, refs } = request
  const detectables = detectablesOf(snapshot).filter(({ registry, id }) => refs.has(toRef(registry, id)))
  const [detections, health, installer] = await Promise.all([
    loadDetections(detectables, request, host),
    askServices(request, host),
    createInstaller(createProgramFinder(host), host),
  ])
  const today = new Date(host.clock.now()).toISOString().slice(0, 10)
  return {
    snapshot,
    detections,
    belowMinimum: await findBelowMinimum(detectables, detections),
    incompatible: await findIncompatible(snapshot),
    health,
    isSet: variable => Boolean(host.env[variable]),
    today,
    replacementOf: createReplacements(entriesOf(snapshot, 'models'), today),
    installer,
    managedPythons: await findManagedPythons(detections.values(), host),
  }
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
  { home, snapshot, refs }: FactsRequest,
  host: Host,
): Promise<ReadonlyMap<string, Condition>> {
  const { tools, ml_frameworks: frameworks } = snapshot.registries
  const services = Object.entries(entriesOf(snapshot, 'microservices'))
  const asked = services.filter(([id]) => refs.has(toRef('microservices', id)))
  if (asked.length === 0) return new Map()
  const trust = await judgeTrust(home, { tools: tools.sha256, ml_frameworks: frameworks.sha256 }, host)
  const limit = pLimit(mostAtOnce)
  const answers = asked.map(async ([id, service]): Promise<[string, Condition]> => {
    const ref = toRef('microservices', id)
    const upstream = service['x-upstream']
    if (upstream !== undefined)
      return [
        ref,
        unknown(
          `its address came from ${upstream}, and is not asked`,
          `Ask it yourself: curl ${service.url}`,
        ),
      ]
    if (trust.isTrusted) return [ref, await limit(() => askHealth(service, host))]
    const reason = `services of a home that is not trusted are not asked`
    return [ref, unknown(reason, `nexus-registry trust ${toShellWord(home.directory)}`)]
  })
  return new Map(await Promise.all(answers))
}
