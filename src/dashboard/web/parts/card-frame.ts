import { html, nothing, type TemplateResult } from 'lit'
import type { Card } from '../../model/card.ts'
import { toCardTone } from '../state/tone.ts'
import { toVisibleText } from '../text/visible-text.ts'
import { ShowSubject } from './show-subject.ts'
import { renderStatePill } from './state-pill.ts'

/** What all cards have: symbol, name, state, and the way to their details. */
export function renderCardFrame(
  card: Card,
  body: TemplateResult | typeof nothing,
  { note = '', value = '' }: { readonly note?: string; readonly value?: string } = {},
): TemplateResult {
  const { icon, name, ref, subject, trouble } = card
  const show = (event: Event) => event.currentTarget?.dispatchEvent(new ShowSubject({ ref, subject, name }))
  return html`
    <article class="card ${toCardTone(card)}">
      <div class="head">
        ${icon === null ? nothing : html`<span class="icon" aria-hidden="true">${toVisibleText(icon)}</span>`}
        <h3 class="name">
          <button class="open" aria-haspopup="dialog" @click=${show}>
            <bdi>${toVisibleText(name)}</bdi>
          </button>
          ${note === '' ? nothing : html`<bdi class="note">${toVisibleText(note)}</bdi>`}
        </h3>
        ${value === '' || trouble !== null ? nothing : html`<bdi class="value">${toVisibleText(value)}</bdi>`}
        ${renderStatePill(card)}
      </div>
      ${body}
      ${trouble === null ? nothing : html`<p class="trouble"><bdi>${toVisibleText(trouble)}</bdi></p>`}
    </article>
  `
}
