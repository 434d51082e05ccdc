import type { Host, UserFilesHost } from '../platform/host.ts'
import {
  type FileChange,
  type HomeContent,
  readHomeFiles,
  type UpdateHost,
  updateHomeByPlan,
} from '../registry/home/update-home.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import { hashesOf, renewTrust } from '../security/trust.ts'

/** Commands that change entries of a home, and that `undo` reverts. */
export type EditCommand = 'add' | 'edit' | 'remove' | 'rename' | 'import' | 'upgrade' | 'undo'

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

type EditHost = UpdateHost & UserFilesHost & Pick<Host, 'sha256'>

/** What an edit would change in a home as it is now, and the texts before. Nothing is written. */
export async function previewEdit<Plan extends EditPlan>(
  home: string,
  { names, plan }: Edit<Plan>,
  host: EditHost,
): Promise<{ readonly plan: Plan; readonly before: HomeContent }> {
  const files = await readHomeFiles(home, names, host)
  const before = new Map(files.map(({ name, text }) => [name, text]))
  return { plan: await plan(before), before }
}

interface CommittedEdit<Plan> {
  /** The plan that was applied: entries may have changed since the preview. */
  readonly plan: Plan
  readonly changes: readonly FileChange[]
}

/**
 * Applies an edit: all files or none, under the lock of the home. A grant of trust follows: the user asked for the change.
 * Throws a NexusError, and then the old files stay.
 */
export async function commitEdit<Plan extends EditPlan>(
  home: string,
  { names, plan }: Edit<Plan>,
  host: EditHost,
): Promise<CommittedEdit<Plan>> {
  return updateHomeByPlan(home, { names, plan }, host, {
    beforeCommit: changes => renewTrust(home, hashesOf('before', changes), hashesOf('after', changes), host),
  })
}
