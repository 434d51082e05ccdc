import { paintSign, type SummaryOptions } from '../lib/terminal/signs.ts'
import { wrapWords } from '../lib/terminal/width.ts'
import { formatAge, renderCount } from '../lib/text/format.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import { describeData, describeOldData } from '../registry/data-age.ts'
import {
  describeDaemon,
  describeHints,
  listProblems,
  renderAhead,
  renderEntryCount,
} from './render-status.ts'
import { type HomeStatus, isUnwell, type RegistrySyncStatus } from './status.ts'

/** How fresh a home is, for a terminal: the verdict first, then what differs, then where the rest comes from. */
export function renderStatusSummary(status: HomeStatus, options: SummaryOptions): string {
  const { style, width } = options
  const now = Date.parse(status.checked_at)
  const { registries, daemon, data } = status
  const mark = (level: Level) => paintSign(level, options)
  const troubled = registries.filter(each => needsAttention(each) && !isOnlyStale(each))
  const stale = registries.filter(isOnlyStale).map(({ registry }) => registry)
  const sections = [
    [`${mark(toLevel(registries))} ${style.bold(toVerdict(registries))}${describeLastSync(registries, now)}`],
    [
      ...troubled.map(
        each =>
          `${mark(toLevel([each]))} ${style.bold(each.registry)} ${toVisibleLine(describeTrouble(each, now))}`,
      ),
      ...(stale.length === 0 ? [] : [`${mark('warn')} stale ${stale.join(', ')}`]),
    ],
    [
      ...data
        .filter(({ is_old: isOld }) => isOld)
        .map(age => `${mark('warn')} ${toVisibleLine(describeOldData(age))}`),
    ],
    listSources(registries).map(({ label, text }) => `  ${style.dim(label)}  ${text}`),
    [
      `${describeDaemon(status, now)}${daemon === null ? '' : describeNext(registries, now)}`,
      ...data.map(describeData),
    ],
    describeHints(status).map(hint => `${style.cyan('hint:')} ${hint}`),
  ]
  return sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.map(line => wrapWords(line, width)).join('\n'))
    .join('\n\n')
}

type Level = 'good' | 'warn' | 'bad'

/** A registry that is old does what it did: it is no error. */
function toLevel(registries: readonly RegistrySyncStatus[]): Level {
  const isBroken = ({ freshness, broken }: RegistrySyncStatus) =>
    freshness === 'missing' || freshness === 'failed' || broken.length > 0
  if (registries.some(isBroken)) return 'bad'
  return registries.every(({ freshness }) => freshness === 'fresh') ? 'good' : 'warn'
}

function isOnlyStale({ freshness, error, broken }: RegistrySyncStatus): boolean {
  return freshness === 'stale' && error === null && broken.length === 0
}

function needsAttention(registry: RegistrySyncStatus): boolean {
  return isUnwell(registry) || registry.broken.length > 0
}

/** `all 9 registries are fresh`, `1 of 9 registries is stale, 1 has broken entries`. */
function toVerdict(registries: readonly RegistrySyncStatus[]): string {
  const all = renderCount(registries.length, 'registry', 'registries')
  const counts = new Map<string, number>()
  for (const { freshness, broken } of registries) {
    const word = freshness === 'fresh' && broken.length > 0 ? 'has broken entries' : freshness
    if (word !== 'fresh') counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  if (counts.size === 0) return `all ${all} are fresh`
  const parts = [...counts].map(([word, count], index) => {
    const verb =
      word === 'has broken entries' ? (count === 1 ? word : 'have broken entries') : toState(word, count)
    return index === 0 ? `${count} of ${all} ${verb}` : `${count} ${verb}`
  })
  return parts.join(', ')
}

function toState(word: string, count: number): string {
  if (word === 'never synced') return count === 1 ? 'has never been synced' : 'have never been synced'
  return `${count === 1 ? 'is' : 'are'} ${word === 'failed' ? 'failing' : word}`
}

function describeLastSync(registries: readonly RegistrySyncStatus[], now: number): string {
  const times = registries.flatMap(({ last_success: time }) => (time === null ? [] : [Date.parse(time)]))
  return times.length === 0 ? '' : `, synced ${formatAge(now - Math.max(...times))}`
}

function describeTrouble(registry: RegistrySyncStatus, now: number): string {
  const { freshness } = registry
  return [...(freshness === 'fresh' ? [] : [freshness]), ...listProblems(registry, now)].join(': ')
}

const sourceLabels = { detection: 'this machine', upstream: 'upstream    ', file: 'own file    ' } as const

/** Registries with their number of entries, by where they come from. */
function listSources(registries: readonly RegistrySyncStatus[]): { label: string; text: string }[] {
  return (['detection', 'upstream', 'file'] as const).flatMap(source => {
    const found = registries.filter(each => each.source === source && !needsAttention(each))
    if (found.length === 0) return []
    const text = found.map(each => `${each.registry} ${renderEntryCount(each)}`).join(', ')
    return [{ label: sourceLabels[source], text }]
  })
}

function describeNext(registries: readonly RegistrySyncStatus[], now: number): string {
  const times = registries.flatMap(({ next_attempt: time }) => (time === null ? [] : [Date.parse(time)]))
  if (times.length === 0) return ''
  return `, next ${renderAhead(Math.min(...times) - now)}`
}
