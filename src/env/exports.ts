import { detectablesOf } from '../detection/detectables.ts'
import type { CredentialHost } from '../detection/services/credentials.ts'
import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import { type Ref, toRef, type Variable } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { cacheTtlSeconds } from '../registry/sync-state.ts'
import type { CachedExports, ShellExports } from './cache/cache-entry.ts'
import {
  type CacheKey,
  type CacheKeyOptions,
  describeCacheKey,
  stabilizeCacheKey,
} from './cache/cache-key.ts'
import { cacheExports, findCachedExports, listCachedExports } from './cache/cached-exports.ts'
import { shells } from './shells/index.ts'
import type { RenderHost } from './shells/shell.ts'
import {
  type EnvStatus,
  type Findings,
  type HomeFindings,
  statusVariable,
  toFindings,
  toProblems,
  toVariables,
} from './variables.ts'

/** What `env` exports. */
export interface ExportResult {
  /** Each name once: those that the registries define, sorted, then stale ones to unset. */
  readonly variables: readonly Variable[]
  readonly status: EnvStatus
  /** Sentences for stderr. */
  readonly notes: readonly string[]
}

export interface ExportRequest extends CacheKeyOptions {
  /**
   * Whether the cache key depends on variables and files alone, and not on an option or the working directory. Then a
   * shell can compute the same cache key, and gets a script with the exports.
   */
  readonly isPlain?: boolean | undefined
  /** Whether the exports may be cached. The default is true. False for the shipped registries, which are nobody's home. */
  readonly isCached?: boolean | undefined
}

/** A request for exports, with what the cache has for it. */
export interface PendingExports {
  readonly request: ExportRequest
  /** Computed before the detection: a change during the detection makes another cache key. */
  readonly cacheKey: CacheKey
  /** Undefined when nothing is cached for the cache key. May be stale. */
  readonly cached: CachedExports | undefined
}

export type ExportsHost = Pick<
  Host,
  'env' | 'cwd' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName'
>

/** Computes the cache key of a request, and reads the exports that are cached for it. Call it before the detection. */
export async function findExports(request: ExportRequest, host: ExportsHost): Promise<PendingExports> {
  const cacheKey = await describeCacheKey(request, host)
  return { request, cacheKey, cached: await findCachedExports(cacheKey.text, host) }
}

/** Detections, and how they were made. */
export interface ExportFindings extends HomeFindings {
  /** Whether probes that need a command were skipped: then cached variables replace what is unknown. */
  readonly isQuick: boolean
  /** Whether the caller has written the detections into the home. */
  readonly isWritten: boolean
}

/**
 * Turns detections into exports, and caches them, unless they are incomplete or the cache key has changed since. An
 * error of the cache becomes a note.
 */
export async function updateExports(
  pending: PendingExports,
  found: ExportFindings,
  host: ExportsHost,
): Promise<ExportResult> {
  const findings = await toFindings(found, host)
  const { variables: current, notes } = toVariables(findings, found.isQuick ? pending.cached?.variables : [])
  const variables = [...current, ...toStaleVariables(current, await listCachedExports(host))]
  const problems = toProblems(found.snapshot, host.clock.now())
  if (problems.length > 0) return { variables, status: 'partial', notes: [...problems, ...notes] }
  if (!isComplete(findings)) return { variables, status: 'ok', notes }
  const cacheErrors = await saveExports(pending, { ...found, variables }, host).then(
    () => [],
    error => [`the exports could not be cached: ${errorMessage(error)}`],
  )
  return { variables, status: 'ok', notes: [...notes, ...cacheErrors] }
}

/**
 * The exports of the last sync of a snapshot, and the providers that the environment of this process has keys for. Starts
 * no probe and writes nothing.
 */
export async function toExportResult(snapshot: Snapshot, host: CredentialHost): Promise<ExportResult> {
  const detections = listDetections(snapshot)
  const { variables, notes } = toVariables(await toFindings({ snapshot, detections }, host))
  const problems = toProblems(snapshot, host.clock.now())
  return { variables, status: problems.length > 0 ? 'partial' : 'ok', notes: [...problems, ...notes] }
}

function listDetections(snapshot: Snapshot): ReadonlyMap<Ref, Detected> {
  const found = detectablesOf(snapshot).flatMap(({ registry, id, entry: { detected } }) =>
    detected === undefined ? [] : [[toRef(registry, id), detected] as const],
  )
  return new Map(found)
}

// A sync of one registry alone has only some of the detections.
function isComplete({ tools, ml_frameworks, detections }: Findings): boolean {
  return (
    Object.keys(tools).every(id => detections.has(toRef('tools', id))) &&
    Object.keys(ml_frameworks).every(id => detections.has(toRef('ml_frameworks', id)))
  )
}

async function saveExports(
  { request, cacheKey }: PendingExports,
  found: ExportFindings & Pick<ExportResult, 'variables'>,
  host: ExportsHost,
): Promise<void> {
  if (request.isCached === false) return
  const { variables, isWritten } = found
  const stable = await stabilizeCacheKey(cacheKey, { options: request, isOwnHome: isWritten }, host)
  if (stable === undefined) return
  const { startedAt: checkedAt } = cacheKey.checked
  const ttlSeconds = cacheTtlSeconds(found.snapshot.registries.hyper)
  const { home, isPlain } = request
  const shellExports = isPlain ? toShellExports({ home, variables }, stable, host) : undefined
  await cacheExports({ cacheKey: cacheKey.text, checkedAt, ttlSeconds, variables }, shellExports, host)
}

/** Shells that evaluate the output at their start. They read the cached exports without this program. */
const cachingShells = ['sh', 'zsh', 'bash', 'fish']

/** The exports as shells read them from the cache. */
export function toShellExports(
  { home, variables }: { readonly home: string; readonly variables: readonly Variable[] },
  { checked }: CacheKey,
  host: RenderHost,
): ShellExports {
  const all = [...variables, statusVariable('ok')]
  const forms = shells.filter(({ name }) => cachingShells.includes(name))
  const outputs = forms.map(({ name, render }) => [name, render(all, host)])
  return { home, checked, outputs: Object.fromEntries(outputs) }
}

/**
 * Unsets what earlier exports set and `variables` do not name: a shell may still have them, from an entry that was
 * removed or from another home.
 */
export function toStaleVariables(
  variables: readonly Variable[],
  earlier: readonly { readonly variables: readonly Variable[] }[],
): Variable[] {
  const current = new Set(variables.map(({ name }) => name))
  const wereSet = earlier.flatMap(cached => cached.variables).filter(({ value }) => value !== undefined)
  const stale = new Set(wereSet.map(({ name }) => name).filter(name => !current.has(name)))
  return [...stale].sort().map(name => ({ name, value: undefined }))
}
