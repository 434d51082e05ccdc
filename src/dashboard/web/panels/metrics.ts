import { html, nothing, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { repeat } from 'lit/directives/repeat.js'
import { renderCount } from '../../../lib/text/format.ts'
import type {
  Card,
  DashboardSection,
  DashboardView,
  Reading,
  UiComponent,
} from '../../model/dashboard-view.ts'
import { formatAmount, formatValue } from '../../model/describe.ts'
import { hasValue } from '../../model/place-cards.ts'
import { describeLevel, renderMeter, renderSparkline } from '../parts/charts.ts'
import { renderFold } from '../parts/fold.ts'
import { renderOpen } from '../parts/subject.ts'
import { renderSymbol, toCategorySymbol } from '../parts/symbol.ts'
import { toVisibleText } from '../text/text.ts'

/** How each component of the dashboard registry draws a reading below its name and value. */
const drawings: Readonly<
  Partial<Record<UiComponent, (reading: Reading) => TemplateResult | typeof nothing>>
> = {
  sparkline_chart: reading => renderSparkline(reading),
  gauge_meter: renderMeter,
}

/** The metrics of this machine. */
export function renderMachine(
  cards: readonly Card[],
  { machine }: Pick<DashboardView, 'machine'>,
): TemplateResult | typeof nothing {
  if (cards.length === 0) return nothing
  const about = machine === null ? '' : `${renderCount(machine.cores, 'core')} · ${machine.system}`
  return renderPanel({ id: 'machine', title: 'Machine', symbol: 'cpu', about, cards })
}

/** The metrics of another section of the dashboard registry. */
export function renderMetrics({ id, title, cards }: DashboardSection): TemplateResult {
  return renderPanel({
    id: `section-${id.replace(/\s/g, '-')}`,
    title,
    symbol: toCategorySymbol(id),
    about: '',
    cards,
  })
}

/** Readings of a thing that is here, like a card of another maker. */
export function renderMeasured(card: Card): TemplateResult {
  const { ref, name, readings } = card
  const cards = readings.map(reading => ({
    ...card,
    ref: `${ref} ${reading.id}`,
    name: reading.name,
    readings: [reading],
  }))
  const id = `card-${ref.replace(/\s/g, '-')}`
  return renderPanel({ id, title: name, symbol: 'cpu', about: card.facts?.version ?? '', cards })
}

interface MetricPanel {
  readonly id: string
  readonly title: string
  readonly symbol: Parameters<typeof renderSymbol>[0]
  readonly about: string
  readonly cards: readonly Card[]
}

function renderPanel({ id, title, symbol, about, cards }: MetricPanel): TemplateResult {
  const known = cards.filter(card => hasValue([card]))
  const unknown = cards.filter(card => !hasValue([card]))
  return html`<section id=${id} class="panel machine" aria-labelledby="h-${id}">
    <header>
      <h2 id="h-${id}">${renderSymbol(symbol)}<bdi>${toVisibleText(title)}</bdi></h2>
      <p><bdi>${toVisibleText(about)}</bdi></p>
    </header>
    ${repeat(
      known,
      ({ ref }) => ref,
      (card, index) =>
        html`<div class="tile ${isWide(known, index) ? 'wide' : ''}">${guard([card], () => renderMetric(card))}</div>`,
    )}
    ${renderFold({
      title: `${unknown.length} without a value`,
      names: unknown.map(({ name }) => name),
      kind: 'in',
      content: () => html`<ul class="setups">
        ${unknown.map(
          card =>
            html`<li>${renderOpen(card)}<p class="soft"><bdi>${toVisibleText(card.readings[0]?.reason ?? '')}</bdi></p></li>`,
        )}
      </ul>`,
    })}
  </section>`
}

// The first line over time has the width of the panel, and so has what would stand alone in its row.
function isWide(cards: readonly Card[], index: number): boolean {
  const isFirstLine = cards[0]?.component === 'sparkline_chart'
  if (index === 0 && isFirstLine) return true
  return index === cards.length - 1 && (cards.length - (isFirstLine ? 1 : 0)) % 2 === 1
}

function renderMetric(card: Card): TemplateResult {
  const { ref, subject, name, component } = card
  const draw = component === null ? undefined : drawings[component]
  return html`${card.readings.map(reading => {
    const label = card.readings.length === 1 ? name : reading.name
    const open = renderOpen({ ref, subject, name: label })
    return html`<div class="reading">
        <h3 class="name">${open}</h3>
        ${renderLevel(reading)}
        ${renderValue(reading)}
      </div>
      ${draw === undefined ? nothing : draw(reading)}
      ${reading.value === null ? html`<p class="under"><bdi>${toVisibleText(reading.reason ?? 'unknown')}</bdi></p>` : renderAmount(reading)}`
  })}`
}

/** A word and a sign where a value is not as it should be. */
function renderLevel(reading: Reading): TemplateResult | typeof nothing {
  const word = describeLevel(reading)
  if (word === '') return nothing
  const tone = reading.level === 'critical' ? 'bad' : 'warn'
  return html`<p class="level ${tone}">${renderSymbol('arrow-up', word.endsWith('low') ? 'down' : '')}${word}</p>`
}

/** A value with its unit, small. */
export function renderValue({ value, unit }: Pick<Reading, 'value' | 'unit'>): TemplateResult {
  if (value === null) return html`<p class="value">unknown</p>`
  const text = formatValue(value, unit)
  const [number = text, ...rest] = text.split(' ')
  return html`<p class="value"><b>${toVisibleText(number)}</b> <bdi>${toVisibleText(rest.join(' '))}</bdi></p>`
}

function renderAmount({ amount }: Reading): TemplateResult | typeof nothing {
  // A server of another version may not send it.
  return amount ? html`<p class="under">${formatAmount(amount)}</p>` : nothing
}
