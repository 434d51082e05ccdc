import type { RegistryName } from '../schema/names.ts'
import type { LoadedRegistry } from '../snapshot.ts'
import { type LoadHost, readRegistry, readSoundBytes } from './load-registry.ts'
import { openSoundNotes, type SoundNotes } from './sound-notes.ts'

/** The text of a registry, for those who read it themselves. */
export interface RegistryText {
  readonly name: RegistryName
  /**
   * The very bytes of its file, or, where some of it is broken, the JSON text of its sound entries, be it of its last
   * good copy. Undefined when nothing of it can be used.
   */
  readonly bytes: Uint8Array | undefined
  /** What is wrong with it; undefined when nothing is. */
  readonly broken: LoadedRegistry | undefined
}

/** Texts of registries, which are not parsed when these very bytes were found sound before. */
export async function loadRegistryTexts(
  names: readonly RegistryName[],
  directory: string,
  host: LoadHost,
): Promise<RegistryText[]> {
  const notes = await openSoundNotes(directory, host)
  const texts = await Promise.all(names.map(name => loadText(name, { directory, notes }, host)))
  await notes.save()
  return texts
}

async function loadText(
  name: RegistryName,
  source: { directory: string; notes: SoundNotes },
  host: LoadHost,
): Promise<RegistryText> {
  const known = await readSoundBytes(name, source, host)
  if (known) return { name, bytes: known, broken: undefined }
  const loaded = await readRegistry(name, source, host)
  const { content, diagnostics, text } = loaded
  if (content === undefined) return { name, bytes: undefined, broken: loaded }
  const isBroken = diagnostics.length > 0
  const bytes = new TextEncoder().encode(isBroken ? JSON.stringify(content) : text)
  return { name, bytes, broken: isBroken ? loaded : undefined }
}
