import { toVisible, toVisibleLine } from '../../lib/text/visible.ts'
import type { Diagnostic } from '../../registry/diagnostic.ts'
import type { DiagnosticsFormat, DiagnosticsView } from './format.ts'
import { renderSummary } from './summary.ts'

/** Workflow commands, which GitHub Actions shows as annotations beside the lines, and a sum for the log. */
export const renderGithub: DiagnosticsFormat = (report, view) =>
  [
    ...report.diagnostics.map(diagnostic => renderCommand(diagnostic, view)),
    renderSummary(report, view.style),
  ].join('\n')

function renderCommand(diagnostic: Diagnostic, { toRepositoryPath }: DiagnosticsView): string {
  const { severity, rule, line, column, message, hint } = diagnostic
  const file = toRepositoryPath(diagnostic.file)
  const place = { file, ...toPlace(diagnostic), title: rule }
  const properties = Object.entries(place).map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
  // The runner keeps the place to itself: in its log, and beyond the ten of a step that it shows, only the text is left.
  const sentence = `${message} (${toVisibleLine(file)}:${line}:${column})`
  const text = hint === null ? sentence : `${sentence}\n${hint}`
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
  return toVisible(escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C'))
}
