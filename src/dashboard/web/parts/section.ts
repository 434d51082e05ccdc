import { nothing, html as plain, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { html, unsafeStatic } from 'lit/static-html.js'
import type { Card, DashboardSection, UiComponent } from '../../model/dashboard-view.ts'
import type { CardComponent } from '../components/card-component.ts'
import { components } from '../components/index.ts'
import { toVisibleText } from '../text/text.ts'
import { renderCardFrame } from './card-frame.ts'

/** A heading and its cards, each shown by the component that its entry names. */
export function renderSection({ id, title, cards }: DashboardSection): TemplateResult {
  const heading = `section-${id}`
  return plain`<section class="section span-${Math.min(cards.length, 8)}" aria-labelledby=${heading}>
    <h2 id=${heading}><bdi>${toVisibleText(title)}</bdi></h2>
    <ul class="cards">
      ${repeat(
        cards,
        ({ ref }) => ref,
        card => plain`<li>${renderCard(card)}</li>`,
      )}
    </ul>
  </section>`
}

function renderCard(card: Card): TemplateResult {
  const component = findComponent(card.component)
  // The names are those of our own list, never from data.
  const tag = component && unsafeStatic(component.tag)
  if (tag) return html`<${tag} .card=${card}></${tag}>`
  const trouble = card.trouble ?? `this page knows no component ${card.component}`
  return plain`<div class="without-component">${renderCardFrame({ ...card, trouble }, nothing)}</div>`
}

// A newer server may know more of them than this page.
function findComponent(name: UiComponent | null): CardComponent | undefined {
  return name !== null && Object.hasOwn(components, name) ? components[name] : undefined
}
