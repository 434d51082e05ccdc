import { detectInHome } from '../detection/detect.ts'
import { type Detectable, detectablesOf } from '../detection/detectables.ts'
import { createProgramFinder } from '../detection/programs/program-finder.ts'
import {
  type CredentialFinding,
  credentialVariables,
  findCredential,
  findInDotenv,
} from '../detection/services/credentials.ts'
import { checkServices, type ServiceHealth } from '../detection/services/services.ts'
import { compareLastSync } from '../env/cache/last-sync.ts'
import { satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { findIncompatible, type Incompatibility } from '../registry/components/compatibility.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { toRef } from '../registry/refs.ts'
import type { Detected, ServiceDetected } from '../registry/schema/detected.ts'
import type { Model } from '../registry/schema/model.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { createReplacements } from './create-replacements.ts'
import {
  createInstaller,
  findManagedPythons,
  type Installer,
  loadPackages,
  type PackagesOf,
} from './packages.ts'
import { checkPlatformFiles } from './platform.ts'
import { notReady, notSetUp, type ReadinessCondition, ready, toFix, unknown } from './readiness.ts'

/** What is known about this machine, for the refs of a request. */
export interface Facts {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<string, Detected>
  /** Refs of present tools whose version is below `min_version` or not known. */
  readonly belowMinimum: ReadonlySet<string>
  /** Ids whose version, or that of something they need, is not compatible. */
  readonly incompatible: ReadonlyMap<string, Incompatibility>
  /** Conditions of services, by ref. */
  readonly health: ReadonlyMap<string, ReadinessCondition>
  /** Conditions of plug-ins and adapters, by ref: whether their file is here. */
  readonly files: ReadonlyMap<string, ReadinessCondition>
  /** Credentials of providers, by ref. */
  readonly credentials: ReadonlyMap<string, CredentialFinding>
  /** Calendar day, `2026-07-02`. */
  readonly today: string
  /** What to use instead of a model. */
  readonly replacementOf: (model: Model) => string
  readonly installer: Installer
  readonly packagesOf: PackagesOf
  /** Interpreters into which pip does not install. */
  readonly managedPythons: ReadonlySet<string>
}

export interface FactsRequest {
  readonly home: RegistryHome
  /** What the caller may read. */
  readonly snapshot: Snapshot
  /** The snapshot with hidden registries too, because trust and freshness depend on all of it. */
  readonly whole?: Snapshot | undefined
  /** Refs of everything that needs facts. */
  readonly refs: ReadonlySet<string>
  /** The one tool that is probed now and deeply: its engine too. */
  readonly deepRef?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of the cache key. */
  readonly configFile?: string | undefined
  /** Directory of the platform, absolute. */
  readonly platformRoot?: string | undefined
}

/** Detects tools, unless the last sync is fresh, and checks services and keys. */
export async function gatherFacts(request: FactsRequest, host: Host): Promise<Facts> {
  const { home, snapshot, refs, platformRoot } = request
  const detectables = detectablesOf(snapshot).filter(({ registry, id }) => refs.has(toRef(registry, id)))
  const [detections, health, credentials, files] = await Promise.all([
    loadDetections(detectables, request, host),
    checkNeededServices(request, host),
    findNeededCredentials(request, host),
    checkPlatformFiles({ snapshot, refs, root: platformRoot }, host),
  ])
  return completeFacts({ home, snapshot, detectables, detections, health, files, credentials }, host)
}

interface RecallRequest extends Pick<FactsRequest, 'snapshot' | 'platformRoot'> {
  /** Undefined when statuses are wanted alone: then fixes have no commands. */
  readonly home: RegistryHome | undefined
}

/** The facts of the last sync, about everything that the caller may read. Starts no probe. */
export async function recallFacts(
  { home, snapshot, platformRoot }: RecallRequest,
  host: Host,
): Promise<Facts> {
  const detectables = detectablesOf(snapshot)
  const detections = new Map(
    detectables.map(
      ({ registry, id, entry }) => [toRef(registry, id), entry.detected ?? notDetected] as const,
    ),
  )
  const services = Object.entries(entriesOf(snapshot, 'microservices'))
  const health = new Map(
    services.map(([id, { detected }]) => [toRef('microservices', id), recallCondition(detected)] as const),
  )
  const [files, credentials] = await Promise.all([
    checkPlatformFiles({ snapshot, root: platformRoot }, host),
    findAllCredentials(snapshot, () => true, host),
  ])
  return completeFacts({ home, snapshot, detectables, detections, health, files, credentials }, host)
}

/** Detections of a fresh last sync. The others are detected now. */
async function loadDetections(
  detectables: readonly Detectable[],
  request: FactsRequest,
  host: Host,
): Promise<ReadonlyMap<string, Detected>> {
  if (detectables.length === 0) return new Map()
  const { home, snapshot, whole = snapshot, deepRef, configFile, python, timeoutMs } = request
  const { registries } = whole
  const { hyper } = registries
  const isFresh = await compareLastSync({ home: home.directory, configFile, python, hyper }, host)
  const recalled = new Map<string, Detected>()
  const stale: Detectable[] = []
  const deep: Detectable[] = []
  for (const each of detectables) {
    const ref = toRef(each.registry, each.id)
    const { detected } = each.entry
    if (ref === deepRef) deep.push(each)
    else if (detected && isFresh(detected)) recalled.set(ref, detected)
    else stale.push(each)
  }
  const options = { home, registries, python, timeoutMs, isForced: false }
  const normal = await detectEntries({ ...options, mode: 'normal', entries: stale }, host)
  return new Map([
    ...recalled,
    ...normal,
    ...(await detectEntries({ ...options, mode: 'deep', entries: deep }, host)),
  ])
}

async function detectEntries(
  request: Parameters<typeof detectInHome>[0],
  host: Host,
): Promise<ReadonlyMap<string, Detected>> {
  return request.entries.length === 0 ? new Map() : (await detectInHome(request, host)).detections
}

async function checkNeededServices(
  { home, snapshot, refs, whole = snapshot }: FactsRequest,
  host: Host,
): Promise<ReadonlyMap<string, ReadinessCondition>> {
  const toServiceRef = (id: string) => toRef('microservices', id)
  const readable = entriesOf(snapshot, 'microservices')
  const isWanted = (id: string) => refs.has(toServiceRef(id)) && Object.hasOwn(readable, id)
  const checks = await checkServices({ home, snapshot: whole, isWanted }, host)
  return new Map(
    [...checks].map(([id, { health }]) => [
      toServiceRef(id),
      toServiceCondition(health, readable[id]?.detected?.last_up_at),
    ]),
  )
}

/** Says of missing credentials which of their variables `.env` sets, because no shell loads that file. */
async function findNeededCredentials(
  { snapshot, refs }: FactsRequest,
  host: Host,
): Promise<Facts['credentials']> {
  const found = await findAllCredentials(snapshot, ref => refs.has(ref), host)
  if ([...found.values()].every(({ status }) => status === 'configured')) return found
  const providers = Object.entries(entriesOf(snapshot, 'providers'))
  const variables = new Map<string, readonly string[]>(
    providers.map(([id, provider]) => [toRef('providers', id), credentialVariables(provider)]),
  )
  const inDotenv = new Set(await findInDotenv([...variables.values()].flat(), host))
  const isOnlyThere = (name: string) => inDotenv.has(name) && !host.env[name]
  return new Map(
    [...found].map(([ref, finding]) => [
      ref,
      mentionDotenv(finding, (variables.get(ref) ?? []).filter(isOnlyThere)),
    ]),
  )
}

function mentionDotenv(finding: CredentialFinding, names: readonly string[]): CredentialFinding {
  if (finding.status === 'configured' || names.length === 0) return finding
  const verb = names.length === 1 ? 'stands' : 'stand'
  return {
    ...finding,
    reason: `${finding.reason} (${names.join(' and ')} ${verb} in ./.env, which is not loaded)`,
  }
}

async function findAllCredentials(
  snapshot: Snapshot,
  isWanted: (ref: string) => boolean,
  host: Host,
): Promise<Facts['credentials']> {
  const wanted = Object.entries(entriesOf(snapshot, 'providers'))
    .map(([id, provider]) => ({ ref: toRef('providers', id), provider }))
    .filter(({ ref }) => isWanted(ref))
  const found = wanted.map(async ({ ref, provider }) => [ref, await findCredential(provider, host)] as const)
  return new Map(await Promise.all(found))
}

/** A service that was never up here is not set up. */
function toServiceCondition(health: ServiceHealth, lastUpAt: string | undefined): ReadinessCondition {
  if (health.status === 'up') return ready()
  const fix = toFix(health.hint)
  if (health.status === 'unknown') return unknown(health.reason, fix)
  return lastUpAt === undefined ? notSetUp(health.reason, fix) : notReady(health.reason, fix)
}

const notDetected: Detected = {
  status: 'unknown',
  path: null,
  version: null,
  evidence: null,
  reason: 'it has not been detected yet',
  checked_at: new Date(0).toISOString(),
}

const checkAgain = toFix('Check it', 'nexus-registry sync microservices')
const start = toFix('Start it')

function recallCondition(detected: ServiceDetected | undefined): ReadinessCondition {
  if (detected === undefined) return unknown('it has not been checked yet', checkAgain)
  if (detected.status === 'up') return ready()
  const reason = detected.reason ?? 'the reason is not known'
  if (detected.status === 'unknown') return unknown(reason, checkAgain)
  return detected.last_up_at === undefined ? notSetUp(reason, start) : notReady(reason, start)
}

interface KnownFacts extends Pick<Facts, 'snapshot' | 'detections' | 'health' | 'files' | 'credentials'> {
  readonly home: RegistryHome | undefined
  readonly detectables: readonly Detectable[]
}

/** Adds versions, the day, and what can install what. */
async function completeFacts(
  { home, snapshot, detectables, detections, health, files, credentials }: KnownFacts,
  host: Host,
): Promise<Facts> {
  const today = new Date(host.clock.now()).toISOString().slice(0, 10)
  return {
    snapshot,
    detections,
    belowMinimum: await findBelowMinimum(detectables, detections),
    incompatible: indexIncompatible(await findIncompatible(snapshot)),
    health,
    credentials,
    files,
    today,
    replacementOf: createReplacements(entriesOf(snapshot, 'models'), today),
    ...(home ? await gatherFixes({ home, snapshot, detections }, host) : noFixes),
  }
}

type Fixes = Pick<Facts, 'installer' | 'packagesOf' | 'managedPythons'>

async function gatherFixes(
  { home, snapshot, detections }: Pick<Facts, 'snapshot' | 'detections'> & Pick<FactsRequest, 'home'>,
  host: Host,
): Promise<Fixes> {
  return {
    installer: await createInstaller(createProgramFinder(host), host),
    packagesOf: await loadPackages(home, snapshot, host),
    managedPythons: await findManagedPythons(detections.values(), host),
  }
}

const noFixes: Fixes = {
  installer: { installTool: () => undefined, installFramework: () => undefined, listPackages: () => [] },
  packagesOf: () => ({}),
  managedPythons: new Set(),
}

async function findBelowMinimum(
  detectables: readonly Detectable[],
  detections: ReadonlyMap<string, Detected>,
): Promise<ReadonlySet<string>> {
  const checks = detectables.map(async ({ registry, id, entry }) => {
    const ref = toRef(registry, id)
    const detected = detections.get(ref)
    const { min_version: minimum } = entry
    if (minimum === undefined || detected?.status !== 'present') return []
    return (await satisfies(detected.version, `>=${minimum}`)) ? [] : [ref]
  })
  return new Set((await Promise.all(checks)).flat())
}

// Several ranges may exclude one thing. The first is fixed first.
function indexIncompatible(found: readonly Incompatibility[]): Facts['incompatible'] {
  return new Map(
    found.toReversed().flatMap(each => (each.unusable === undefined ? [] : [[each.unusable, each]])),
  )
}
