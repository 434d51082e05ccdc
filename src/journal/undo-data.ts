import { isJsonObject } from '../lib/json/json-value.ts'
import {
  listMemberChanges,
  type MemberChange,
  type MemberPlace,
  patchJson,
  revertChanges,
} from '../lib/json/member-changes.ts'
import { limits } from '../lib/limits.ts'
import type { UserFilesHost } from '../platform/host.ts'
import { readPrivateFile, writePrivateFile } from '../registry/home/files.ts'
import { type RegistryName, registryNames } from '../registry/schema/names.ts'
import { type ChangedFile, isCount } from './entry-changes.ts'
import { type EditCommand, journalDirectory, journalMs } from './journal.ts'

/** A member that an edit changed. */
export interface UndoChange {
  readonly path: readonly string[]
  /** Its own text before the edit; absent when it was not there. */
  readonly before?: string
  /** Hash of its value after the edit, see `ChangedFile.hashAt`; null when it was removed. */
  readonly after: string | null
  readonly place?: MemberPlace
}

/** Everything that is needed to undo one edit. */
export interface UndoData {
  readonly id: string
  /** ISO 8601, UTC. */
  readonly time: string
  readonly command: Exclude<EditCommand, 'undo'>
  readonly files: readonly {
    readonly name: RegistryName
    readonly changes: readonly UndoChange[]
    /** Entries that were changed and their hash afterwards; null of one that was removed. */
    readonly entries: Readonly<Record<string, string | null>>
  }[]
}

/** The data to undo an edit that is about to be committed. */
export function toUndoData(
  { id, time, command }: Pick<UndoData, 'id' | 'time' | 'command'>,
  changes: readonly ChangedFile[],
): UndoData {
  const files = changes.map(change => {
    const { name, hashAt } = change
    const members = listRevertible(change)
    const ids = [
      ...new Set(members.filter(({ path }) => !isCount(name, path)).flatMap(({ path }) => path[0] ?? [])),
    ]
    return {
      name,
      changes: members.map(member => ({
        path: member.path,
        ...(member.before !== undefined && { before: member.before }),
        after: hashAt(member.path),
        ...(member.place && { place: member.place }),
      })),
      entries: Object.fromEntries(ids.map(entry => [entry, hashAt([entry])])),
    }
  })
  return { id, time, command, files }
}

// Where the innermost changes do not lead back to the same bytes, whole entries do, and else the whole document.
function listRevertible({ before, after, root, members }: ChangedFile): readonly MemberChange[] {
  const leadsBack = (changes: readonly MemberChange[]) =>
    patchJson(after, revertChanges(changes), { root }) === before
  if (leadsBack(members)) return members
  const entries = listMemberChanges(before, after, { depth: 1, root })
  return leadsBack(entries) ? entries : listMemberChanges(before, after, { depth: 0, root })
}

async function undoDirectory(home: string, host: UserFilesHost): Promise<string | undefined> {
  const directory = await journalDirectory(home, host)
  return directory && host.path.join(directory, 'undo')
}

/** Saves the data, and removes the oldest where there is too much. False without a state directory. */
export async function saveUndoData(home: string, data: UndoData, host: UserFilesHost): Promise<boolean> {
  const directory = await undoDirectory(home, host)
  if (directory === undefined) return false
  await writePrivateFile(host.path.join(directory, `${data.id}.json`), JSON.stringify(data), host)
  await removeOldData(directory, host).catch(() => undefined)
  return true
}

async function removeOldData(directory: string, host: UserFilesHost): Promise<void> {
  const { fs, path, clock } = host
  let bytes = 0
  for (const [index, name] of (await listData(directory, host)).entries()) {
    const file = path.join(directory, name)
    const info = await fs.lstat(file)
    bytes += info?.size ?? 0
    const isOld = info !== undefined && clock.now() - info.mtimeMs > journalMs
    // The newest stays, however large it is.
    if (index > 0 && (isOld || index >= limits.undoCount || bytes > limits.undoBytes)) await fs.remove(file)
  }
}

// Ids begin with the time, so the newest come first.
async function listData(directory: string, { fs }: UserFilesHost): Promise<string[]> {
  const names = await fs.list(directory).catch(() => [])
  return names
    .filter(name => /^\d{17}-[0-9a-f]{8}\.json$/.test(name))
    .sort()
    .reverse()
}

/** Ids of the edits that have undo data, the newest first. */
export async function listUndoIds(home: string, host: UserFilesHost): Promise<string[]> {
  const directory = await undoDirectory(home, host)
  return directory === undefined
    ? []
    : (await listData(directory, host)).map(name => name.slice(0, -'.json'.length))
}

/** The undo data of an edit; undefined when it cannot be read. */
export async function loadUndoData(
  home: string,
  id: string,
  host: UserFilesHost,
): Promise<UndoData | undefined> {
  const directory = await undoDirectory(home, host)
  if (directory === undefined) return undefined
  const text = await readPrivateFile(host.path.join(directory, `${id}.json`), 4 * limits.fileBytes, host)
  try {
    const data: unknown = text === undefined ? undefined : JSON.parse(text)
    return isUndoData(data) ? data : undefined
  } catch {
    return undefined
  }
}

/** Removes the data of an edit that was undone, or never happened. */
export async function removeUndoData(home: string, id: string, host: UserFilesHost): Promise<void> {
  const directory = await undoDirectory(home, host)
  if (directory !== undefined) await host.fs.remove(host.path.join(directory, `${id}.json`))
}

function isUndoData(value: unknown): value is UndoData {
  if (!isJsonObject(value) || !Array.isArray(value.files)) return false
  const isText = [value.id, value.time, value.command].every(part => typeof part === 'string')
  return isText && value.files.every(isUndoFile)
}

function isUndoFile(value: unknown): boolean {
  if (!isJsonObject(value) || !Array.isArray(value.changes) || !isJsonObject(value.entries)) return false
  const isName = registryNames.some(name => name === value.name)
  return isName && value.changes.every(isUndoChange) && Object.values(value.entries).every(isHash)
}

function isUndoChange(value: unknown): boolean {
  if (!isJsonObject(value) || !Array.isArray(value.path)) return false
  const isPath = value.path.every(part => typeof part === 'string')
  return isPath && ['string', 'undefined'].includes(typeof value.before) && isHash(value.after)
}

function isHash(value: unknown): boolean {
  return value === null || typeof value === 'string'
}

/** A new id: the time, and something random. Ids in their order are edits in their order. */
export function createUndoId(
  known: readonly string[],
  { clock, randomName }: Pick<UserFilesHost, 'clock' | 'randomName'>,
): string {
  const [newest = ''] = known
  const now = new Date(clock.now()).toISOString().replaceAll(/\D/g, '')
  // A clock that was set back makes no older edits.
  const time = now > newest.slice(0, 17) ? now : String(BigInt(newest.slice(0, 17)) + 1n)
  return `${time}-${randomName().slice(0, 8)}`
}
