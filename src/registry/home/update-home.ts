import { NexusError } from '../../lib/errors.ts'
import { toShellWord } from '../../lib/shell/to-shell-word.ts'
import type { Host } from '../../platform/host.ts'
import { acquireLock } from '../lock/acquire-lock.ts'
import type { HomeLock } from '../lock/home-lock.ts'
import { throwIfInterrupted } from '../lock/interruption.ts'
import { defaultLockLimits, type LockLimits } from '../lock/lock-limits.ts'
import { type RegistryName, registryFiles } from '../schema/names.ts'
import { type HomeFile, readHomeFiles } from './home-files.ts'
import { writing } from './write-error.ts'

export type UpdateHost = Pick<
  Host,
  'fs' | 'path' | 'clock' | 'processes' | 'randomName' | 'interrupted' | 'deferSignals' | 'sha256'
>

/** Texts by registry; undefined where there is no file. */
export type HomeTexts = ReadonlyMap<RegistryName, string | undefined>

/** Takes the texts as they are and returns those that are to be. Called again when the lock was lost: no side effects. */
export type HomeEdit = (texts: HomeTexts) => ReadonlyMap<RegistryName, string>

/** One file whose text an update changes. */
export interface FileChange {
  readonly name: RegistryName
  /** Absolute path. */
  readonly path: string
  readonly before: { readonly text: string; readonly sha256: string } | undefined
  readonly after: { readonly text: string; readonly sha256: string }
}

export interface UpdateOptions extends Partial<LockLimits> {
  /** Called under the lock before anything is on the disk; when it answers false, nothing happens. */
  readonly approve?: (changes: readonly FileChange[]) => Promise<boolean>
  /** Called under the lock when the new texts are on the disk and not yet in place; when it throws, nothing happens. */
  readonly beforeCommit?: (changes: readonly FileChange[]) => Promise<void>
}

/**
 * Changes registry files of a home: all of them or none, and whatever any other process does meanwhile is either
 * read here or comes after. Returns the files that changed; those whose text stays the same are not touched.
 * Throws a NexusError ('lock', 'write', 'interrupted'), and then the old files stand.
 */
export async function updateHome(
  home: string,
  names: readonly RegistryName[],
  edit: HomeEdit,
  host: UpdateHost,
  options: UpdateOptions = {},
): Promise<readonly FileChange[]> {
  const limits = { ...defaultLockLimits, ...options }
  const directory = await resolveHome(home, host)
  for (let round = 0; round < limits.tries; round++) {
    const lock = await writing(directory, () => acquireLock(directory, limits, host))
    let stopDeferring = (): void => undefined
    try {
      const changes = planChanges(await readHomeFiles(directory, names, host), edit, host)
      stopDeferring = host.deferSignals()
      if (options.approve && !(await options.approve(changes))) return []
      if (await applyChanges(directory, lock, changes, { host, ...options })) return changes
    } finally {
      // The update has happened or not, whatever becomes of the lock: the next owner clears up.
      await lock.release().catch(() => undefined)
      stopDeferring()
    }
  }
  throw new NexusError('lock', `${home} was taken over by other processes ${limits.tries} times in a row`, {
    hint: 'Look for a program that keeps changing it, and try again',
  })
}

async function resolveHome(home: string, host: UpdateHost): Promise<string> {
  try {
    return await host.fs.realPath(home)
  } catch (cause) {
    throw new NexusError('home', `${home} is not there`, {
      hint: `nexus-registry init ${toShellWord(home)}`,
      cause,
    })
  }
}

interface PlannedChange extends FileChange {
  readonly mode: HomeFile['mode']
}

function planChanges(files: readonly HomeFile[], edit: HomeEdit, host: UpdateHost): PlannedChange[] {
  const texts = edit(new Map(files.map(file => [file.name, file.text])))
  const stray = [...texts.keys()].find(name => !files.some(file => file.name === name))
  if (stray) throw new Error(`an update changes ${stray}, which it has not asked for`)
  return files.flatMap(file => {
    const text = texts.get(file.name)
    if (text === undefined || text === file.text) return []
    if (!file.isSound) throw toEncodingError(file.path)
    const before = file.text === undefined ? undefined : withHash(file.text, host)
    return [{ name: file.name, path: file.path, mode: file.mode, before, after: withHash(text, host) }]
  })
}

function withHash(text: string, host: UpdateHost): { text: string; sha256: string } {
  return { text, sha256: host.sha256(text) }
}

function toEncodingError(path: string): NexusError {
  return new NexusError('write', `${path} is not UTF-8, and changing it would damage it`, {
    hint: 'Save the file as UTF-8; nexus-registry validate shows where it is not',
  })
}

/** False when the lock was lost and nothing has happened. */
async function applyChanges(
  home: string,
  lock: HomeLock,
  changes: readonly PlannedChange[],
  { host, beforeCommit }: UpdateOptions & { host: UpdateHost },
): Promise<boolean> {
  for (const { name, path, after, mode } of changes) {
    throwIfInterrupted(host)
    await writing(path, () => lock.stage(registryFiles[name], after.text, mode))
  }
  await beforeCommit?.(changes)
  throwIfInterrupted(host)
  return changes.length === 0 || writing(home, () => lock.commit())
}
