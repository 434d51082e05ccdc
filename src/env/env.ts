import { errorMessage } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { type LoadHost, loadRegistry } from '../registry/load/load-registry.ts'
import type { Variable } from '../registry/refs.ts'
import type { CachedExports } from './cache/cache-entry.ts'
import { isCacheKeyStable } from './cache/cache-key.ts'
import { cacheForShells, findCachedExports, isStale, listCachedExports } from './cache/cached-exports.ts'
import { claimRefresh, releaseRefresh } from './cache/refresh.ts'
import {
  type ExportRequest,
  type ExportResult,
  type ExportsHost,
  findExports,
  type PendingExports,
  toShellExports,
  toStaleVariables,
  updateExports,
} from './exports.ts'
import { type HomeFindings, variableNames } from './variables.ts'

export interface EnvRequest extends ExportRequest {
  /** Detects quickly, and writes nothing into the home. */
  readonly detect: () => Promise<HomeFindings>
  /** Starts a process that syncs in the background with the same cache key. */
  readonly refresh: () => Promise<void>
}

type EnvHost = ExportsHost & Pick<Host, 'interrupted'>

/**
 * Returns the variables for a shell: those that are cached for the cache key, else those of a quick detection. Stale
 * ones are refreshed in the background. Rejects only when the user interrupts, because the start of a shell must not fail.
 */
export async function exportVariables(request: EnvRequest, host: EnvHost): Promise<ExportResult> {
  const pending = await findExports(request, host)
  const { cached } = pending
  if (cached !== undefined) {
    const notes = isStale(cached, host.clock.now())
      ? await startRefresh(cached, request, host)
      : await renewShellScripts(cached, pending, host)
    return { variables: cached.variables, status: 'ok', notes }
  }
  try {
    const found = await request.detect()
    return await updateExports(pending, { ...found, isQuick: true, isWritten: false }, host)
  } catch (error) {
    host.interrupted.throwIfAborted()
    return { variables: [], status: 'failed', notes: [errorMessage(error)] }
  }
}

async function startRefresh(
  cached: CachedExports,
  { refresh }: EnvRequest,
  host: EnvHost,
): Promise<readonly string[]> {
  const { cacheKey } = cached
  if (!(await claimRefresh(cacheKey, host))) return []
  // Another refresh may have ended since the exports were read.
  const current = await findCachedExports(cacheKey, host)
  if (current && !isStale(current, host.clock.now())) {
    await releaseRefresh(cacheKey, host)
    return []
  }
  return refresh().then(
    () => [],
    error => [`the exports could not be refreshed: ${errorMessage(error)}`],
  )
}

// The scripts of the cache did not help this shell, for example because PATH is spelled in another way. The next shell
// like it should not have to start this program again.
async function renewShellScripts(
  cached: CachedExports,
  { request, cacheKey }: PendingExports,
  host: EnvHost,
): Promise<readonly string[]> {
  if (!request.isPlain || !isCacheKeyStable(cacheKey, { isOwnHome: false })) return []
  const shellExports = toShellExports({ home: request.home, variables: cached.variables }, cacheKey, host)
  await cacheForShells(cached, shellExports, host).catch(() => undefined)
  return []
}

/** Unsets everything that `env` sets, or has set in exports that are still cached. Without a home only the latter. */
export async function unsetEnv(home: RegistryHome | undefined, host: LoadHost): Promise<Variable[]> {
  const names = home === undefined ? [] : await listVariableNames(home, host)
  const variables = names.map(name => ({ name, value: undefined }))
  return [...variables, ...toStaleVariables(variables, await listCachedExports(host))]
}

async function listVariableNames({ directory }: RegistryHome, host: LoadHost): Promise<string[]> {
  const [tools, frameworks, providers] = await Promise.all([
    loadRegistry('tools', directory, host),
    loadRegistry('ml_frameworks', directory, host),
    loadRegistry('providers', directory, host),
  ])
  return variableNames({
    tools: tools.content ?? {},
    ml_frameworks: frameworks.content ?? {},
    providers: providers.content ?? {},
  })
}
