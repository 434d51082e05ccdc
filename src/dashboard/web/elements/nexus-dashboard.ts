import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { createDashboardServer, createTokenStore, type TokenStore } from '../live/create-server.ts'
import { followDashboard } from '../live/follow-dashboard.ts'
import { endOwnerSession, isOwnerSession, takeOwnerLink } from '../live/owner-session.ts'
import type { Server } from '../live/server.ts'
import { createListLoader, type ListLoader, noLists, type WholeLists } from '../live/whole-lists.ts'
import { renderBanners } from '../panels/banners.ts'
import { renderTopBar } from '../panels/top-bar.ts'
import { CopyButton } from '../parts/command.ts'
import { ShowSubject, type Subject } from '../parts/subject.ts'
import { type Address, parseAddress } from '../state/address.ts'
import { applyColours, type Colours, loadColours } from '../state/colours.ts'
import { type DashboardState, describeNews, emptyState } from '../state/dashboard-state.ts'
import { createHeldOrder } from '../state/held-order.ts'
import { parseModelFilter, toModelAddress } from '../state/model-filter.ts'
import { toTitle, toVisibleText } from '../text/text.ts'
import { changesMore, renderChangesView } from '../views/changes.ts'
import { renderModelsView, rowsMore } from '../views/models.ts'
import { renderOverviewView } from '../views/overview.ts'
import { KeysDialog } from './keys-dialog.ts'
import { SearchBegins, SearchBox } from './search-box.ts'
import { SignInDialog, TokenGiven } from './sign-in-dialog.ts'

/** How often ages are updated, in milliseconds. */
const updateAgesMs = 5000

/** Time after which the page shows that it loads, in milliseconds. A server near by is sooner. */
const slowMs = 150

/** How many of the last news readers who do not see the screen can hear again. */
const mostNews = 5

/** The whole page. */
export class NexusDashboard extends LitElement {
  static override readonly properties = {
    shown: { state: true },
    address: { state: true },
    subject: { state: true },
    notice: { state: true },
    news: { state: true },
    now: { state: true },
    colours: { state: true },
    lists: { state: true },
    most: { state: true },
    isSlow: { state: true },
  }
  declare shown: DashboardState
  declare address: Address
  declare subject: Subject | undefined
  declare notice: string
  declare news: readonly string[]
  declare now: number
  declare colours: Colours
  declare lists: WholeLists
  /** How many rows a long list shows. */
  declare most: number
  /** Whether the first response takes so long that the page says so. */
  declare isSlow: boolean
  #following = new AbortController()
  #timer: ReturnType<typeof setInterval> | undefined
  #server: Server
  #opener: Element | undefined
  #isDrawn = false
  /** Whether a view or a search needs all models. */
  #areModelsWanted = false
  #loader: ListLoader
  readonly #order = createHeldOrder(
    list => this.querySelector(`#${list}`)?.matches(':hover, :focus-within') ?? false,
  )
  readonly #tokens: TokenStore = createTokenStore(globalThis.sessionStorage)

  constructor() {
    super()
    this.shown = emptyState
    this.address = parseAddress(location.hash)
    this.notice = ''
    this.news = []
    this.now = Date.now()
    this.colours = loadColours()
    this.lists = noLists
    this.most = rowsMore
    this.isSlow = false
    this.#server = createDashboardServer(location.origin, this.#tokens.find)
    this.#loader = this.#createLoader()
    applyColours(this.colours)
    this.addEventListener(ShowSubject.type, this.#onShow)
    this.addEventListener(SearchBegins.type, this.#onSearch)
  }

  // The page is one document: labels, links and the styles of the page reach everything.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.#takeLink()) this.#follow()
    this.#timer = setInterval(() => {
      this.now = Date.now()
    }, updateAgesMs)
    setTimeout(() => {
      this.isSlow = true
    }, slowMs)
    document.addEventListener('keydown', this.#onKey)
    window.addEventListener('hashchange', this.#onAddress)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#following.abort()
    clearInterval(this.#timer)
    document.removeEventListener('keydown', this.#onKey)
    window.removeEventListener('hashchange', this.#onAddress)
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('shown') || changed.has('address')) this.#loadLists()
  }

  protected override updated(changed: PropertyValues): void {
    document.title = toTitle(this.shown)
    this.#followAddress(changed.get('address'))
    if (this.#isDrawn || this.shown.view === undefined) return
    this.#isDrawn = true
    performance.mark('cards drawn')
    if (this.address.panel !== '') this.#scroll()
  }

  protected override render(): TemplateResult | typeof nothing {
    const { shown, now, subject, news } = this
    if (shown.view === undefined && shown.connection.kind === 'loading' && !this.isSlow) return nothing
    const isSignedIn = this.#tokens.find() !== undefined
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>Skip to the content</a>
      ${renderTopBar({
        shown,
        view: this.address.view,
        models: this.lists.models,
        now,
        colours: this.colours,
        reader: this.#describeReader(),
        onColours: this.#onColours,
        onSign: this.#onSign,
      })}
      <main id="main" tabindex="-1" aria-busy=${shown.view === undefined}>
        ${renderBanners({ shown, notice: this.notice, isSignedIn, now, onSign: this.#onSign, onRetry: this.#onRetry })}
        ${this.#renderView()}
      </main>
      ${shown.view === undefined ? nothing : renderFoot(this.#onKeys)}
      <details-panel
        .subject=${subject}
        .view=${shown.view}
        .server=${this.#server}
        .now=${now}
        @closed=${this.#onClosed}
      ></details-panel>
      <sign-in-dialog @token-given=${this.#onToken}></sign-in-dialog>
      <keys-dialog></keys-dialog>
      <div class="heard" role="log" aria-label="News">
        ${news.map(line => html`<p>${toVisibleText(line)}</p>`)}
      </div>
    `
  }

  #describeReader(): string {
    const token = this.#tokens.find()
    if (token === undefined) return ''
    return isOwnerSession(token) ? 'owner' : 'signed in'
  }

  #renderView(): TemplateResult {
    const { shown, address, now } = this
    const { view } = shown
    if (view === undefined || address.view === 'overview') return renderOverviewView(shown, now, this.#order)
    switch (address.view) {
      case 'models':
        return renderModelsView({
          view,
          models: this.lists.models,
          filter: parseModelFilter(address.parameters),
          most: this.most,
          now,
          onText: this.#onText,
          onMore: this.#onMore,
        })
      case 'changes':
        return renderChangesView({
          changes: this.lists.changes,
          view,
          reason: this.lists.changesReason,
          kind: address.parameters.get('kind') ?? '',
          most: this.most,
          now,
          onMore: this.#onMore,
        })
      case 'graph':
        return html`<dependency-graph .server=${this.#server} .view=${view} .parameters=${address.parameters}></dependency-graph>`
    }
  }

  #follow(): void {
    this.#following.abort()
    this.#following = new AbortController()
    this.shown = emptyState
    this.lists = noLists
    this.#server = createDashboardServer(location.origin, this.#tokens.find)
    this.#loader = this.#createLoader()
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

  // What comes for a reader who has signed in or out meanwhile is not shown.
  #createLoader(): ListLoader {
    const server = this.#server
    return createListLoader(server, lists => {
      if (server === this.#server) this.lists = { ...this.lists, ...lists }
    })
  }

  #loadLists(): void {
    const { view } = this.shown
    if (this.address.view === 'models') this.#areModelsWanted = true
    const needs = { models: this.#areModelsWanted, changes: this.address.view === 'changes' }
    if (view !== undefined) this.#loader.load(view, needs)
  }

  // A filter changes in place: then the reader stays where they are.
  #followAddress(before: unknown): void {
    const { view, panel } = this.address
    if (!isAddress(before) || (before.view === view && panel === '')) return
    this.#scroll()
  }

  #scroll(): void {
    const { panel } = this.address
    const target = panel === '' ? null : document.getElementById(panel)
    if (target === null) window.scrollTo({ top: 0 })
    else target.scrollIntoView({ block: 'start' })
    const heading = target?.querySelector<HTMLElement>('h2') ?? this.querySelector<HTMLElement>('h1')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus({ preventScroll: true })
  }

  readonly #onAddress = (): void => {
    // A new link may come into a tab that has the page already.
    if (this.#takeLink()) return
    const address = parseAddress(location.hash)
    // On a narrow screen the details hide what a link in them leads to.
    const details = this.querySelector<HTMLDialogElement>('dialog.side:modal')
    if (details !== null) {
      this.#opener = undefined
      details.close()
    }
    if (address.view !== this.address.view) this.most = address.view === 'changes' ? changesMore : rowsMore
    this.address = address
  }

  readonly #onText = (text: string): void => {
    const filter = { ...parseModelFilter(this.address.parameters), text }
    // Each letter is no step back.
    history.replaceState(null, '', toModelAddress(filter))
    this.address = parseAddress(location.hash)
  }

  readonly #onMore = (): void => {
    this.most += this.address.view === 'changes' ? changesMore : rowsMore
  }

  readonly #onShow = (event: Event): void => {
    if (!(event instanceof ShowSubject)) return
    const [opener] = event.composedPath()
    // Who follows a link within the panel comes back to where it was opened.
    if (this.subject === undefined && opener instanceof Element) this.#opener = opener
    this.subject = event.subject
  }

  readonly #onClosed = (): void => {
    this.subject = undefined
    const opener = this.#opener
    if (opener instanceof HTMLElement || opener instanceof SVGElement) opener.focus()
  }

  readonly #onSearch = (): void => {
    this.#areModelsWanted = true
    this.#loadLists()
  }

  readonly #onColours = (colours: Colours): void => {
    this.colours = colours
    applyColours(colours)
  }

  readonly #onKeys = (): void => {
    const dialog = this.querySelector('keys-dialog')
    if (dialog instanceof KeysDialog) dialog.show()
  }

  readonly #onRetry = (): void => this.#follow()

  readonly #onSign = (): void => {
    const token = this.#tokens.find()
    if (token === undefined) {
      const dialog = this.querySelector('sign-in-dialog')
      if (dialog instanceof SignInDialog) dialog.show()
      return
    }
    void endOwnerSession(token, { location, fetch })
    this.#tokens.forget()
    this.#signed('')
  }

  /** Signs in with the link in the address; false when there is none. */
  readonly #takeLink = (): boolean => {
    const signIn = takeOwnerLink({ location, history, fetch })
    void signIn?.then(result => {
      if ('session' in result) this.#tokens.keep(result.session)
      this.#signed('reason' in result ? result.reason : '')
    })
    return signIn !== undefined
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

  // The address behind # is that of the view.
  readonly #skip = (event: Event): void => {
    event.preventDefault()
    this.querySelector<HTMLElement>('main')?.focus()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const [target] = event.composedPath()
    const isTyping = target instanceof HTMLInputElement && target.type !== 'radio'
    if (event.key === 'Escape' && this.subject !== undefined) this.#onClosed()
    if (isTyping || target instanceof HTMLSelectElement || event.ctrlKey || event.metaKey || event.altKey)
      return
    const act = this.#actions[event.key]
    if (act === undefined || this.querySelector('dialog.window[open]') !== null) return
    event.preventDefault()
    act()
  }

  readonly #actions: Readonly<Record<string, () => void>> = {
    '/': () => {
      const box = this.querySelector('search-box')
      if (box instanceof SearchBox) box.focus()
    },
    o: () => go('#/'),
    m: () => go('#/models'),
    g: () => go('#/graph'),
    h: () => go('#/changes'),
    c: () => this.#copyFix(),
    '?': () => this.#onKeys(),
  }

  // The fix of the problem with the focus, else the first one.
  #copyFix(): void {
    const chosen = document.activeElement?.closest('.problem, .side, li')
    const button = chosen?.querySelector('.command copy-button') ?? this.querySelector('.problem copy-button')
    if (button instanceof CopyButton) void button.copy()
  }
}

function isAddress(value: unknown): value is Address {
  return typeof value === 'object' && value !== null && 'view' in value
}

function go(address: string): void {
  location.hash = address
}

function renderFoot(onKeys: () => void): TemplateResult {
  return html`<footer class="foot">
    <p>nexus-registry</p>
    <p>
      <a href="/docs">HTTP API</a> <a href="/dashboard.json">dashboard.json</a>
      <button type="button" class="quiet" @click=${onKeys}>Keys <kbd>?</kbd></button>
    </p>
  </footer>`
}
