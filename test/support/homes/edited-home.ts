import type { Addition } from '../../../src/edit/addition.ts'
import { findLastEdit, toUndoEdit } from '../../../src/edit/undo.ts'
import { commitEdit } from '../../../src/journal/commit-edit.ts'
import { removeUndoData } from '../../../src/journal/undo-data.ts'
import type { Host } from '../../../src/platform/host.ts'

/** A tool to add. */
export function toolAddition(id: string): Addition {
  const entry = { detection: `which ${id}`, version_check: `${id} --version`, category: 'runtime' as const }
  return { registry: 'tools', id, entry: { ...entry, env_var: `NEXUS_HAS_${id.toUpperCase()}` } }
}

export const someTool = toolAddition('one')

/** Undoes the last edit of a home, as the command does. Returns its refs; undefined when there is none. */
export async function undoLast(home: string, host: Host): Promise<readonly string[] | undefined> {
  const { data, obsolete } = await findLastEdit(home, host)
  for (const id of obsolete) await removeUndoData(home, id, host)
  if (data === undefined) return undefined
  const { plan } = await commitEdit(home, toUndoEdit(data, host), host)
  await removeUndoData(home, data.id, host)
  return plan.refs
}
