import { detectablesOf } from '../detection/detectables.ts'
import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import { stableAfterMs } from '../registry/home/watched-file.ts'
import { type Ref, toRef, type Variable } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { cacheTtlSeconds } from '../registry/sync-state.ts'
import type { CachedExports, ShellExports } from './cache/cache-entry.ts'
import { type CacheKey, type CacheKeyOptions, describeCacheKey, isCacheKeyStable } from './cache/cache-key.ts'
import { cacheExports, findCachedExports, listCachedExports } from './cache/cached-exports.ts'
import { shells } from './shells/index.ts'
import type { RenderHost } from './shells/shell.ts'
import { type EnvStatus, statusVariable } from './status-variable.ts'
import { type Findings, type HomeFindings, toFindings, toProblems, toVariables } from './variables.ts'

/**
 * What the last sync of a home found, as `env` tells it: of a snapshot, of which some may be hidden. Nothing is looked
 * at, and nothing kept. `now` is milliseconds since 1970.
 */
export async function toExportResult(snapshot: Snapshot, now: number): Promise<ExportResult> {
  const detections = listDetections(snapshot)
  const { variables, notes } = toVariables(await toFindings({ snapshot, detections }))
  const problems = toProblems(snapshot, now)
  return { variables, status: problems.length > 0 ? 'partial' : 'ok', notes: [...problems, ...notes] }
}

function listDetections(snapshot: Snapshot): ReadonlyMap<Ref, Detected> {
  const found = detectablesOf(snapshot).flatMap(({ registry, id, entry: { detected } }) =>
    detected === undefined ? [] : [[toRef(registry, id), detected] as const],
  )
  return new Map(found)
}

export interface ExportResult {
  /** Each name once: those that the registries know, sorted, then forgotten ones to unset. */
  readonly variables: readonly Variable[]
  readonly status: EnvStatus
  /** Sentences for stderr. */
  readonly notes: readonly string[]
}

export interface ExportRequest extends CacheKeyOptions {
  /**
   * Whether variables and files alone led to this question, no option and no working directory: then a shell can ask it
   * by itself.
   */
  readonly isPlain?: boolean | undefined
  /** Whether the result may be kept; true unless said otherwise. False where there is no place for anything. */
  readonly isKept?: boolean | undefined
}

/** How it was looked for. */
interface PendingDetection {
  /** Whether what takes a command was not asked: then the answer that is known stands for it. */
  readonly isQuick: boolean
  /** Whether the finder has written to the home since. */
  readonly isWritten: boolean
}

/** A question that was asked, and is not answered yet. */
export interface PendingExports {
  readonly question: CacheKey
  /** The answer that is kept, stale or not. */
  readonly known: CachedExports | undefined
  /**
   * Answers with what was found since, and keeps the answer unless it is incomplete or what was asked has changed
   * meanwhile. Does not reject for want of a cache.
   */
  answer(found: HomeFindings, looking: PendingDetection): Promise<ExportResult>
}

export type ExportsHost = Pick<
  Host,
  'env' | 'cwd' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'
>

/** Asks what `env` is about, before the looking begins: what changes while one looks makes another question. */
export async function findExports(options: ExportRequest, host: ExportsHost): Promise<PendingExports> {
  const question = await describeCacheKey(options, host)
  const known = await findCachedExports(question.text, host)
  const keep = async (found: HomeFindings, variables: readonly Variable[], isWritten: boolean) => {
    if (options.isKept === false) return
    const settled = await stabilizeCacheKey(question, { options, isWritten }, host)
    if (settled === undefined) return
    const { startedAt: checkedAt } = question.look
    const ttlSeconds = cacheTtlSeconds(found.snapshot.registries.hyper)
    const { home, isPlain } = options
    const shells = isPlain ? toShellExports({ home, variables }, settled, host) : undefined
    await cacheExports({ question: question.text, checkedAt, ttlSeconds, variables }, shells, host)
  }
  return {
    question,
    known,
    answer: async (found, { isQuick, isWritten }) => {
      const findings = await toFindings(found)
      const { variables: current, notes } = toVariables(findings, isQuick ? known?.variables : [])
      const variables = [...current, ...toStaleVariables(current, await listCachedExports(host))]
      const problems = toProblems(found.snapshot, host.clock.now())
      if (problems.length > 0) return { variables, status: 'partial', notes: [...problems, ...notes] }
      if (!isComplete(findings)) return { variables, status: 'ok', notes }
      const trouble = await explainFailure(() => keep(found, variables, isWritten))
      return { variables, status: 'ok', notes: [...notes, ...trouble] }
    },
  }
}

// A sync of one registry alone does not answer the whole question.
function isComplete({ tools, ml_frameworks, detections }: Findings): boolean {
  return (
    Object.keys(tools).every(id => detections.has(toRef('tools', id))) &&
    Object.keys(ml_frameworks).every(id => detections.has(toRef('ml_frameworks', id)))
  )
}

async function explainFailure(keep: () => Promise<void>): Promise<string[]> {
  try {
    await keep()
    return []
  } catch (error) {
    return [`the answer could not be kept: ${errorMessage(error)}`]
  }
}

/** Forms that are evaluated at the start of a shell: these it can have without this program. */
const evaluated = ['sh', 'zsh', 'bash', 'fish']

/** A whole answer as shells can give it themselves. */
export function toShellExports(
  { home, variables }: { readonly home: string; readonly variables: readonly Variable[] },
  { look }: CacheKey,
  host: RenderHost,
): ShellExports {
  const all = [...variables, statusVariable('ok')]
  const forms = shells.filter(({ name }) => evaluated.includes(name))
  const texts = forms.map(({ name, render }) => [name, render(all, host)])
  return { home, look, texts: Object.fromEntries(texts) }
}

/**
 * Unsets what earlier answers set and this one does not know: a shell that took its variables from them may still
 * have them, of an entry that is gone or of another home.
 */
export function toStaleVariables(
  variables: readonly Variable[],
  earlier: readonly { readonly variables: readonly Variable[] }[],
): Variable[] {
  const known = new Set(variables.map(({ name }) => name))
  const wereSet = earlier.flatMap(answer => answer.variables).filter(({ value }) => value !== undefined)
  const forgotten = new Set(wereSet.map(({ name }) => name).filter(name => !known.has(name)))
  return [...forgotten].sort().map(name => ({ name, value: undefined }))
}

interface StabilizeRequest {
  readonly options: CacheKeyOptions
  /** Whether the asker itself has written to the home since, under its lock. */
  readonly isWritten: boolean
}

type StabilizeHost = Parameters<typeof describeCacheKey>[1] & Pick<Host, 'clock'>

/**
 * The question as it stands now, once every later change is sure to show; undefined when it has become another one since
 * it was asked, or does not come to rest. What is being installed right now takes another look a moment later.
 */
export async function stabilizeCacheKey(
  asked: CacheKey,
  { options, isWritten: isOwnHome }: StabilizeRequest,
  host: StabilizeHost,
): Promise<CacheKey | undefined> {
  const now = await describeCacheKey(options, host)
  if (now.text !== asked.text) return undefined
  if (isCacheKeyStable(now, { isOwnHome })) return now
  await host.clock.sleep(stableAfterMs)
  const later = await describeCacheKey(options, host)
  return later.text === asked.text && isCacheKeyStable(later, { isOwnHome }) ? later : undefined
}
