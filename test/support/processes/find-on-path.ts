import { access, constants } from 'node:fs/promises'
import nodePath from 'node:path'

/** Where a program stands on this machine; undefined when it is not there. */
export async function findOnPath(name: string): Promise<string | undefined> {
  for (const directory of (process.env.PATH ?? '').split(':')) {
    const path = nodePath.join(directory, name)
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  return undefined
}
