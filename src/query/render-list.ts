import { valueAt } from '../lib/json/json-value.ts'
import { paintSign, type SummaryOptions } from '../lib/terminal/signs.ts'
import { narrowColumns } from '../lib/terminal/table.ts'
import { cutText, textWidth, wrapWords } from '../lib/terminal/width.ts'
import { formatAge, formatPrice, formatSpan, formatTokens } from '../lib/text/format.ts'
import { toShortPath } from '../lib/text/short-path.ts'
import { toVisibleLine } from '../lib/text/visible.ts'
import type { RegistryName } from '../registry/schema/names.ts'
import type { ListedEntry } from './entry-columns.ts'

/** Registries whose entries a terminal shows by what they are good for. */
export type SummarizedRegistry = Extract<RegistryName, 'tools' | 'ml_frameworks' | 'providers' | 'models'>

export interface ListView {
  readonly registry: SummarizedRegistry
  readonly entries: readonly ListedEntry[]
  /** Milliseconds since 1970. */
  readonly now: number
  readonly userHome: string | undefined
}

/** An entry in a line, and what is wrong with it in another one. */
interface Row {
  readonly sign: 'good' | 'bad' | 'warn'
  readonly cells: readonly string[]
  readonly problem: string | undefined
}

interface ListForm {
  /** What the states are called in the heading: ready, not ready, unknown, not set up. */
  readonly words: Readonly<Record<string, string>>
  /** Headings of the cells behind the id; none for a list that explains itself. */
  readonly headings: readonly string[]
  readonly toCells: (entry: ListedEntry, view: ListView) => readonly string[]
  /** Names of the columns that have numbers. */
  readonly numbers: readonly number[]
  /** How an entry that is not set up is named in the line that folds them. */
  readonly toAbsent: (entry: ListedEntry) => string
}

const foundWords = { ready: 'here', 'not ready': 'broken', unknown: 'unknown', 'not set up': 'not here' }

const found: ListForm = {
  words: foundWords,
  headings: [],
  numbers: [],
  toCells: (entry, { userHome }) => {
    const path = textAt(entry, 'detected', 'path')
    const context = textAt(entry, 'detected', 'details', 'context')
    return [
      textAt(entry, 'detected', 'version'),
      path === '' ? textAt(entry, 'detected', 'reason') : toShortPath(path, userHome),
      ...(context === '' ? [] : [`context ${context}`]),
    ]
  },
  toAbsent: ({ id }) => id,
}

const forms: Readonly<Record<SummarizedRegistry, ListForm>> = {
  tools: found,
  ml_frameworks: found,
  providers: {
    words: { ...foundWords, ready: 'can be called', 'not ready': 'failing', 'not set up': 'not set up' },
    headings: [],
    numbers: [1],
    toCells: entry => {
      const latency = valueAt(entry, ['detected', 'latency_ms'])
      const local = valueAt(entry, ['detected', 'models'])
      const listed = Array.isArray(local) ? local : valueAt(entry, ['models'])
      const count = Array.isArray(listed) ? listed.length : 0
      return [
        typeof latency === 'number' ? `${Math.round(latency)} ms` : '',
        `${count} ${count === 1 ? 'model' : 'models'}`,
        textAt(entry, 'detected', 'key_env'),
      ]
    },
    toAbsent: entry => {
      const keys = valueAt(entry, ['key_env'])
      const key = Array.isArray(keys) ? keys[0] : keys
      return typeof key === 'string' ? `${entry.id} (${key})` : entry.id
    },
  },
  models: {
    words: {
      ...foundWords,
      ready: 'can be called',
      'not ready': 'failing',
      'not set up': 'without a key',
      retired: 'retired',
    },
    headings: ['context', 'in', 'out', 'ends in', 'can'],
    numbers: [0, 1, 2, 3],
    toCells: (entry, { now }) => [
      toTokens(valueAt(entry, ['context_tokens'])),
      toPrice(valueAt(entry, ['cost_per_1k_input'])),
      toPrice(valueAt(entry, ['cost_per_1k_output'])),
      describeEnd(entry, now),
      listShortCapabilities(entry).join(' '),
    ],
    toAbsent: ({ id }) => id,
  },
}

export function isSummarized(registry: string | undefined): registry is SummarizedRegistry {
  return registry !== undefined && Object.hasOwn(forms, registry)
}

/** States whose entries are named in one line. */
const folded: readonly string[] = ['not set up', 'retired']

/** Most names in such a line. */
const mostFolded = 12

/** The entries of a registry for a terminal: what does not work first, then what does, and in one line what is not set up. */
export function renderEntryList(view: ListView, options: SummaryOptions): string {
  const { registry, entries } = view
  const form = forms[registry]
  const statusOf = (entry: ListedEntry) => {
    if (registry === 'models' && isRetired(entry, view.now)) return 'retired'
    return typeof entry.readiness === 'string' ? entry.readiness : 'unknown'
  }
  const groups = ['not ready', 'ready', 'unknown', ...folded].map(status => ({
    status,
    found: entries.filter(entry => statusOf(entry) === status),
  }))
  const shown = groups.filter(({ status }) => !folded.includes(status))
  const rows = shown.flatMap(({ status, found: some }) => some.map(entry => toRow(entry, status, view)))
  const lines = [
    wrapWords(options.style.bold(describeEntries(view, groups)), options.width),
    '',
    ...renderRows(rows, form, options),
    ...groups
      .filter(({ status }) => folded.includes(status))
      .flatMap(group => renderFolded(group, view, options)),
  ]
  return lines.join('\n')
}

interface Group {
  readonly status: string
  readonly found: readonly ListedEntry[]
}

/** `tools: 11 here, 1 broken, 3 not here, checked 12 seconds ago`. */
function describeEntries({ registry, entries, now }: ListView, groups: readonly Group[]): string {
  const { words } = forms[registry]
  const order = ['ready', 'not ready', 'unknown', ...folded]
  const counts = groups
    .filter(group => group.found.length > 0)
    .toSorted((left, right) => order.indexOf(left.status) - order.indexOf(right.status))
    .map(group => `${group.found.length} ${words[group.status]}`)
  const times = entries
    .map(entry => Date.parse(textAt(entry, 'detected', 'checked_at')))
    .filter(Number.isFinite)
  const age = times.length === 0 ? '' : `, checked ${formatAge(now - Math.max(...times))}`
  const unit = registry === 'models' ? ' (prices in $ per million tokens)' : ''
  return `${registry}: ${counts.length === 0 ? 'no entries' : counts.join(', ')}${age}${unit}`
}

function toRow(entry: ListedEntry, status: string, view: ListView): Row {
  const cells = [entry.id, ...forms[view.registry].toCells(entry, view)].map(toVisibleLine)
  const reason = textAt(entry, 'detected', 'reason')
  const isRetiring = view.registry === 'models' && describeEnd(entry, view.now) !== ''
  const sign = status === 'not ready' ? 'bad' : status === 'unknown' || isRetiring ? 'warn' : 'good'
  return { sign, cells, problem: status !== 'ready' && reason !== '' ? toVisibleLine(reason) : undefined }
}

function renderRows(
  rows: readonly Row[],
  { headings, numbers }: ListForm,
  options: SummaryOptions,
): string[] {
  if (rows.length === 0) return []
  const { style, signs, width } = options
  const isNarrow = width !== undefined && width < narrowColumns
  const whole = [['', ...headings], ...rows.map(({ cells }) => cells)]
  const widths = rows[0]?.cells.map((_, index) =>
    Math.max(...whole.map(cells => textWidth(cells[index] ?? ''))),
  )
  // A column without a value is left out.
  const isShown = (_: unknown, index: number) => rows.some(({ cells }) => cells[index] !== '')
  const draw = (cells: readonly string[]) => {
    const padded = cells.map((cell, index) => {
      const space = ' '.repeat(Math.max(0, (widths?.[index] ?? 0) - textWidth(cell)))
      if (numbers.includes(index - 1)) return space + cell
      return index === cells.length - 1 ? cell : cell + space
    })
    const line = padded.filter(isShown).join('  ').trimEnd()
    // Only the end of a row is cut: what it is about stands at its beginning.
    return width === undefined ? line : cutText(line, width - 2, signs.ellipsis)
  }
  // Without headings above them, numbers say what they are.
  const toNamed = (cell: string, index: number) => {
    const heading = numbers.includes(index) ? headings[index] : undefined
    if (cell === '') return []
    return [heading === undefined ? cell : `${heading} ${cell}`]
  }
  const head = headings.length > 0 && !isNarrow ? [style.dim(`  ${draw(['', ...headings])}`)] : []
  return [
    ...head,
    ...rows.flatMap(({ sign, cells, problem }) => {
      const mark = paintSign(sign, options)
      const [id = '', ...rest] = cells
      const line = draw(cells)
      const text = isNarrow
        ? wrapWords([`${mark} ${style.bold(id)}`, ...rest.flatMap(toNamed)].join('  '), width, 2)
        : `${mark} ${style.bold(line.slice(0, id.length))}${line.slice(id.length)}`
      const isSaid = problem === undefined || rest.includes(problem)
      return [text, ...(isSaid ? [] : [wrapWords(`  ${problem}`, width, 2)])]
    }),
  ]
}

function renderFolded(
  { status, found: some }: Group,
  view: ListView,
  { style, signs, width }: SummaryOptions,
): string[] {
  if (some.length === 0) return []
  const { words, toAbsent } = forms[view.registry]
  const names = some.slice(0, mostFolded).map(entry => toVisibleLine(toAbsent(entry)))
  const more = some.length - names.length
  const rest = more > 0 ? ` and ${more} more (--all lists them)` : ''
  return [
    wrapWords(`${style.dim(signs.none)} ${some.length} ${words[status]}: ${names.join(', ')}${rest}`, width),
  ]
}

function textAt(entry: unknown, ...path: readonly string[]): string {
  const value = valueAt(entry, path)
  return typeof value === 'string' ? value : ''
}

function toTokens(value: unknown): string {
  return typeof value === 'number' && value > 0 ? formatTokens(value) : ''
}

// The registry has prices per 1000 tokens. People compare those per million.
function toPrice(value: unknown): string {
  return typeof value === 'number' ? formatPrice(value * 1000) : ''
}

const shortCapabilities: Readonly<Record<string, string>> = {
  vision: 'vision',
  function_calling: 'tools',
  structured_output: 'json',
  reasoning: 'reason',
  embeddings: 'embed',
  image_generation: 'images',
  audio: 'audio',
  video: 'video',
  speech: 'speech',
}

function listShortCapabilities(entry: ListedEntry): string[] {
  const capabilities: unknown = entry.capabilities
  const own: readonly unknown[] = Array.isArray(capabilities) ? capabilities : []
  return Object.entries(shortCapabilities).flatMap(([name, word]) => (own.includes(name) ? [word] : []))
}

/** How far ahead a retirement is said, in milliseconds. */
const retiringMs = 90 * 86_400_000

/** How long a model that retires soon is there; empty for all others. */
function describeEnd(entry: ListedEntry, now: number): string {
  const left = Date.parse(textAt(entry, 'retires_on')) - now
  return (left > 0 && left < retiringMs && formatSpan(left)) || ''
}

function isRetired(entry: ListedEntry, now: number): boolean {
  return entry.status === 'retired' || Date.parse(textAt(entry, 'retires_on')) <= now
}
