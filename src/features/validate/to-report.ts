import type { Diagnostic, ValidationReport } from '../../core/diagnostic.ts'
import type { RuleLevel } from '../config/config.ts'

export interface ReportOptions {
  /** Level of rules by id, where it differs from the rule's own. */
  readonly levels: Readonly<Record<string, RuleLevel>>
  /** Whether warnings count as errors. */
  readonly isStrict: boolean
}

/** Sums up what was found: levels applied, sorted, counted. */
export function toReport(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
  { levels, isStrict }: ReportOptions,
): ValidationReport {
  const levelled = diagnostics.flatMap(diagnostic => applyLevel(diagnostic, levels)).sort(compare)
  const errors = levelled.filter(({ severity }) => severity === 'error').length
  const warnings = levelled.length - errors
  const valid = errors === 0 && (warnings === 0 || !isStrict)
  return { valid, files: [...files].sort(), errors, warnings, diagnostics: levelled }
}

function applyLevel(diagnostic: Diagnostic, levels: ReportOptions['levels']): Diagnostic[] {
  const level = Object.hasOwn(levels, diagnostic.rule) ? levels[diagnostic.rule] : undefined
  if (level === 'off') return []
  return [level === undefined ? diagnostic : { ...diagnostic, severity: level }]
}

function compare(left: Diagnostic, right: Diagnostic): number {
  return (
    compareText(left.file, right.file) ||
    left.line - right.line ||
    left.column - right.column ||
    compareText(left.rule, right.rule) ||
    compareText(left.message, right.message)
  )
}

function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
