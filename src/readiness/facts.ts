import type { KeyFinding } from '../detection/services/find-key.ts'
import type { Incompatibility } from '../registry/components/find-incompatible.ts'
import type { Detected } from '../registry/schema/detected.ts'
import type { Model } from '../registry/schema/model.ts'
import type { Provider } from '../registry/schema/provider.ts'
import type { Snapshot } from '../registry/snapshot.ts'
import type { Condition } from './condition.ts'
import type { Installer } from './installer.ts'
import type { PackagesOf } from './known-packages.ts'

/** What was found out about this machine, for the things that are asked about. */
export interface Facts {
  readonly snapshot: Snapshot
  readonly detections: ReadonlyMap<string, Detected>
  /** Refs of the tools that are here, and whose version is less than their entry asks for, or not known. */
  readonly belowMinimum: ReadonlySet<string>
  /** Whose version will not do here, or that of something it needs, by id. */
  readonly incompatible: ReadonlyMap<string, Incompatibility>
  /** Conditions of services, by ref. */
  readonly health: ReadonlyMap<string, Condition>
  /** Where the key of a provider is. */
  readonly keyOf: (provider: Provider) => KeyFinding
  /** Calendar day, `2026-07-02`. */
  readonly today: string
  /** What to use instead of a model. */
  readonly replacementOf: (model: Model) => string
  readonly installer: Installer
  readonly packagesOf: PackagesOf
  /** Interpreters into which pip does not install. */
  readonly managedPythons: ReadonlySet<string>
}
