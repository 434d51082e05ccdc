import { html, nothing, type TemplateResult } from 'lit'
import type { DashboardModel } from '../../model/dashboard-view.ts'
import { renderSymbol } from '../parts/symbol.ts'
import type { ViewName } from '../state/address.ts'
import { type Colours, colourNames } from '../state/colours.ts'
import { type Connection, type DashboardState, describeConnection } from '../state/dashboard-state.ts'
import type { SymbolName } from '../symbol-names.ts'
import { describeElapsed, toVisibleText } from '../text/text.ts'

interface TopBar {
  readonly shown: DashboardState
  readonly view: ViewName
  /** All models, once they are loaded. */
  readonly models: readonly DashboardModel[] | undefined
  readonly now: number
  readonly colours: Colours
  /** Who reads: `owner`, `signed in`, or nobody. */
  readonly reader: string
  readonly onColours: (colours: Colours) => void
  readonly onSign: () => void
}

const views: readonly { readonly name: ViewName; readonly href: string; readonly title: string }[] = [
  { name: 'overview', href: '#/', title: 'Overview' },
  { name: 'models', href: '#/models', title: 'Models' },
  { name: 'graph', href: '#/graph', title: 'Graph' },
  { name: 'changes', href: '#/changes', title: 'Changes' },
]

/** The bar above every view. */
export function renderTopBar(bar: TopBar): TemplateResult {
  const machine = bar.shown.view?.machine?.name ?? 'NEXUS registry'
  // Until something is known, only the mark stands there: nothing moves when the rest comes.
  const isLoading = bar.shown.view === undefined && bar.shown.connection.kind === 'loading'
  return html`<header class="top ${isLoading ? 'is-loading' : ''}">
    <a class="brand" href="#/" aria-label="NEXUS registry, overview">${renderMark()}</a>
    <p class="host"><bdi>${toVisibleText(machine)}</bdi></p>
    <nav aria-label="Views">
      <ul>
        ${views.map(
          ({ name, href, title }) =>
            html`<li><a href=${href} aria-current=${name === bar.view ? 'page' : nothing}>${title}</a></li>`,
        )}
      </ul>
    </nav>
    <search-box .view=${bar.shown.view} .models=${bar.models}></search-box>
    ${renderConnection(bar.shown, bar.now)}
    ${renderColours(bar)}
    <button type="button" class="who" aria-label=${bar.reader === '' ? 'Sign in' : `${bar.reader}, sign out`} @click=${bar.onSign}>
      ${renderSymbol('user-round')}<span>${bar.reader === '' ? 'Sign in' : bar.reader}</span>
    </button>
  </header>`
}

/** Our mark: one thing, and what it is tied to. */
function renderMark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 12 4.5 7.5M12 12l7.5-4.5M12 12v8.5" fill="none" stroke="currentColor" stroke-width="2"></path>
    <circle cx="12" cy="12" r="3.6" fill="currentColor"></circle>
    <circle cx="4.5" cy="7.5" r="2.3" fill="currentColor"></circle>
    <circle cx="19.5" cy="7.5" r="2.3" fill="currentColor"></circle>
    <circle cx="12" cy="20.5" r="2.3" fill="currentColor"></circle>
  </svg>`
}

const connectionSigns = {
  loading: ['', 'rotate-cw', 'Loading'],
  live: ['', 'circle-check', 'Live'],
  reconnecting: ['warn', 'rotate-cw', 'Reconnecting'],
  stale: ['bad', 'wifi-off', 'Not reachable'],
  unknown: ['bad', 'wifi-off', 'Not reachable'],
} as const satisfies Record<string, readonly [string, SymbolName, string]>

/** Whether what is shown is what is. */
function renderConnection({ connection, view }: DashboardState, now: number): TemplateResult {
  const { word, says } = describeConnection(connection, now)
  const [tone, symbol, title] = connectionSigns[word]
  return html`<p class="live ${tone}" title=${toVisibleText(says)}>
    ${renderSymbol(symbol)}<span>${title}</span>
    <span class="ago">${describeHeard(connection, view?.generated_at, now)}</span>
  </p>`
}

function describeHeard(connection: Connection, at: string | undefined, now: number): string {
  if ('since' in connection)
    return `since ${new Date(connection.since).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}`
  return at === undefined ? '' : describeElapsed(at, now)
}

const colourSigns: Readonly<Record<Colours, readonly [SymbolName, string]>> = {
  system: ['monitor', 'Like the system'],
  light: ['sun', 'Light'],
  dark: ['moon', 'Dark'],
}

function renderColours({ colours, onColours }: TopBar): TemplateResult {
  return html`<fieldset class="theme">
    <legend class="heard">Colours</legend>
    ${colourNames.map(name => {
      const [symbol, title] = colourSigns[name]
      return html`<label title=${title}>
        <input type="radio" name="colours" value=${name} .checked=${name === colours} @change=${() => onColours(name)} />
        ${renderSymbol(symbol)}<span class="heard">${title}</span>
      </label>`
    })}
  </fieldset>`
}
