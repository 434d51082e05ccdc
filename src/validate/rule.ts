import type { RuleLevel } from '../config/config.ts'
import type { JsonPath } from '../lib/json/json-value.ts'
import type { Components } from '../registry/components/components.ts'
import type { RuleSummary, Severity } from '../registry/diagnostic.ts'
import type { RegistryName, SubRegistryName } from '../registry/schema/names.ts'
import type { ReadSnapshot } from './readable.ts'

/** A rule of `validate`. Its `id` is its name in `validate --rules`, in configurations and in reports. */
export interface Rule extends RuleSummary {
  /** Whether its warnings never make files invalid: the calendar alone causes them. */
  readonly isAdvice?: boolean
  /** Checks all registries at once; undefined for rules that apply while a file is read. Pure. */
  readonly check?: (context: RuleContext) => Violation[] | Promise<Violation[]>
}

/** One finding of a rule. */
export interface Violation {
  readonly registry: RegistryName
  /** Path of the value. */
  readonly path: JsonPath
  /** Whether the finding is about the key at the end of the path, not its value. */
  readonly isAboutKey?: boolean
  /** What is wrong, without the location. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string | null
  /** Overrides the severity of the rule. */
  readonly severity?: Severity
}

/** Input of a rule. */
export interface RuleContext {
  readonly snapshot: ReadSnapshot
  readonly components: Components
  readonly known: KnownIds
  /** "Did you mean x?"; undefined when nothing is similar, or after too many comparisons. */
  readonly suggest: (word: string, candidates: Iterable<string>) => string | undefined
  /** Today in UTC, `2026-11-23`. */
  readonly today: string
  /** Last day to warn about, `2026-12-23`. */
  readonly horizon: string
}

/** The ids of all entries, including broken ones. */
export interface KnownIds {
  /** Whether an entry exists, or may exist in an unreadable registry. Includes aliases of models. */
  mayExist(registry: SubRegistryName, id: string): boolean
  ids(registry: SubRegistryName): ReadonlySet<string>
}

export interface ValidateOptions {
  /** Levels that override those of the rules, by id; `off` disables a rule. */
  readonly rules?: Readonly<Record<string, RuleLevel>>
  /** Whether warnings count as errors. */
  readonly strict?: boolean
  /** How many days before the retirement of a model the warning begins; 30 by default. */
  readonly horizonDays?: number
  /** Maximum number of warnings that is valid; unlimited by default. */
  readonly maxWarnings?: number
}
