import type { RuleLevel } from '../config/config.ts'
import type { JsonPath } from '../lib/json/json-value.ts'
import type { Components } from '../registry/components/components.ts'
import type { RuleSummary, Severity } from '../registry/diagnostic.ts'
import type { RegistryName, SubRegistryName } from '../registry/schema/names.ts'
import type { ReadSnapshot } from './readable.ts'

/** Something that a rule looks for. Its `id` is its name in `validate --rules`, in configurations and in reports. */
export interface Rule extends RuleSummary {
  /** Looks at all registries at once; undefined for what reading a single file finds. Pure. */
  readonly check?: (context: RuleContext) => Violation[] | Promise<Violation[]>
}

/** One thing that a rule has found, at a place in a registry. */
export interface Violation {
  readonly registry: RegistryName
  /** Path of the value that it is about. */
  readonly path: JsonPath
  /** Whether it is about the key at the end of the path rather than its value. */
  readonly isAboutKey?: boolean
  /** What is wrong, without the place. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string | null
  /** Where it differs from the rule's own. */
  readonly severity?: Severity
}

/** What rules look at. */
export interface RuleContext {
  readonly snapshot: ReadSnapshot
  readonly components: Components
  readonly known: KnownIds
  /** "Did you mean x?", or undefined when nothing is near, or so much was asked that it would take too long. */
  readonly suggest: (word: string, candidates: Iterable<string>) => string | undefined
  /** Today in UTC, `2026-11-23`. */
  readonly today: string
  /** Last day that is near enough to be warned about, `2026-12-23`. */
  readonly horizon: string
}

/** Which entries there are, broken ones included. */
export interface KnownIds {
  /** Whether there is such an entry, or its registry could not be read and there may be one. Models have aliases too. */
  mayExist(registry: SubRegistryName, id: string): boolean
  ids(registry: SubRegistryName): ReadonlySet<string>
}

export interface ValidateOptions {
  /** Level of rules by id, where it differs from the rule's own; `off` leaves a rule out. */
  readonly rules?: Readonly<Record<string, RuleLevel>>
  /** Whether warnings count as errors. */
  readonly strict?: boolean
  /** How far ahead the retirement of a model is worth a warning, in days; 30 unless said otherwise. */
  readonly horizonDays?: number
  /** Most warnings that leave it valid; any number unless said otherwise. */
  readonly maxWarnings?: number
}
