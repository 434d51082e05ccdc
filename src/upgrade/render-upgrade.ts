import { renderTable, type TableOptions } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { hasNews, type UpgradeReport } from './upgrade-report.ts'

/** Renders what an upgrade changes, and what it leaves. */
export async function renderUpgrade(report: UpgradeReport, options: TableOptions): Promise<string> {
  const { created, updated, conflicts, kept, skipped } = report
  const lists = [
    renderRefs(`Adds ${renderCount(created.length, 'entry', 'entries')}`, created, options),
    await renderRows(
      `Updates ${renderCount(updated.length, 'entry', 'entries')}`,
      ['entry', 'fields'],
      updated.map(({ ref, fields }) => [ref, fields.join(', ')]),
      options,
    ),
    await renderRows(
      `${renderCount(conflicts.length, 'conflict')}: changed by you and by the program; yours stays`,
      ['entry', 'field', 'yours', 'shipped'],
      conflicts.map(({ ref, field, yours, shipped }) => [ref, field, toShort(yours), toShort(shipped)]),
      options,
    ),
    ...[...new Set(kept.map(({ reason }) => reason))].map(reason => {
      const refs = kept.filter(each => each.reason === reason).map(({ ref }) => ref)
      const title = `Leaves ${renderCount(refs.length, 'entry', 'entries')} (${toVisibleLine(reason)})`
      return renderRefs(title, refs, options)
    }),
    ...skipped.map(({ registry, reason }) =>
      wrapWords(toVisibleLine(`Leaves the registry ${registry}: ${reason}`), options.width),
    ),
  ]
  return [renderHead(report, options), ...lists].filter(part => part !== '').join('\n\n')
}

function renderHead(report: UpgradeReport, { width }: TableOptions): string {
  const { from, to, base } = report
  if (from === null) return 'Nothing to upgrade: this home was not made from shipped files'
  const versions = from === to ? to : `${from} → ${to}`
  const head = hasNews(report)
    ? `Shipped data ${versions}`
    : `Nothing to upgrade: the home has the data of ${to}`
  const how = 'the home does not say what it was made from: its entries are most like these'
  return wrapWords(base === 'recorded' ? head : `${head} (${how})`, width)
}

function renderRefs(title: string, refs: readonly string[], { style, width }: TableOptions): string {
  if (refs.length === 0) return ''
  return `${style.bold(title)}\n${wrapWords(`  ${refs.map(toVisibleLine).join(', ')}`, width, 2)}`
}

async function renderRows(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions,
): Promise<string> {
  if (rows.length === 0) return ''
  const columns = headings.map(heading => ({ heading }))
  return `${options.style.bold(title)}\n${await renderTable({ columns, rows: rows.map(row => [...row]) }, options)}`
}

function toShort(value: unknown): string {
  const text = value === null ? '–' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
