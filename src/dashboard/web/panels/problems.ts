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
  const { ref, name, reason, since, fix, blocks, blocks_count: count } = problem
  const more = count - blocks.length
  return html`<li class="problem bad">
    ${renderSymbol('circle-x')}
    <div class="what">
      <h3>${renderOpen({ ref: null, subject: ref, name })}</h3>
      <p><bdi>${toVisibleText(reason)}</bdi></p>
      ${
        since === null && blocks.length === 0
          ? nothing
          : html`<p class="meta">
              ${since === null ? nothing : html`Since <time datetime=${since}>${formatDay(since, now)}</time>`}
              ${since === null || blocks.length === 0 ? nothing : ' · '}
              ${
                blocks.length === 0
                  ? nothing
                  : html`blocks ${blocks.slice(0, mostBlocked).map((each, index) => html`${index === 0 ? '' : ', '}${renderRef(each)}`)}${
                      more + blocks.length > mostBlocked
                        ? ` and ${more + blocks.length - mostBlocked} more`
                        : ''
                    }`
              }
            </p>`
      }
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
