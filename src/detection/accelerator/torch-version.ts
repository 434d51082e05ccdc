import type { Host } from '../../platform/host.ts'

/**
 * What `torch/version.py` says of a build. Null stands for `None`, and for what the file of an older release has not;
 * undefined is what it does not say plainly.
 */
export interface TorchVersion {
  /** Like `2.11.0+cu128`. */
  readonly version: string | null | undefined
  /** Like `12.8`. */
  readonly cuda: string | null | undefined
  /** Version of ROCm, like `6.4.43483-a187df25c`. */
  readonly hip: string | null | undefined
  readonly xpu: string | null | undefined
}

/** The real one has about 400 bytes. */
const maxBytes = 64 * 1024

/**
 * Reads the file as text: nothing in it is executed. A link is followed, because Python follows it too. The result is a
 * sentence when it cannot be read.
 */
export async function readTorchVersion(
  directory: string,
  { fs, path }: Pick<Host, 'fs' | 'path'>,
): Promise<TorchVersion | string> {
  const file = path.join(directory, 'version.py')
  try {
    const info = await fs.stat(file)
    if (info === undefined) return 'torch/version.py is missing'
    if (info.kind !== 'file') return 'torch/version.py is not a file'
    if (info.size > maxBytes) return `torch/version.py is larger than ${maxBytes / 1024} KiB`
    const text = await fs.readText(file, maxBytes)
    return text === undefined ? 'torch/version.py is missing' : parseTorchVersion(text)
  } catch {
    return 'torch/version.py cannot be read'
  }
}

/** Takes literals alone: what is computed, assigned twice or set under a condition is not known. */
export function parseTorchVersion(text: string): TorchVersion {
  const version = literalOf('__version__', text)
  const isVersion = typeof version !== 'string' || /^\d[\w.+!-]{0,63}$/.test(version)
  return {
    version: isVersion ? version : undefined,
    cuda: literalOf('cuda', text),
    hip: hasName('hip', text) ? literalOf('hip', text) : null,
    xpu: hasName('xpu', text) ? literalOf('xpu', text) : null,
  }
}

/** The release that a version like `6.4.43483-a187df25c` begins with: major and minor. */
export function toRelease(text: string): string | undefined {
  return /^\d{1,8}\.\d{1,2}(?!\d)/.exec(text)?.[0]
}

function literalOf(name: string, text: string): string | null | undefined {
  const [line, ...others] = text.split(/\r\n|[\r\n]/).filter(each => isAssignment(each, name))
  if (line === undefined || others.length > 0) return undefined
  const value = line.slice(line.indexOf('=') + 1).trim()
  if (value === 'None') return null
  const [, single, double] = /^(?:'([^'"\\]*)'|"([^'"\\]*)")$/.exec(value) ?? []
  return single ?? double
}

// By any mention, so that what is assigned in another way is not taken for missing. `__all__` names them too.
function hasName(name: string, text: string): boolean {
  return new RegExp(`(?<!['"\\w])${name}(?!['"\\w])`).test(text)
}

// `cuda = …`, and `cuda: Optional[str] = …` since 2.0. An indented one counts as a second: a condition may stand above.
function isAssignment(line: string, name: string): boolean {
  const start = line.trimStart()
  return (
    start.startsWith(name) && /^\s*(?::[^=]{0,64})?=(?!=)/.test(start.slice(name.length, name.length + 100))
  )
}

/** What a local label says: `cu128` is CUDA 12.8, `rocm6.4` ROCm 6.4, `cpu` the CPU. */
export function parseLabel(
  version: string | null,
): { readonly backend: 'cuda' | 'rocm' | 'cpu' | 'xpu'; readonly version: string | null } | undefined {
  const label = /\+([a-z0-9.]+)/.exec(version ?? '')?.[1] ?? ''
  if (label === 'cpu' || label === 'xpu') return { backend: label, version: null }
  const rocm = /^rocm(\d{1,2}\.\d{1,2})(?:\.\d+)?$/.exec(label)?.[1]
  if (rocm !== undefined) return { backend: 'rocm', version: rocm }
  const [, major, minor] = /^cu(\d{1,2})(\d)$/.exec(label) ?? []
  return major === undefined ? undefined : { backend: 'cuda', version: `${major}.${minor}` }
}
