import { html, nothing, type TemplateResult } from 'lit'
import type { Card, Reading } from '../../model/dashboard-view.ts'
import { formatValue } from '../../model/describe.ts'
import { renderMeter } from '../parts/charts.ts'
import { renderCommand } from '../parts/command.ts'
import { renderOpen } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { toVisibleText } from '../text/text.ts'

/** The clusters that are set up: context, counts, memory. One that was never set up is among the tools. */
export function renderClusters(cards: readonly Card[]): TemplateResult | typeof nothing {
  const shown = cards.filter(({ state }) => state === 'on' || state === 'broken')
  return shown.length === 0 ? nothing : html`${shown.map(renderCluster)}`
}

function renderCluster(card: Card, index: number): TemplateResult {
  const { state, readings, facts, variables } = card
  const id = index === 0 ? 'cluster' : `cluster-${index + 1}`
  const known = readings.filter(({ value }) => value !== null)
  const context = variables.find(({ name }) => name.endsWith('CONTEXT'))?.value ?? null
  const reasons = [...new Set(readings.flatMap(({ reason }) => reason ?? []))]
  return html`<section id=${id} class="panel cluster" aria-labelledby="h-${id}">
    <header>
      <h2 id="h-${id}">${renderSymbol('ship-wheel')}${renderOpen(card)}</h2>
      ${renderState(state === 'broken', known.length > 0)}
    </header>
    <p class="ctx">
      ${context === null ? nothing : html`<code><bdi>${toVisibleText(context)}</bdi></code> · `}
      ${facts?.version ? html`kubectl <bdi>${toVisibleText(facts.version)}</bdi>` : nothing}
    </p>
    ${facts?.reason ? html`<p class="soft"><bdi>${toVisibleText(facts.reason)}</bdi></p>` : nothing}
    ${known.length === 0 ? nothing : html`<dl class="trio">${known.map(renderNumber)}</dl>`}
    ${known.filter(({ unit }) => unit === '%').map(renderMeter)}
    ${reasons.map(reason => (reason.includes('--deep') ? renderDeep(reason) : html`<p class="soft"><bdi>${toVisibleText(reason)}</bdi></p>`))}
  </section>`
}

function renderState(isBroken: boolean, isKnown: boolean): TemplateResult {
  if (isBroken) return html`<p class="state bad">${renderSymbol('circle-x')}broken</p>`
  if (isKnown) return html`<p class="state good">${renderSymbol('circle-check')}reachable</p>`
  return html`<p class="state soft">${renderSymbol('circle-dashed')}not queried</p>`
}

function renderNumber({ name, value, unit }: Reading): TemplateResult {
  return html`<div>
    <dt><bdi>${toVisibleText(name)}</bdi></dt>
    <dd><bdi>${value === null ? '' : toVisibleText(formatValue(value, unit))}</bdi></dd>
  </div>`
}

/** Nothing queries a cluster unless the server was started so. */
function renderDeep(reason: string): TemplateResult {
  return html`<p class="soft"><bdi>${toVisibleText(reason)}</bdi></p>${renderCommand('nexus-registry dashboard --deep')}`
}
