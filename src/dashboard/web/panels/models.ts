import { html, nothing, svg, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { repeat } from 'lit/directives/repeat.js'
import { formatBytes, formatPrice, formatTokens, renderCount } from '../../../lib/text/format.ts'
import type { DashboardModel, DashboardModels } from '../../model/dashboard-view.ts'
import { countDays, dayMs, soonDays, toShortModelId } from '../../model/describe.ts'
import { renderOpen } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { emptyFilter, type ModelFilter, shownCapabilities, toModelAddress } from '../state/model-filter.ts'
import type { SymbolName } from '../symbol-names.ts'
import { formatDate, toVisibleText } from '../text/text.ts'

/** Most models on the overview. */
const mostBeside = 17

/** Most of them on a phone; the style hides the others. */
const mostOnPhones = 6

/** The models that can be called, on the overview. */
export function renderModels(models: DashboardModels, now: number): TemplateResult | typeof nothing {
  if (models.total === 0) return nothing
  const ready = models.entries.filter(({ readiness }) => readiness === 'ready')
  const shown = ready.slice(0, mostBeside)
  const others = models.total - models.ready
  return html`<section id="models" class="panel table few" aria-labelledby="h-models">
    <header>
      <h2 id="h-models">Models <span class="count">${models.ready} can be called</span></h2>
      ${renderFilterLinks(emptyFilter)}
    </header>
    ${renderRetirements(models.retiring, now)}
    ${shown.length === 0 ? html`<p class="text soft">None can be called from here yet.</p>` : renderModelTable(shown, now)}
    ${
      shown.length <= mostOnPhones
        ? nothing
        : html`<p class="more ${models.ready > shown.length ? '' : 'phone'}"><a href="#/models">Show all ${models.ready}</a></p>`
    }
    ${
      others === 0
        ? nothing
        : html`<p class="more"><a href=${toModelAddress({ ...emptyFilter, isAll: true })}>${others} cannot be called</a> <span class="soft">${describeOthers(models)}</span></p>`
    }
  </section>`
}

function describeOthers({ not_set_up: notSetUp, retired }: DashboardModels): string {
  return [
    ...(notSetUp > 0 ? [`${notSetUp} not set up`] : []),
    ...(retired > 0 ? [`${retired} retired`] : []),
  ].join(', ')
}

/** Filters as links that change one thing, since the filter lives in the address. */
export function renderFilterLinks(filter: ModelFilter): TemplateResult {
  const link = (title: string, isOn: boolean, changed: Partial<ModelFilter>) =>
    html`<li><a class="filter" href=${toModelAddress({ ...filter, ...changed })} aria-current=${isOn ? 'true' : 'false'}>${title}</a></li>`
  return html`<ul class="filters" aria-label="Filters">
    ${shownCapabilities
      .filter(({ key }) => key !== 'json')
      .map(({ key, title }) => {
        const isOn = filter.can.includes(key)
        const can = isOn ? filter.can.filter(each => each !== key) : [...filter.can, key]
        return link(title, isOn, { can })
      })}
    ${link('Under $1', filter.under === 1, { under: filter.under === 1 ? undefined : 1 })}
    ${link('Retiring', filter.isRetiring, { isRetiring: !filter.isRetiring })}
  </ul>`
}

/** A table of models, comparable by eye. */
export function renderModelTable(models: readonly DashboardModel[], now: number): TemplateResult {
  return html`<div class="scroll">
    <table class="model-table">
      <thead>
        <tr>
          <th scope="col">Model</th>
          <th scope="col" class="prov">From</th>
          <th scope="col" class="num">Context</th>
          <th scope="col" class="num">In <small>$/M</small></th>
          <th scope="col" class="num">Out <small>$/M</small></th>
          ${shownCapabilities.map(({ title }) => html`<th scope="col" class="cap">${title}</th>`)}
          <th scope="col" class="life">State</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          models,
          ({ ref }) => ref,
          model => guard([model, toDayNumber(now)], () => renderModel(model, now)),
        )}
      </tbody>
    </table>
  </div>`
}

function toDayNumber(now: number): number {
  return Math.floor(now / dayMs)
}

function renderModel(model: DashboardModel, now: number): TemplateResult {
  const { ref, provider_name: from, context_tokens: context, capabilities } = model
  const own = shownCapabilities.filter(({ capability }) => capabilities.includes(capability))
  const words = own.length > 0 ? own.map(({ title }) => title.toLowerCase()) : capabilities.slice(0, 2)
  return html`<tr class=${model.readiness === 'ready' ? '' : 'off'}>
    <th scope="row">
      ${renderOpen({ ref: null, subject: ref, name: model.is_local ? toShortModelId(model.id, model.provider) : model.id })}
      <span class="sub"><span class="prov-sub"><bdi>${toVisibleText(from)}</bdi></span>${words.length === 0 ? nothing : html`<span class="prov-sub"> · </span>${toVisibleText(words.join(', ').replaceAll('_', ' '))}`}</span>
    </th>
    <td class="prov"><bdi>${toVisibleText(from)}</bdi></td>
    <td class="num">${context === null ? '' : formatTokens(context)}</td>
    ${renderPrice(model.input_price)}${renderPrice(model.output_price)}
    ${shownCapabilities.map(({ capability }) => renderCapability(capabilities.includes(capability)))}
    <td class="life">${renderLife(model, now)}</td>
  </tr>`
}

function renderPrice(price: number | null): TemplateResult {
  if (price === null) return html`<td class="num nil">–</td>`
  return html`<td class="num ${price === 0 ? 'soft' : ''}">${formatPrice(price)}</td>`
}

function renderCapability(isHere: boolean): TemplateResult {
  return isHere
    ? html`<td class="cap yes">${renderSymbol('check')}<span class="heard">yes</span></td>`
    : html`<td class="cap"><span class="heard">no</span></td>`
}

function renderLife(model: DashboardModel, now: number): TemplateResult {
  const { tone, symbol, word } = toLife(model, now)
  if (symbol === undefined) return html`<span class=${tone}>${word}</span>`
  return html`<span class="state ${tone}">${renderSymbol(symbol)}${word}</span>`
}

interface Life {
  readonly tone: 'good' | 'warn' | 'bad' | 'soft'
  readonly symbol?: SymbolName
  readonly word: string
}

const readinessLives: Readonly<Partial<Record<DashboardModel['readiness'], Life>>> = {
  'not ready': { tone: 'bad', symbol: 'circle-x', word: 'not ready' },
  unknown: { tone: 'soft', symbol: 'circle-question-mark', word: 'unknown' },
  'not set up': { tone: 'soft', symbol: 'circle-dashed', word: 'not set up' },
}

function toLife(model: DashboardModel, now: number): Life {
  const { readiness, retires_on: end, status } = model
  const days = end === null ? undefined : countDays(end, now)
  if (status === 'retired' || (days !== undefined && days <= 0)) return { tone: 'soft', word: 'retired' }
  const own = readinessLives[readiness] ?? (model.is_local ? toLocalLife(model) : undefined)
  if (own !== undefined) return own
  if (days !== undefined && end !== null) {
    if (days > soonDays) return { tone: 'soft', symbol: 'calendar-clock', word: `until ${formatDate(end)}` }
    return { tone: 'warn', symbol: 'calendar-clock', word: `${renderCount(days, 'day')} left` }
  }
  if (status === 'deprecated') return { tone: 'warn', symbol: 'triangle-alert', word: 'deprecated' }
  return { tone: 'soft', word: status ?? 'active' }
}

function toLocalLife({ loaded, size_bytes: size }: DashboardModel): Life {
  if (loaded === true) return { tone: 'good', symbol: 'gpu', word: 'loaded' }
  return { tone: 'soft', word: size === null ? 'on disk' : `on disk, ${formatBytes(size)}` }
}

/** Models that retire on one day. */
interface Retirement {
  readonly day: string
  readonly models: readonly DashboardModel[]
}

function groupByDay(retiring: readonly DashboardModel[]): readonly Retirement[] {
  const days = new Map<string, DashboardModel[]>()
  for (const model of retiring) {
    if (model.retires_on === null || Number.isNaN(Date.parse(model.retires_on))) continue
    days.set(model.retires_on, [...(days.get(model.retires_on) ?? []), model])
  }
  return [...days].map(([day, models]) => ({ day, models }))
}

/** Most models of a day that are named. */
const mostNamed = 4

/** What retires within half a year: the next ones in words, all on a line. */
export function renderRetirements(
  retiring: readonly DashboardModel[],
  now: number,
): TemplateResult | typeof nothing {
  const days = groupByDay(retiring)
  const [first] = days
  if (first === undefined) return nothing
  const left = countDays(first.day, now)
  const successors = [...new Set(first.models.flatMap(({ successor }) => successor ?? []))]
  const names = first.models.slice(0, mostNamed).map(({ id }) => id)
  const more = first.models.length - names.length
  const isSoon = left <= soonDays
  return html`<div class="retiring ${isSoon ? 'soon' : ''}">
    <p class="callout">
      ${renderSymbol('calendar-clock')}
      <span>
        <b>${first.models.length === 1 ? '1 model retires' : `${first.models.length} models retire`} on ${formatDate(first.day)}</b>, in ${renderCount(left, 'day')}:
        <bdi>${toVisibleText(names.join(', '))}</bdi>${more > 0 ? ` and ${more} more` : ''}.
        ${successors.length === 0 ? nothing : html`Use <code><bdi>${toVisibleText(successors.slice(0, 2).join(', '))}</bdi></code> instead.`}
      </span>
    </p>
    ${renderHalfYear(days, now)}
  </div>`
}

const halfYearDays = 183

function renderHalfYear(days: readonly Retirement[], now: number): TemplateResult {
  const at = (time: number) => `${Math.min(100, Math.max(0, ((time - now) / (halfYearDays * dayMs)) * 100))}%`
  const says = days.map(({ day, models }) => `${describeModels(models)} on ${formatDate(day)}`).join(', ')
  return html`<div class="ahead">
    <svg role="img" aria-label="Half a year ahead: ${toVisibleText(says)}">
      <line x1="0" x2="100%" y1="55%" y2="55%"></line>
      ${listMonths(now).map(
        ({ time, name }) =>
          svg`<line x1=${at(time)} x2=${at(time)} y1="46%" y2="64%"></line><text class="month" x=${at(time)} y="96%">${name}</text>`,
      )}
      ${days.map((retirement, index) => {
        const { day, models } = retirement
        const x = at(Date.parse(day))
        const isEnd = Date.parse(day) - now > halfYearDays * dayMs * 0.85
        return svg`<g class=${countDays(day, now) <= soonDays ? 'due' : 'later'}>
          <circle cx=${x} cy="55%" r="5"></circle>
          ${hasRoom(days, index) ? svg`<text class="due" x=${x} y="30%" text-anchor=${isEnd ? 'end' : 'middle'}>${toVisibleText(describeModels(models))}</text>` : nothing}
        </g>`
      })}
    </svg>
  </div>`
}

/** Days between two retirements that both have a name. */
const roomDays = 30

// The first of a row that is too close has its name.
function hasRoom(days: readonly Retirement[], index: number): boolean {
  const named: number[] = []
  for (const { day } of days.slice(0, index + 1)) {
    const time = Date.parse(day)
    const last = named.at(-1)
    if (last === undefined || time - last >= roomDays * dayMs) named.push(time)
  }
  return named.at(-1) === Date.parse(days[index]?.day ?? '')
}

function describeModels(models: readonly DashboardModel[]): string {
  const [only] = models
  return models.length === 1 && only ? only.id : `${models.length} models`
}

/** The first days of the next months. */
function listMonths(now: number): { readonly time: number; readonly name: string }[] {
  const today = new Date(now)
  return [1, 2, 3, 4, 5, 6].map(ahead => {
    const time = Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + ahead, 1)
    return { time, name: new Date(time).toLocaleDateString('en', { month: 'short', timeZone: 'UTC' }) }
  })
}
