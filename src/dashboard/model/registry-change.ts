import type { RegistryName } from '../../registry/schema/names.ts'

/** What is different in a registry, as a server tells it. Lists are sorted. */
export interface RegistryChange {
  readonly registry: RegistryName
  /** Of the registry's document as it is now; null when there is none any more. */
  readonly etag: string | null
  /** Ids of entries; JSON Pointers in the two documents. */
  readonly created: readonly string[]
  /** What differs in more than the time at which it was looked at. */
  readonly updated: readonly string[]
  readonly removed: readonly string[]
  /** Entries of which a sync says something else than before. */
  readonly detected: readonly DetectedChange[]
  /** How many more there are, where a list is cut. */
  readonly more?: Readonly<Partial<Record<ChangeListName, number>>>
}

interface DetectedChange {
  readonly id: string
  /** Status; null where nobody had looked, or has. */
  readonly from: string | null
  readonly to: string | null
}

/** Lists that a change has. */
export type ChangeListName = 'created' | 'updated' | 'removed' | 'detected'
