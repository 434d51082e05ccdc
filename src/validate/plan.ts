import type { LooseRegistry } from '../registry/load/load-registry.ts'
import type { RegistryName } from '../registry/schema/names.ts'

/** One directory to check. */
export interface PlannedHome {
  readonly kind: 'home'
  /** Absolute path. */
  readonly directory: string
  /** Registries to report on. */
  readonly names: readonly RegistryName[]
}

/** One registry to check by itself. */
export interface PlannedFile extends LooseRegistry {
  readonly kind: 'file'
  /** Whether it is a file, and no stream. */
  readonly isWritable: boolean
}

export type Planned = PlannedHome | PlannedFile
