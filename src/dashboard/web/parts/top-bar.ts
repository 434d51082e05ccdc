import { html, nothing, type TemplateResult } from 'lit'
import type { RegistryHealth } from '../../../sync/health-schema.ts'
import { describeUnchecked } from '../../model/describe.ts'
import { type CardFilter, countCards, filterSections, type Tone, toneSymbols } from '../state/cards.ts'
import { type Connection, type DashboardState, describeConnection } from '../state/dashboard-state.ts'
import { describeElapsed, toVisibleText } from '../text/text.ts'

interface TopBar {
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
  const unlooked = shown.view && describeUnchecked(shown.view)
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
    ${(shown.view?.warnings ?? []).map(warning => html`<p class="notice"><bdi>${toVisibleText(warning)}</bdi></p>`)}
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

const tones = {
  loading: 'unknown',
  live: 'good',
  reconnecting: 'warn',
  stale: 'bad',
  unknown: 'bad',
} as const satisfies Record<string, Tone>

/** Whether what is shown is what is: as a word, and why not. */
function renderConnection(connection: Connection, now: number): TemplateResult {
  const { word, says } = describeConnection(connection, now)
  const tone = tones[word]
  return html`<p class="connection ${word}">
    <span class="pill ${tone}" title=${toVisibleText(says)}
      ><span class="sign" aria-hidden="true">${toneSymbols[tone]}</span><span>${word}</span></span
    >
    ${word === 'live' || word === 'loading' ? '' : html`<bdi class="says">${toVisibleText(says)}</bdi>`}
  </p>`
}

/** How fresh the registries are, each as one word and an age. */
function renderFreshnessStrip(registries: readonly RegistryHealth[], now: number): TemplateResult {
  return html`<ul class="strip" aria-label="Freshness of the registries">
    ${registries.map(registry => renderRegistry(registry, now))}
  </ul>`
}

function renderRegistry({ name, status, entries, last_success, error }: RegistryHealth, now: number) {
  const tone = toTone(status)
  const age = last_success === null ? '' : ` ${describeElapsed(last_success, now)}`
  const count = entries === null ? '' : `, ${entries} entries`
  return html`<li class=${tone} title=${toVisibleText(`${name}: ${status}${age}${count}${error === null ? '' : `. ${error}`}`)}>
    <span class="sign" aria-hidden="true">${toneSymbols[tone]}</span>
    <bdi>${toVisibleText(name.replaceAll('_', ' '))}</bdi>
    <span class="soft">${status === 'fresh' ? '' : status}${age}</span>
  </li>`
}

function toTone(status: RegistryHealth['status']): Tone {
  if (status === 'fresh') return 'good'
  if (status === 'stale') return 'warn'
  return status === 'never synced' ? 'unknown' : 'bad'
}
