import type { Host } from '../../platform/host.ts'
import { cacheDirectory, storedName } from '../home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../home/files.ts'

export type ValidationCacheHost = Pick<
  Host,
  'env' | 'userHome' | 'uid' | 'path' | 'fs' | 'clock' | 'sha256' | 'randomName' | 'programBuild'
>

/**
 * Which contents of a home's files this build of the program has found nothing wrong with. They need not be checked
 * against the schemas again, which is most of the time that reading takes.
 */
export interface ValidationCache {
  /** `note` is a registry's name and the SHA-256 of its bytes. */
  isValid(note: string): boolean
  /** All of them. */
  list(): readonly string[]
  add(note: string): void
  /** Keeps what was added. Without the notes files are checked again, no more: it never rejects. */
  save(): Promise<void>
}

/** Notes about the shipped files, by the build, which has validated them. Sources without a build have none. */
declare const SHIPPED_NOTES: readonly string[] | undefined
const shippedNotes = typeof SHIPPED_NOTES === 'undefined' ? [] : SHIPPED_NOTES

/** Most contents kept: all files of a home as they are, and as some other processes may still see them. */
const keptNotes = 32

/** Largest file of notes that is read, in bytes. */
const notesBytes = 16 * 1024

export async function openValidationCache(home: string, host: ValidationCacheHost): Promise<ValidationCache> {
  const path = notesPath(home, host)
  const known = new Set([...shippedNotes, ...(path === undefined ? [] : await readNotes(path, host))])
  let isChanged = false
  // What is in use goes to the end, so that only what is not falls out.
  const use = (note: string): boolean => known.delete(note) && Boolean(known.add(note))
  return {
    isValid: note => use(note),
    list: () => [...known],
    add: note => {
      isChanged ||= !known.has(note)
      known.add(note)
    },
    save: async () => {
      if (!isChanged || path === undefined) return
      const text = [host.programBuild, ...[...known].slice(-keptNotes)].join('\n')
      await writePrivateFile(path, text, host, { isDurable: false }).catch(() => undefined)
    },
  }
}

async function readNotes(path: string, host: ValidationCacheHost): Promise<string[]> {
  const text = await readPrivateFile(path, notesBytes, host).catch(() => undefined)
  const [build, ...notes] = text?.split('\n') ?? []
  return build === host.programBuild ? notes : []
}

function notesPath(home: string, host: ValidationCacheHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'sound', storedName(home, host))
}
