import type { Detectable } from '../detection/plan-target.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { findKey } from '../detection/services/find-key.ts'
import { satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { findIncompatible, type Incompatibility } from '../registry/components/find-incompatible.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { createReplacements } from './create-replacements.ts'
import type { Facts } from './facts.ts'
import { createInstaller } from './installer.ts'
import { loadPackages } from './known-packages.ts'
import { findManagedPythons } from './managed-python.ts'

/** What is known of tools and services, whoever found it out. */
interface Known extends Pick<Facts, 'detections' | 'health'> {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** The tools and frameworks that are asked about. */
  readonly detectables: readonly Detectable[]
}

/** What else it takes to judge things: versions, keys, the day, and what would install what. */
export async function toFacts(
  { home, snapshot, detectables, detections, health }: Known,
  host: Host,
): Promise<Facts> {
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
    installer: await createInstaller(createProgramFinder(host), host),
    packagesOf: await loadPackages(home, snapshot, host),
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
