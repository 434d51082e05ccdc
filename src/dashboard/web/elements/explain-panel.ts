import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { ExplanationDocument } from '../../../readiness/explanation-schema.ts'
import type { Card } from '../../model/dashboard-view.ts'
import { isExplanation, Refused, type Server } from '../live/server.ts'
import { renderDetails, renderExplanationPanel } from '../parts/explanation.ts'
import type { Subject } from '../parts/subject.ts'
import { baseStyles, dialogStyles, panelStyles, sparklineStyles } from '../styles/part-styles.ts'
import { toVisibleText } from '../text/text.ts'

type ExplainRequest =
  | { readonly kind: 'asking' }
  | { readonly kind: 'explained'; readonly explanation: ExplanationDocument }
  | { readonly kind: 'refused'; readonly reason: string }

/** All about one thing, beside the dashboard; on a narrow screen above it. */
export class ExplainPanel extends LitElement {
  static override readonly properties = {
    subject: { attribute: false },
    card: { attribute: false },
    server: { attribute: false },
    now: { attribute: false },
    asked: { state: true },
  }
  static override readonly styles = [baseStyles, dialogStyles, sparklineStyles, panelStyles]
  declare subject: Subject | undefined
  declare card: Card | undefined
  declare server: Server | undefined
  declare now: number
  declare asked: ExplainRequest | undefined

  constructor() {
    super()
    this.now = 0
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('subject')) {
      // What is shown of it may have changed with the card.
      if (changed.has('card') && hasNewFacts(changed.get('card'), this.card)) void this.#ask()
      return
    }
    const dialog = this.renderRoot.querySelector('dialog')
    if (this.subject === undefined) {
      dialog?.close()
      return
    }
    this.asked = undefined
    void this.#ask()
    if (dialog && !dialog.open) {
      if (matchMedia('(max-width: 44rem)').matches) dialog.showModal()
      else dialog.show()
    }
    this.renderRoot.querySelector('h2')?.focus()
  }

  protected override render(): TemplateResult {
    const { subject, card, asked } = this
    return html`<dialog aria-labelledby="title" @close=${this.#close} @keydown=${this.#onKey}>
      ${
        subject === undefined
          ? nothing
          : html`<div class="head">
              <h2 id="title" tabindex="-1"><bdi>${toVisibleText(card?.name ?? subject.name)}</bdi></h2>
              <button class="plain" @click=${this.#close}>Close</button>
            </div>
            <div class="body" tabindex="0" role="group" aria-label="Details">
              ${card === undefined || subject.subject === null ? nothing : html`<p class="soft ref"><bdi>${toVisibleText(subject.subject)}</bdi></p>`}
              ${card === undefined ? nothing : renderDetails(card, this.now)} ${renderAsked(asked)}
            </div>`
      }
    </dialog>`
  }

  async #ask(): Promise<void> {
    const { server, subject } = this
    const ref = subject?.subject ?? null
    if (server === undefined || ref === null) return
    this.asked ??= { kind: 'asking' }
    const asked = await requestExplanation(ref, server)
    if (this.subject === subject) this.asked = asked
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#close()
  }

  readonly #close = (): void => {
    if (this.subject !== undefined) this.dispatchEvent(new Event('closed'))
  }
}

async function requestExplanation(ref: string, server: Server): Promise<ExplainRequest> {
  const path = ref.toWellFormed().split('/').map(encodeURIComponent)
  const [registry = '', ...id] = path
  try {
    const explanation = await server.load(`/explain/${registry}/${id.join('%2F')}`)
    if (isExplanation(explanation)) return { kind: 'explained', explanation }
    return { kind: 'refused', reason: 'the answer explains nothing' }
  } catch (error) {
    return {
      kind: 'refused',
      reason: error instanceof Refused ? error.message : 'the server cannot be reached',
    }
  }
}

function renderAsked(asked: ExplainRequest | undefined): TemplateResult | typeof nothing {
  switch (asked?.kind) {
    case 'explained':
      return renderExplanationPanel(asked.explanation)
    case 'refused':
      return html`<p class="reason"><bdi>${toVisibleText(asked.reason)}</bdi></p>`
    case 'asking':
      return html`<p class="soft">Asking why…</p>`
    default:
      return nothing
  }
}

// Metrics change every few seconds, and mean nothing for what can be used.
function hasNewFacts(before: Card | undefined, now: Card | undefined): boolean {
  return before?.state !== now?.state || before?.facts?.checked_at !== now?.facts?.checked_at
}
