import { systemErrorCode } from '../../lib/errors.ts'
import { findJsonValues } from '../../lib/json/json-scanner.ts'
import { valueAt } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import type { ProbeContext, ProbeTarget } from '../probe.ts'

type ReadContext = Pick<ProbeContext, 'host' | 'cache'>

/**
 * The current context as kubectl merges files: the first that sets one wins, and missing files are ignored. A file
 * that cannot be read or is no kubeconfig leaves kubectl without any context, and so it does here.
 */
export async function readCurrentContext(
  files: readonly string[],
  context: ReadContext,
): Promise<string | undefined> {
  const readings = await Promise.all([...new Set(files)].map(file => readFile(file, context)))
  if (readings.includes(undefined)) return undefined
  return readings.find(reading => reading !== undefined && reading !== '')
}

// Empty when the file sets none or is not there, undefined when kubectl refuses it.
async function readFile(file: string, context: ReadContext): Promise<string | undefined> {
  const { fs } = context.host
  const info = await fs.stat(file).catch(() => 'unreadable' as const)
  if (info === 'unreadable') return undefined
  if (info === undefined) return (await isMissing(file, context)) ? '' : undefined
  if (file === '/dev/null') return ''
  const { device, inode, size, mtimeMs, ctimeMs } = info
  const key = JSON.stringify(['kubectl-context', file, device, inode, size, mtimeMs, ctimeMs])
  const remembered = context.cache.get(key)
  if (typeof remembered === 'string') return remembered
  const bytes = await fs.readBytes(file, limits.fileBytes).catch(() => undefined)
  const current = bytes && (await parseCurrentContext(bytes))
  if (current !== undefined) context.cache.set(key, current)
  return current
}

// Below a file there is nothing either, but that is an error to kubectl.
async function isMissing(file: string, { host }: ReadContext): Promise<boolean> {
  return host.fs.list(file).then(
    () => false,
    error => systemErrorCode(error) === 'ENOENT',
  )
}

async function parseCurrentContext(bytes: Uint8Array): Promise<string | undefined> {
  const [{ parseKubectlYaml }, { toCurrentContext }] = await Promise.all([
    import('./parse-go-yaml.ts'),
    import('./parse-kubeconfig.ts'),
  ])
  const document = parseKubectlYaml(bytes)
  const current = document && toCurrentContext(document.value)
  // Spaces at its ends belong to a name.
  const name = current?.replace(/\n+$/, '')
  return name === undefined ? undefined : toCleanText(`.${name}.`, longestName).slice(1, -1)
}

const longestName = 4096

/** Whether the cluster of the current context responds. */
interface Cluster {
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
  const versions = findJsonValues(text).map(value => valueAt(value, ['serverVersion', 'gitVersion']))
  const version = versions.find(value => typeof value === 'string')
  return version === undefined ? undefined : toCleanText(version)
}

/** The kubeconfig files, absolute: those of `KUBECONFIG`, or the one in the home directory. */
export function toKubeconfigFiles(host: Pick<Host, 'env' | 'path' | 'cwd' | 'userHome'>): string[] {
  const named = (host.env.KUBECONFIG ?? '').split(host.path.delimiter).filter(Boolean)
  if (named.length > 0) return named.map(file => host.path.resolve(host.cwd, file))
  return host.userHome === undefined ? [] : [host.path.join(host.userHome, '.kube', 'config')]
}
