import { html, nothing, type TemplateResult } from 'lit'
import {
  type GraphActions,
  renderFocus,
  renderLanes,
  renderOutline,
  renderPaths,
  renderUnknownNode,
} from '../panels/graph.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { type GraphFilter, type GraphLanes, type GraphShow, toGraphAddress } from '../state/graph-lanes.ts'
import { toOutline } from '../state/graph-outline.ts'
import { toVisibleText } from '../text/text.ts'

interface GraphViewRequest {
  /** Undefined while the graph is loaded. */
  readonly drawn: GraphLanes | undefined
  readonly filter: GraphFilter
  /** Why it could not be loaded, a sentence; empty for nothing. */
  readonly reason: string
  /** Whether the screen is too narrow for lanes. */
  readonly isOutline: boolean
  readonly actions: Omit<GraphActions, 'focus'>
  readonly now: number
}

const filters: readonly { readonly show: GraphShow; readonly title: string }[] = [
  { show: 'everything', title: 'Everything' },
  { show: 'broken', title: 'Only what is broken' },
  { show: 'all', title: 'Not set up, too' },
]

/** What needs what: the broken paths in words, then the lanes. */
export function renderGraphView(request: GraphViewRequest): TemplateResult {
  const { drawn, filter, reason, now } = request
  const isAt = drawn !== undefined && drawn.focus !== null
  return html`
    <div class="graph-tools">
      <h1 tabindex="-1">What needs what</h1>
      <ul class="filters" aria-label="Filters">
        ${filters.map(
          ({ show, title }) =>
            html`<li><a class="filter" href=${toGraphAddress({ show, at: '' })} aria-current=${!isAt && show === filter.show ? 'true' : 'false'}>${title}</a></li>`,
        )}
      </ul>
    </div>
    ${reason === '' ? nothing : html`<p class="banner warn" role="status">${renderSymbol('triangle-alert')}<span><bdi>${toVisibleText(reason)}</bdi></span></p>`}
    ${drawn === undefined && reason === '' ? html`<p class="soft">Loading…</p>` : nothing}
    ${filter.at !== '' && drawn?.focus === null ? renderUnknownNode(filter.at) : nothing}
    ${drawn?.focus ? renderFocus(drawn.focus) : nothing}
    ${drawn === undefined ? nothing : html`${renderPaths(drawn.paths, now)}${renderGraph(drawn, request)}`}
  `
}

function renderGraph(drawn: GraphLanes, { filter, isOutline, actions }: GraphViewRequest): TemplateResult {
  const { lanes, edges, focus } = drawn
  if (lanes.every(({ nodes }) => nodes.length === 0)) return renderEmpty(filter)
  const all = { ...actions, focus: focus?.id ?? '' }
  return isOutline ? renderOutline(toOutline(drawn), all) : renderLanes(lanes, edges, all)
}

function renderEmpty({ show }: GraphFilter): TemplateResult {
  const sentence =
    show === 'broken'
      ? html`<p class="state good">${renderSymbol('circle-check')}Nothing is broken</p>`
      : html`<p class="soft">The registries have nothing that you may see.</p>`
  return html`<section class="panel" aria-label="Dependency graph"><div class="compact-row">${sentence}</div></section>`
}
