import { type LoadHost, readSoundBytes } from '../load/load-registry.ts'
import { openSoundNotes } from '../load/sound-notes.ts'
import { registryNames } from '../schema/names.ts'
import { forgetOldCopies } from './forget-old-copies.ts'
import { saveGoodCopy } from './good-copy.ts'

/**
 * Keeps a copy of each registry of a home in which nothing is wrong, as it stands now. Only what is known to be sound
 * counts, so nothing is checked here. Copies are a cache: it never rejects.
 */
export async function keepGoodCopies(home: string, host: LoadHost): Promise<void> {
  const source = { directory: home, notes: await openSoundNotes(home, host) }
  const keep = async (name: (typeof registryNames)[number]) => {
    const bytes = await readSoundBytes(name, source, host)
    if (bytes) await saveGoodCopy({ home, name }, bytes, host)
  }
  await Promise.all(registryNames.map(name => keep(name).catch(() => undefined)))
  await forgetOldCopies(host).catch(() => undefined)
}
