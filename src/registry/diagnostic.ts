export type Severity = 'error' | 'warning'

/** One finding in a file, as every format of `validate` shows it. Lines and columns count from 1. */
export interface Diagnostic {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly end_line: number
  readonly end_column: number
  /** JSON Pointer (RFC 6901) to the value that it is about. */
  readonly pointer: string
  /** What to do about it. */
  readonly hint: string | null
}

/** A rule as reports describe it. */
export interface RuleSummary {
  readonly id: string
  /** How bad its findings are, unless a finding or the configuration says otherwise. */
  readonly severity: Severity
  /** What it finds: one line without a full stop. */
  readonly summary: string
}

/** One fix of `validate --fix`, applied or planned. */
export interface FixedDiagnostic {
  readonly file: string
  /** JSON Pointer (RFC 6901) to what changes. */
  readonly pointer: string
  /** What it is, a clause. */
  readonly message: string
  /** JSON before the fix; null where there was none. */
  readonly before: string | null
  /** JSON after the fix. */
  readonly after: string
}

/** Result of `validate` for all its files. */
export interface ValidationReport {
  /** Whether there are no errors; with a limit, too many warnings count as one. */
  readonly valid: boolean
  /** Absolute paths of the files that were checked, sorted. */
  readonly files: readonly string[]
  readonly errors: number
  readonly warnings: number
  /** Sorted by file, line, column and rule. */
  readonly diagnostics: readonly Diagnostic[]
  /** Fixes that were applied before. Only with `--fix`. */
  readonly fixed?: readonly FixedDiagnostic[]
}
