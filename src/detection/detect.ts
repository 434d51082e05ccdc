import { errorMessage } from '../lib/errors.ts'
import { toCleanText } from '../lib/text/text.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import type { Ref } from '../registry/refs.ts'
import type { ProbeKind } from '../registry/schema/detectable.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { detectedRegistryNames } from '../registry/schema/names.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { evaluateTrust, loadedHashes } from '../security/trust.ts'
import { commandProbe } from './command.ts'
import { createCommandRunner } from './command-runner.ts'
import { type Detectable, isFromUpstream, loadShippedCommands, type Plan, planTarget } from './detectables.ts'
import { gpuProbe } from './gpu/gpu-probe.ts'
import { kubernetesProbe } from './kubernetes/kubernetes-probe.ts'
import { pathProbe } from './path.ts'
import {
  type Finding,
  type Probe,
  type ProbeCache,
  type ProbeContext,
  type ProbeMode,
  toBareFinding,
} from './probe.ts'
import { openProbeCache } from './probe-cache.ts'
import { createProgramFinder } from './programs/program-finder.ts'
import { pythonProbe } from './python/python-probe.ts'
import type { Timing } from './report.ts'
import { tpuProbe } from './tpu/tpu.ts'

export interface DetectRequest {
  readonly entries: readonly Detectable[]
  readonly mode: ProbeMode
  readonly cache: ProbeCache
  /** Whether the home's own commands may be executed. Shipped ones always may, and those of an upstream never. */
  readonly isTrusted: boolean
  /** Most processes at once; the default is 8. */
  readonly concurrency?: number | undefined
  /** Deadline for entries that name none, in milliseconds. */
  readonly timeoutMs?: number | undefined
  /** Interpreter instead of the one that the environment implies. */
  readonly python?: string | undefined
  /** Called whenever an entry is started and when it is known. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface Progress {
  readonly ref: Ref
  readonly state: 'started' | 'done'
}

export interface DetectionResult {
  /** In the order of the request. */
  readonly detections: ReadonlyMap<Ref, Detected>
  readonly timings: readonly Timing[]
}

type DetectHost = Omit<Host, 'stdout' | 'stderr'>

const defaultConcurrency = 8

/**
 * Detects entries on this machine, all at once within the concurrency limit, slowest known first. An error of
 * one becomes the reason of its detection. Rejects only when the user interrupts.
 */
export async function detect(request: DetectRequest, host: DetectHost): Promise<DetectionResult> {
  const plans = await planAll(request, host)
  const runner = createCommandRunner(request.concurrency ?? defaultConcurrency, host, { isSweeping: true })
  const context: ProbeContext = {
    host,
    mode: request.mode,
    programs: createProgramFinder(host),
    cache: request.cache,
    python: request.python,
    pythonModules: plans.flatMap(({ target }) => target?.module ?? []),
    run: runner.run,
  }
  try {
    const outcomes = await Promise.all(
      slowestFirst(plans, request.cache).map(plan => toProbeOutcome(plan, context, request)),
    )
    host.interrupted.throwIfAborted()
    return inOrder(plans, outcomes)
  } finally {
    await runner.dispose()
  }
}

interface HomeRequest extends Omit<DetectRequest, 'cache' | 'isTrusted'> {
  readonly home: RegistryHome
  /** The registries that the entries are from, as they were read. */
  readonly registries: Pick<Snapshot['registries'], 'tools' | 'ml_frameworks'>
  /** Whether caches are ignored. */
  readonly isForced: boolean
}

interface HomeDetections extends DetectionResult {
  /** Why the home's own commands may not be executed, a sentence; null when they may. */
  readonly distrust: string | null
}

/** Detects entries of a home, with its caches and within its trust. */
export async function detectInHome(request: HomeRequest, host: Host): Promise<HomeDetections> {
  const { home, registries, isForced, ...rest } = request
  const [cache, trust] = await Promise.all([
    openProbeCache({ ignore: isForced }, host),
    evaluateTrust(home, loadedHashes(registries, detectedRegistryNames), host),
  ])
  const result = await detect({ ...rest, cache, isTrusted: trust.isTrusted }, host)
  await cache.save()
  return { ...result, distrust: trust.reason }
}

interface ProbeOutcome {
  readonly ref: Ref
  readonly detected: Detected
  readonly timing: Timing | undefined
}

/** The built-in probes by kind. */
export const probes: Readonly<Record<ProbeKind, Probe>> = {
  path: pathProbe,
  command: commandProbe,
  python: pythonProbe,
  gpu: gpuProbe,
  tpu: tpuProbe,
  kubernetes: kubernetesProbe,
}

async function toProbeOutcome(
  plan: Plan,
  context: ProbeContext,
  request: DetectRequest,
): Promise<ProbeOutcome> {
  const { ref, target } = plan
  const { clock } = context.host
  if (target === undefined) return { ref, detected: stamp(plan.finding, clock.now()), timing: undefined }
  request.onProgress?.({ ref, state: 'started' })
  const tracer = createTracer(context)
  const finding = await probes[target.kind].detect(target, tracer.context).catch(toUnknown)
  const timing = { ref, probe: target.kind, ...tracer.stop() }
  // A probe without a process needs no order. Saving its time would only write the cache at every sync.
  if (tracer.hasRun()) rememberDuration(ref, timing.duration_ms, request.cache)
  request.onProgress?.({ ref, state: 'done' })
  return { ref, detected: stamp(finding, clock.now()), timing }
}

// An error in one probe must not stop the others.
function toUnknown(error: unknown): Finding {
  return toBareFinding('unknown', toCleanText(`the detection failed: ${errorMessage(error)}`))
}

function stamp({ details, ...finding }: Finding, now: number): Detected {
  const checked_at = new Date(now).toISOString()
  return details === undefined ? { ...finding, checked_at } : { ...finding, checked_at, details }
}

async function planAll(request: DetectRequest, host: DetectHost): Promise<Plan[]> {
  const isOwn = (detectable: Detectable) => request.isTrusted && !isFromUpstream(detectable)
  const isShipped = request.entries.every(isOwn) ? undefined : await loadShippedCommands(host)
  return request.entries.map(detectable => {
    const isTrusted = isOwn(detectable) || isShipped?.(detectable) === true
    return planTarget(detectable, { isTrusted, timeoutMs: request.timeoutMs })
  })
}

function inOrder(plans: readonly Plan[], outcomes: readonly ProbeOutcome[]): DetectionResult {
  const byRef = new Map(outcomes.map(found => [found.ref, found]))
  const ordered = plans.flatMap(({ ref }) => byRef.get(ref) ?? [])
  return {
    detections: new Map(ordered.map(({ ref, detected }) => [ref, detected])),
    timings: ordered.flatMap(({ timing }) => timing ?? []),
  }
}

/** What never ran is taken for slow: it may be. */
const unknownDurationMs = 500

/** The slowest first, by the durations of earlier runs, so that the longest does not start last. */
export function slowestFirst<T extends { readonly ref: Ref }>(items: readonly T[], cache: ProbeCache): T[] {
  return items
    .map(item => ({ item, duration: durationOf(item.ref, cache) }))
    .sort((left, right) => right.duration - left.duration)
    .map(({ item }) => item)
}

/** Saves how long the processes of a probe took, in milliseconds. */
export function rememberDuration(ref: Ref, durationMs: number, cache: ProbeCache): void {
  cache.set(toKey(ref), durationMs)
}

function durationOf(ref: Ref, cache: ProbeCache): number {
  const duration = cache.hint(toKey(ref))
  return typeof duration === 'number' ? duration : unknownDurationMs
}

function toKey(ref: Ref): string {
  return `duration ${ref}`
}

interface Tracer {
  /** The context to hand to one probe. */
  readonly context: ProbeContext
  /** Whether it has started a process. */
  hasRun(): boolean
  /** How long it took so far, and whether a cache spared a process. */
  stop(): { duration_ms: number; cached: boolean }
}

/** Watches what one probe does with its context. */
function createTracer(context: ProbeContext): Tracer {
  const { clock } = context.host
  const start = clock.elapsed()
  let hits = 0
  let runs = 0
  let running = 0
  return {
    context: {
      ...context,
      cache: {
        ...context.cache,
        get: key => {
          const value = context.cache.get(key)
          hits += Number(value !== undefined)
          return value
        },
      },
      run: async (argv, options) => {
        runs += 1
        const result = await context.run(argv, options)
        running += result.durationMs
        return result
      },
    },
    hasRun: () => runs > 0,
    stop: () => ({
      duration_ms: Math.round(runs > 0 ? running : clock.elapsed() - start),
      cached: runs === 0 && hits > 0,
    }),
  }
}
