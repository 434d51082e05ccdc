import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { Card } from '../../model/dashboard-view.ts'
import { createDashboardServer, createTokenStore, type TokenStore } from '../live/create-server.ts'
import { followDashboard } from '../live/follow-dashboard.ts'
import type { Server } from '../live/server.ts'
import { renderChangeList } from '../parts/change-list.ts'
import { renderSection } from '../parts/section.ts'
import { ShowSubject, type Subject } from '../parts/subject.ts'
import { renderTopBar } from '../parts/top-bar.ts'
import { type CardFilter, filterSections } from '../state/cards.ts'
import { type DashboardState, describeNews, emptyState } from '../state/dashboard-state.ts'
import { dashboardStyles, layoutStyles } from '../styles/dashboard-styles.ts'
import { baseStyles, cardStyles } from '../styles/part-styles.ts'
import { toTitle, toVisibleText } from '../text/text.ts'
import { SignInDialog, TokenGiven } from './sign-in-dialog.ts'

/** How often ages are updated, in milliseconds. */
const announceEveryMs = 5000

/** How many of the last news are there for who does not look at the screen. */
const mostNews = 5

/** The whole page. */
export class NexusDashboard extends LitElement {
  static override readonly properties = {
    shown: { state: true },
    filter: { state: true },
    subject: { state: true },
    notice: { state: true },
    news: { state: true },
    now: { state: true },
    isGraphOpen: { state: true },
  }
  static override readonly styles = [baseStyles, cardStyles, dashboardStyles, layoutStyles]
  declare shown: DashboardState
  declare filter: CardFilter
  declare subject: Subject | undefined
  declare notice: string
  declare news: readonly string[]
  declare now: number
  declare isGraphOpen: boolean
  #following = new AbortController()
  #timer: ReturnType<typeof setInterval> | undefined
  #server: Server
  #asker: Element | undefined
  #isDrawn = false
  readonly #tokens: TokenStore = createTokenStore(globalThis.sessionStorage)

  constructor() {
    super()
    this.shown = emptyState
    this.filter = { text: '', isOnlyWrong: false }
    this.notice = ''
    this.news = []
    this.now = Date.now()
    this.isGraphOpen = false
    this.#server = createDashboardServer(location.origin, this.#tokens.find)
    this.addEventListener(ShowSubject.type, this.#onShow)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#follow()
    this.#timer = setInterval(() => {
      this.now = Date.now()
    }, announceEveryMs)
    document.addEventListener('keydown', this.#onKey)
  }

  protected override updated(): void {
    document.title = toTitle(this.shown)
    if (this.#isDrawn || this.shown.view === undefined) return
    this.#isDrawn = true
    performance.mark('cards drawn')
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#following.abort()
    clearInterval(this.#timer)
    document.removeEventListener('keydown', this.#onKey)
  }

  protected override render(): TemplateResult {
    const { shown, now, subject, news } = this
    const { view } = shown
    return html`
      ${renderTopBar({
        shown,
        now,
        filter: this.filter,
        notice: this.notice,
        isSignedIn: this.#tokens.find() !== undefined,
        onFilter: this.#onFilter,
        onSign: this.#onSign,
      })}
      <main class=${view === undefined ? '' : 'known'} aria-busy=${view === undefined}>
        ${view === undefined ? html`<p class="soft waiting">${this.#describeWaiting()}</p>` : this.#renderBody()}
      </main>
      <explain-panel
        .subject=${subject}
        .card=${this.#findCard()}
        .server=${this.#server}
        .now=${now}
        @closed=${this.#onClosed}
      ></explain-panel>
      <sign-in-dialog @token-given=${this.#onToken}></sign-in-dialog>
      <div class="only-heard" role="log" aria-label="News">
        ${news.map(line => html`<p>${toVisibleText(line)}</p>`)}
      </div>
    `
  }

  #renderBody(): TemplateResult {
    const { shown, filter, now } = this
    const sections = filterSections(shown.view?.sections ?? [], filter)
    return html`
      <section class="recent ${shown.changes.length === 0 ? 'none' : ''}" aria-labelledby="recent">
        <h2 id="recent">Recent changes</h2>
        ${renderChangeList(shown.changes, now)}
      </section>
      <div class="frame">
        <div class="sections">
          ${sections.length === 0 ? html`<p class="soft waiting">${this.#describeNothing()}</p>` : nothing}
          ${repeat(sections, ({ id }) => id, renderSection)}
        </div>
      </div>
      <details class="graph" @toggle=${this.#onGraph}>
        <summary><h2>Dependency graph</h2></summary>
        ${
          this.isGraphOpen
            ? html`<dependency-graph .server=${this.#server} .view=${shown.view}></dependency-graph>`
            : nothing
        }
      </details>
    `
  }

  #describeWaiting(): string {
    return this.shown.connection.kind === 'loading' ? 'Loading…' : 'Nothing is known yet.'
  }

  #describeNothing(): string {
    const { text, isOnlyWrong } = this.filter
    if (text.trim() !== '') return 'Nothing here is called so.'
    return isOnlyWrong ? 'Nothing is wrong.' : 'The dashboard registry has no entries that you may see.'
  }

  #follow(): void {
    this.#following.abort()
    this.#following = new AbortController()
    this.shown = emptyState
    this.#server = createDashboardServer(location.origin, this.#tokens.find)
    void followDashboard({
      server: this.#server,
      signal: this.#following.signal,
      onState: state => {
        const news = describeNews(this.shown, state)
        if (news !== undefined) this.news = [...this.news, news].slice(-mostNews)
        this.shown = state
        this.now = Date.now()
      },
      onRefusedToken: reason => {
        // What that role saw goes with it.
        this.#tokens.forget()
        this.#signed(`You are signed out: ${reason}`)
      },
    })
  }

  #findCard(): Card | undefined {
    const { subject, shown } = this
    if (subject === undefined) return undefined
    const cards = shown.view?.sections.flatMap(section => section.cards) ?? []
    return cards.find(card =>
      subject.ref === null ? card.subject === subject.subject : card.ref === subject.ref,
    )
  }

  readonly #onShow = (event: Event): void => {
    if (!(event instanceof ShowSubject)) return
    const [asker] = event.composedPath()
    // Who follows a way within the panel comes back to where it was opened.
    if (this.subject === undefined && asker instanceof Element) this.#asker = asker
    this.subject = event.subject
  }

  readonly #onClosed = (): void => {
    this.subject = undefined
    const asker = this.#asker
    if (asker instanceof HTMLElement || asker instanceof SVGElement) asker.focus()
  }

  readonly #onFilter = (filter: CardFilter): void => {
    this.filter = filter
  }

  readonly #onGraph = (event: Event): void => {
    this.isGraphOpen = event.target instanceof HTMLDetailsElement && event.target.open
  }

  readonly #onSign = (): void => {
    if (this.#tokens.find() === undefined) {
      const dialog = this.renderRoot.querySelector('sign-in-dialog')
      if (dialog instanceof SignInDialog) dialog.show()
      return
    }
    this.#tokens.forget()
    this.#signed('')
  }

  readonly #onToken = (event: Event): void => {
    if (!(event instanceof TokenGiven)) return
    this.#tokens.keep(event.token)
    this.#signed('')
  }

  #signed(notice: string): void {
    this.notice = notice
    this.subject = undefined
    this.#follow()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const [target] = event.composedPath()
    const isTyping = target instanceof HTMLInputElement
    if (event.key === 'Escape' && this.subject !== undefined) this.#onClosed()
    if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const search = this.renderRoot.querySelector('#search')
    if (search instanceof HTMLInputElement) search.focus()
  }
}
