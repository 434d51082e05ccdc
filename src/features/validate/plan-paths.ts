import { errorMessage, NexusError } from '../../core/errors.ts'
import type { FileInfo, Host } from '../../core/host.ts'
import { type RegistryName, registryFiles, registryNames } from '../../schema/names.ts'

/** One directory to check. */
export interface PlannedHome {
  /** Absolute path. */
  readonly directory: string
  /** Registries to report on. */
  readonly names: readonly RegistryName[]
}

type PlanHost = Pick<Host, 'fs' | 'path' | 'cwd'>

/**
 * What to check for the paths of a call: a directory is a registry home; files are checked within the directory that
 * they lie in. Throws a NexusError('input') for a path that is neither.
 */
export async function planPaths(paths: readonly string[], host: PlanHost): Promise<PlannedHome[]> {
  const planned = await Promise.all(paths.map(path => planPath(path, host)))
  const directories = [...new Set(planned.map(({ directory }) => directory))]
  return directories.map(directory => {
    const named = planned.filter(plan => plan.directory === directory).flatMap(({ names }) => names)
    return { directory, names: registryNames.filter(name => named.includes(name)) }
  })
}

async function planPath(path: string, host: PlanHost): Promise<PlannedHome> {
  const absolute = host.path.resolve(host.cwd, path)
  const info = await lookAt(path, absolute, host)
  if (info.kind === 'directory') return { directory: absolute, names: registryNames }
  const file = host.path.basename(absolute)
  const name = registryNames.find(candidate => registryFiles[candidate] === file)
  if (name) return { directory: host.path.dirname(absolute), names: [name] }
  throw new NexusError('input', `${path} is not named like a registry`, {
    hint: `Name a registry home, or files called ${Object.values(registryFiles).join(', ')}`,
  })
}

async function lookAt(path: string, absolute: string, host: PlanHost): Promise<FileInfo> {
  const hint = 'Name a registry home, or registry files in one'
  const info = await host.fs.stat(absolute).catch((cause: unknown) => {
    throw new NexusError('input', `${path} cannot be looked at: ${errorMessage(cause)}`, { hint, cause })
  })
  if (info === undefined) throw new NexusError('input', `${path} does not exist`, { hint })
  return info
}
