import { html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Card } from '../model/dashboard-view.ts'
import type { CardComponent } from './components/card-component.ts'
import { components } from './components/index.ts'
import { DependencyGraph } from './elements/dependency-graph.ts'
import { ExplainPanel } from './elements/explain-panel.ts'
import { NexusDashboard } from './elements/nexus-dashboard.ts'
import { SignInDialog } from './elements/sign-in-dialog.ts'
import { renderCardFrame } from './parts/section.ts'
import { baseStyles, cardStyles } from './styles/part-styles.ts'

for (const component of Object.values(components))
  customElements.define(component.tag, createCardElement(component))
customElements.define('explain-panel', ExplainPanel)
customElements.define('sign-in-dialog', SignInDialog)
customElements.define('dependency-graph', DependencyGraph)
customElements.define('nexus-dashboard', NexusDashboard)

/** Makes the element of a component. Elements are classes to browsers. */
function createCardElement({ styles, render, note, value }: CardComponent): CustomElementConstructor {
  return class extends LitElement {
    static override readonly properties = { card: { attribute: false } }
    static override readonly styles = [baseStyles, cardStyles, styles]
    declare card: Card | undefined

    protected override render(): TemplateResult {
      const { card } = this
      if (card === undefined) return html``
      // What cannot be shown has a sentence in its place.
      const body = card.warning === null ? render(card) : nothing
      return renderCardFrame(card, body, { note: note?.(card) ?? '', value: value?.(card) ?? '' })
    }
  }
}
