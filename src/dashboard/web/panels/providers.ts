import { html, nothing, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { repeat } from 'lit/directives/repeat.js'
import { renderCount } from '../../../lib/text/format.ts'
import type { Card, ProviderFacts, RuntimeModel } from '../../model/dashboard-view.ts'
import { describeRuntimeModel } from '../../model/describe.ts'
import { renderLine } from '../parts/charts.ts'
import { renderFix } from '../parts/command.ts'
import { renderFold } from '../parts/fold.ts'
import { renderOpen } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import type { SymbolName } from '../symbol-names.ts'
import { describeElapsed, toVisibleText } from '../text/text.ts'

/** Providers and local runtimes: those that are set up as cards, the others in one line. */
export function renderProviders(cards: readonly Card[], now: number): TemplateResult | typeof nothing {
  if (cards.length === 0) return nothing
  const shown = cards.filter(({ state }) => state !== 'off')
  const absent = cards.filter(({ state }) => state === 'off')
  const ready = shown.filter(({ state }) => state === 'on').length
  const checked = shown.flatMap(({ facts }) => (facts === null ? [] : Date.parse(facts.checked_at)))
  return html`<section id="providers" aria-labelledby="h-providers">
    <header class="title">
      <h2 id="h-providers">Providers and runtimes <span class="count">${ready} ready</span></h2>
      ${checked.length === 0 ? nothing : html`<p>checked ${describeElapsed(Math.max(...checked), now)}</p>`}
    </header>
    ${
      shown.length === 0
        ? nothing
        : html`<ul class="providers">
            ${repeat(
              shown,
              ({ ref }) => ref,
              card => guard([card, describeStale(card, now)], () => renderProvider(card, now)),
            )}
          </ul>`
    }
    ${renderFold({
      title: `${absent.length} not set up`,
      names: absent.map(({ name }) => name),
      content: () => html`<ul class="setups">
        ${absent.map(card => html`<li>${renderOpen(card)}${renderFix(card.fix)}</li>`)}
      </ul>`,
    })}
  </section>`
}

/** Age from which what is known of a provider counts as old, in milliseconds. */
const staleMs = 60 * 60_000

// A server that polls checks at least once an hour.
function describeStale({ facts }: Card, now: number): string {
  if (facts === null) return ''
  const isStale = now - Date.parse(facts.checked_at) > staleMs
  return isStale ? `checked ${describeElapsed(facts.checked_at, now)}` : ''
}

function renderProvider(card: Card, now: number): TemplateResult {
  const { name, provider, facts, state } = card
  if (provider === null) return html``
  const stale = describeStale(card, now)
  const isLocal = provider.runtime !== undefined
  return html`<li class="panel provider ${stale === '' ? '' : 'is-stale'}">
    <div class="head">
      ${renderTile(name)}
      <div>
        <h3>${renderOpen(card)}${isLocal ? html`<span class="tag">local</span>` : nothing}</h3>
        <p>${describeSetUp(provider, facts?.version ?? null)}</p>
      </div>
      ${renderState(card, stale)}
    </div>
    ${isLocal ? renderRuntimeModels(provider) : renderTrend(provider, name)}
    ${
      state === 'broken' || state === 'unknown'
        ? html`<p class="list"><bdi>${toVisibleText(facts?.reason ?? '')}</bdi></p>`
        : renderModelNames(provider)
    }
  </li>`
}

/** Two letters of a name: `OA` of OpenAI, `Mi` of Mistral. */
export function toInitials(name: string): string {
  const letters = [...name.normalize('NFC')].filter(each => /[\p{L}\p{N}]/u.test(each))
  const capitals = letters.filter(each => /\p{Lu}/u.test(each))
  const [first = '?', second = ''] = capitals.length >= 2 ? capitals : letters
  return `${first}${second}`
}

function renderTile(name: string): TemplateResult {
  return html`<svg class="mono-tile" viewBox="0 0 28 28" aria-hidden="true">
    <rect width="28" height="28" rx="7"></rect>
    <text x="14" y="18.5" text-anchor="middle">${toVisibleText(toInitials(name))}</text>
  </svg>`
}

function describeSetUp({ variables, is_key_set: isSet, runtime }: ProviderFacts, version: string | null) {
  if (runtime !== undefined) return html`<bdi>${toVisibleText(version ?? 'local runtime')}</bdi>`
  const [variable] = variables
  if (variable === undefined) return isSet === true ? 'no key needed' : ''
  const word = isSet === null ? '' : isSet ? ' is set' : ' is not set'
  return html`<code>${toVisibleText(variable)}</code>${word}`
}

interface StateWord {
  readonly tone: 'good' | 'bad' | 'warn' | 'soft'
  readonly symbol: SymbolName
  readonly word: string
}

function renderState(card: Card, stale: string): TemplateResult {
  const { tone, symbol, word } = stale === '' || card.state === 'broken' ? toState(card) : toStale(stale)
  return html`<p class="state ${tone}">${renderSymbol(symbol)}${word}</p>`
}

function toStale(word: string): StateWord {
  return { tone: 'warn', symbol: 'history', word }
}

function toState({ state, provider }: Card): StateWord {
  if (state === 'broken') {
    const word =
      provider?.credential === 'rejected' ? 'key rejected' : provider?.runtime ? 'down' : 'does not respond'
    return { tone: 'bad', symbol: 'unplug', word }
  }
  if (state === 'unknown') return { tone: 'soft', symbol: 'circle-question-mark', word: 'unknown' }
  if (provider?.runtime !== undefined) return { tone: 'good', symbol: 'circle-check', word: 'up' }
  if (provider?.is_reachable === true) return { tone: 'good', symbol: 'circle-check', word: 'responds' }
  if (provider?.is_reachable === false)
    return { tone: 'warn', symbol: 'triangle-alert', word: 'does not respond' }
  // A key is set, and no request was sent.
  return { tone: 'soft', symbol: 'circle-dashed', word: 'not checked' }
}

function renderTrend({ latency_history: history, latency_ms: latency }: ProviderFacts, name: string) {
  const known = history.filter(each => each !== null)
  if (known.length === 0 || latency === null) return nothing
  const label = `${name}: response time in the last 24 hours, now ${Math.round(latency)} ms`
  const scale = { least: 0, most: Math.max(...known) * 1.15 }
  return html`<div class="trend">
    ${renderLine({ values: history, scale, label })}
    <p><b>${Math.round(latency)}</b> ms<span>24 hours</span></p>
  </div>`
}

/** Most models of a local runtime that its card names. */
const mostModels = 4

function renderRuntimeModels({ runtime }: ProviderFacts) {
  const models = runtime?.models ?? []
  if (models.length === 0) return nothing
  return html`<ul class="loaded">
    ${models.slice(0, mostModels).map(renderRuntimeModel)}
    ${models.length > mostModels ? html`<li class="soft">and ${models.length - mostModels} more</li>` : nothing}
  </ul>`
}

function renderRuntimeModel(model: RuntimeModel): TemplateResult {
  const says = describeRuntimeModel(model)
  return html`<li>
    <code><bdi>${toVisibleText(model.id)}</bdi></code>
    ${
      model.loaded === true
        ? html`<span class="state good">${renderSymbol('gpu')}${says}</span>`
        : html`<span class="soft">${says === '' ? 'on disk' : `on disk, ${says}`}</span>`
    }
  </li>`
}

/** Most names of models that a card has. */
const mostNames = 3

function renderModelNames({ model_count, models, runtime }: ProviderFacts) {
  // Its entry may name models that the registries do not have.
  const count = Math.max(model_count, models.length)
  if (count === 0) return nothing
  const names = runtime === undefined ? models.slice(0, mostNames) : []
  const more = count - names.length
  return html`<p class="list">
    <b>${renderCount(count, 'model')}</b>
    ${names.map((name, index) => html`${index === 0 ? '' : ', '}<bdi>${toVisibleText(name)}</bdi>`)}${names.length > 0 && more > 0 ? ` and ${more} more` : ''}
  </p>`
}
