import { detectInHome } from '../detection/detect.ts'
import { type Detectable, detectablesOf } from '../detection/detectables.ts'
import { compareLastSync, isRecent } from '../env/cache/last-sync.ts'
import { paintStatus, type Style } from '../lib/terminal/style.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { satisfies } from '../lib/version/versions.ts'
import type { Host } from '../platform/host.ts'
import { readRegistry } from '../registry/load/load-registry.ts'
import { openValidationCache } from '../registry/load/validation-cache.ts'
import { parseRef, toRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { listLoadProblems } from '../registry/snapshot.ts'
import { type HasName, splitRange } from './has-names.ts'
import {
  type DetectableRegistries,
  type HasFailure,
  type HasReport,
  type HasRequest,
  type HasResult,
  type HasTarget,
  type TargetOf,
  toEntryTarget,
} from './has-target.ts'

/** Checks whether things can be used here: by the last sync while that is fresh, else by probes now. */
export async function has(request: HasRequest, host: Host): Promise<HasReport> {
  const registries = await loadDetectable(request.home.directory, host)
  const known = indexDetectables(registries)
  const quick = await Promise.all(request.names.map(name => toKnownTarget(name, known)))
  // Most calls name tools by their ids. The others read all registries.
  const { targets, snapshot } = quick.every(target => target !== undefined)
    ? { targets: quick, snapshot: undefined }
    : await (await import('./resolve-names.ts')).resolveHasNames(
        request.names,
        quick,
        registries,
        request,
        host,
      )
  const detections = await detectTargets(targets, registries, request, host)
  const rest = targets.flatMap(target => (target.kind === 'other' ? [target.ref] : []))
  const explanations =
    snapshot === undefined || rest.length === 0
      ? undefined
      : await (await import('./evaluate-others.ts')).evaluateOthers(rest, snapshot, request, host)
  const items = targets.map(async (target): Promise<HasResult | HasFailure> => {
    if (target.kind === 'failure') return target
    if (target.kind === 'entry' || target.kind === 'catalog') return toDetectedResult(target, detections)
    const { toProviderResult, toOtherResult } = await import('./evaluate-others.ts')
    return target.kind === 'provider'
      ? toProviderResult(target, host)
      : toOtherResult(target, explanations?.get(target.ref))
  })
  const copies = listCopies(targets, registries)
  return { items: await Promise.all(items), warnings: listLoadProblems(copies, host.clock.now()) }
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

/** By ref and by id; a tool comes before a framework. */
function indexDetectables(registries: DetectableRegistries): ReadonlyMap<string, Detectable> {
  const all = detectablesOf({ registries })
  return new Map([
    ...all.toReversed().map(each => [each.id, each] as const),
    ...all.map(each => [toRef(each.registry, each.id), each] as const),
  ])
}

/** The tool or framework with this very ref or id, with or without a range behind it. */
async function toKnownTarget(
  { text, range }: HasName,
  known: ReadonlyMap<string, Detectable>,
): Promise<HasTarget | undefined> {
  const split = known.has(text) || range !== undefined ? undefined : splitRange(text)
  const name = split?.name ?? text
  const detectable = known.get(name)
  return detectable && toEntryTarget(detectable, { name, range: split?.range ?? range })
}

type Detections = ReadonlyMap<string, Detected>

/** Detections of a fresh last sync. The others are made now, all at once. */
async function detectTargets(
  targets: readonly HasTarget[],
  registries: DetectableRegistries,
  { home, python, timeoutMs, configFile }: HasRequest,
  host: Host,
): Promise<Detections> {
  const { hyper } = registries
  const entries = targets.flatMap(target => (target.kind === 'entry' ? [target] : []))
  const isYoung = ({ detectable, range }: TargetOf<'entry'>) =>
    isRecent(detectable.entry.detected, { hyper, needsVersion: range !== undefined }, host)
  // Detections that are too old need no check of the environment.
  const isFresh = entries.some(isYoung)
    ? await compareLastSync({ hyper, home: home.directory, configFile, python }, host)
    : () => false
  const recalled = new Map<string, Detected>()
  const stale = new Map<string, Detectable>()
  for (const target of entries) {
    const { detected } = target.detectable.entry
    if (detected && isYoung(target) && isFresh(detected)) recalled.set(target.ref, detected)
    else stale.set(target.ref, target.detectable)
  }
  for (const target of targets) {
    if (target.kind !== 'catalog') continue
    for (const each of target.detectables) stale.set(toRef(each.registry, each.id), each)
  }
  if (stale.size === 0) return recalled
  const options = { home, registries, python, timeoutMs, isForced: false, mode: 'normal' } as const
  const { detections } = await detectInHome({ ...options, entries: [...stale.values()] }, host)
  return new Map([...recalled, ...detections])
}

async function toDetectedResult(
  target: TargetOf<'entry' | 'catalog'>,
  detections: Detections,
): Promise<HasResult> {
  const { name, ref, range } = target
  const detected =
    target.kind === 'entry' ? detectionOf(target.ref, detections) : chooseDetection(target, detections)
  const reason = await evaluateRequirement(detected, parseRef(ref)?.id ?? name, range)
  const { status, version, path } = detected
  return {
    name,
    ref,
    isReady: reason === null,
    status,
    reason,
    shown: [version, path && `at ${path}`],
    fields: { ...detected },
    notes: target.kind === 'entry' ? [] : target.notes,
  }
}

function detectionOf(ref: string, detections: Detections): Detected {
  const detected = detections.get(ref)
  if (detected) return detected
  throw new Error(`nothing was detected for ${ref}`)
}

/** The first executable that works, else one that is there, else the usual one. */
function chooseDetection({ detectables, noVersion }: TargetOf<'catalog'>, detections: Detections): Detected {
  const found = detectables.map(({ registry, id }) => detectionOf(toRef(registry, id), detections))
  const [usual] = found
  const best =
    found.find(({ status }) => status === 'present') ??
    found.find(({ status }) => status !== 'absent') ??
    usual
  if (best === undefined) throw new Error('a known tool has no executable')
  if (best.status !== 'present' || best.version !== null || noVersion === undefined) return best
  return { ...best, reason: best.reason ?? `its version is not read: ${noVersion}` }
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

function listCopies(targets: readonly HasTarget[], registries: DetectableRegistries) {
  const used = targets.flatMap(target => (target.kind === 'entry' ? [target.detectable.registry] : []))
  return [...new Set(used)].map(name => registries[name]).filter(({ copy }) => copy !== undefined)
}

/** One line: the ref, its status, and facts or the reason. */
export function renderHas(
  { ref, status, shown, reason }: Pick<HasResult, 'ref' | 'status' | 'shown' | 'reason'>,
  style: Style,
): string {
  const facts = [...shown, reason && `(${reason})`].filter(fact => fact !== null && fact !== '')
  return [ref, paintStatus(status, style), toVisibleLine(facts.join(' '))].join(' ').trimEnd()
}
