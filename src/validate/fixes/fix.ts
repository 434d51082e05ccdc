import type { FixedDiagnostic } from '../../registry/diagnostic.ts'
import type { RegistryName } from '../../registry/schema/names.ts'
import type { Snapshot } from '../../registry/snapshot.ts'

/** A file that may be put right: it is UTF-8 and JSON. */
export interface FixableFile {
  readonly name: RegistryName
  readonly text: string
  /** All that is known of the registries as they stood before anything was put right. */
  readonly snapshot: Pick<Snapshot, 'registries'>
  /** Where its schema lies as seen from it; undefined when there is none near. */
  readonly schema: string | undefined
}

export interface FixedText {
  readonly text: string
  readonly faults: readonly Omit<FixedDiagnostic, 'file'>[]
}

/** One kind of fault that has one answer. Pure; it changes nothing else, and loses nothing. */
export interface Fix {
  /** The rule that finds it; a rule that is off puts nothing right either. */
  readonly rule?: string
  readonly apply: (file: FixableFile) => FixedText
}
