import { NexusError } from '../lib/errors.ts'
import type { UserFilesHost } from '../platform/host.ts'
import {
  CommitError,
  type FileChange,
  type HomeContent,
  readHomeFiles,
  toHomeContent,
  type UpdateHost,
  updateHomeByPlan,
} from '../registry/home/update-home.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import { hashesOf, renewTrust } from '../security/trust.ts'
import { type ChangedFile, toChangedFile } from './entry-changes.ts'
import type { EditCommand } from './journal.ts'
import { recordEdit } from './record.ts'
import {
  createUndoId,
  listUndoIds,
  removeUndoData,
  saveUndoData,
  toUndoData,
  type UndoData,
} from './undo-data.ts'

/** What an edit writes. A plan has more that its command reports. */
export interface EditPlan {
  /** New texts of the files that change. */
  readonly texts: ReadonlyMap<RegistryName, string>
  /** New text of the file that says which shipped data the home has; undefined when it stays. */
  readonly shippedMark?: string | undefined
}

/** A change of registries that a person asks for. */
export interface Edit<Plan extends EditPlan> {
  readonly command: EditCommand
  /** Registries that the plan reads, and may change. */
  readonly names: readonly RegistryName[]
  /** Called for the preview, and again under the lock: no side effects. Throws a NexusError for what cannot be done. */
  readonly plan: (texts: HomeContent) => Promise<Plan>
}

type EditHost = UpdateHost & UserFilesHost

/** What an edit would change in a home as it is now, and the texts before. Nothing is written. */
export async function previewEdit<Plan extends EditPlan>(
  home: string,
  { names, plan }: Edit<Plan>,
  host: EditHost,
): Promise<{ readonly plan: Plan; readonly before: HomeContent }> {
  const files = await readHomeFiles(home, names, host)
  const before = toHomeContent(files)
  return { plan: await plan(before), before }
}

interface CommittedEdit<Plan> {
  /** The plan that was applied: entries may have changed since the preview. */
  readonly plan: Plan
  readonly changes: readonly FileChange[]
  /** Sentences about what could not be recorded. */
  readonly notes: readonly string[]
}

/**
 * Applies an edit: all files or none, under the lock of the home. A grant of trust follows: the user asked for the change.
 * The edit can be undone, and the journal has it. Throws a NexusError, and then the old files stay.
 */
export async function commitEdit<Plan extends EditPlan>(
  home: string,
  { command, names, plan }: Edit<Plan>,
  host: EditHost,
): Promise<CommittedEdit<Plan>> {
  let prepared: Prepared = unprepared
  const beforeCommit = async (changes: readonly FileChange[]) => {
    // The lock was lost: the data of the first try is that of no edit.
    if (prepared.id !== undefined) await removeUndoData(home, prepared.id, host)
    const files = changes.map(({ name, before, after }) =>
      toChangedFile({ name, before: before?.text, after: after.text }, host),
    )
    prepared = { ...unprepared, files }
    if (command !== 'undo' && changes.length > 0) prepared = await prepareUndo(home, command, files, host)
    await renewTrust(home, hashesOf('before', changes), hashesOf('after', changes), host)
  }
  const done = await updateHomeByPlan(home, { names, plan }, host, { beforeCommit }).catch(async error => {
    // After a CommitError the change may have happened.
    const { id } = prepared
    if (id !== undefined && !(error instanceof CommitError)) await removeUndoData(home, id, host)
    throw error
  })
  const { id, files } = prepared
  const notes = await recordEdit(home, { by: command, ...(id !== undefined && { id }) }, files, host)
  return { ...done, notes: [...prepared.notes, ...notes] }
}

interface Prepared {
  readonly files: readonly ChangedFile[]
  /** Undefined when the edit cannot be undone. */
  readonly id: string | undefined
  readonly notes: readonly string[]
}

const unprepared: Prepared = { files: [], id: undefined, notes: [] }

// It is on the disk before the edit is: whatever happens in between, an edit that happened can be undone.
async function prepareUndo(
  home: string,
  command: UndoData['command'],
  files: readonly ChangedFile[],
  host: EditHost,
): Promise<Prepared> {
  try {
    const id = createUndoId(await listUndoIds(home, host), host)
    const data = toUndoData({ id, time: new Date(host.clock.now()).toISOString(), command }, files)
    if (await saveUndoData(home, data, host)) return { files, id, notes: [] }
    return { files, id: undefined, notes: ['This cannot be undone: neither HOME nor XDG_STATE_HOME is set'] }
  } catch (error) {
    if (!(error instanceof NexusError) || error.code === 'interrupted') throw error
    return { files, id: undefined, notes: [`This cannot be undone: ${error.message}`] }
  }
}
