import type { RegistryName } from '../../registry/schema/names.ts'
import type { Caller } from '../../security/caller.ts'
import type { Precondition } from './precondition.ts'

/** What somebody wants to write, and who that is. */
export interface WriteOrder {
  readonly registry: RegistryName
  readonly change: Change
  readonly precondition: Precondition
  readonly caller: Caller
  /** Registries that the caller may read: of others nothing is told. */
  readonly readable: ReadonlySet<RegistryName>
}

/** What is to become of a registry. `value` is JSON as it came. */
export type Change =
  | { readonly kind: 'document'; readonly value: unknown }
  | { readonly kind: 'put' | 'patch'; readonly id: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly id: string }

/** Whether the writer may read what he writes. */
export function isReader({ registry, readable }: WriteOrder): boolean {
  return readable.has(registry)
}
