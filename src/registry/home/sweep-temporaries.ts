import type { Host } from '../../platform/host.ts'

/** A temporary file or directory whose writer was killed is swept when it is older than this, in milliseconds. */
const leftoverAgeMs = 60_000

export interface Temporaries {
  readonly directory: string
  /** Their names: this, and a random name. */
  readonly prefix: string
  readonly kind: 'file' | 'directory'
  /** Names in the directory, where they are known already. */
  readonly names?: readonly string[]
  /** Whether writers set another modification time than that of the write. */
  readonly isBackdated?: boolean
}

/** Removes what killed writers left in a directory. What cannot be removed stays: nothing fails because of it. */
export async function sweepTemporaries(
  { directory, prefix, kind, names, isBackdated }: Temporaries,
  { fs, path, clock }: Pick<Host, 'fs' | 'path' | 'clock'>,
): Promise<void> {
  for (const name of names ?? (await fs.list(directory).catch(() => []))) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{16}$/.test(name.slice(prefix.length))) continue
    const leftover = path.join(directory, name)
    const info = await fs.lstat(leftover).catch(() => undefined)
    if (info?.kind !== kind) continue
    const writtenAt = isBackdated ? info.ctimeMs : info.mtimeMs
    if (clock.now() - writtenAt <= leftoverAgeMs) continue
    const remove = kind === 'file' ? fs.remove : fs.removeTree
    await remove(leftover).catch(() => undefined)
  }
}
