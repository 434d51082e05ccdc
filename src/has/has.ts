import { detectInHome } from '../detection/detect.ts'
import { type Detectable, detectablesOf } from '../detection/detectables.ts'
import { compareLastSync, isRecent } from '../env/cache/last-sync.ts'
import { NexusError } from '../lib/errors.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import { paintStatus, type Style } from '../lib/terminal/style.ts'
import { nearest } from '../lib/text/nearest.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { isRange, satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { readRegistry } from '../registry/load/load-registry.ts'
import { openValidationCache } from '../registry/load/validation-cache.ts'
import { parseRef, type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { listLoadProblems, type Snapshot } from '../registry/snapshot.ts'

export interface HasRequest {
  readonly home: RegistryHome
  /** Id or ref. */
  readonly name: string
  /** Semver range that the version must satisfy. The default is the entry's `min_version`. */
  readonly range?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  /** File of `--config`, which is part of the cache key. */
  readonly configFile?: string | undefined
}

export interface HasResult {
  readonly ref: Ref
  readonly isHere: boolean
  readonly detected: Detected
  /** Why it is not here, a sentence; null when it is. */
  readonly reason: string | null
  /** Sentences about the registry file of its entry. */
  readonly warnings: readonly string[]
}

/** Checks whether a tool or framework is here: by the last sync while that is fresh, else by one probe. */
export async function has(request: HasRequest, host: Host): Promise<HasResult> {
  if (request.range !== undefined) await requireRange(request.range)
  const registries = await loadDetectable(request.home.directory, host)
  const detectable = findEntry(request.name, { registries })
  const { registry, id, entry } = detectable
  const range = request.range ?? (entry.min_version && `>=${entry.min_version}`)
  const search = { ...request, range, registries }
  const detected =
    (await recallDetection(detectable, search, host)) ?? (await detectOne(detectable, search, host))
  const reason = await evaluateRequirement(detected, id, range)
  const loaded = registries[registry]
  const warnings = loaded.copy ? listLoadProblems([loaded], host.clock.now()) : []
  return { ref: toRef(registry, id), isHere: reason === null, detected, reason, warnings }
}

async function requireRange(range: string): Promise<void> {
  if (await isRange(range)) return
  const hint = 'Examples of ranges: >=1.2, ^2.0.0 or "1.x || >=2.5"'
  throw new NexusError('usage', `${JSON.stringify(range)} is not a version range`, { hint })
}

/** The registries that `has` reads. */
type DetectableRegistries = Pick<Snapshot['registries'], 'tools' | 'ml_frameworks' | 'hyper'>

async function loadDetectable(home: string, host: Host): Promise<DetectableRegistries> {
  const source = { directory: home, notes: await openValidationCache(home, host) }
  const [tools, frameworks, hyper] = await Promise.all([
    readRegistry('tools', source, host),
    readRegistry('ml_frameworks', source, host),
    readRegistry('hyper', source, host),
  ])
  await source.notes.save()
  return { tools, ml_frameworks: frameworks, hyper }
}

type Searched = { readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks'> }

/** The entry with an id (`docker`) or a ref (`tools/docker`). Throws a NexusError('usage') when there is none. */
function findEntry(name: string, snapshot: Searched): Detectable {
  const entries = detectablesOf(snapshot)
  const ref = parseRef(name)
  const found = entries.find(({ registry, id }) =>
    ref ? ref.registry === registry && ref.id === id : id === name,
  )
  if (found) return found
  throw explainMissing(name, entries, snapshot)
}

function explainMissing(name: string, entries: readonly Detectable[], snapshot: Searched): NexusError {
  const { tools, ml_frameworks: frameworks } = snapshot.registries
  const broken = [tools, frameworks].find(
    ({ quarantined, state }) => state !== 'ok' || quarantined.includes(parseRef(name)?.id ?? name),
  )
  if (broken) {
    const hint = `See the errors: nexus-registry validate ${toShellWord(broken.path)}`
    return new NexusError('input', `${name} cannot be read: ${broken.path} has errors`, { hint })
  }
  const ids = entries.map(({ id }) => id)
  const meant = nearest(name, [...ids, ...entries.map(({ registry, id }) => `${registry}/${id}`)])
  const hint = meant ? `Did you mean ${meant}?` : 'List the tools: nexus-registry list tools'
  return new NexusError('usage', `there is no tool or ML framework ${JSON.stringify(name)}`, { hint })
}

interface DetectionSearch extends HasRequest {
  readonly registries: DetectableRegistries
}

/** The detection of the last sync; undefined when it is not fresh. */
async function recallDetection(
  { entry: { detected } }: Detectable,
  { home, range, registries, python, configFile }: DetectionSearch,
  host: Host,
): Promise<Detected | undefined> {
  const freshness = { hyper: registries.hyper, needsVersion: range !== undefined }
  // A detection that is too old needs no check of the environment.
  if (!isRecent(detected, freshness, host)) return undefined
  const isFresh = await compareLastSync({ ...freshness, home: home.directory, configFile, python }, host)
  return isFresh(detected) ? detected : undefined
}

async function detectOne(
  detectable: Detectable,
  { home, registries, python, timeoutMs }: DetectionSearch,
  host: Host,
): Promise<Detected> {
  const options = { home, registries, python, timeoutMs, isForced: false, mode: 'normal' } as const
  const { detections } = await detectInHome({ ...options, entries: [detectable] }, host)
  const [detected] = detections.values()
  if (detected) return detected
  throw new Error(`nothing was detected for ${detectable.id}`)
}

async function evaluateRequirement(
  { status, version, reason }: Detected,
  id: string,
  range: string | undefined,
): Promise<string | null> {
  if (status !== 'present') return reason ?? `${id} is ${status}`
  if (range === undefined || (await satisfies(version, range))) return null
  return version === null
    ? `${id} is here, but its version is not known: ${reason ?? 'it could not be read'}`
    : `${id} ${version} does not satisfy ${range}`
}

export interface HasView {
  readonly ref: Ref
  readonly detected: Detected
  readonly reason: string | null
}

/** One line: the ref, its status, and its version and path or the reason. */
export function renderHas({ ref, detected, reason }: HasView, style: Style): string {
  const { status, version, path } = detected
  const facts = [version, path && `at ${path}`, reason && `(${reason})`].filter(
    fact => fact !== null && fact !== '',
  )
  return [ref, paintStatus(status, style), toVisibleLine(facts.join(' '))].join(' ').trimEnd()
}
