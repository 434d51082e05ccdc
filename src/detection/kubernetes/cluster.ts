import { findJsonValues } from '../../lib/json/find-json.ts'
import { valueAt } from '../../lib/json/json-value.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { ProbeContext, ProbeTarget } from '../probe.ts'

/** Whether the cluster of the current context answers. */
export interface Cluster {
  readonly reachable: boolean
  readonly version: string | null
  readonly reason: string | null
}

/** Asks the cluster for its version: read-only, and no longer than the target's deadline. */
export async function readCluster(
  program: string,
  files: readonly string[],
  target: ProbeTarget,
  context: ProbeContext,
): Promise<Cluster | undefined> {
  const { result: found } = await context.programs.find(program)
  if (found?.kind !== 'found' || !target.isTrusted) return undefined
  const seconds = Math.max(1, Math.floor(target.timeoutMs / 1000) - 1)
  const result = await context.run(
    [found.target, 'version', '--output=json', `--request-timeout=${seconds}s`],
    // It runs in another directory, where relative names would mean other files.
    { timeoutMs: target.timeoutMs, env: { KUBECONFIG: files.join(context.host.path.delimiter) } },
  )
  const version = parseServerVersion(result.stdout)
  if (version !== undefined) return { reachable: true, version, reason: null }
  const address = /\bserver "?([^\s"]+?)"? was refused|\b(https?:\/\/[^\s"?]+)/.exec(result.stderr)
  const where = toCleanText(address?.[1] ?? address?.[2] ?? '')
  const reason = where === '' ? 'unreachable' : `unreachable at ${where}`
  return { reachable: false, version: null, reason }
}

// Plug-ins for signing in may print something as well.
function parseServerVersion(text: string): string | undefined {
  const versions = findJsonValues(text).map(answer => valueAt(answer, ['serverVersion', 'gitVersion']))
  const version = versions.find(value => typeof value === 'string')
  return version === undefined ? undefined : toCleanText(version)
}
