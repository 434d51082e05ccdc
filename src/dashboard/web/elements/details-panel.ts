import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Card, DashboardView } from '../../model/dashboard-view.ts'
import { isChangeList, isExplanation, Refused, type Server } from '../live/server.ts'
import { type Explained, renderDetails } from '../panels/details.ts'
import type { Subject } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { toVisibleText } from '../text/text.ts'

/** Everything about one thing, beside the page; on a narrow screen above it. */
export class DetailsPanel extends LitElement {
  static override readonly properties = {
    subject: { attribute: false },
    view: { attribute: false },
    server: { attribute: false },
    now: { attribute: false },
    explained: { state: true },
  }
  declare subject: Subject | undefined
  declare view: DashboardView | undefined
  declare server: Server | undefined
  declare now: number
  declare explained: Explained | undefined
  #card: Card | undefined

  constructor() {
    super()
    this.now = 0
  }

  // The styles are those of the page.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  protected override willUpdate(changed: PropertyValues): void {
    const before = this.#card
    this.#card = this.#findCard()
    if (changed.has('subject')) this.explained = undefined
    const isNew = changed.has('subject') || hasNewFacts(before, this.#card)
    if (isNew && this.subject !== undefined) void this.#load()
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('subject')) return
    const dialog = this.querySelector('dialog')
    if (this.subject === undefined) {
      dialog?.close()
      return
    }
    if (dialog && !dialog.open) {
      if (matchMedia('(max-width: 56rem)').matches) dialog.showModal()
      else dialog.show()
    }
    this.querySelector('h2')?.focus()
  }

  protected override render(): TemplateResult {
    const { subject, explained, now } = this
    const card = this.#card
    return html`<dialog class="side" aria-labelledby="h-details" @close=${this.#close} @keydown=${this.#onKey}>
      ${
        subject === undefined
          ? nothing
          : html`<div class="side-head">
                <div>
                  <h2 id="h-details" tabindex="-1"><bdi>${toVisibleText(card?.name ?? subject.name)}</bdi></h2>
                  ${subject.subject === null ? nothing : html`<p><code><bdi>${toVisibleText(subject.subject)}</bdi></code></p>`}
                </div>
                <button type="button" class="quiet icon-only" aria-label="Close" @click=${this.#close}>${renderSymbol('x')}</button>
              </div>
              <div class="body" tabindex="0" role="group" aria-label="Details">
                ${renderDetails({ subject, card, explained, now })}
              </div>`
      }
    </dialog>`
  }

  #findCard(): Card | undefined {
    const { subject, view } = this
    if (subject === undefined) return undefined
    const cards = view?.sections.flatMap(section => section.cards) ?? []
    return cards.find(card =>
      subject.ref === null ? card.subject === subject.subject : card.ref === subject.ref,
    )
  }

  async #load(): Promise<void> {
    const { server, subject } = this
    const ref = subject?.subject ?? null
    if (server === undefined || ref === null) return
    this.explained ??= { kind: 'loading' }
    const explained = await requestExplanation(ref, server)
    if (this.subject === subject) this.explained = explained
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.#close()
  }

  readonly #close = (): void => {
    if (this.subject !== undefined) this.dispatchEvent(new Event('closed'))
  }
}

async function requestExplanation(ref: string, server: Server): Promise<Explained> {
  const path = ref.toWellFormed().split('/').map(encodeURIComponent)
  const [registry = '', ...id] = path
  try {
    const [explanation, changes] = await Promise.all([
      server.load(`/explain/${registry}/${id.join('%2F')}`),
      // Without its history, a thing is still explained.
      server.load(`/changes?ref=${encodeURIComponent(ref.toWellFormed())}`).catch(() => []),
    ])
    if (!isExplanation(explanation)) return { kind: 'refused', reason: 'the server sent no explanation' }
    return { kind: 'explained', explanation, changes: isChangeList(changes) ? changes : [] }
  } catch (error) {
    const reason = error instanceof Refused ? error.message : 'the server cannot be reached'
    return { kind: 'refused', reason }
  }
}

// Metrics change every few seconds, and mean nothing for what can be used.
function hasNewFacts(before: Card | undefined, now: Card | undefined): boolean {
  return before?.state !== now?.state || before?.facts?.checked_at !== now?.facts?.checked_at
}
