import { html, type TemplateResult } from 'lit'
import { placeCards } from '../../model/place-cards.ts'
import { renderChanges } from '../panels/changes.ts'
import { renderClusters } from '../panels/cluster.ts'
import { renderGpus } from '../panels/gpu.ts'
import { renderHero } from '../panels/hero.ts'
import { renderMachine, renderMeasured, renderMetrics } from '../panels/metrics.ts'
import { renderModels } from '../panels/models.ts'
import { renderProblems } from '../panels/problems.ts'
import { renderProviders } from '../panels/providers.ts'
import { renderRegistries } from '../panels/registries.ts'
import { renderTools } from '../panels/tools.ts'
import type { DashboardState } from '../state/dashboard-state.ts'
import type { HeldOrder } from '../state/held-order.ts'

/** The first view: the answer, then what it rests on. The order of the document is that of a phone. */
export function renderOverviewView(
  { view, registries }: DashboardState,
  now: number,
  order: HeldOrder,
): TemplateResult {
  if (view === undefined) return renderBones()
  const placed = placeCards(view)
  return html`
    ${renderHero(view, placed, now)}
    <div class="band">
      <div class="col">${renderProblems(view, now, order)} ${renderProviders(placed.providers, now)}</div>
      <div class="col">
        ${renderGpus(placed.gpus, view)} ${renderMachine(placed.machine, view)}
        ${placed.measured.map(renderMeasured)} ${placed.metrics.map(renderMetrics)}
      </div>
    </div>
    <div class="band">
      <div class="col">${renderModels(view.models, now)}</div>
      <div class="col">
        ${renderChanges(view, now)} ${renderClusters(placed.clusters)} ${renderRegistries(registries, now)}
      </div>
    </div>
    ${renderTools(placed.tools, placed.waiting, order)}
  `
}

/** The shapes of what is loaded. They show only when that takes a while. */
function renderBones(): TemplateResult {
  const panel = html`<div class="panel skeleton"><div class="bone w1"></div><div class="bone tall"></div><div class="bone w2"></div></div>`
  return html`<div class="bones" role="status" aria-label="Loading">
    <div class="bone title"></div>
    <div class="band">
      <div class="col">${panel}${panel}</div>
      <div class="col">${panel}${panel}</div>
    </div>
  </div>`
}
