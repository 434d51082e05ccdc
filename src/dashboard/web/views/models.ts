import { html, nothing, type TemplateResult } from 'lit'
import type { DashboardModel, DashboardView } from '../../model/dashboard-view.ts'
import { renderFilterLinks, renderModelTable, renderRetirements } from '../panels/models.ts'
import { emptyFilter, filterModels, type ModelFilter, toModelAddress } from '../state/model-filter.ts'
import { toVisibleText } from '../text/text.ts'

interface ModelsView {
  readonly view: DashboardView
  /** All models; undefined while they are loaded. */
  readonly models: readonly DashboardModel[] | undefined
  readonly filter: ModelFilter
  /** How many rows are shown. */
  readonly most: number
  readonly now: number
  readonly onText: (text: string) => void
  readonly onMore: () => void
}

/** All models, by a filter that lives in the address. */
export function renderModelsView(request: ModelsView): TemplateResult {
  const { view, models = view.models.entries, filter, most, now, onText, onMore } = request
  const retiring = new Set(view.models.retiring.map(({ ref }) => ref))
  const found = filterModels(models, filter, retiring)
  const providers = new Map(models.map(({ provider, provider_name: name }) => [provider, name]))
  const type = (event: Event) => onText(event.target instanceof HTMLInputElement ? event.target.value : '')
  const choose = (event: Event) => {
    if (event.target instanceof HTMLSelectElement)
      location.hash = toModelAddress({ ...filter, from: event.target.value })
  }
  return html`
    <div class="view-head">
      <h1 tabindex="-1">Models</h1>
      <p class="soft">${view.models.ready} of ${view.models.total} can be called from here</p>
    </div>
    <section class="panel table" aria-label="Models">
      <div class="table-tools">
        <input type="search" aria-label="Filter by name" placeholder="Filter by name" .value=${filter.text} maxlength="200" @input=${type} />
        <select aria-label="Provider" @change=${choose}>
          <option value="" ?selected=${filter.from === ''}>All providers</option>
          ${[...providers].map(([id, name]) => html`<option value=${id} ?selected=${filter.from === id}>${toVisibleText(name)}</option>`)}
        </select>
        ${renderFilterLinks(filter)}
        <a class="filter" href=${toModelAddress({ ...filter, isAll: !filter.isAll })} aria-current=${filter.isAll ? 'true' : 'false'}>Those that cannot be called, too</a>
      </div>
      ${renderRetirements(view.models.retiring, now)}
      <p class="found" role="status">${describeFound(found.length, request)}</p>
      ${found.length === 0 ? renderNothing(filter, view) : renderModelTable(found.slice(0, most), now)}
      ${
        found.length > most
          ? html`<p class="more"><button type="button" class="quiet" @click=${onMore}>Show ${Math.min(rowsMore, found.length - most)} more of ${found.length - most}</button></p>`
          : nothing
      }
    </section>
  `
}

/** Rows that are added at once: a table of thousands takes a browser too long. */
export const rowsMore = 200

function describeFound(count: number, { models }: ModelsView): string {
  if (models === undefined) return 'Loading…'
  return count === 1 ? '1 model' : `${count} models`
}

function renderNothing(filter: ModelFilter, { models: { ready, total } }: DashboardView): TemplateResult {
  const all = toModelAddress({ ...filter, isAll: true })
  if (total === 0) return html`<p class="text soft">The model registry has no models that you may see.</p>`
  if (filter.isAll)
    return html`<p class="text soft">No model fits. <a href="#/models">Remove the filters</a></p>`
  return html`<p class="text soft">
    ${ready === 0 ? 'No model can be called from here.' : 'No model that can be called fits.'}
    <a href=${all}>Show those that cannot be called</a>${toModelAddress(filter) === toModelAddress(emptyFilter) ? nothing : html` · <a href="#/models">Remove the filters</a>`}
  </p>`
}
