import type { RegistryName } from '../../schema/names.ts'
import type { LooseRegistry } from '../../store/load-registry.ts'

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
