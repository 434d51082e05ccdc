import { NexusError } from '../../lib/errors.ts'
import type { UserFilesHost } from '../../platform/host.ts'
import { type UpdateHost, updateHome } from '../home/update-home.ts'
import { type LoadHost, readValidBytes } from '../load/load-registry.ts'
import { openValidationCache } from '../load/validation-cache.ts'
import { type RegistryName, registryFiles, registryNames } from '../schema/names.ts'
import { type Backup, type BackupChange, copiesDirectory, saveBackup } from './backups.ts'

/** Registry files that were missing and were put back. */
export interface Restoration {
  /** When each was last seen as it is again, milliseconds since 1970. */
  readonly restored: ReadonlyMap<RegistryName, number>
  /** Why something could not be put back, a sentence each. */
  readonly troubles: readonly string[]
}

export const nothingRestored: Restoration = { restored: new Map(), troubles: [] }

/**
 * Restores missing files of a home from their backups. Existing files stay as they are, however broken, because a
 * person may be editing them. Rejects only when the user interrupts.
 */
export async function restoreMissing(home: string, host: UserFilesHost & UpdateHost): Promise<Restoration> {
  const copies = await loadCopiesOfMissing(home, host)
  if (copies.size === 0) return nothingRestored
  try {
    const texts = [...copies].map(([name, { text }]) => [name, text] as const)
    // A file that was written since stays.
    const edit: Parameters<typeof updateHome>[2] = now =>
      new Map(texts.filter(([name]) => now.get(name) === undefined))
    const changes = await updateHome(home, [...copies.keys()], edit, host)
    const restored = new Map(changes.map(({ name }) => [name, copies.get(name)?.seenAt ?? 0]))
    return { restored, troubles: [] }
  } catch (error) {
    if (!(error instanceof NexusError) || error.code === 'interrupted') throw error
    return {
      ...nothingRestored,
      troubles: [`${[...copies.keys()].join(', ')} not put back: ${error.message}`],
    }
  }
}

async function loadCopiesOfMissing(
  home: string,
  host: UserFilesHost,
): Promise<ReadonlyMap<RegistryName, Backup>> {
  const found = await Promise.all(
    registryNames.map(async (name): Promise<[RegistryName, Backup][]> => {
      const path = host.path.join(home, registryFiles[name])
      const isMissing = await host.fs.lstat(path).then(
        info => info === undefined,
        () => false,
      )
      if (!isMissing) return []
      const { loadUsableCopy } = await import('./backups.ts')
      const copy = await loadUsableCopy({ home, name }, host)
      return copy ? [[name, copy]] : []
    }),
  )
  return new Map(found.flat())
}

/**
 * Keeps a copy of each valid registry of a home. The caller has validated them,
 * so no check happens here. Copies are a cache: it never rejects. Returns what was replaced.
 */
export async function keepBackups(home: string, host: LoadHost): Promise<readonly BackupChange[]> {
  const source = { directory: home, notes: await openValidationCache(home, host) }
  const keep = async (name: (typeof registryNames)[number]) => {
    const bytes = await readValidBytes(name, source, host)
    return bytes && saveBackup({ home, name }, bytes, host)
  }
  const changes = await Promise.all(registryNames.map(name => keep(name).catch(() => undefined)))
  await removeOldBackups(host).catch(() => undefined)
  return changes.filter(change => change !== undefined)
}

/** Most homes of which copies are kept: those that were synced last. */
const keptHomes = 32

/** Drops the copies of homes that were not synced for longest, so that homes that come and go do not fill the cache. */
async function removeOldBackups(host: UserFilesHost): Promise<void> {
  const directory = copiesDirectory(host)
  if (directory === undefined) return
  const names = await host.fs.list(directory)
  if (names.length <= keptHomes) return
  const homes = await Promise.all(
    names.map(async name => {
      const path = host.path.join(directory, name)
      return { path, seenAt: await findLastSeen(path, host) }
    }),
  )
  const old = homes.sort((left, right) => right.seenAt - left.seenAt).slice(keptHomes)
  await Promise.all(old.map(({ path }) => host.fs.removeTree(path)))
}

async function findLastSeen(path: string, { fs, path: { join } }: UserFilesHost): Promise<number> {
  const names = await fs.list(path).catch(() => [])
  const infos = await Promise.all(names.map(name => fs.lstat(join(path, name)).catch(() => undefined)))
  return Math.max(0, ...infos.map(info => info?.mtimeMs ?? 0))
}
