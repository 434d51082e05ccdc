import { css, html, nothing } from 'lit'
import { describeProvider } from '../../model/describe.ts'
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
  `,
  render: ({ provider }) =>
    provider === null
      ? nothing
      : html`
          <p class="facts">${describeProvider(provider).join(' · ')}</p>
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

function toWords(name: string): string {
  return name.replaceAll('_', ' ')
}
