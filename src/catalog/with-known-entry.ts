import { toRef } from '../registry/refs.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import { type CatalogHost, loadCatalog, toFrameworkEntry, toToolEntry } from './catalog.ts'
import { type CatalogMatch, findOwnRef, indexCatalog } from './find-in-catalog.ts'

interface KnownEntry {
  /** The registry's own entry, or the one that was added to the snapshot. */
  readonly ref: string
  /** The snapshot with the entry. Nothing is written. */
  readonly snapshot: Snapshot
  /** Whether only the catalog has it. */
  readonly isAdded: boolean
}

/** A snapshot with the entry that a name means in the catalog; undefined when the catalog does not know it either. */
export async function withKnownEntry(
  name: string,
  snapshot: Snapshot,
  host: CatalogHost,
): Promise<KnownEntry | undefined> {
  const match = indexCatalog(await loadCatalog(host)).find(name)
  if (match === undefined) return undefined
  const own = findOwnRef(match, snapshot)
  if (own !== undefined) return { ref: own, snapshot, isAdded: false }
  return { ...addEntry(match, snapshot), isAdded: true }
}

function addEntry(match: CatalogMatch, snapshot: Snapshot): Omit<KnownEntry, 'isAdded'> {
  const { registries } = snapshot
  const { tools, ml_frameworks: frameworks, providers } = registries
  const { id } = match
  if (match.kind === 'tool') {
    const content = { ...tools.content, [id]: toToolEntry(id, match.tool, match.command) }
    return {
      ref: toRef('tools', id),
      snapshot: { ...snapshot, registries: { ...registries, tools: { ...tools, content } } },
    }
  }
  if (match.kind === 'framework') {
    const content = { ...frameworks.content, [id]: toFrameworkEntry(id, match.framework) }
    return {
      ref: toRef('ml_frameworks', id),
      snapshot: { ...snapshot, registries: { ...registries, ml_frameworks: { ...frameworks, content } } },
    }
  }
  const content = { ...providers.content, [id]: match.provider }
  return {
    ref: toRef('providers', id),
    snapshot: { ...snapshot, registries: { ...registries, providers: { ...providers, content } } },
  }
}
