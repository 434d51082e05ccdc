import { type Detectable, detectablesOf } from '../detection/detectables.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import { findKey, type KeyFinding } from '../detection/services/providers.ts'
import { satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { findIncompatible, type Incompatibility } from '../registry/components/compatibility.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { toRef } from '../registry/refs.ts'
import type { Detected, ServiceDetected } from '../registry/schema/detected.ts'
import type { Model } from '../registry/schema/model.ts'
import type { Provider } from '../registry/schema/provider.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { createReplacements } from './create-replacements.ts'
import { createInstaller, type Installer, loadPackages, type PackagesOf } from './packages.ts'
import { notReady, type ReadinessCondition, ready, unknown } from './readiness.ts'

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

function recallCondition(detected: ServiceDetected | undefined): ReadinessCondition {
  if (detected === undefined) return unknown('nobody has asked it yet', again)
  if (detected.status === 'up') return ready()
  const reason = detected.reason ?? 'nobody knows why'
  return detected.status === 'down' ? notReady(reason, 'Start it') : unknown(reason, again)
}

/** What was found out about this machine, for the things that are asked about. */
export interface Facts {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<string, Detected>
  /** Refs of the tools that are here, and whose version is less than their entry asks for, or not known. */
  readonly belowMinimum: ReadonlySet<string>
  /** Whose version will not do here, or that of something it needs, by id. */
  readonly incompatible: ReadonlyMap<string, Incompatibility>
  /** Conditions of services, by ref. */
  readonly health: ReadonlyMap<string, ReadinessCondition>
  /** Where the key of a provider is. */
  readonly keyOf: (provider: Provider) => KeyFinding
  /** Calendar day, `2026-07-02`. */
  readonly today: string
  /** What to use instead of a model. */
  readonly replacementOf: (model: Model) => string
  readonly installer: Installer
  readonly packagesOf: PackagesOf
  /** Interpreters into which pip does not install. */
  readonly managedPythons: ReadonlySet<string>
}

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

type FileHost = Pick<Host, 'fs' | 'path'>

/** The interpreters, of those that detections tell of, into which their own system alone installs (PEP 668): pip refuses. */
export async function findManagedPythons(
  detections: Iterable<Detected>,
  host: FileHost,
): Promise<ReadonlySet<string>> {
  const versions = new Map<string, string>()
  for (const { details } of detections) {
    const { interpreter, python_version: version } = details ?? {}
    if (typeof interpreter === 'string' && typeof version === 'string') versions.set(interpreter, version)
  }
  const judged = [...versions].map(async ([interpreter, version]) =>
    (await isManaged(interpreter, version, host)) ? [interpreter] : [],
  )
  return new Set((await Promise.all(judged)).flat())
}

async function isManaged(interpreter: string, version: string, { fs, path }: FileHost): Promise<boolean> {
  const isThere = async (file: string) => (await fs.stat(file).catch(() => undefined)) !== undefined
  // A virtual environment is its owner's, whoever manages what it was made from.
  if (await isThere(path.resolve(path.dirname(interpreter), '..', 'pyvenv.cfg'))) return false
  const program = await fs.realPath(interpreter).catch(() => interpreter)
  const name = `python${version.split('.').slice(0, 2).join('.')}`
  const marks = ['lib', 'lib64'].map(library =>
    isThere(path.resolve(path.dirname(program), '..', library, name, 'EXTERNALLY-MANAGED')),
  )
  return (await Promise.all(marks)).includes(true)
}
