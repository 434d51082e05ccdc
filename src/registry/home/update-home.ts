import { errorMessage, NexusError, systemErrorCode } from '../../lib/errors.ts'
import { decodeText } from '../../lib/json/parse-plain-json.ts'
import { limits } from '../../lib/limits.ts'
import { toShellWord } from '../../lib/shell/quote.ts'
import type { Host } from '../../platform/host.ts'
import { acquireLock } from '../lock/acquire-lock.ts'
import type { FileMode, HomeLock } from '../lock/home-lock.ts'
import {
  defaultLockLimits,
  type LockLimits,
  shippedMarkName,
  throwIfInterrupted,
} from '../lock/lock-state.ts'
import { type RegistryName, registryFiles } from '../schema/names.ts'
import { writing } from './directories.ts'

export type UpdateHost = Pick<
  Host,
  'fs' | 'path' | 'clock' | 'processes' | 'randomName' | 'interrupted' | 'deferSignals' | 'sha256'
>

/** Texts by registry; undefined where there is no file. */
export type HomeContent = ReadonlyMap<RegistryName, string | undefined>

/** Takes the texts as they are and returns those that are to be. Called again when the lock was lost: no side effects. */
export type HomeEdit = (texts: HomeContent) => ReadonlyMap<RegistryName, string>

/** One file whose text an update changes. */
export interface FileChange {
  readonly name: RegistryName
  /** Absolute path. */
  readonly path: string
  readonly before: { readonly text: string; readonly sha256: string } | undefined
  readonly after: { readonly text: string; readonly sha256: string }
}

interface UpdateOptions extends Partial<LockLimits> {
  /** Called under the lock when the new texts are on the disk and not yet in place; when it throws, nothing happens. */
  readonly beforeCommit?: (changes: readonly FileChange[]) => Promise<void>
}

/** What an update writes; a caller adds what else it decided. */
interface UpdatePlan {
  readonly texts: ReadonlyMap<RegistryName, string>
  /** New text of the file that says which shipped data the home has; undefined when it stays. */
  readonly shippedMark?: string | undefined
}

interface PlannedUpdateOptions<Plan> extends Partial<LockLimits> {
  readonly beforeCommit?: (changes: readonly FileChange[], plan: Plan) => Promise<void>
}

/** Thrown when the commit itself failed: whether the new texts are in place is unknown. */
export class CommitError extends NexusError {
  constructor({ code, message, hint, cause }: NexusError) {
    super(code, message, hint === undefined ? { cause } : { hint, cause })
  }
}

/**
 * Changes registry files of a home: all of them or none, and whatever any other process does meanwhile is either
 * read here or comes after. Returns the files that changed; those whose text stays the same are not touched.
 * Throws a NexusError ('lock', 'write', 'interrupted'), and then the old files stay.
 */
export async function updateHome(
  home: string,
  names: readonly RegistryName[],
  edit: HomeEdit,
  host: UpdateHost,
  options: UpdateOptions = {},
): Promise<readonly FileChange[]> {
  const plan = async (texts: HomeContent): Promise<UpdatePlan> => ({ texts: edit(texts) })
  return (await updateHomeByPlan(home, { names, plan }, host, options)).changes
}

interface PlannedUpdate<Plan> {
  /** Registries that the plan reads, and may change. */
  readonly names: readonly RegistryName[]
  /** Called under the lock, and again when the lock was lost: no side effects. */
  readonly plan: (texts: HomeContent) => Promise<Plan>
}

/** Like `updateHome`, for a plan that takes time or decides more than texts. Returns the plan that was applied. */
export async function updateHomeByPlan<Plan extends UpdatePlan>(
  home: string,
  { names, plan: toPlan }: PlannedUpdate<Plan>,
  host: UpdateHost,
  options: PlannedUpdateOptions<Plan> = {},
): Promise<{ readonly plan: Plan; readonly changes: readonly FileChange[] }> {
  const limits = { ...defaultLockLimits, ...options }
  const directory = await resolveHome(home, host)
  for (let round = 0; round < limits.tries; round++) {
    const lock = await writing(directory, () => acquireLock(directory, limits, host))
    let stopDeferring = (): void => undefined
    try {
      const files = await readHomeFiles(directory, names, host)
      stopDeferring = host.deferSignals()
      const plan = await toPlan(toHomeContent(files))
      const changes = toChanges(files, plan.texts, host)
      const beforeCommit = async () => options.beforeCommit?.(changes, plan)
      const { shippedMark } = plan
      if (await applyChanges(directory, lock, { changes, shippedMark }, { host, beforeCommit }))
        return { plan, changes }
    } finally {
      // The update has happened or not, whatever becomes of the lock: the next owner clears up.
      await lock.release().catch(() => undefined)
      stopDeferring()
    }
  }
  throw new NexusError('lock', `${home} was taken over by other processes ${limits.tries} times in a row`, {
    hint: 'Find the program that keeps changing it, and try again',
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

function toChanges(
  files: readonly HomeFile[],
  texts: UpdatePlan['texts'],
  host: UpdateHost,
): PlannedChange[] {
  const stray = [...texts.keys()].find(name => !files.some(file => file.name === name))
  if (stray) throw new Error(`an update changes ${stray}, which it has not requested`)
  return files.flatMap(file => {
    const text = texts.get(file.name)
    if (text === undefined || text === file.text) return []
    if (!file.isValid) throw toEncodingError(file.path)
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
  { changes, shippedMark }: Pick<UpdatePlan, 'shippedMark'> & { readonly changes: readonly PlannedChange[] },
  { host, beforeCommit }: { readonly host: UpdateHost; readonly beforeCommit: () => Promise<void> },
): Promise<boolean> {
  for (const { name, path, after, mode } of changes) {
    throwIfInterrupted(host)
    await writing(path, () => lock.stage(registryFiles[name], after.text, mode))
  }
  if (shippedMark !== undefined) await stageMark(home, lock, shippedMark, host)
  await beforeCommit()
  throwIfInterrupted(host)
  const isEmpty = changes.length === 0 && shippedMark === undefined
  return isEmpty || commit(home, lock)
}

// Past the commit point nothing may block its place.
async function stageMark(home: string, lock: HomeLock, text: string, host: UpdateHost): Promise<void> {
  const path = host.path.join(home, shippedMarkName)
  const info = await host.fs.lstat(path)
  if (info && info.kind !== 'file') throw toKindError(path, info.kind)
  const mode: FileMode = info ? { keep: info.mode & 0o777 } : { create: 0o644 }
  await writing(path, () => lock.stage(shippedMarkName, text, mode))
}

async function commit(home: string, lock: HomeLock): Promise<boolean> {
  try {
    return await writing(home, () => lock.commit())
  } catch (error) {
    throw error instanceof NexusError ? new CommitError(error) : error
  }
}

/** One registry file as it stands before an update. */
export interface HomeFile {
  readonly name: RegistryName
  /** Absolute path. */
  readonly path: string
  /** Undefined when there is no file. With `isValid` false it is only a best effort. */
  readonly text: string | undefined
  /** Whether the text is what the bytes say: the file is UTF-8. */
  readonly isValid: boolean
  readonly mode: FileMode
}

type ReadHost = Pick<Host, 'fs' | 'path'>

/** Reads registry files for an update. Throws a NexusError for what could not be replaced by a file. */
export async function readHomeFiles(
  home: string,
  names: readonly RegistryName[],
  host: ReadHost,
): Promise<HomeFile[]> {
  return Promise.all(names.map(name => readHomeFile(home, name, host)))
}

/** The texts of files, as plans and edits read them. */
export function toHomeContent(files: readonly Pick<HomeFile, 'name' | 'text'>[]): HomeContent {
  return new Map(files.map(({ name, text }) => [name, text]))
}

async function readHomeFile(home: string, name: RegistryName, host: ReadHost): Promise<HomeFile> {
  const path = host.path.join(home, registryFiles[name])
  const info = await host.fs.lstat(path)
  if (!info) return { name, path, text: undefined, isValid: true, mode: { create: 0o644 } }
  if (info.kind !== 'file') throw toKindError(path, info.kind)
  const bytes = await host.fs.readBytes(path, limits.fileBytes).catch(cause => {
    throw toReadError(path, cause)
  })
  const { text, error } = decodeText(bytes ?? new Uint8Array())
  return { name, path, text, isValid: error === undefined, mode: { keep: info.mode & 0o777 } }
}

// Writing through the link would not be atomic, and replacing it would silently cut it off from what it leads to.
function toKindError(path: string, kind: string): NexusError {
  if (kind !== 'link')
    return new NexusError('write', `${path} is not a regular file`, { hint: 'Move it out of the way' })
  return new NexusError('write', `${path} is a link: only real files are changed`, {
    hint: 'Link the whole registry home instead, or put the file itself here',
  })
}

function toReadError(path: string, cause: unknown): NexusError {
  if (systemErrorCode(cause) === 'EFBIG')
    return new NexusError('input', errorMessage(cause), {
      hint: 'Split it or remove what is not needed',
      cause,
    })
  const hint = 'Check with `ls -l` who owns it and who may read it'
  return new NexusError('input', `${path} cannot be read: ${errorMessage(cause)}`, { hint, cause })
}
