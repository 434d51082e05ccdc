import { errorMessage, NexusError, systemErrorCode } from '../lib/errors.ts'
import type { Host } from '../platform/host.ts'
import type { RegistryHome } from '../registry/home/directories.ts'
import { type LoadHost, loadRegistry } from '../registry/load/load-registry.ts'
import type { Variable } from '../registry/refs.ts'
import type { CachedExports } from './cache/cache-entry.ts'
import { isCacheKeyStable } from './cache/cache-key.ts'
import { isStale, keepForShells, listCachedExports } from './cache/cached-exports.ts'
import { claimRefresh } from './cache/refresh.ts'
import {
  type ExportRequest,
  type ExportResult,
  type ExportsHost,
  findExports,
  type PendingExports,
  toShellExports,
  toStaleVariables,
} from './pending-exports.ts'
import { type HomeFindings, variableNames } from './variables.ts'

export interface EnvRequest extends ExportRequest {
  /** Looks at the home and the machine now, quickly, writing nothing to the home. */
  readonly look: () => Promise<HomeFindings>
  /** Starts what answers this question anew, in the background. */
  readonly refresh: () => Promise<void>
}

type EnvHost = ExportsHost & Pick<Host, 'interrupted'>

/**
 * What to tell a shell: the answer that is kept for this very question, refreshed in the background when it is stale,
 * else what a look finds. Rejects only when the user interrupts: a shell's start must not fail.
 */
export async function exportVariables(request: EnvRequest, host: EnvHost): Promise<ExportResult> {
  const pending = await findExports(request, host)
  const { known } = pending
  if (known && !isStale(known, host.clock.now())) {
    await handToShells(pending, known, request, host)
    return { variables: known.variables, status: 'ok', notes: [] }
  }
  if (known) {
    const notes = await startRefresh(known, request.refresh, host)
    return { variables: known.variables, status: 'ok', notes }
  }
  try {
    return await pending.answer(await request.look(), { isQuick: true, isWritten: false })
  } catch (error) {
    host.interrupted.throwIfAborted()
    return { variables: [], status: 'failed', notes: [errorMessage(error)] }
  }
}

// A shell that had to start this program for an answer that is kept should not have to do so again.
async function handToShells(
  { question }: PendingExports,
  known: CachedExports,
  request: EnvRequest,
  host: EnvHost,
): Promise<void> {
  if (!request.isPlain || !isCacheKeyStable(question, { isOwnHome: false })) return
  const shells = toShellExports({ home: request.home, variables: known.variables }, question, host)
  await keepForShells(known, shells, host).catch(() => undefined)
}

async function startRefresh(
  known: CachedExports,
  refresh: () => Promise<void>,
  host: EnvHost,
): Promise<string[]> {
  if (!(await claimRefresh(known.question, host))) return []
  return refresh().then(
    () => [],
    error => [`the answer could not be refreshed: ${errorMessage(error)}`],
  )
}

/** A file as a variable of the environment names it. */
export interface NamedFile {
  readonly variable: string
  readonly path: string
}

/**
 * Adds lines to the end of a file. Throws a NexusError('write'): unlike the start of a shell, a step of a workflow that
 * asked for variables and did not get them has to fail, or the next one goes on without them.
 */
export async function appendToFile(
  file: NamedFile,
  text: string,
  host: Pick<Host, 'fs' | 'path' | 'cwd'>,
): Promise<void> {
  const { variable, path } = file
  try {
    await host.fs.appendLines(host.path.resolve(host.cwd, path), text)
  } catch (cause) {
    if (systemErrorCode(cause) === undefined) throw cause
    throw new NexusError(
      'write',
      `${variable} names a file that cannot be added to: ${errorMessage(cause)}`,
      {
        hint: `Let ${variable} name a file that you may write to, or unset it: then the lines are printed`,
        cause,
      },
    )
  }
}

/** Unsets everything that `env` sets, or has set while its answers were kept. Without a home only the latter. */
export async function unsetEnv(home: RegistryHome | undefined, host: LoadHost): Promise<Variable[]> {
  const known = home === undefined ? [] : await knownNames(home, host)
  const variables = known.map(name => ({ name, value: undefined }))
  return [...variables, ...toStaleVariables(variables, await listCachedExports(host))]
}

async function knownNames({ directory }: RegistryHome, host: LoadHost) {
  const [tools, frameworks] = await Promise.all([
    loadRegistry('tools', directory, host),
    loadRegistry('ml_frameworks', directory, host),
  ])
  return variableNames({ tools: tools.content ?? {}, ml_frameworks: frameworks.content ?? {} })
}
