import type { Diagnostic, ValidationReport } from '../registry/diagnostic.ts'
import type { ValidateOptions } from './rule.ts'
import { rules } from './rules/index.ts'

type ReportOptions = Pick<ValidateOptions, 'rules' | 'strict' | 'maxWarnings'>

/** Applies the levels of rules, sorts, counts, and decides whether the files are valid. */
export function toReport(
  files: readonly string[],
  diagnostics: readonly Diagnostic[],
  { rules: levels = {}, strict = false, maxWarnings = Number.POSITIVE_INFINITY }: ReportOptions,
): ValidationReport {
  const levelled = diagnostics.flatMap(diagnostic => applyLevel(diagnostic, levels)).sort(compare)
  const errors = levelled.filter(({ severity }) => severity === 'error').length
  const warnings = levelled.length - errors
  const counted = levelled.filter(({ severity, rule }) => severity === 'warning' && !advice.has(rule)).length
  const valid = errors === 0 && counted <= (strict ? 0 : maxWarnings)
  return { valid, files: [...files].sort(), errors, warnings, diagnostics: levelled }
}

const advice = new Set(rules.filter(({ isAdvice }) => isAdvice).map(({ id }) => id))

type Levels = NonNullable<ReportOptions['rules']>

function applyLevel(diagnostic: Diagnostic, levels: Levels): Diagnostic[] {
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
