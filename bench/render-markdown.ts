import type { Comparison, Unit } from './benchmark.ts'
import type { Row, Verdict } from './judge.ts'
import type { Result } from './run-benchmark.ts'

/** A table to paste into README, and below it what was skipped. */
export function renderMarkdown(results: readonly Result[], machine: string): string {
  const skipped = results.flatMap(result => result.skipped.map(line => `- ${line}`))
  const lines = [
    `Measured on ${machine}; median of interleaved runs, ratios round by round.`,
    '',
    '| | median | p10 … p90 | compared | goal |',
    '| --- | ---: | ---: | --- | --- |',
    ...results.flatMap(renderResult),
  ]
  return [...lines, ...(skipped.length > 0 ? ['', ...skipped] : [])].join('\n')
}

function renderResult({ what, runs, rows }: Result): string[] {
  if (rows.length === 0) return []
  return [`| **${what}** (${runs} runs) | | | | |`, ...rows.map(renderRow)]
}

function renderRow(row: Row): string {
  const { label, unit, median, p10, p90, verdicts } = row
  const cells = [
    label,
    renderValue(median, unit),
    `${renderNumber(p10)} … ${renderNumber(p90)}`,
    verdicts.flatMap(verdict => renderComparison(verdict, unit)).join(', '),
    verdicts.flatMap(verdict => renderGoal(verdict, unit)).join(', '),
  ]
  return `| ${cells.join(' | ')} |`
}

function renderComparison({ comparison, value }: Verdict, unit: Unit): string[] {
  if (comparison.kind === 'absolute' || comparison.kind === 'above') return []
  if (value === undefined) return [`${comparison.of} was not measured`]
  return [renderAmount(comparison, value, unit)]
}

function renderGoal({ comparison, isMet }: Verdict, unit: Unit): string[] {
  const outcome = { true: ' ✓', false: ' ✗ missed', undefined: '' }[`${isMet}`]
  if (comparison.kind === 'above') return [`> ${renderValue(comparison.limit, unit)}${outcome}`]
  if (comparison.atMost === undefined) return []
  return [`≤ ${renderAmount(comparison, comparison.atMost, unit)}${outcome}`]
}

function renderAmount(comparison: Exclude<Comparison, { kind: 'above' }>, value: number, unit: Unit): string {
  if (comparison.kind === 'absolute') return renderValue(value, unit)
  if (comparison.kind === 'times') return `${renderNumber(value)} × ${comparison.of}`
  return `${renderValue(value, unit)} more than ${comparison.of}`
}

function renderValue(value: number, unit: Unit): string {
  return unit === 'processes' ? String(value) : `${renderNumber(value)} ${unit}`
}

// Three digits are more than such a measurement holds.
function renderNumber(value: number): string {
  if (Number.isInteger(value) || value >= 100) return value.toFixed(0)
  return value.toFixed(value >= 10 ? 1 : 2)
}
