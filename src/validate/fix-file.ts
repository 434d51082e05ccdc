import { NexusError } from '../lib/errors.ts'
import type { FixedFault } from '../registry/diagnostic.ts'
import { replaceFile } from '../registry/home/replace-file.ts'
import { parseRegistry } from '../registry/load/parse-registry.ts'
import { applyFixes } from './apply-fixes.ts'
import { findSchema } from './find-schema.ts'
import type { FixHost, FixOptions } from './fix-options.ts'
import { toLoneSnapshot } from './partial-snapshot.ts'
import type { PlannedFile } from './plan.ts'

/** Puts right what has one answer in a registry that belongs to no home. */
export async function fixFile(
  file: PlannedFile,
  options: FixOptions,
  host: FixHost,
): Promise<readonly FixedFault[]> {
  const { name, path, isWritable } = file
  if (!isWritable) {
    throw new NexusError('usage', '--fix changes files, and stdin is none', { hint: 'Name the file itself' })
  }
  // What cannot be read is told when it is checked.
  const bytes = await file.readBytes().catch(() => undefined)
  const parsed = bytes && parseRegistry(name, path, bytes)
  if (parsed?.state !== 'ok' || parsed.text === undefined) return []
  const snapshot = toLoneSnapshot({ ...parsed, sha256: undefined })
  const schema = await findSchema(host.path.dirname(path), name, host)
  const { text, faults } = applyFixes({ name, text: parsed.text, snapshot, schema }, options.rules)
  if (text !== parsed.text && !options.isDryRun)
    await replaceFile(path, { before: parsed.text, after: text }, host)
  return faults.map(fault => ({ file: path, ...fault }))
}
