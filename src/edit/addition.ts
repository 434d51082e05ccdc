import type { JsonPath } from '../lib/json/json-value.ts'
import { toDashboardRef } from '../registry/dashboard-items.ts'
import { toRef } from '../registry/refs.ts'
import type { SubRegistryName } from '../registry/schema/names.ts'

export type EntryFields = Readonly<Record<string, unknown>>

interface AdditionOrigin {
  /**
   * Whether the caller wrote the fields: then an entry that exists must have the same ones. What comes from the catalog is
   * simply there.
   */
  readonly isRequested?: boolean
  /** Where the caller wrote a field: a flag, or a line of a file. */
  readonly toPlace?: (path: JsonPath) => string | undefined
}

/** A new entry of a sub-registry, and how the dashboard shows it. */
export interface EntryAddition extends AdditionOrigin {
  readonly registry: SubRegistryName
  readonly id: string
  readonly entry: EntryFields
  /** Fields that the entry gets without being asked for. */
  readonly defaults?: EntryFields
  /** Fields of its entry in the dashboard. */
  readonly card?: EntryFields
}

interface MetricAddition extends AdditionOrigin {
  readonly registry: 'dashboard'
  readonly id: string
  readonly group: string
  readonly entry: EntryFields
  /** Fields that the entry gets without being asked for. */
  readonly defaults?: EntryFields
}

interface EdgeAddition extends AdditionOrigin {
  readonly registry: 'hyper'
  readonly edge: { readonly from: string; readonly to: string; readonly type: string }
}

export type Addition = EntryAddition | MetricAddition | EdgeAddition

/** The ref of an addition; an edge has none, and is named by its ends. */
export function refOf(addition: Addition): string {
  if (addition.registry === 'hyper') return `${addition.edge.from} → ${addition.edge.to}`
  if (addition.registry === 'dashboard') return toDashboardRef('metrics', addition.id)
  return toRef(addition.registry, addition.id)
}
