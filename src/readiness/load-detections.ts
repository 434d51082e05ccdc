import { detectInHome } from '../detection/detect.ts'
import type { Detectable } from '../detection/plan-target.ts'
import { createSyncAnswers } from '../has/sync-answers.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/home.ts'
import { toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Snapshot } from '../registry/snapshot.ts'

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
