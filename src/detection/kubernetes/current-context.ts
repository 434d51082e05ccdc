import { systemErrorCode } from '../../lib/errors.ts'
import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { ProbeContext } from '../probe.ts'

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
