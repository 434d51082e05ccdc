import type { DetectionChange, SyncReport, Timing } from '../detection/sync-report.ts'
import { paintStatus } from '../lib/terminal/status.ts'
import type { Style } from '../lib/terminal/style.ts'
import { renderTable, type TableColumn } from '../lib/terminal/table.ts'
import { renderCount } from '../lib/text/count.ts'
import { renderDuration } from '../lib/text/duration.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { renderPeers } from './peers.ts'
import { renderUpstreams } from './upstreams.ts'

export interface SyncReportView {
  readonly report: SyncReport
  /** Ids of the tools that were looked for, by category, in the order to show them. */
  readonly toolGroups: readonly { readonly category: string; readonly ids: readonly string[] }[]
  /** Whether the home's files hold it now. */
  readonly isWritten: boolean
  /** Whether nothing was ever detected in this home before. */
  readonly isFirst: boolean
}

interface RenderOptions {
  readonly style: Style
  readonly width: number | undefined
}

/** What is here, what changed, and where it is written. */
export async function renderSyncReport(view: SyncReportView, options: RenderOptions): Promise<string> {
  const { report } = view
  const parts = await Promise.all([
    renderTools(view, options),
    renderFrameworks(report, options),
    renderPeers(report, options.style),
    renderUpstreams(report, options),
    renderChanges(view, options),
    report.timings ? renderTimings(report.timings, options) : '',
  ])
  return [...parts.filter(part => part !== ''), renderSummary(view, options.style)].join('\n\n')
}

async function renderTools({ report, toolGroups }: SyncReportView, options: RenderOptions): Promise<string> {
  const { tools } = report.detections
  const rows = toolGroups.flatMap(({ category, ids }) =>
    ids.flatMap((id, index) => {
      const detected = tools[id]
      return detected ? [[index === 0 ? category : '', ...toCells(id, detected)]] : []
    }),
  )
  if (rows.length === 0) return ''
  return renderTable({ columns: [{ heading: 'tools' }, ...detectionColumns(options.style)], rows }, options)
}

async function renderFrameworks(report: SyncReport, options: RenderOptions): Promise<string> {
  const frameworks = Object.entries(report.detections.ml_frameworks)
  if (frameworks.length === 0) return ''
  const rows = frameworks.map(([id, detected]) => toCells(id, detected))
  const table = await renderTable({ columns: detectionColumns(options.style), rows }, options)
  return `${options.style.bold('ML frameworks')} ${renderInterpreter(frameworks, options.style)}\n${table}`
}

function renderInterpreter(frameworks: readonly [string, Detected][], style: Style): string {
  const known = frameworks
    .map(([, { details }]) => details)
    .find(details => details?.interpreter !== undefined)
  if (!known) return style.dim('no Python interpreter')
  return style.dim(
    toVisibleLine(`in ${known.interpreter} (Python ${known.python_version ?? 'of unknown version'})`),
  )
}

function detectionColumns(style: Style): TableColumn[] {
  return [
    { heading: 'id' },
    { heading: 'status', paint: text => paintStatus(text, style) },
    { heading: 'version' },
    { heading: 'where or why not', paint: text => style.dim(text) },
  ]
}

function toCells(id: string, { status, version, path, reason }: Detected): string[] {
  return [id, status, version ?? '–', (status === 'present' ? (path ?? reason) : reason) ?? '']
}

async function renderChanges({ report, isFirst }: SyncReportView, options: RenderOptions): Promise<string> {
  const { style } = options
  if (!hasLooked(report)) return ''
  if (isFirst) return style.dim('This is the first sync here: the next one says what has changed.')
  if (report.changes.length === 0) return style.dim('Nothing has changed since the last sync.')
  const columns: TableColumn[] = [
    { heading: 'changed' },
    { heading: '' },
    { heading: 'from' },
    { heading: 'to' },
  ]
  return renderTable({ columns, rows: report.changes.map(toChangeRow) }, options)
}

function toChangeRow({ ref, field, from, to }: DetectionChange): string[] {
  return [ref, field, from ?? '–', to ?? '–']
}

async function renderTimings(timings: readonly Timing[], options: RenderOptions): Promise<string> {
  const slowest = [...timings].sort((left, right) => right.duration_ms - left.duration_ms)
  const columns: TableColumn[] = [
    { heading: 'took', align: 'right' },
    { heading: 'ref' },
    { heading: 'probe' },
    { heading: 'answered by' },
  ]
  const rows = slowest.map(({ ref, probe, duration_ms, cached }) => {
    return [renderDuration(duration_ms), ref, probe, cached ? 'a cache' : 'a look']
  })
  return renderTable({ columns, rows }, options)
}

function renderSummary({ report, isWritten }: SyncReportView, style: Style): string {
  const { duration_ms, home } = report
  const all = detectionsIn(report)
  const present = all.filter(({ status }) => status === 'present').length
  const counted = `${style.bold(String(present))} of ${renderCount(all.length, 'entry', 'entries')} present, looked up`
  const where = isWritten ? 'written to' : 'nothing was written to'
  const done = all.length === 0 ? 'synced' : counted
  return `${done} in ${renderDuration(duration_ms)}\n${where} ${style.underline(toVisibleLine(home))}`
}

function hasLooked({ detections }: SyncReport): boolean {
  return Object.values(detections).some(found => Object.keys(found).length > 0)
}

function detectionsIn({ detections: { tools, ml_frameworks: frameworks } }: SyncReport): Detected[] {
  return [...Object.values(tools), ...Object.values(frameworks)]
}
