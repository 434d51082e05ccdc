import { html, nothing, type TemplateResult } from 'lit'
import type { DashboardView, ModelSource } from '../../model/dashboard-view.ts'
import { countDays, describeUnchecked, formatGibibytes, soonDays } from '../../model/describe.ts'
import type { PlacedCards } from '../../model/place-cards.ts'
import { renderCommand } from '../parts/command.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { emptyFilter, toModelAddress } from '../state/model-filter.ts'
import type { SymbolName } from '../symbol-names.ts'
import { toVisibleText } from '../text/text.ts'

/** What it comes to: a sentence, and five numbers that lead to more. */
export function renderHero(view: DashboardView, placed: PlacedCards, now: number): TemplateResult {
  return html`<section class="hero" aria-labelledby="headline">
    <div>
      <h1 id="headline" tabindex="-1">${describeHeadline(view)}</h1>
      ${renderLead(view)}
    </div>
    <ul class="numbers">
      ${listNumbers(view, placed, now).map(renderNumber)}
    </ul>
  </section>`
}

/** The answer to the question that people open the page for. */
export function describeHeadline(view: DashboardView): string {
  const { models, hidden } = view
  if (describeUnchecked(view) !== undefined) return 'This machine has not been checked yet'
  if (hidden.includes('models') || hidden.includes('providers')) return 'Sign in to see models'
  if (models.ready === 0) return 'No model can be called from here'
  return models.ready === 1
    ? '1 model can be called from here'
    : `${models.ready} models can be called from here`
}

function renderLead(view: DashboardView): TemplateResult {
  if (describeUnchecked(view) !== undefined) {
    return html`<p class="lead">A sync takes a few seconds and changes nothing on this machine.</p>
      ${renderCommand('nexus-registry sync')}`
  }
  const { through, ready } = view.models
  if (ready > 0) return html`<p class="lead"><bdi>${toVisibleText(describeSources(through))}</bdi></p>`
  return renderWays(view)
}

/** Most providers that the sentence names. */
const mostNamed = 4

/** The providers through which models can be called: `Through OpenAI and Mistral, and Ollama on this machine.` */
export function describeSources(through: readonly ModelSource[]): string {
  const hosted = through.filter(each => !each.is_local).map(({ name }) => name)
  const local = through.filter(each => each.is_local).map(({ name }) => name)
  const parts = [
    ...(hosted.length > 0 ? [join(hosted)] : []),
    ...(local.length > 0 ? [`${join(local)} on this machine`] : []),
  ]
  return `Through ${parts.join(', and ')}.`
}

function join(names: readonly string[]): string {
  const shown = names.length > mostNamed ? names.slice(0, mostNamed - 1) : names
  const rest = names.length - shown.length
  const all = rest > 0 ? [...shown, `${rest} more`] : shown
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

/** The shortest ways to a model: a key, or a local runtime. */
function renderWays({ sections }: DashboardView): TemplateResult {
  const cards = sections.flatMap(({ cards: all }) => all).filter(({ provider }) => provider !== null)
  const commandOf = (isLocal: boolean) =>
    cards.find(({ provider, fix }) => (provider?.runtime !== undefined) === isLocal && fix?.command)?.fix
      ?.command
  const ways = [commandOf(false), commandOf(true)].flatMap(command => command ?? [])
  return html`<p class="lead">Set the key of a provider, or start a local runtime, then sync.</p>
    ${ways.length === 0 ? nothing : html`<div class="ways">${ways.map(renderCommand)}</div>`}`
}

interface HeroNumber {
  readonly href: string
  readonly number: string
  readonly of: string
  readonly label: string
  readonly tone: 'bad' | 'warn' | ''
  readonly symbol: SymbolName | undefined
}

function renderNumber({ href, number, of, label, tone, symbol }: HeroNumber): TemplateResult {
  return html`<li class=${tone}>
    <a href=${href}
      ><span class="n">${symbol === undefined ? nothing : renderSymbol(symbol)}${number}${of === '' ? nothing : html` <small>${of}</small>`}</span
      ><span class="l">${label}</span></a
    >
  </li>`
}

function listNumbers(view: DashboardView, placed: PlacedCards, now: number): readonly HeroNumber[] {
  const { problems, models, changes_last_day: changes } = view
  const fixable = problems.length > 0 && problems.every(({ fix }) => fix.command !== null)
  const ready = placed.tools.filter(({ card }) => card.state === 'on').length
  const soon = models.retiring.filter(
    ({ retires_on: end }) => end !== null && countDays(end, now) <= soonDays,
  )
  const first = soon[0]?.retires_on
  return [
    {
      href: '#/problems',
      number: String(problems.length),
      of: '',
      label: fixable ? 'broken, with a fix' : 'broken',
      tone: problems.length > 0 ? 'bad' : '',
      symbol: problems.length > 0 ? 'circle-x' : undefined,
    },
    toMemoryNumber(view),
    {
      href: '#/tools',
      number: String(ready),
      of: `of ${placed.tools.length}`,
      label: 'tools ready',
      tone: '',
      symbol: undefined,
    },
    {
      href: toModelAddress({ ...emptyFilter, isRetiring: true }),
      number: String(soon.length),
      of: '',
      label: first
        ? `${soon.length === 1 ? 'retires' : 'retire'} in ${countDays(first, now)} days`
        : 'retire soon',
      tone: soon.length > 0 ? 'warn' : '',
      symbol: soon.length > 0 ? 'calendar-clock' : undefined,
    },
    {
      href: '#/changes',
      number: String(changes),
      of: '',
      label: changes === 1 ? 'change in 24 hours' : 'changes in 24 hours',
      tone: '',
      symbol: undefined,
    },
  ]
}

/** Free memory of the GPUs; without one, of the machine. */
function toMemoryNumber({ gpus, sections }: DashboardView): HeroNumber {
  const known = gpus.filter(gpu => gpu.memory_total_bytes !== null && gpu.memory_used_bytes !== null)
  const total = known.reduce((sum, gpu) => sum + (gpu.memory_total_bytes ?? 0), 0)
  const used = known.reduce((sum, gpu) => sum + (gpu.memory_used_bytes ?? 0), 0)
  const plain = { tone: '', symbol: undefined } as const
  if (total > 0) {
    const of = `of ${formatGibibytes(total)} GiB`
    return { href: '#/gpu', number: formatGibibytes(total - used), of, label: 'GPU memory free', ...plain }
  }
  const readings = sections.flatMap(({ cards }) => cards.flatMap(card => card.readings))
  const amount =
    readings.find(({ id, amount: known }) => id === 'memory_usage' && known !== null)?.amount ?? null
  if (amount === null) return { href: '#/machine', number: '–', of: '', label: 'memory free', ...plain }
  const free = formatGibibytes(amount.total_bytes - amount.used_bytes)
  return {
    href: '#/machine',
    number: free,
    of: `of ${formatGibibytes(amount.total_bytes)} GiB`,
    label: 'memory free',
    ...plain,
  }
}
