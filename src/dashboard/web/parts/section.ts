import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { html as staticHtml, unsafeStatic } from 'lit/static-html.js'
import type { Card, DashboardSection, UiComponent } from '../../model/dashboard-view.ts'
import type { CardComponent } from '../components/card-component.ts'
import { components } from '../components/index.ts'
import { toCardTone, toCardWord, toneSymbols } from '../state/cards.ts'
import { toVisibleText } from '../text/text.ts'
import { ShowSubject } from './subject.ts'

/** A heading and its cards, each shown by the component that its entry names. */
export function renderSection({ id, title, cards }: DashboardSection): TemplateResult {
  // A category may have spaces, and a list of ids has spaces between.
  const heading = `section-${id.replace(/\s/g, '-')}`
  return html`<section class="section span-${Math.min(cards.length, 8)}" aria-labelledby=${heading}>
    <h2 id=${heading}><bdi>${toVisibleText(title)}</bdi></h2>
    <ul class="cards">
      ${repeat(
        cards,
        ({ ref }) => ref,
        card => html`<li>${renderCard(card)}</li>`,
      )}
    </ul>
  </section>`
}

function renderCard(card: Card): TemplateResult {
  const component = findComponent(card.component)
  // The names are those of our own list, never from data.
  const tag = component && unsafeStatic(component.tag)
  if (tag) return staticHtml`<${tag} .card=${card}></${tag}>`
  const warning = card.warning ?? `this page knows no component ${card.component}`
  return html`<div class="without-component">${renderCardFrame({ ...card, warning }, nothing)}</div>`
}

// A newer server may know more of them than this page.
function findComponent(name: UiComponent | null): CardComponent | undefined {
  return name !== null && Object.hasOwn(components, name) ? components[name] : undefined
}

/** What all cards have: symbol, name, state, and the way to their details. */
export function renderCardFrame(
  card: Card,
  body: TemplateResult | typeof nothing,
  { note = '', value = '' }: { readonly note?: string; readonly value?: string } = {},
): TemplateResult {
  const { icon, name, ref, subject, warning } = card
  const isLit = card.has_indicator || warning !== null
  const show = (event: Event) => event.currentTarget?.dispatchEvent(new ShowSubject({ ref, subject, name }))
  return html`
    <article class="card ${isLit ? toCardTone(card) : 'unlit'}">
      <div class="head">
        ${icon === null ? nothing : html`<span class="icon" aria-hidden="true">${toVisibleText(icon)}</span>`}
        <h3 class="name">
          <button class="open" aria-haspopup="dialog" @click=${show}>
            <bdi>${toVisibleText(name)}</bdi>
          </button>
          ${note === '' ? nothing : html`<bdi class="note">${toVisibleText(note)}</bdi>`}
        </h3>
        ${value === '' || warning !== null ? nothing : html`<bdi class="value">${toVisibleText(value)}</bdi>`}
        ${isLit ? renderStatePill(card) : nothing}
      </div>
      ${body}
      ${warning === null ? nothing : html`<p class="warning"><bdi>${toVisibleText(warning)}</bdi></p>`}
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
