import { detectInHome } from '../detection/detect.ts'
import { type Detectable, detectablesOf } from '../detection/detectables.ts'
import { NexusError } from '../lib/errors.ts'
import { toShellWord } from '../lib/shell/quote.ts'
import { paintStatus, type Style } from '../lib/terminal/style.ts'
import { nearest } from '../lib/text/nearest.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { isRange, satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { readRegistry } from '../registry/load/load-registry.ts'
import { openValidationCache } from '../registry/load/validation-cache.ts'
import { parseRef, type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { listLoadProblems, type Snapshot } from '../registry/snapshot.ts'
import {
  createSyncResults,
  type DetectableRegistries,
  type HasRequest,
  mayAnswerFromSync,
} from './sync-answers.ts'

export interface HasResult {
  readonly ref: Ref
  readonly isHere: boolean
  readonly detected: Detected
  /** Why not, a sentence; null when it is here. */
  readonly reason: string | null
  /** Sentences about the file that its entry stands in. */
  readonly troubles: readonly string[]
}

/** Whether a tool or framework is here: what a fresh sync of these surroundings found, or a look at just this one. */
export async function has(request: HasRequest, host: Host): Promise<HasResult> {
  if (request.range !== undefined) await requireRange(request.range)
  const registries = await loadDetectable(request.home.directory, host)
  const detectable = findEntry(request.name, { registries })
  const { entry, id } = detectable
  const wanted = request.range ?? (entry.min_version && `>=${entry.min_version}`)
  const question = { ...request, range: wanted, registries }
  const isFresh = await isKnownFromSync(entry.detected, question, host)
  const known = isFresh ? entry.detected : undefined
  const detected = known ?? (await detectOne(detectable, question, host))
  const reason = await evaluateRequirement(detected, id, wanted)
  const read = registries[detectable.registry]
  return {
    ref: toRef(detectable.registry, detectable.id),
    isHere: reason === null,
    detected,
    reason,
    troubles: read.copy ? listLoadProblems([read], host.clock.now()) : [],
  }
}

async function requireRange(range: string): Promise<void> {
  if (await isRange(range)) return
  const hint = 'Ranges look like >=1.2, ^2.0.0 or "1.x || >=2.5"'
  throw new NexusError('usage', `${JSON.stringify(range)} is not a version range`, { hint })
}

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

async function detectOne(
  detectable: Detectable,
  request: HasRequest & { registries: DetectableRegistries },
  host: Host,
): Promise<Detected> {
  const { home, registries, python, timeoutMs } = request
  const look = { home, registries, python, timeoutMs, isForced: false, mode: 'normal' } as const
  const { detections } = await detectInHome({ ...look, entries: [detectable] }, host)
  const [detected] = detections.values()
  if (detected) return detected
  throw new Error(`nothing was detected for ${detectable.id}`)
}

async function evaluateRequirement(
  { status, version, reason }: Detected,
  id: string,
  wanted: string | undefined,
): Promise<string | null> {
  if (status !== 'present') return reason ?? `${id} is ${status}`
  if (wanted === undefined || (await satisfies(version, wanted))) return null
  return version === null
    ? `${id} is here, but its version is not known: ${reason ?? 'it could not be read'}`
    : `${id} ${version} does not satisfy ${wanted}`
}

type Searched = { readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks'> }

/** The entry that an id (`docker`) or a ref (`tools/docker`) names. Throws when there is none. */
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
    const hint = `See what is wrong: nexus-registry validate ${toShellWord(broken.path)}`
    return new NexusError('input', `${name} cannot be looked up: ${broken.path} is broken`, { hint })
  }
  const ids = entries.map(({ id }) => id)
  const meant = nearest(name, [...ids, ...entries.map(({ registry, id }) => `${registry}/${id}`)])
  const hint = meant ? `Did you mean ${meant}?` : 'See what there is: nexus-registry list tools'
  return new NexusError('usage', `there is no tool or ML framework ${JSON.stringify(name)}`, { hint })
}

/** Whether the last sync still answers for one entry. What is too old costs no look at the surroundings. */
async function isKnownFromSync(
  detected: Detected | undefined,
  request: HasRequest & { registries: DetectableRegistries },
  host: Host,
): Promise<boolean> {
  if (!mayAnswerFromSync(detected, request, host)) return false
  const isAnswered = await createSyncResults(request, host)
  return isAnswered({ detected })
}

export interface HasView {
  readonly ref: Ref
  readonly detected: Detected
  readonly reason: string | null
}

/** One line: what was asked for, what it is, and where or why not. */
export function renderHas({ ref, detected, reason }: HasView, style: Style): string {
  const { status, version, path } = detected
  const facts = [version, path && `at ${path}`, reason && `(${reason})`].filter(
    fact => fact !== null && fact !== '',
  )
  return [ref, paintStatus(status, style), toVisibleLine(facts.join(' '))].join(' ').trimEnd()
}
