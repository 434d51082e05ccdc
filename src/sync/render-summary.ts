import type { DetectionChange, SyncReport } from '../detection/report.ts'
import { paintSign, type StateSign, type SummaryOptions } from '../lib/terminal/signs.ts'
import { narrowColumns } from '../lib/terminal/table.ts'
import { cutText, textWidth, wrapWords } from '../lib/terminal/width.ts'
import { formatAge, renderCount, renderDuration } from '../lib/text/format.ts'
import { toShortPath } from '../lib/text/short-path.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { Problem, ReadinessOverview } from '../readiness/readiness.ts'
import { parseRef } from '../registry/refs.ts'
import type { Detected } from '../registry/schema/detected.ts'
import { describeTargets, describeUpstreamChanges, type SyncReportView } from './render-report.ts'

/** What a sync found, as people want to know it: what changed, what is broken with its fix, what is here. */
export interface SyncSummaryView extends Pick<SyncReportView, 'report' | 'toolGroups' | 'isFirst'> {
  readonly overview: Pick<ReadinessOverview, 'problems' | 'retiring'>
  /** How many models can be called now. */
  readonly callable: number
  /** Name of this machine. */
  readonly machine: string
  /** When something was detected here last, before this sync; milliseconds since 1970. */
  readonly lastSync: number | undefined
  /** Now, milliseconds since 1970. */
  readonly now: number
  readonly userHome: string | undefined
}

interface Place extends SummaryOptions {
  /** Columns between an id and what is said of it. */
  readonly idWidth: number
  /** Whether what is said of a thing stands in lines of its own. */
  readonly isNarrow: boolean
  readonly toPath: (path: string) => string
}

/** Renders a sync for a terminal. Where nothing has changed it is three lines. */
export function renderSyncSummary(view: SyncSummaryView, options: SummaryOptions): string {
  const { report, overview, isFirst } = view
  const isNew = isFirst || report.changes.length > 0 || hasUpstreamChanges(report)
  const isNarrow = (options.width ?? Number.POSITIVE_INFINITY) < narrowColumns
  const toPath = (path: string) => toShortPath(path, view.userHome)
  const place = { ...options, idWidth: toIdWidth(view), isNarrow, toPath }
  const headline = wrap(options.style.bold(describeMachine(view)), place)
  if (!isNew) return [headline, ...renderUnchanged(view)].map(line => wrap(line, place)).join('\n')
  const sections = [
    [headline],
    renderChanges(view, place),
    renderProblems(overview.problems, place),
    renderPresent(view, place),
    renderRest(view, place),
    renderEnd(view, place),
  ]
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')
}

function hasUpstreamChanges({ registries }: SyncReport): boolean {
  return Object.values(registries).some(
    ({ upstream }) =>
      upstream !== undefined &&
      (upstream.error !== null ||
        [upstream.created, upstream.updated, upstream.removed].some(ids => ids.length > 0)),
  )
}

/** The widest id that shares a line with what is said of it. */
const mostIdWidth = 24

function toIdWidth({ report, overview, isFirst }: SyncSummaryView): number {
  const { tools, ml_frameworks: frameworks } = report.detections
  const ids = [
    ...[...Object.entries(tools), ...Object.entries(frameworks)]
      .filter(([, { status }]) => status === 'present')
      .map(([id]) => id),
    ...(isFirst ? [] : report.changes.map(({ ref }) => toId(ref))),
    ...overview.problems.map(({ ref }) => toId(ref)),
  ]
  return Math.min(mostIdWidth, Math.max(8, ...ids.map(id => textWidth(toVisibleLine(id)))))
}

function toId(ref: string): string {
  return parseRef(ref)?.id ?? ref
}

/** `forge: 17 models can be called, 2 things are broken`. */
function describeMachine({ machine, callable, overview: { problems } }: SyncSummaryView): string {
  const models =
    callable === 0 ? 'no model can be called yet' : `${renderCount(callable, 'model')} can be called`
  const broken =
    problems.length === 0
      ? ''
      : `, ${renderCount(problems.length, 'thing is', 'things are')} broken (${listIds(problems.map(({ ref }) => ref))})`
  return toVisibleLine(`${machine}: ${models}${broken}`)
}

const mostIds = 3

function listIds(refs: readonly string[]): string {
  const more = refs.length > mostIds ? `, +${refs.length - mostIds}` : ''
  return `${refs.slice(0, mostIds).map(toId).join(', ')}${more}`
}

function renderUnchanged({ report, lastSync, now, overview }: SyncSummaryView): string[] {
  const since = lastSync === undefined ? '' : ` since ${formatAge(now - lastSync)}`
  const next =
    overview.problems.length > 0
      ? 'why, and how to fix it: nexus-registry explain'
      : 'everything: nexus-registry sync --all'
  return [`nothing has changed${since}; ${describeCounts(report)}`, next]
}

function describeCounts({ detections, duration_ms: duration }: SyncReport): string {
  const found = [...Object.values(detections.tools), ...Object.values(detections.ml_frameworks)]
  if (found.length === 0) return `synced in ${renderDuration(duration)}`
  const here = found.filter(({ status }) => status === 'present').length
  return `${here} of ${found.length} here, checked in ${renderDuration(duration)}`
}

function renderChanges({ report, isFirst, lastSync, now }: SyncSummaryView, place: Place): string[] {
  if (isFirst) return []
  const byRef = new Map<string, DetectionChange[]>()
  for (const change of report.changes) byRef.set(change.ref, [...(byRef.get(change.ref) ?? []), change])
  const lines = [
    ...[...byRef].flatMap(([ref, changes]) => renderChange(ref, changes, report, place)),
    ...describeUpstreamChanges(report).map(({ name, text, isError }) =>
      renderLine({ sign: isError ? 'bad' : 'up', id: name, text }, place),
    ),
  ]
  if (lines.length === 0) return []
  const since = lastSync === undefined ? '' : ` since ${formatAge(now - lastSync)}`
  return [place.style.bold(`changed${since}`), ...lines]
}

function renderChange(
  ref: string,
  changes: readonly DetectionChange[],
  { detections }: SyncReport,
  place: Place,
): string[] {
  const status = changes.find(({ field }) => field === 'status')
  const version = changes.find(({ field }) => field === 'version')
  const path = changes.find(({ field }) => field === 'path')
  const id = toId(ref)
  if (status) return [renderLine({ id, ...describeStatus(ref, status, detections) }, place)]
  if (version) {
    const text = `${version.from ?? 'no version'} ${place.signs.arrow} ${version.to ?? 'no version'}`
    return [renderLine({ sign: 'up', id, text }, place)]
  }
  if (path === undefined) return []
  const [from, to] = [path.from, path.to].map(each => (each === null ? 'nowhere' : place.toPath(each)))
  return [renderLine({ sign: 'up', id, text: `${from} ${place.signs.arrow} ${to}` }, place)]
}

function describeStatus(
  ref: string,
  { from, to }: DetectionChange,
  detections: SyncReport['detections'],
): { readonly sign: StateSign; readonly text: string } {
  const detected = findDetected(ref, detections)
  const why = detected?.reason ? `: ${detected.reason}` : ''
  switch (to) {
    case 'present':
      return { sign: 'good', text: from === 'broken' ? 'works again' : `is here${describeVersion(detected)}` }
    case 'broken':
      return { sign: 'bad', text: `${from === 'present' ? 'worked, and is broken now' : 'is broken'}${why}` }
    case 'absent':
      return {
        sign: from === 'present' ? 'bad' : 'none',
        text: `${from === 'present' ? 'was here, and is gone' : 'is not here'}${why}`,
      }
    case 'up':
    case 'configured':
      return { sign: 'good', text: to === 'up' ? 'is up' : 'has a credential' }
    case 'down':
    case 'unconfigured':
      return { sign: 'down', text: to === 'down' ? `is down${why}` : 'has no credential any more' }
    default:
      return { sign: 'warn', text: `is ${to ?? 'unknown'}${why}` }
  }
}

function describeVersion(detected: Detected | undefined): string {
  return detected?.version ? `, ${detected.version}` : ''
}

function findDetected(ref: string, detections: SyncReport['detections']): Detected | undefined {
  const parsed = parseRef(ref)
  if (parsed?.registry !== 'tools' && parsed?.registry !== 'ml_frameworks') return undefined
  const found = detections[parsed.registry]
  return Object.hasOwn(found, parsed.id) ? found[parsed.id] : undefined
}

/** What is broken, and below it the command that fixes it: whole, so that it can be copied. */
function renderProblems(problems: readonly Problem[], place: Place): string[] {
  if (problems.length === 0) return []
  const indent = place.isNarrow ? '' : '    '
  const lines = problems.flatMap(({ ref, reason, fix, blocks }) => {
    const blocked = blocks.length === 0 ? '' : ` (blocks ${listIds(blocks)})`
    const how = fix.command === null ? fix.text : `$ ${fix.command}`
    const text = toVisibleLine(how)
    return [
      renderLine({ sign: 'bad', id: toId(ref), text: `${reason}${blocked}` }, place),
      fix.command === null ? wrap(`${indent || '  '}${text}`, place) : `${indent}${place.style.cyan(text)}`,
    ]
  })
  return [place.style.bold('broken'), ...lines]
}

/** What is here: by category, its version and where it is. */
function renderPresent({ report, toolGroups }: SyncSummaryView, place: Place): string[] {
  const { tools, ml_frameworks: frameworks } = report.detections
  const groups = [
    ...toolGroups.map(({ category, ids }) => ({
      category,
      found: ids.flatMap(id => (Object.hasOwn(tools, id) && tools[id] ? [[id, tools[id]] as const] : [])),
    })),
    { category: 'ML frameworks', found: Object.entries(frameworks) },
  ]
  const lines = groups.flatMap(({ category, found }) => {
    const here = found.filter(([, { status }]) => status === 'present')
    return here.map(([id, detected], index) => renderThing(id, detected, index === 0 ? category : '', place))
  })
  return lines.length === 0 ? [] : [place.style.bold('here'), ...lines]
}

const categoryWidth = 13
const versionWidth = 12

function renderThing(
  id: string,
  { version, path, reason }: Detected,
  category: string,
  place: Place,
): string {
  const { style, idWidth, isNarrow, toPath } = place
  const shown = toVisibleLine(version ?? '')
  const name = style.bold(pad(toVisibleLine(id), idWidth))
  if (isNarrow) return `${name} ${shown}`.trimEnd()
  const where = toVisibleLine(path === null ? (reason ?? '') : toPath(path))
  const line = `  ${style.dim(pad(toVisibleLine(category), categoryWidth))} ${name} ${pad(shown, versionWidth)}`
  const room = (place.width ?? Number.POSITIVE_INFINITY) - (2 + categoryWidth + idWidth + versionWidth + 4)
  const cut = Number.isFinite(room) ? cutText(where, Math.max(8, room), place.signs.ellipsis) : where
  return `${line} ${style.dim(cut)}`.trimEnd()
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)))
}

/** What is neither broken nor here, each kind in one line. */
function renderRest({ report, overview, now }: SyncSummaryView, place: Place): string[] {
  const { tools, ml_frameworks: frameworks } = report.detections
  const all = [...Object.entries(tools), ...Object.entries(frameworks)]
  const idsOf = (wanted: Detected['status']) =>
    all.filter(([, { status }]) => status === wanted).map(([id]) => id)
  const [absent, unknown] = [idsOf('absent'), idsOf('unknown')]
  const { signs, style } = place
  const lines = [
    ...(unknown.length === 0
      ? []
      : [`${style.yellow('?')} ${unknown.length} unknown: ${unknown.join(', ')}`]),
    ...(absent.length === 0
      ? []
      : [`${style.dim(signs.none)} ${absent.length} not here: ${absent.map(toVisibleLine).join(', ')}`]),
    ...describeTargets(report, style),
    ...listRetirements(overview.retiring, now).map(text => `${style.yellow(signs.warn)} ${text}`),
  ]
  return lines.map(line => wrap(line, place))
}

function listRetirements(retiring: SyncSummaryView['overview']['retiring'], now: number): string[] {
  const byDay = new Map<string, string[]>()
  for (const { ref, retires_on: day } of retiring) byDay.set(day, [...(byDay.get(day) ?? []), ref])
  return [...byDay].map(([day, refs]) => {
    const days = Math.max(0, Math.ceil((Date.parse(`${day}T00:00:00Z`) - now) / 86_400_000))
    const count = renderCount(refs.length, 'model retires', 'models retire')
    return toVisibleLine(`${count} on ${day}, in ${renderCount(days, 'day')}: ${listIds(refs)}`)
  })
}

function renderEnd({ report, isFirst, callable }: SyncSummaryView, place: Place): string[] {
  const first = isFirst ? ['This is the first sync here: the next one says what has changed.'] : []
  const home = toVisibleLine(place.toPath(report.home))
  const ways =
    callable > 0
      ? []
      : ['To call a model, set the key of a provider or start a local runtime: nexus-registry list providers']
  return [
    ...first,
    ...ways,
    `${describeCounts(report)}, written to ${home}`,
    place.style.dim('more: nexus-registry explain, nexus-registry sync --all'),
  ].map(line => wrap(line, place))
}

interface Line {
  readonly sign: StateSign
  readonly id: string
  readonly text: string
}

/** `  ✗ vllm   its import fails`; on a narrow terminal the text stands below the id where it does not fit beside it. */
function renderLine({ sign, id, text }: Line, place: Place): string {
  const { style, idWidth, isNarrow, width } = place
  const [name, said] = [toVisibleLine(id), toVisibleLine(text)]
  const mark = paintSign(sign, place)
  const indent = isNarrow ? '' : '  '
  const start = `${indent}${mark} ${style.bold(pad(name, idWidth))} `
  const hang = indent.length + 2 + idWidth + 1
  if (width === undefined || !isNarrow || hang + textWidth(said) <= width)
    return wrapWords(`${start}${said}`, width, hang)
  return `${mark} ${style.bold(name)}\n${wrapWords(`  ${said}`, width, 2)}`
}

function wrap(line: string, { width }: Place): string {
  return wrapWords(line, width)
}
