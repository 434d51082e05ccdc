import { NexusError } from '../../lib/errors.ts'
import { type UpdateHost, updateHome } from '../home/update-home.ts'
import { type RegistryName, registryFiles, registryNames } from '../schema/names.ts'
import type { CopyHost, GoodCopy } from './good-copy.ts'

/** Registry files that were missing and were put back. */
export interface Restoration {
  /** When each was last seen as it is again, milliseconds since 1970. */
  readonly restored: ReadonlyMap<RegistryName, number>
  /** Why something could not be put back, a sentence each. */
  readonly troubles: readonly string[]
}

export const nothingRestored: Restoration = { restored: new Map(), troubles: [] }

/**
 * Puts files of a home that are not there back from their last good copies. What is there is left as it is, however
 * broken: somebody may be editing it. Rejects only when the user interrupts.
 */
export async function restoreMissing(home: string, host: CopyHost & UpdateHost): Promise<Restoration> {
  const copies = await loadCopiesOfMissing(home, host)
  if (copies.size === 0) return nothingRestored
  try {
    const texts = [...copies].map(([name, { text }]) => [name, text] as const)
    // Whoever has written a file since keeps it.
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
  host: CopyHost,
): Promise<ReadonlyMap<RegistryName, GoodCopy>> {
  const found = await Promise.all(
    registryNames.map(async (name): Promise<[RegistryName, GoodCopy][]> => {
      const path = host.path.join(home, registryFiles[name])
      const isMissing = await host.fs.lstat(path).then(
        info => info === undefined,
        () => false,
      )
      if (!isMissing) return []
      const { loadUsableCopy } = await import('./with-good-copy.ts')
      const copy = await loadUsableCopy({ home, name }, host)
      return copy ? [[name, copy]] : []
    }),
  )
  return new Map(found.flat())
}
