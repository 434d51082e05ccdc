import type { Style } from '../../lib/terminal/style.ts'
import { wrapWords } from '../../lib/terminal/width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { Diagnostic, Severity } from '../../registry/diagnostic.ts'
import { renderCodeFrame } from './code-frame.ts'
import type { DiagnosticsFormat, DiagnosticsView } from './format.ts'
import { renderSummary } from './summary.ts'

const indent = '  '
const widestFrame = 100

/** For people: grouped by file, errors with the lines that they are about, a sum at the end. */
export const renderPretty: DiagnosticsFormat = (report, view) => {
  const files = [...new Set(report.diagnostics.map(({ file }) => file))]
  const groups = files.map(file => {
    const own = report.diagnostics.filter(diagnostic => diagnostic.file === file)
    return renderFile(file, own, view)
  })
  return [...groups, wrapWords(renderSummary(report, view.style), view.width)].join('\n\n')
}

function renderFile(file: string, diagnostics: readonly Diagnostic[], view: DiagnosticsView): string {
  const { style, sources, toShownPath } = view
  const lines = sources.get(file)?.split(/\r\n|\n|\r/) ?? []
  const places = diagnostics.reduce((most, each) => Math.max(most, toPlace(each).length), 0)
  const title = style.underline(toVisibleLine(toShownPath(file)))
  const bodies = diagnostics.map(diagnostic => renderDiagnostic(diagnostic, { view, lines, places }))
  return [title, ...bodies].join('\n')
}

interface FileView {
  readonly view: DiagnosticsView
  readonly lines: readonly string[]
  /** Width of the column of lines and columns. */
  readonly places: number
}

function renderDiagnostic(diagnostic: Diagnostic, { view, lines, places }: FileView): string {
  const { style, width } = view
  const { severity, message, rule, hint } = diagnostic
  const head = [
    `${indent}${style.dim(toPlace(diagnostic).padEnd(places))}`,
    paintSeverity(severity, style),
    toVisibleLine(message),
    style.dim(rule),
  ].join(indent)
  const inner = ' '.repeat(indent.length * 2 + places)
  const frameWidth = Math.min(widestFrame, (width ?? widestFrame + 20) - inner.length - 12)
  const frame =
    severity === 'error' ? renderCodeFrame(lines, diagnostic, { style, width: Math.max(20, frameWidth) }) : []
  const advice = hint === null ? [] : [`${inner}${style.cyan('hint:')} ${toVisibleLine(hint)}`]
  const rest = [...frame.map(line => `${inner}${line}`), ...advice.map(line => wrapWords(line, width))]
  // What takes several lines is set apart, so that the eye finds the next one.
  return [
    ...(rest.length > 1 ? [''] : []),
    wrapWords(head, width, inner.length + 'warning'.length + indent.length),
    ...rest,
  ].join('\n')
}

function toPlace({ line, column }: Diagnostic): string {
  return `${line}:${column}`
}

function paintSeverity(severity: Severity, style: Style): string {
  const text = severity.padEnd('warning'.length)
  return severity === 'error' ? style.red(text) : style.yellow(text)
}
