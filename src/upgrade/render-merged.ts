import { detectLayout, rewriteJson } from '../lib/json/edit-json.ts'
import { readLocalEntries, renderEntries } from '../registry/entries.ts'
import { createKeyRank } from '../registry/schema/known-keys.ts'
import { isSubRegistry } from '../registry/schema/names.ts'
import { isChangedPlace, type MergedRegistry, toDocument } from './merge-registry.ts'

interface RegistryTexts {
  /** As it is in the home. */
  readonly yours: string
  readonly shipped: string
}

/**
 * New text of a registry's file; undefined when it stays. A file without edits becomes the shipped one, to the byte but
 * for what was found on this machine; in any other file everything that stays keeps its place and its own text.
 */
export function renderMerged(
  registry: MergedRegistry,
  { yours, shipped }: RegistryTexts,
): string | undefined {
  if (!registry.places.some(isChangedPlace)) return undefined
  const { name, isUnedited } = registry
  const source = isUnedited && isSameLayout(yours, shipped) ? shipped : yours
  const document = toDocument(registry)
  if (!isSubRegistry(name)) return rewriteJson(source, document)
  const { $schema: _, ...entries } = document
  return renderEntries(readLocalEntries(source), new Map(Object.entries(entries)), createKeyRank(name))
}

function isSameLayout(left: string, right: string): boolean {
  const [own, other] = [detectLayout(left), detectLayout(right)]
  return own.indent === other.indent && own.newline === other.newline
}
