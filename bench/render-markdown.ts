import type { Comparison, Unit } from './benchmark.ts'
import type { Row, Verdict } from './judge.ts'
import type { Result } from './run-benchmark.ts'

/** One section of the performance page for each result. */
export function renderMarkdown(results: readonly Result[], machine: string): string {
  return results.map(result => renderResult(result, machine)).join('\n\n')
}

/** A heading, a table, and below it what was skipped. The comment names the benchmark, so that its section is found again. */
export function renderResult({ name, what, runs, rows, skipped }: Result, machine: string): string {
  const table = [
    '| | median | p10 … p90 | compared | goal |',
    '| --- | ---: | ---: | --- | --- |',
    ...rows.map(renderRow),
  ]
  return [
    `### ${what}`,
    `<!-- bench ${name} -->`,
    `${machine}; ${runs} ${runs === 1 ? 'run' : 'runs'}.`,
    ...(rows.length > 0 ? [table.join('\n')] : []),
    ...(skipped.length > 0 ? [skipped.map(line => `- ${line}`).join('\n')] : []),
  ].join('\n\n')
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
