import { html, nothing, type TemplateResult } from 'lit'
import { describeUnlooked } from '../../model/describe-unlooked.ts'
import { countCards } from '../state/count-cards.ts'
import type { DashboardState } from '../state/dashboard-state.ts'
import { type CardFilter, filterSections } from '../state/filter-sections.ts'
import { toVisibleText } from '../text/visible-text.ts'
import { renderConnection } from './connection-line.ts'
import { renderFreshnessStrip } from './freshness-strip.ts'

export interface TopBar {
  readonly shown: DashboardState
  readonly filter: CardFilter
  /** What the reader has to know; empty for nothing. */
  readonly notice: string
  readonly now: number
  readonly isSignedIn: boolean
  readonly onFilter: (filter: CardFilter) => void
  readonly onSign: () => void
}

/** What stands above the cards: how it is as a whole, and how to find something. */
export function renderTopBar(bar: TopBar): TemplateResult {
  const { shown, now, notice } = bar
  const { on, off, wrong } = countCards(shown.view?.sections ?? [])
  const unlooked = shown.view && describeUnlooked(shown.view)
  return html`<header class="top">
    <div class="line">
      <h1>NEXUS <span>registry</span></h1>
      ${renderConnection(shown.connection, now)}
      <p class="counts" ?hidden=${shown.view === undefined}>
        <b>${on}</b> on <b>${off}</b> off <b class=${wrong > 0 ? 'bad tone' : ''}>${wrong}</b> wrong
        <span class="found" role="status">${describeFound(bar)}</span>
      </p>
      ${renderTools(bar)}
    </div>
    ${shown.registries.length === 0 ? nothing : renderFreshnessStrip(shown.registries, now)}
    ${unlooked === undefined ? nothing : html`<p class="notice">${unlooked}</p>`}
    ${notice === '' ? nothing : html`<p class="notice" role="alert"><bdi>${toVisibleText(notice)}</bdi></p>`}
    ${(shown.view?.troubles ?? []).map(trouble => html`<p class="notice"><bdi>${toVisibleText(trouble)}</bdi></p>`)}
  </header>`
}

// How many cards are left is seen, but not by everybody.
function describeFound({ shown, filter }: TopBar): string {
  const sections = shown.view?.sections ?? []
  const found = filterSections(sections, filter)
  return found === sections ? '' : `${countCards(found).all} of ${countCards(sections).all} shown`
}

function renderTools({ filter, isSignedIn, onFilter, onSign }: TopBar): TemplateResult {
  const search = (event: Event) => {
    const text = event.target instanceof HTMLInputElement ? event.target.value : ''
    onFilter({ ...filter, text })
  }
  const toggle = () => onFilter({ ...filter, isOnlyWrong: !filter.isOnlyWrong })
  return html`<div class="tools" role="search">
    <label class="only-heard" for="search">Search</label>
    <input
      id="search"
      type="search"
      placeholder="Search ( / )"
      autocomplete="off"
      spellcheck="false"
      @input=${search}
    />
    <button class="plain" aria-pressed=${filter.isOnlyWrong} @click=${toggle}>Only what is wrong</button>
    <button class="plain" @click=${onSign}>${isSignedIn ? 'Sign out' : 'Sign in'}</button>
  </div>`
}
