import { html, nothing, type TemplateResult } from 'lit'
import { guard } from 'lit/directives/guard.js'
import { repeat } from 'lit/directives/repeat.js'
import type { DashboardSection } from '../../model/dashboard-view.ts'
import type { PlacedTool } from '../../model/place-cards.ts'
import { renderFix } from '../parts/command.ts'
import { renderFold } from '../parts/fold.ts'
import { renderOpen } from '../parts/subject.ts'
import { renderSymbol, renderToolSymbol } from '../parts/symbol.ts'
import type { HeldOrder } from '../state/held-order.ts'
import { toVisibleText } from '../text/text.ts'

/** Tools and frameworks: broken ones first, then those that are here; what is absent in one line. */
export function renderTools(
  tools: readonly PlacedTool[],
  waiting: readonly DashboardSection[],
  order: HeldOrder,
): TemplateResult {
  const sorted = [
    ...tools.filter(({ card }) => card.state === 'broken' && card.warning === null),
    ...tools.filter(({ card }) => card.warning !== null),
    ...tools.filter(({ card }) => card.state === 'on' && card.warning === null),
    ...tools.filter(({ card }) => isUnknown(card)),
  ]
  const shown = order.sort('tools', sorted, ({ card }) => card.ref)
  const absent = tools.filter(({ card }) => card.state === 'off' && card.warning === null)
  const ready = tools.filter(({ card }) => card.state === 'on').length
  return html`<section id="tools" class="panel tools" aria-labelledby="h-tools">
    <header><h2 id="h-tools">Tools and frameworks <span class="count">${ready} ready</span></h2></header>
    ${
      shown.length === 0
        ? html`<p class="text soft">${tools.length === 0 ? 'The dashboard registry has no tools that you may see.' : 'None is here.'}</p>`
        : html`<ul class="badges">
            ${repeat(
              shown,
              ({ card }) => card.ref,
              each => guard([each.card], () => renderBadge(each)),
            )}
          </ul>`
    }
    ${renderFold({
      title: `${absent.length} not here`,
      names: absent.map(({ card }) => card.name),
      kind: 'in',
      content: () => html`<ul class="setups two">
        ${absent.map(({ card }) => html`<li>${renderOpen(card)}${card.fix === null ? html`<p class="soft"><bdi>${toVisibleText(card.facts?.reason ?? '')}</bdi></p>` : renderFix(card.fix)}</li>`)}
      </ul>`,
    })}
    ${waiting.map(renderWaiting)}
  </section>`
}

function isUnknown({ state, warning }: PlacedTool['card']): boolean {
  return warning === null && (state === 'unknown' || state === null)
}

function renderBadge({ card, section }: PlacedTool): TemplateResult {
  const { state, facts, warning, has_indicator: isLit } = card
  const why = warning ?? (state === 'broken' || state === 'unknown' ? (facts?.reason ?? null) : null)
  const tone = warning !== null ? 'warn' : state === 'broken' ? 'bad' : state === 'unknown' ? 'unknown' : 'on'
  const sign = {
    warn: 'triangle-alert',
    bad: 'circle-x',
    unknown: 'circle-question-mark',
    on: undefined,
  } as const
  const symbol = sign[tone]
  // Its entry may say that it shows no light.
  const isPlain = symbol === undefined || (!isLit && warning === null)
  return html`<li class="badge ${tone}">
    ${isPlain ? renderToolSymbol(card, section) : renderSymbol(symbol)}
    ${renderOpen(card)}
    <span class="heard">${words[tone]}</span>
    ${why === null ? nothing : html`<span class="why" title=${toVisibleText(why)}><bdi>${toVisibleText(why)}</bdi></span>`}
    ${facts?.version ? html`<span class="v"><bdi>${toVisibleText(facts.version)}</bdi></span>` : nothing}
  </li>`
}

const words = { warn: 'warning', bad: 'broken', unknown: 'unknown', on: 'ready' } as const

/** Metrics that no source has ever had a value for, and why. */
function renderWaiting({ title, cards }: DashboardSection) {
  const readings = cards.flatMap(card => card.readings.map(reading => ({ card, reading })))
  const reasons = [...new Set(readings.map(({ reading }) => reading.reason ?? 'nothing was measured yet'))]
  return renderFold({
    title: `${title} not set up`,
    names: [`${cards.length} ${cards.length === 1 ? 'metric waits' : 'metrics wait'}: ${reasons[0] ?? ''}`],
    kind: 'in',
    content: () => html`<div class="reasons">
      ${reasons.map(reason => {
        const waiting = readings.filter(
          ({ reading }) => (reading.reason ?? 'nothing was measured yet') === reason,
        )
        return html`<div>
          <p class="soft"><bdi>${toVisibleText(reason)}</bdi></p>
          <p>${waiting.map(({ card }, index) => html`${index === 0 ? '' : ', '}${renderOpen(card)}`)}</p>
        </div>`
      })}
    </div>`,
  })
}
