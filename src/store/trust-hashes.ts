import type { TrustHashes } from './trust.ts'
import type { FileChange } from './update-home.ts'

/** Hashes of the files that declare commands, before or after a change. */
export function hashesOf(moment: 'before' | 'after', changes: readonly FileChange[]): TrustHashes {
  const hashOf = (name: FileChange['name']) => changes.find(change => change.name === name)?.[moment]?.sha256
  return { tools: hashOf('tools'), ml_frameworks: hashOf('ml_frameworks') }
}
