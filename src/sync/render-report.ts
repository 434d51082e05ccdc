import type {
  DetectionChange,
  RegistryStatus,
  SyncReport,
  Timing,
  UpstreamReport,
} from '../detection/report.ts'
import { paintStatus, type Style } from '../lib/terminal/style.ts'
import { renderTable, type TableColumn } from '../lib/terminal/table.ts'
import { renderCount, renderDuration } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { hostedDetectionOf, localDetectionOf } from '../registry/provider-detection.ts'
import type { Detected, LocalDetected, ProviderDetected } from '../registry/schema/detected.ts'
import { entriesOf, type Snapshot } from '../registry/snapshot.ts'
import { toVocabulary } from '../registry/vocabulary.ts'

export interface SyncReportView {
  readonly report: SyncReport
  /** Ids of the tools that were looked for, by category, in the order to show them. */
  readonly toolGroups: readonly { readonly category: string; readonly ids: readonly string[] }[]
  /** Whether it was written into the files of the home. */
  readonly isWritten: boolean
  /** Whether nothing was detected in this home before. */
  readonly isFirst: boolean
}

interface RenderOptions {
  readonly style: Style
  readonly width: number | undefined
}

/** Renders what was found, what changed, and where it was written. */
export async function renderSyncReport(view: SyncReportView, options: RenderOptions): Promise<string> {
  const { report } = view
  const parts = await Promise.all([
    renderTools(view, options),
    renderFrameworks(report, options),
    describeTargets(report, options.style).join('\n'),
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
  if (!hasDetected(report)) return ''
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
    return [renderDuration(duration_ms), ref, probe, cached ? 'a cache' : 'a probe']
  })
  return renderTable({ columns, rows }, options)
}

function renderSummary({ report, isWritten }: SyncReportView, style: Style): string {
  const { duration_ms, home } = report
  const all = detectionsIn(report)
  const present = all.filter(({ status }) => status === 'present').length
  const counted = `${style.bold(String(present))} of ${renderCount(all.length, 'entry', 'entries')} present, checked`
  const where = isWritten ? 'written to' : 'nothing was written to'
  const done = all.length === 0 ? 'synced' : counted
  return `${done} in ${renderDuration(duration_ms)}\n${where} ${style.underline(toVisibleLine(home))}`
}

function hasDetected({ detections }: SyncReport): boolean {
  return Object.values(detections).some(found => Object.keys(found).length > 0)
}

function detectionsIn({ detections: { tools, ml_frameworks: frameworks } }: SyncReport): Detected[] {
  return [...Object.values(tools), ...Object.values(frameworks)]
}

type Findings = Pick<SyncReport, 'detections'>

/** Most names of one status: `list` shows all. */
const mostNames = 8

/** Which services are up, which providers can be used and which runtimes are up, a line each; none when none were probed. */
export function describeTargets({ detections }: Findings, style: Style): string[] {
  return [
    renderServices(detections, style),
    renderProviders(detections, style),
    renderRuntimes(detections, style),
  ].filter(line => line !== '')
}

function renderServices({ microservices }: Findings['detections'], style: Style): string {
  const all = Object.entries(microservices)
  if (all.length === 0) return ''
  // A service that was never up here is no problem: this machine may have no platform.
  const seen = all.filter(
    ([, { status, last_up_at: lastUpAt }]) => status !== 'down' || lastUpAt !== undefined,
  )
  const idsOf = (wanted: string) => seen.filter(([, { status }]) => status === wanted).map(([id]) => id)
  const [up, down, unknown] = [idsOf('up'), idsOf('down'), idsOf('unknown')]
  if (seen.length === 0) return style.dim(`${renderCount(all.length, 'service')} of the platform not set up`)
  const counted = `${style.bold(String(up.length))} of ${renderCount(all.length, 'service')} up`
  return [
    `${counted}${listNames(up, style.green)}`,
    ...(down.length > 0 ? [`${down.length} down${listNames(down, style.red)}`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown${listNames(unknown, style.yellow)}`] : []),
  ].join('; ')
}

function renderProviders({ providers }: Findings['detections'], style: Style): string {
  const all = Object.entries(providers).flatMap(([id, detected]): [string, ProviderDetected][] => {
    const hosted = hostedDetectionOf({ detected })
    return hosted ? [[id, hosted]] : []
  })
  if (all.length === 0) return ''
  const configured = all.filter(([, { status }]) => status === 'configured').map(([id]) => id)
  const queried = all.filter(([, { reachable }]) => reachable !== null)
  const silent = queried.filter(([, { reachable }]) => reachable === false).map(([id]) => id)
  const counted = `${style.bold(String(configured.length))} of ${renderCount(all.length, 'provider')} configured`
  return [
    `${counted}${listNames(configured, style.green)}`,
    ...(queried.length > 0
      ? [`${queried.length - silent.length} of ${queried.length} queried are reachable`]
      : []),
    ...(silent.length > 0 ? [`not reachable${listNames(silent, style.red)}`] : []),
  ].join('; ')
}

/** Local runtimes that are up or were so before, with the number of their models. */
function renderRuntimes({ providers }: Findings['detections'], style: Style): string {
  const all = Object.entries(providers).flatMap(([id, detected]): [string, LocalDetected][] => {
    const local = localDetectionOf({ detected })
    return local ? [[id, local]] : []
  })
  if (all.length === 0) return ''
  const namesOf = (isWanted: (detected: LocalDetected) => boolean) =>
    all
      .filter(([, detected]) => isWanted(detected))
      .map(([id, { status, models }]) =>
        status === 'up' ? `${id}: ${renderCount(models.length, 'model')}` : id,
      )
  const up = namesOf(({ status }) => status === 'up')
  const down = namesOf(({ status, last_up_at: lastUpAt }) => status === 'down' && lastUpAt !== undefined)
  const unknown = namesOf(({ status }) => status === 'unknown')
  if (up.length + down.length + unknown.length === 0)
    return style.dim(`no local runtime up, of ${all.length} that are known`)
  const counted = `${style.bold(String(up.length))} of ${renderCount(all.length, 'local runtime')} up`
  return [
    `${counted}${listNames(up, style.green)}`,
    ...(down.length > 0 ? [`${down.length} down${listNames(down, style.red)}`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown${listNames(unknown, style.yellow)}`] : []),
  ].join('; ')
}

function listNames(ids: readonly string[], paint: (text: string) => string): string {
  if (ids.length === 0) return ''
  const more = ids.length > mostNames ? ` and ${ids.length - mostNames} more` : ''
  const names = ids.slice(0, mostNames).map(id => paint(toVisibleLine(id)))
  return ` (${names.join(', ')}${more})`
}

/** The polls of a sync, a line for each upstream; empty when none was polled. */
async function renderUpstreams(
  { registries }: Pick<SyncReport, 'registries'>,
  options: { readonly style: Style; readonly width: number | undefined },
): Promise<string> {
  const rows = Object.entries(registries).flatMap(([name, status]) =>
    status.upstream ? [[name, ...toUpstreamCells(status, status.upstream)]] : [],
  )
  if (rows.length === 0) return ''
  const { style } = options
  const columns = [
    { heading: 'upstream' },
    { heading: 'status', paint: (text: string) => paintStatus(text, style) },
    { heading: 'entries' },
    { heading: 'changed' },
    { heading: 'where or why not', paint: (text: string) => style.dim(text) },
  ]
  return renderTable({ columns, rows }, options)
}

interface UpstreamChange {
  readonly name: string
  readonly text: string
  readonly isError: boolean
}

/** What the polls of a sync changed or why they failed, a sentence for each registry that has one. */
export function describeUpstreamChanges({ registries }: Pick<SyncReport, 'registries'>): UpstreamChange[] {
  return Object.entries(registries).flatMap(([name, { upstream }]): UpstreamChange[] => {
    if (upstream === undefined) return []
    if (upstream.error !== null) return [{ name, text: upstream.error, isError: true }]
    const difference = toDifference(upstream)
    return difference === '–' ? [] : [{ name, text: `${difference}, from ${upstream.url}`, isError: false }]
  })
}

function toUpstreamCells({ status, entries }: RegistryStatus, upstream: UpstreamReport): string[] {
  return [status, String(entries), toDifference(upstream), upstream.error ?? upstream.url]
}

function toDifference({ created, updated, removed, quarantined }: UpstreamReport): string {
  const parts = [
    [created, 'new'],
    [updated, 'changed'],
    [removed, 'gone'],
    [quarantined, 'broken'],
  ] as const
  return parts.flatMap(([ids, word]) => (ids.length > 0 ? [`${ids.length} ${word}`] : [])).join(', ') || '–'
}

/** A sync report with what only people see. `snapshot` is from before the sync. */
export function toSyncView(report: SyncReport, snapshot: Snapshot) {
  const tools = entriesOf(snapshot, 'tools')
  const known = [...Object.values(tools), ...Object.values(entriesOf(snapshot, 'ml_frameworks'))]
  const ids = Object.keys(report.detections.tools)
  const { categories } = toVocabulary(snapshot.registries.hyper.content?.sub_registries)
  const used = ids.flatMap(id => tools[id]?.category ?? [])
  const groups = [...new Set([...categories, ...used]), undefined].map(category => ({
    category: category ?? 'other',
    ids: ids.filter(id => tools[id]?.category === category),
  }))
  return { report, toolGroups: groups, isFirst: known.every(({ detected }) => detected === undefined) }
}
