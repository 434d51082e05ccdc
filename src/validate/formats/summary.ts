import type { Style } from '../../lib/terminal/style.ts'
import { renderCount } from '../../lib/text/format.ts'
import type { ValidationReport } from '../../registry/diagnostic.ts'

/** How many findings there are, in one line. */
export function renderSummary(report: ValidationReport, style: Style): string {
  const { errors, warnings, files, valid, diagnostics } = report
  if (errors + warnings === 0) {
    return `${style.green('✔')} ${renderCount(files.length, 'file is valid', 'files are valid')}`
  }
  const counts = [
    errors > 0 ? renderCount(errors, 'error') : '',
    warnings > 0 ? renderCount(warnings, 'warning') : '',
  ].filter(text => text !== '')
  const sign = valid ? style.yellow('⚠') : style.red('✖')
  const faultyFiles = new Set(diagnostics.map(({ file }) => file)).size
  return `${sign} ${counts.join(' and ')} in ${faultyFiles} of ${renderCount(files.length, 'file')}`
}
