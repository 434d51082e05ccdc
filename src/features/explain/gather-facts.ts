import pLimit from 'p-limit'
import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import type { Detected } from '../../core/probe.ts'
import { toRef } from '../../core/refs.ts'
import { entriesOf, type Snapshot } from '../../core/snapshot.ts'
import { satisfies } from '../../core/versions.ts'
import { createProgramFinder } from '../../probes/programs/program-finder.ts'
import { judgeTrust } from '../../store/trust.ts'
import { detectablesOf } from '../detect/detectables.ts'
import type { Detectable } from '../detect/plan-target.ts'
import { askHealth } from './ask-health.ts'
import { type Condition, unknown } from './condition.ts'
import type { Facts } from './facts.ts'
import { createInstaller } from './installer.ts'
import { loadDetections } from './load-detections.ts'

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
  return {
    snapshot,
    detections,
    tooOld: await findTooOld(detectables, detections),
    health,
    isSet: variable => Boolean(host.env[variable]),
    today: new Date(host.clock.now()).toISOString().slice(0, 10),
    installer,
  }
}

async function findTooOld(
  detectables: readonly Detectable[],
  detections: ReadonlyMap<string, Detected>,
): Promise<ReadonlyMap<string, string>> {
  const judged = detectables.map(async ({ registry, id, entry }): Promise<[string, string][]> => {
    const detected = detections.get(toRef(registry, id))
    const { min_version: least } = entry
    if (least === undefined || detected?.status !== 'present') return []
    if (await satisfies(detected.version, `>=${least}`)) return []
    return [
      [
        toRef(registry, id),
        `${detected.version ?? 'its version, which is not known,'} does not reach ${least}`,
      ],
    ]
  })
  return new Map((await Promise.all(judged)).flat())
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
          'See for yourself whether it runs: what an upstream names is never asked',
        ),
      ]
    if (trust.isTrusted) return [ref, await limit(() => askHealth(service, host))]
    const reason = `services of a home that is not trusted are not asked`
    return [ref, unknown(reason, `nexus-registry trust ${home.directory}`)]
  })
  return new Map(await Promise.all(answers))
}
