import type { Host } from '../../core/host.ts'
import type { ProgramFinder, ProgramSearch } from '../../core/probe.ts'

/** Finds programs on the PATH of `host.env`. */
export function createProgramFinder(host: Pick<Host, 'env' | 'path' | 'fs'>): ProgramFinder {
  return { find: name => findOnPath(name, host) }
}

async function findOnPath(name: string, host: Pick<Host, 'env' | 'path' | 'fs'>): Promise<ProgramSearch> {
  const directories = (host.env.PATH ?? '').split(host.path.delimiter).filter(host.path.isAbsolute)
  for (const directory of directories) {
    const path = host.path.join(directory, name)
    const info = await host.fs.stat(path)
    if (info?.kind !== 'file' || !(await host.fs.isExecutable(path))) continue
    const real = await host.fs.realPath(path)
    const identity = [real, info.device, info.inode, info.size, info.mtimeMs, info.ctimeMs].join(' ')
    return {
      result: { kind: 'found', path, target: path, manager: undefined, identity },
      others: [],
      passedOver: [],
    }
  }
  return { result: undefined, others: [], passedOver: [] }
}
