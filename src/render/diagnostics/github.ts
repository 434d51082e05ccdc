import type { Diagnostic } from '../../core/diagnostic.ts'
import { toVisible } from '../visible.ts'
import type { DiagnosticsFormat, DiagnosticsView } from './format.ts'
import { renderSummary } from './summary.ts'

/** Workflow commands, which GitHub Actions shows as annotations beside the lines, and a sum for the log. */
export const renderGithub: DiagnosticsFormat = (report, view) =>
  [
    ...report.diagnostics.map(diagnostic => renderCommand(diagnostic, view)),
    renderSummary(report, view.style),
  ].join('\n')

function renderCommand(diagnostic: Diagnostic, { toRepositoryPath }: DiagnosticsView): string {
  const { severity, rule, file, message, hint } = diagnostic
  const place = { file: toRepositoryPath(file), ...toPlace(diagnostic), title: rule }
  const properties = Object.entries(place).map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  const text = hint === null ? message : `${message}\n${hint}`
  return `::${severity} ${properties.join(',')}::${escapeData(toVisible(text))}`
}

// The runner takes columns only of findings that stand on one line, and drops the others with a complaint.
function toPlace({ line, column, end_line, end_column }: Diagnostic): Record<string, number> {
  if (line !== end_line) return { line, endLine: end_line }
  return { line, col: column, endLine: end_line, endColumn: Math.max(column, end_column) }
}

// What the runner itself takes back: `unescapeData` and `unescapeProperty` of its ActionCommand.
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
