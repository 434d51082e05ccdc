import type { Host } from '../../platform/host.ts'
import { registryFiles, registryNames } from '../schema/names.ts'

/** Whether work on all files of a home would keep this thread from signals and requests. */
export async function isLargeHome(
  directory: string,
  { aside, fs, path }: Pick<Host, 'aside' | 'fs' | 'path'>,
): Promise<boolean> {
  const sizes = await Promise.all(
    registryNames.map(async name => {
      const info = await fs.stat(path.join(directory, registryFiles[name])).catch(() => undefined)
      return info?.size ?? 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0) >= aside.bulkBytes
}
