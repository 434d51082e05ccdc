import { html, nothing, type TemplateResult } from 'lit'
import type { Card } from '../../model/dashboard-view.ts'
import { toCardTone, toCardWord, toneSymbols } from '../state/tone.ts'
import { toVisibleText } from '../text/text.ts'
import { ShowSubject } from './subject.ts'

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

/** The state of a card: a colour, a sign and a word. That a metric is as it should be is only said. */
export function renderStatePill(card: Card): TemplateResult {
  const tone = toCardTone(card)
  const word = toCardWord(card)
  if (card.state === null && tone === 'good') return html`<span class="only-heard">${word}</span>`
  return html`<span class="pill ${tone}"
    ><span class="sign" aria-hidden="true">${toneSymbols[tone]}</span><span>${word}</span></span
  >`
}
