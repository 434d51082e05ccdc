import { html, LitElement, nothing, type TemplateResult } from 'lit'
import type { DashboardModel, DashboardView } from '../../model/dashboard-view.ts'
import { ShowSubject } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { type SearchHit, type SearchResult, search } from '../state/search.ts'
import { toVisibleText } from '../text/text.ts'

/** The reader begins to search: all models are needed. */
export class SearchBegins extends Event {
  static readonly type = 'search-begins'

  constructor() {
    super(SearchBegins.type, { bubbles: true })
  }
}

/** Finds tools, models, providers and variables by their names, and opens what is chosen. */
export class SearchBox extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    models: { attribute: false },
    text: { state: true },
    active: { state: true },
    isOpen: { state: true },
  }
  declare view: DashboardView | undefined
  declare models: readonly DashboardModel[] | undefined
  declare text: string
  declare active: number
  declare isOpen: boolean

  constructor() {
    super()
    this.text = ''
    this.active = 0
    this.isOpen = false
  }

  // The styles are those of the page.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override focus(): void {
    this.querySelector('input')?.select()
  }

  protected override render(): TemplateResult {
    const result = this.#search()
    const isOpen = this.isOpen && result !== undefined
    const active = isOpen && result.hits.length > 0 ? `hit-${this.#toActive(result)}` : ''
    return html`<form class="search" role="search" @submit=${this.#onSubmit}>
      ${renderSymbol('search')}
      <input
        type="search"
        role="combobox"
        aria-label="Search"
        aria-expanded=${isOpen}
        aria-controls="hits"
        aria-autocomplete="list"
        aria-activedescendant=${active}
        placeholder="Search tools, models, variables"
        autocomplete="off"
        spellcheck="false"
        maxlength="200"
        @focus=${this.#onFocus}
        @blur=${this.#onBlur}
        @input=${this.#onInput}
        @keydown=${this.#onKey}
      />
      <kbd aria-hidden="true">/</kbd>
      <div class="hits" ?hidden=${!isOpen}>
        <ul id="hits" role="listbox" aria-label="Found">
          ${result?.hits.map((hit, index) => this.#renderHit(hit, index, result))}
        </ul>
        ${result === undefined ? nothing : renderEnd(result, this.text, () => result.nearest && this.#choose(result.nearest))}
      </div>
      <span class="heard" role="status">${isOpen ? describeResult(result) : ''}</span>
    </form>`
  }

  #renderHit(hit: SearchHit, index: number, result: SearchResult): TemplateResult {
    const isActive = index === this.#toActive(result)
    // The field keeps the focus, and a click must not take it before it is used.
    return html`<li
      id="hit-${index}"
      role="option"
      aria-selected=${isActive}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#choose(hit)}
    >
      <bdi>${toVisibleText(hit.name)}</bdi> <span class="soft"><bdi>${toVisibleText(hit.kind)}</bdi></span>
    </li>`
  }

  #search(): SearchResult | undefined {
    if (this.view === undefined || this.text.trim() === '') return undefined
    return search(this.text, this.view, this.models ?? this.view.models.entries)
  }

  #toActive({ hits }: SearchResult): number {
    return Math.min(this.active, hits.length - 1)
  }

  #choose({ ref, subject, name }: SearchHit): void {
    this.isOpen = false
    this.querySelector('input')?.dispatchEvent(new ShowSubject({ ref, subject, name }))
  }

  readonly #onFocus = (): void => {
    this.isOpen = true
    this.dispatchEvent(new SearchBegins())
  }

  readonly #onBlur = (): void => {
    this.isOpen = false
  }

  readonly #onInput = (event: Event): void => {
    this.text = event.target instanceof HTMLInputElement ? event.target.value : ''
    this.active = 0
    this.isOpen = true
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const result = this.#search()
    if (event.key === 'Escape') {
      event.stopPropagation()
      if (this.isOpen && this.text !== '') this.isOpen = false
      else this.querySelector('input')?.blur()
      return
    }
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0 || result === undefined || result.hits.length === 0) return
    event.preventDefault()
    this.isOpen = true
    this.active = (this.#toActive(result) + step + result.hits.length) % result.hits.length
  }

  readonly #onSubmit = (event: Event): void => {
    event.preventDefault()
    const result = this.#search()
    const hit = result?.hits[this.#toActive(result)] ?? result?.nearest
    if (hit) this.#choose(hit)
  }
}

function renderEnd({ hits, more, nearest }: SearchResult, text: string, onNearest: () => void) {
  if (hits.length > 0) return more > 0 ? html`<p class="soft">and ${more} more</p>` : nothing
  return html`<p>Nothing is called “<bdi>${toVisibleText(text)}</bdi>”.</p>
    ${
      nearest === undefined
        ? nothing
        : html`<p>
            <button type="button" class="quiet" @pointerdown=${(event: Event) => event.preventDefault()} @click=${onNearest}>
              <span>Did you mean <bdi>${toVisibleText(nearest.name)}</bdi>?</span>
            </button>
          </p>`
    }`
}

function describeResult({ hits, more, nearest }: SearchResult): string {
  if (hits.length > 0) return `${hits.length + more} found`
  return nearest === undefined ? 'Nothing found' : `Nothing found. Did you mean ${nearest.name}?`
}
