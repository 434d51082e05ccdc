import { html, nothing, svg, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { renderOpen, renderRef, ShowSubject } from '../parts/subject.ts'
import { renderSymbol } from '../parts/symbol.ts'
import { toAddress } from '../state/address.ts'
import type { BrokenPath, Lane, LaneEdge, LaneNode } from '../state/graph-lanes.ts'
import type { OutlineItem } from '../state/graph-outline.ts'
import type { LaneThing, NodeTone } from '../state/graph-things.ts'
import type { SymbolName } from '../symbol-names.ts'
import { toVisibleText } from '../text/text.ts'
import { renderProblemRow } from './problems.ts'

/** What the reader does with nodes, and has done. */
export interface GraphActions {
  /** Ids of the groups that are open. */
  readonly open: ReadonlySet<string>
  readonly onToggle: (id: string) => void
  /** Shows only what a node is tied to, of which there are no details. */
  readonly onChoose: (id: string) => void
  /** Id of the node that the reader came for; empty for none. */
  readonly focus: string
}

/** Most broken paths that are written out. */
const mostPaths = 8

/** Why something cannot work: each path in words, with its reason and its fix. */
export function renderPaths(paths: readonly BrokenPath[], now: number): TemplateResult | typeof nothing {
  if (paths.length === 0) return nothing
  const more = paths.length - mostPaths
  return html`<section class="panel problems" aria-labelledby="h-paths">
    <header><h2 id="h-paths">${paths.length === 1 ? 'One broken path' : `${paths.length} broken paths`}</h2></header>
    <ul>
      ${repeat(
        paths.slice(0, mostPaths),
        ({ problem: { ref, reason } }) => `${ref} ${reason}`,
        path => renderPath(path, now),
      )}
    </ul>
    ${more > 0 ? html`<p class="more"><a href="#/problems">and ${more} more</a></p>` : nothing}
  </section>`
}

function renderPath({ problem, steps, blocked }: BrokenPath, now: number): TemplateResult {
  return renderProblemRow(problem, {
    now,
    heading: html`<h3 class="path">${steps.map((step, index) => html`${index === 0 ? nothing : html` <span class="arrow">→</span> `}${renderStep(step)}`)}</h3>`,
    meta: blocked > 1 ? [html`blocks ${blocked} things`] : [],
  })
}

function renderStep({ name, subject }: BrokenPath['steps'][number]): TemplateResult {
  return subject === null ? html`<bdi>${toVisibleText(name)}</bdi>` : renderOpen({ ref: null, subject, name })
}

/** The lanes side by side, with the edges below them. The element that shows it routes the edges. */
export function renderLanes(
  lanes: readonly Lane[],
  edges: readonly LaneEdge[],
  actions: GraphActions,
): TemplateResult {
  return html`<section class="panel picture" aria-label="Dependency graph">
    <svg class="edges" aria-hidden="true">${edges.map(({ tone }) => svg`<path class="edge ${tone}"></path>`)}</svg>
    <div class="lanes">
      ${lanes.map(
        ({ name, title, nodes }) => html`<div class="lane">
          <h2 id="h-lane-${name}">${title}</h2>
          ${nodes.length === 0 ? nothing : html`<ul aria-labelledby="h-lane-${name}">${renderNodes(nodes, actions)}</ul>`}
        </div>`,
      )}
    </div>
  </section>`
}

function renderNodes(nodes: readonly LaneNode[], actions: GraphActions) {
  return repeat(
    nodes,
    ({ id }) => id,
    node => html`<li>${renderNode(node, actions)}</li>`,
  )
}

/** The graph as nested lists, for narrow screens. */
export function renderOutline(items: readonly OutlineItem[], actions: GraphActions): TemplateResult {
  return html`<section class="panel outline" aria-label="Dependency graph as a list">
    ${renderItems(items, actions)}
  </section>`
}

function renderItems(items: readonly OutlineItem[], actions: GraphActions): TemplateResult | typeof nothing {
  if (items.length === 0) return nothing
  return html`<ul>
    ${items.map(
      ({ node, isRepeated, items: below }) =>
        html`<li>${renderNode(node, actions, isRepeated)}${renderItems(below, actions)}</li>`,
    )}
  </ul>`
}

const signs: Readonly<Record<NodeTone, SymbolName>> = {
  good: 'circle-check',
  bad: 'circle-x',
  off: 'circle-dashed',
  unknown: 'circle-question-mark',
}

function renderNode(node: LaneNode, actions: GraphActions, isRepeated = false): TemplateResult {
  const { id, note, members } = node
  if (members.length === 0) return renderThing(node, actions, renderNote(note, isRepeated))
  const isOpen = actions.open.has(id)
  return html`<button
      type="button"
      class="node ${node.tone}"
      data-node=${id}
      aria-expanded=${isOpen ? 'true' : 'false'}
      @click=${() => actions.onToggle(id)}
    >${renderContent(node, renderNote(note, isRepeated))}${renderSymbol('chevron-right', 'turn')}</button>
    ${isOpen ? renderMembers(node, actions) : nothing}`
}

function renderNote(note: string, isRepeated: boolean): TemplateResult | typeof nothing {
  if (note === '' && !isRepeated) return nothing
  return html`<span class="note"><bdi>${toVisibleText(note)}</bdi>${isRepeated ? html` <i>… see above</i>` : nothing}</span>`
}

function renderThing(
  thing: LaneThing,
  { focus, onChoose }: GraphActions,
  note: TemplateResult | typeof nothing,
): TemplateResult {
  const { id, tone, subject, name } = thing
  const act = (event: Event) => {
    if (subject === null) onChoose(id)
    else event.currentTarget?.dispatchEvent(new ShowSubject({ ref: null, subject, name }))
  }
  return html`<button
    type="button"
    class="node ${tone}"
    data-node=${id}
    aria-haspopup=${subject === null ? nothing : 'dialog'}
    aria-current=${id === focus ? 'true' : nothing}
    @click=${act}
  >${renderContent(thing, note)}</button>`
}

function renderContent(
  { name, status, tone }: LaneThing,
  note: TemplateResult | typeof nothing,
): TemplateResult {
  return html`${renderSymbol(signs[tone], 'sign')}<span class="words"><span class="name"><bdi>${renderName(name)}</bdi></span
    ><span class="heard">, ${status}${note === nothing ? '' : ', '}</span>${note}</span>`
}

// Where there is little room, the line breaks behind a sign and not within a word.
function renderName(name: string): TemplateResult[] {
  return toVisibleText(name)
    .split(/(?<=[_/:.-])/)
    .map((part, index) => html`${index === 0 ? nothing : html`<wbr />`}${part}`)
}

function renderMembers({ members, more, href }: LaneNode, actions: GraphActions): TemplateResult {
  return html`<ul class="members">
    ${repeat(
      members,
      ({ id }) => id,
      member => html`<li>${renderThing(member, actions, nothing)}</li>`,
    )}
    ${
      href === null
        ? more === 0
          ? nothing
          : html`<li class="soft">and ${more} more, which the search finds</li>`
        : html`<li><a href=${href}>${more === 0 ? 'Show as a list' : `and ${more} more`}</a></li>`
    }
  </ul>`
}

/** What stands in place of the graph of one node that the graph does not have. */
export function renderUnknownNode(at: string): TemplateResult {
  return html`<p class="banner warn">${renderSymbol('triangle-alert')}<span>The graph has nothing called ${renderRef(at)}. This is everything.</span></p>`
}

/** What is tied to one node is shown: a line that says so, and the way back. */
export function renderFocus({ name }: LaneNode): TemplateResult {
  return html`<p class="soft">What <b><bdi>${toVisibleText(name)}</bdi></b> is tied to. <a href=${toAddress('graph')}>Show everything</a></p>`
}
