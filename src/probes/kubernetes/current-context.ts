import { isJsonObject } from '../../core/json/json-value.ts'
import type { ProbeContext } from '../../core/probe.ts'
import { toCleanText } from '../../core/text.ts'

const largestConfig = 1024 * 1024

/**
 * The current context as kubectl merges files: the first that sets one wins, and missing files are ignored. A file
 * that cannot be read or is no kubeconfig leaves kubectl without any context, and so it does here.
 */
export async function readCurrentContext(
  files: readonly string[],
  context: Pick<ProbeContext, 'host' | 'cache'>,
): Promise<string | undefined> {
  const readings = await Promise.all(files.map(file => readFile(file, context)))
  if (readings.includes('unreadable')) return undefined
  return readings.find(reading => typeof reading === 'object')?.current
}

type Reading = { readonly current: string } | 'none' | 'unreadable'

async function readFile(file: string, context: Pick<ProbeContext, 'host' | 'cache'>): Promise<Reading> {
  const { fs } = context.host
  const info = await fs.stat(file).catch(() => 'unreadable' as const)
  if (info === undefined || info === 'unreadable') return info ?? 'none'
  const key = JSON.stringify([
    'kubeconfig',
    file,
    info.device,
    info.inode,
    info.size,
    info.mtimeMs,
    info.ctimeMs,
  ])
  const remembered = context.cache.get(key)
  if (typeof remembered === 'string') return remembered === '' ? 'none' : { current: remembered }
  const text = await fs.readText(file, largestConfig).catch(() => undefined)
  if (text === undefined) return 'unreadable'
  const current = await parseCurrentContext(text)
  if (current === undefined) return 'unreadable'
  context.cache.set(key, current)
  return current === '' ? 'none' : { current }
}

// Empty when the file sets none, undefined when it is no kubeconfig.
async function parseCurrentContext(text: string): Promise<string | undefined> {
  // The default is the one export that a CommonJS module keeps in the bundle.
  const [{ default: yaml }, { scanYaml }] = await Promise.all([
    import('yaml'),
    import('../../core/yaml/scan-yaml.ts'),
  ])
  if (scanYaml(text).tooDeepAt !== undefined) return undefined
  let document: unknown
  try {
    document = yaml.parse(text, { logLevel: 'silent', prettyErrors: false })
  } catch {
    return undefined
  }
  if (document === null || document === undefined) return ''
  if (!isJsonObject(document)) return undefined
  const current = document['current-context'] ?? ''
  return typeof current === 'string' ? toCleanText(current) : undefined
}
