import type { RuleLevel } from '../config/config.ts'

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
