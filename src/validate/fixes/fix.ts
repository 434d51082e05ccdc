import type { FixedDiagnostic } from '../../registry/diagnostic.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'

/** A file that can be fixed: it is UTF-8 and JSON. */
export interface FixableFile {
  readonly name: RegistryName
  readonly text: string
  /** The registries before any fix. */
  readonly snapshot: Pick<Snapshot, 'registries'>
  /** Relative path to its JSON Schema; undefined when there is none nearby. */
  readonly schema: string | undefined
}

export interface FixedText {
  readonly text: string
  readonly fixed: readonly Omit<FixedDiagnostic, 'file'>[]
}

/** Fixes one kind of error that has only one correction. Pure; changes nothing else, and loses nothing. */
export interface Fix {
  /** The rule that finds the error; a rule that is off disables the fix. */
  readonly rule?: string
  readonly apply: (file: FixableFile) => FixedText
}
