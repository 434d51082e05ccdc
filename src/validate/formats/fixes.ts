import type { Style } from '../../lib/terminal/style.ts'
import { wrapWords } from '../../lib/terminal/width.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import type { FixedDiagnostic } from '../../registry/diagnostic.ts'

export interface FixesView {
  readonly style: Style
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined
  readonly toShownPath: (file: string) => string
}

/** Renders fixes by file, each with the values before and after. */
export function renderFixes(
  fixed: readonly FixedDiagnostic[],
  { style, width, toShownPath }: FixesView,
): string {
  const files = [...new Set(fixed.map(({ file }) => file))]
  const groups = files.map(file => {
    const own = fixed.filter(each => each.file === file)
    const title = style.underline(toVisibleLine(toShownPath(file)))
    return [title, ...own.map(each => renderFix(each, { style, width }))].join('\n')
  })
  return groups.length === 0 ? 'Nothing can be fixed automatically' : groups.join('\n\n')
}

function renderFix(
  { pointer, message, before, after }: FixedDiagnostic,
  { style, width }: Pick<FixesView, 'style' | 'width'>,
): string {
  const lines = [
    wrapWords(`  ${toVisibleLine(pointer)}: ${message}`, width),
    ...(before === null ? [] : [style.red(`  - ${toVisibleLine(before)}`)]),
    style.green(`  + ${toVisibleLine(after)}`),
  ]
  return lines.join('\n')
}
