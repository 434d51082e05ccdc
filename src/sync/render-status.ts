import { paintStatus } from '../lib/terminal/style.ts'
import { renderTable, type TableColumn, type TableOptions } from '../lib/terminal/table.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { formatAge, formatSpan, renderCount, renderDuration } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { describeData, describeOldData, oldDataHint } from '../registry/data-age.ts'
import { describeElsewhere } from './daemon-claim.ts'
import type { HomeStatus, RegistrySyncStatus } from './status.ts'

/** Renders how fresh the registries are, their errors, the daemon, and what to do. */
export async function renderHomeStatus(status: HomeStatus, options: TableOptions): Promise<string> {
  const { style } = options
  const now = Date.parse(status.checked_at)
  const columns = statusColumns.filter(column => isShown(column, status.registries, options.width))
  const rows = status.registries.map(registry => columns.map(({ toCell }) => toCell(registry, now)))
  const table = await renderTable(
    { columns: columns.map(column => toColumn(column, options)), rows },
    options,
  )
  const problems = status.registries.flatMap(registry =>
    listProblems(registry, now).map(text => `${registry.registry}: ${text}`),
  )
  const oldData = status.data.filter(({ is_old: isOld }) => isOld)
  const texts = [
    [
      ...problems.map(line => `${style.red('✗')} ${toVisibleLine(line)}`),
      ...oldData.map(age => `${style.yellow('!')} ${toVisibleLine(describeOldData(age))}`),
    ].join('\n'),
    [describeDaemon(status, now), describeCache(status), ...status.data.map(describeData)].join('\n'),
    describeHints(status)
      .map(hint => `${style.cyan('hint:')} ${hint}`)
      .join('\n'),
  ]
  return [table, ...texts.map(text => wrapWords(text, options.width))]
    .filter(part => part !== '')
    .join('\n\n')
}

interface StatusColumn {
  readonly heading: string
  readonly align?: TableColumn['align']
  readonly toCell: (registry: RegistrySyncStatus, now: number) => string
  /** Narrowest terminal that shows it, in columns. */
  readonly least?: number
  /** Whether it has a value for a registry; a column without values is left out. */
  readonly hasValue?: (registry: RegistrySyncStatus) => boolean
  readonly paint?: 'status' | 'dim'
}

const statusColumns: readonly StatusColumn[] = [
  { heading: 'registry', toCell: ({ registry }) => registry },
  { heading: 'status', toCell: ({ freshness }) => freshness, paint: 'status' },
  {
    heading: 'synced',
    toCell: ({ last_success: success }, now) =>
      success === null ? '–' : formatAge(now - Date.parse(success)),
    hasValue: ({ last_success: success }) => success !== null,
  },
  { heading: 'entries', align: 'right', toCell: renderEntryCount, least: 56 },
  {
    heading: 'failures',
    align: 'right',
    toCell: ({ consecutive_failures: failures }) => String(failures),
    least: 48,
    hasValue: ({ consecutive_failures: failures }) => failures > 0,
  },
  {
    heading: 'next',
    toCell: ({ next_attempt: next }, now) => (next === null ? '–' : renderAhead(Date.parse(next) - now)),
    least: 60,
    hasValue: ({ next_attempt: next }) => next !== null,
  },
  {
    heading: 'from cache',
    align: 'right',
    toCell: renderHits,
    least: 100,
    hasValue: ({ cache_hits: hits, cache_misses: misses }) => hits + misses > 0,
  },
  { heading: 'source', toCell: renderSource, least: 72, paint: 'dim' },
]

function isShown(
  { least = 0, hasValue }: StatusColumn,
  registries: readonly RegistrySyncStatus[],
  width: number | undefined,
): boolean {
  return (width ?? least) >= least && (hasValue === undefined || registries.some(hasValue))
}

function toColumn({ heading, align = 'left', paint }: StatusColumn, { style }: TableOptions): TableColumn {
  if (paint === undefined) return { heading, align }
  return { heading, align, paint: paint === 'dim' ? style.dim : text => paintStatus(text, style) }
}

export function renderEntryCount({ entries, entries_count_expected: expected }: RegistrySyncStatus): string {
  return expected === null || expected === entries ? String(entries) : `${entries} of ${expected}`
}

function renderSource({ source, url }: RegistrySyncStatus): string {
  return url ?? (source === 'detection' ? 'this machine' : 'the file itself')
}

export function renderAhead(ms: number): string {
  return ms <= 0 ? 'now' : `in ${renderDuration(Math.max(1000, ms))}`
}

function renderHits({ cache_hits: hits, cache_misses: misses }: RegistrySyncStatus): string {
  return hits + misses === 0 ? '–' : `${hits} of ${hits + misses}`
}

/** What is wrong with a registry: its error, and its broken entries. */
export function listProblems(
  { error, broken, last_attempt: lastAttempt }: RegistrySyncStatus,
  now: number,
): string[] {
  const tried = lastAttempt === null ? '' : `, tried ${formatAge(now - Date.parse(lastAttempt))}`
  return [
    ...(error === null ? [] : [`${error}${tried}`]),
    ...(broken.length === 0
      ? []
      : [`${renderCount(broken.length, 'entry is', 'entries are')} broken and left out`]),
  ]
}

export function describeDaemon({ daemon }: HomeStatus, now: number): string {
  if (daemon === null) return 'no daemon keeps this home in sync'
  if (daemon.lease_renewed_at !== undefined) return toVisibleLine(describeElsewhere(daemon, now))
  const span = formatSpan(now - Date.parse(daemon.since))
  return span === undefined
    ? `process ${daemon.pid} has just begun to keep this home in sync`
    : `process ${daemon.pid} has kept this home in sync for ${span}`
}

function describeCache({ cache: { hits, misses, hit_rate: rate } }: HomeStatus): string {
  if (rate === null) return 'no polls of upstreams were counted yet'
  const polls = renderCount(hits + misses, 'poll of an upstream', 'polls of upstreams')
  return `${(rate * 100).toFixed(1)} % of ${polls} found what is here still right`
}

const forcedHint = 'nexus-registry sync --force tries now, without waiting'

export function describeHints({ daemon, registries, data }: HomeStatus): string[] {
  const isAny = (...wanted: readonly RegistrySyncStatus['freshness'][]) =>
    registries.some(({ freshness }) => wanted.includes(freshness))
  const isUnread = registries.some(({ error, last_attempt: tried }) => error !== null && tried === null)
  const isBroken = isUnread || isAny('missing') || registries.some(({ broken }) => broken.length > 0)
  const old = registries.filter(({ freshness }) => ['stale', 'failed', 'never synced'].includes(freshness))
  const isOld = old.length > 0
  const isHeldOff = old.every(({ not_before: time }) => time !== null)
  return [
    ...(isBroken ? ['nexus-registry validate shows the errors in the files'] : []),
    ...(isOld ? [isHeldOff ? forcedHint : 'nexus-registry sync tries now'] : []),
    ...(isOld && daemon === null ? ['nexus-registry sync --watch goes on trying'] : []),
    ...(data.some(({ is_old: isOldData }) => isOldData) ? [oldDataHint] : []),
  ]
}
