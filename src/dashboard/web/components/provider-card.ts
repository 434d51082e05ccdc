import { css, html, nothing } from 'lit'
import type { RuntimeModel } from '../../model/dashboard-view.ts'
import { describeProvider, describeRuntimeModel } from '../../model/describe.ts'
import { renderReason } from '../parts/subject.ts'
import { toVisibleText } from '../text/text.ts'
import type { CardComponent } from './card-component.ts'

/** A provider of models: its key, whether it answers, what it has and can. */
export const providerCard: CardComponent = {
  tag: 'provider-card',
  styles: css`
    :host { contain-intrinsic-size: auto 7rem; }
    .facts { font-size: 0.9em; }
    .list { display: flex; flex-wrap: wrap; gap: 0.25rem; font-size: 0.8em; }
    .list li { padding: 0 0.45em; border: 1px solid var(--frame); border-radius: 4px; }
    .models li { background: var(--sunken); font-family: var(--mono); }
    .rest { color: var(--soft); }
    .runtime { display: grid; gap: 0.15rem; font-size: 0.85em; }
    .runtime li { display: flex; justify-content: space-between; gap: 0.75rem; }
    .runtime .id { min-width: 0; font-family: var(--mono); overflow-wrap: anywhere; }
    .runtime .size { flex: none; color: var(--soft); font-variant-numeric: tabular-nums; }
    .runtime .loaded .size { color: var(--good); }
  `,
  note: ({ provider, facts }) => (provider?.runtime ? (facts?.version ?? '') : ''),
  render: ({ provider, state, facts }) =>
    provider === null || (provider.runtime && state === 'off')
      ? nothing
      : html`
          <p class="facts">${describeProvider(provider).join(' · ')}</p>
          ${provider.runtime && state !== 'on' ? renderReason(facts?.reason ?? null) : nothing}
          ${provider.runtime ? renderRuntimeModels(provider.runtime.models) : nothing}
          ${renderList('Models', 'models', provider.models)}
          ${renderList('Capabilities', 'capabilities', provider.capabilities.map(toWords))}
        `,
}

/** Most names of a list that stand on a card; the details have all of them. */
const mostNames = 6

function renderList(label: string, kind: string, names: readonly string[]) {
  const [shown, rest] = [names.slice(0, mostNames), names.length - mostNames]
  if (shown.length === 0) return nothing
  return html`<ul class="list ${kind}" aria-label=${label}>
    ${shown.map(name => html`<li><bdi>${toVisibleText(name)}</bdi></li>`)}
    ${rest > 0 ? html`<li class="rest">${rest} more</li>` : nothing}
  </ul>`
}

/** The models of a local runtime: whether each is in memory, and its size. */
function renderRuntimeModels(models: readonly RuntimeModel[]) {
  const [shown, rest] = [models.slice(0, mostNames), models.length - mostNames]
  if (shown.length === 0) return nothing
  return html`<ul class="runtime" aria-label="Models">
    ${shown.map(
      model => html`<li class=${model.loaded === true ? 'loaded' : ''}>
        <bdi class="id">${toVisibleText(model.id)}</bdi>
        <span class="size">${describeRuntimeModel(model)}</span>
      </li>`,
    )}
    ${rest > 0 ? html`<li class="rest">${rest} more</li>` : nothing}
  </ul>`
}

function toWords(name: string): string {
  return name.replaceAll('_', ' ')
}
