import { detectInHome } from '../detection/detect.ts'
import type { Detectable } from '../detection/plan-target.ts'
import { NexusError } from '../lib/errors.ts'
import { isRange, satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { readRegistry } from '../registry/load/load-registry.ts'
import { openSoundNotes } from '../registry/load/sound-notes.ts'
import { type Ref, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { listTroubles } from '../registry/troubles.ts'
import { findEntry } from './find-entry.ts'
import type { DetectableRegistries, HasRequest } from './has-request.ts'
import { isAnsweredBySync } from './is-answered-by-sync.ts'

export interface HasAnswer {
  readonly ref: Ref
  readonly isHere: boolean
  readonly detected: Detected
  /** Why not, a sentence; null when it is here. */
  readonly reason: string | null
  /** Sentences about the file that its entry stands in. */
  readonly troubles: readonly string[]
}

/** Whether a tool or framework is here: what a fresh sync of these surroundings found, or a look at just this one. */
export async function has(request: HasRequest, host: Host): Promise<HasAnswer> {
  if (request.range !== undefined) await requireRange(request.range)
  const registries = await loadDetectable(request.home.directory, host)
  const detectable = findEntry(request.name, { registries })
  const { entry, id } = detectable
  const wanted = request.range ?? (entry.min_version && `>=${entry.min_version}`)
  const question = { ...request, range: wanted, registries }
  const isFresh = await isAnsweredBySync(entry.detected, question, host)
  const known = isFresh ? entry.detected : undefined
  const detected = known ?? (await detectOne(detectable, question, host))
  const reason = await judge(detected, id, wanted)
  const read = registries[detectable.registry]
  return {
    ref: toRef(detectable.registry, detectable.id),
    isHere: reason === null,
    detected,
    reason,
    troubles: read.copy ? listTroubles([read], host.clock.now()) : [],
  }
}

async function requireRange(range: string): Promise<void> {
  if (await isRange(range)) return
  const hint = 'Ranges look like >=1.2, ^2.0.0 or "1.x || >=2.5"'
  throw new NexusError('usage', `${JSON.stringify(range)} is not a version range`, { hint })
}

async function loadDetectable(home: string, host: Host): Promise<DetectableRegistries> {
  const source = { directory: home, notes: await openSoundNotes(home, host) }
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

async function judge(
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
