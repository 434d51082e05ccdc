import type { RegistryHome } from '../../core/home.ts'
import type { Host } from '../../core/host.ts'
import { toRef } from '../../core/refs.ts'
import type { Snapshot } from '../../core/snapshot.ts'
import type { Detected } from '../../schema/detected.ts'
import { detectInHome } from '../detect/detect.ts'
import type { Detectable } from '../detect/plan-target.ts'
import { createSyncAnswers } from '../has/sync-answers.ts'

interface DetectionsRequest {
  readonly home: RegistryHome
  readonly snapshot: Snapshot
  /** Ref of the one that is looked at now, and closely. */
  readonly close?: string | undefined
  readonly python?: string | undefined
  readonly timeoutMs?: number | undefined
  readonly configFile?: string | undefined
}

/** What a fresh sync of these surroundings found; the others are looked for now. */
export async function loadDetections(
  detectables: readonly Detectable[],
  request: DetectionsRequest,
  host: Host,
): Promise<ReadonlyMap<string, Detected>> {
  if (detectables.length === 0) return new Map()
  const { close } = request
  const refOf = ({ registry, id }: Detectable) => toRef(registry, id)
  const isAnswered = await createSyncAnswers({ ...request, registries: request.snapshot.registries }, host)
  const known = detectables.filter(each => refOf(each) !== close && isAnswered(each.entry))
  const asked = detectables.filter(each => !known.includes(each))
  const found = await probeRefs(asked, request, host)
  return new Map([
    ...known.flatMap((each): [string, Detected][] =>
      each.entry.detected ? [[refOf(each), each.entry.detected]] : [],
    ),
    ...found,
  ])
}

async function probeRefs(
  entries: readonly Detectable[],
  { home, snapshot, close, python, timeoutMs }: DetectionsRequest,
  host: Host,
): Promise<ReadonlyMap<string, Detected>> {
  const own = { home, registries: snapshot.registries, python, timeoutMs, isForced: false }
  const isClose = ({ registry, id }: Detectable) => toRef(registry, id) === close
  const groups = [
    { mode: 'normal', entries: entries.filter(each => !isClose(each)) },
    { mode: 'deep', entries: entries.filter(isClose) },
  ] as const
  const found = new Map<string, Detected>()
  for (const group of groups.filter(each => each.entries.length > 0)) {
    const { detections } = await detectInHome({ ...own, ...group }, host)
    for (const [ref, detected] of detections) found.set(ref, detected)
  }
  return found
}
