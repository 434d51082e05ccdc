import type { Style } from '../lib/terminal/style.ts'
import type { TableOptions } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/wrap-words.ts'
import { toVisible } from '../lib/text/visible.ts'
import type { HealthFinding, HealthReport } from '../sync/health.ts'

/** What `doctor` found, a line each, under the names of the checks. */
export function renderHealth({ findings }: HealthReport, { style, width }: TableOptions): string {
  const names = [...new Set(findings.map(({ check }) => check))]
  const sections = names.map(name => {
    const own = findings.filter(({ check }) => check === name)
    return [style.bold(name), ...own.flatMap(finding => renderFinding(finding, style))].join('\n')
  })
  return wrapWords(sections.join('\n\n'), width)
}

function renderFinding({ status, message, hint }: HealthFinding, style: Style): string[] {
  const line = `  ${toSign(status, style)} ${indent(toVisible(message))}`
  return hint === null ? [line] : [line, `    ${style.dim(indent(toVisible(hint)))}`]
}

function indent(text: string): string {
  return text.replaceAll('\n', '\n    ')
}

function toSign(status: HealthFinding['status'], style: Style): string {
  switch (status) {
    case 'ok':
      return style.green('✓')
    case 'note':
      return style.dim('·')
    case 'warning':
      return style.yellow('!')
    case 'error':
      return style.red('✗')
  }
}
