import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { ChangeDocument } from '../../model/change-schema.ts'
import type { DashboardProblem, DashboardView } from '../../model/dashboard-view.ts'
import { renderFix } from '../parts/command.ts'
import { renderOpen, renderRef } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import type { HeldOrder } from '../state/held-order.ts'
import { describeElapsed, formatDay, toVisibleText } from '../text/text.ts'

/** What is set up here and does not work, each with its fix. */
export function renderProblems(view: DashboardView, now: number, order: HeldOrder): TemplateResult {
  const problems = order.sort('problems', view.problems, ({ ref, reason }) => `${ref} ${reason}`)
  if (problems.length === 0) return renderNone(view, now)
  const commands = problems.flatMap(({ fix }) => fix.command ?? [])
  return html`<section id="problems" class="panel problems" aria-labelledby="h-problems">
    <header>
      <h2 id="h-problems">Broken <span class="count">${problems.length}</span></h2>
      ${
        commands.length < 2
          ? nothing
          : html`<copy-button class="quiet" .text=${commands.join('\n')} .label=${`Copy all ${commands.length} fixes`}></copy-button>`
      }
    </header>
    <ul>
      ${repeat(
        problems,
        ({ ref, reason }) => `${ref} ${reason}`,
        problem => renderProblem(problem, now),
      )}
    </ul>
  </section>`
}

function renderProblem(problem: DashboardProblem, now: number): TemplateResult {
  const { ref, name, blocks, blocks_count: count } = problem
  const more = count - Math.min(mostBlocked, blocks.length)
  const named = blocks
    .slice(0, mostBlocked)
    .map((each, index) => html`${index === 0 ? '' : ', '}${renderRef(each)}`)
  return renderProblemRow(problem, {
    now,
    heading: html`<h3>${renderOpen({ ref: null, subject: ref, name })}</h3>`,
    meta: named.length === 0 ? [] : [html`blocks ${named}${more > 0 ? ` and ${more} more` : ''}`],
  })
}

interface ProblemRow {
  readonly now: number
  readonly heading: TemplateResult
  /** What is said of it after its time. */
  readonly meta: readonly TemplateResult[]
}

/** A problem with its reason, since when, and its fix. */
export function renderProblemRow(
  { reason, since, fix }: DashboardProblem,
  { now, heading, meta }: ProblemRow,
): TemplateResult {
  const time = since === null ? [] : [html`Since <time datetime=${since}>${formatDay(since, now)}</time>`]
  const parts = [...time, ...meta]
  return html`<li class="problem bad">
    ${renderSymbol('circle-x')}
    <div class="what">
      ${heading}
      <p><bdi>${toVisibleText(reason)}</bdi></p>
      ${parts.length === 0 ? nothing : html`<p class="meta">${parts.map((part, index) => html`${index === 0 ? '' : ' · '}${part}`)}</p>`}
    </div>
    ${renderFix(fix)}
  </li>`
}

/** Most blocked things that are named. */
const mostBlocked = 3

/** Changes that say that something works again. */
const repairs = ['repaired', 'up']

function renderNone({ changes, generated_at: at }: DashboardView, now: number): TemplateResult {
  const last = changes.find(({ change }) => repairs.includes(change))
  return html`<section id="problems" class="panel" aria-label="Broken">
    <div class="compact-row">
      <p class="state good">${renderSymbol('circle-check')}Nothing is broken</p>
      ${last === undefined ? nothing : renderLast(last, Math.max(now, Date.parse(at)))}
    </div>
  </section>`
}

function renderLast({ ref, time }: ChangeDocument, now: number): TemplateResult {
  return html`<span class="soft">last problem: ${renderRef(ref)}, fixed ${describeElapsed(time, now)}</span>`
}
