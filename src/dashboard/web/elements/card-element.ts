import { html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Card } from '../../model/dashboard-view.ts'
import type { CardComponent } from '../components/card-component.ts'
import { renderCardFrame } from '../parts/card-frame.ts'
import { baseStyles } from '../styles/base-styles.ts'
import { cardStyles } from '../styles/part-styles.ts'

/** Makes the element of a component. Elements are classes to browsers. */
export function createCardElement({ styles, render, note, value }: CardComponent): CustomElementConstructor {
  return class extends LitElement {
    static override readonly properties = { card: { attribute: false } }
    static override readonly styles = [baseStyles, cardStyles, styles]
    declare card: Card | undefined

    protected override render(): TemplateResult {
      const { card } = this
      if (card === undefined) return html``
      // What cannot be shown has a sentence in its place.
      const body = card.trouble === null ? render(card) : nothing
      return renderCardFrame(card, body, { note: note?.(card) ?? '', value: value?.(card) ?? '' })
    }
  }
}
