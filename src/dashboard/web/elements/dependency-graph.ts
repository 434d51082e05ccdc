import { LitElement, type PropertyValues, type TemplateResult } from 'lit'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { type GraphDocument, isGraphDocument, Refused, type Server } from '../live/server.ts'
import { routeEdges } from '../parts/edge-routes.ts'
import { type GraphLanes, parseGraphFilter, toGraphAddress, toGraphLanes } from '../state/graph-lanes.ts'
import { renderGraphView } from '../views/graph.ts'

/** Below this width the graph is an outline. */
const narrow = '(max-width: 56rem)'

/** Loads the graph, again after a change, and shows it. */
export class DependencyGraph extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    server: { attribute: false },
    parameters: { attribute: false },
    graph: { state: true },
    reason: { state: true },
    open: { state: true },
    isNarrow: { state: true },
  }
  declare view: DashboardView | undefined
  declare server: Server | undefined
  /** Those of the address. */
  declare parameters: URLSearchParams
  declare graph: GraphDocument | undefined
  declare reason: string
  /** Ids of groups that are open. */
  declare open: ReadonlySet<string>
  declare isNarrow: boolean
  #text = ''
  #drawn: GraphLanes | undefined
  /** Node that had the focus because the address names it. */
  #focused = ''
  #retry: ReturnType<typeof setTimeout> | undefined
  readonly #media = matchMedia(narrow)
  readonly #resizing = new ResizeObserver(() => this.#route())

  constructor() {
    super()
    this.parameters = new URLSearchParams()
    this.reason = ''
    this.open = new Set()
    this.isNarrow = this.#media.matches
    this.addEventListener('keydown', moveFocus)
  }

  // The styles are those of the page.
  protected override createRenderRoot(): HTMLElement {
    return this
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#media.addEventListener('change', this.#onWidth)
    this.#resizing.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#retry)
    this.#media.removeEventListener('change', this.#onWidth)
    this.#resizing.disconnect()
  }

  // What was measured changes no dependency: then the time of the dashboard is the same.
  protected override shouldUpdate(changed: PropertyValues): boolean {
    return (
      [...changed.keys()].some(name => name !== 'view') ||
      changed.get('view')?.generated_at !== this.view?.generated_at
    )
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('server') || changed.has('view')) void this.#load()
    if (!['view', 'graph', 'parameters'].some(name => changed.has(name))) return
    const { graph, view } = this
    this.#drawn = graph && view && toGraphLanes(graph, view, parseGraphFilter(this.parameters))
  }

  protected override render(): TemplateResult {
    const filter = parseGraphFilter(this.parameters)
    return renderGraphView({
      drawn: this.#drawn,
      filter,
      reason: this.reason,
      isOutline: this.isNarrow,
      actions: {
        open: this.open,
        onToggle: this.#onToggle,
        onChoose: id => {
          location.hash = toGraphAddress({ ...filter, at: id })
        },
      },
      now: Date.now(),
    })
  }

  protected override updated(): void {
    this.#route()
    const { at } = parseGraphFilter(this.parameters)
    if (this.#drawn === undefined || at === this.#focused) return
    this.#focused = at
    if (!(document.activeElement instanceof HTMLInputElement))
      findNodes(this)
        .find(({ dataset }) => dataset.node === at)
        ?.focus()
  }

  async #load(): Promise<void> {
    clearTimeout(this.#retry)
    const { server } = this
    try {
      const text = (await server?.loadText('/graph.json')) ?? ''
      if (server !== this.server) return
      this.reason = ''
      if (text === this.#text) return
      const graph: unknown = JSON.parse(text)
      if (!isGraphDocument(graph)) throw new SyntaxError('no graph')
      this.#text = text
      this.graph = graph
    } catch (error) {
      if (server !== this.server) return
      this.reason = describeFailure(error)
      // A busy server may need more time than it has for a graph.
      if (this.isConnected && isTemporary(error)) this.#retry = setTimeout(() => void this.#load(), retryMs)
    }
  }

  readonly #onWidth = (): void => {
    this.isNarrow = this.#media.matches
  }

  readonly #onToggle = (id: string): void => {
    const open = new Set(this.open)
    if (!open.delete(id)) open.add(id)
    this.open = open
  }

  /** Draws the edges between the places that nodes have now. */
  #route(): void {
    const canvas = this.querySelector('svg.edges')
    if (canvas === null || this.#drawn === undefined) return
    const nodes = findNodes(this).map(
      node => [node.dataset.node ?? '', node.getBoundingClientRect()] as const,
    )
    const lanes = [...this.querySelectorAll('.lane > ul')].map(lane => lane.getBoundingClientRect())
    const routes = routeEdges({
      edges: this.#drawn.edges,
      nodes: new Map(nodes),
      lanes,
      origin: canvas.getBoundingClientRect(),
    })
    for (const [index, path] of canvas.querySelectorAll('path').entries())
      path.setAttribute('d', routes[index] ?? '')
  }
}

/** Time until a failed request is repeated, in milliseconds. */
const retryMs = 5000

function isTemporary(error: unknown): boolean {
  return !(error instanceof Refused) || error.status === 429 || error.status >= 500
}

function describeFailure(error: unknown): string {
  if (error instanceof Refused) return error.message
  return error instanceof SyntaxError ? 'the response is no graph' : 'the server cannot be reached'
}

function findNodes(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>('[data-node]')]
}

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Moves the focus from node to node with the arrow keys. */
function moveFocus(event: KeyboardEvent): void {
  const direction = directions[event.key]
  const { currentTarget, target } = event
  if (direction === undefined || event.ctrlKey || event.altKey || event.metaKey) return
  if (!(currentTarget instanceof HTMLElement && target instanceof HTMLElement)) return
  const from = target.closest<HTMLElement>('[data-node]')
  if (from === null) return
  event.preventDefault()
  findNext(from, direction, findNodes(currentTarget))?.focus()
}

// The nearest in that direction, where what is aside counts twice.
function findNext(
  from: HTMLElement,
  [dx, dy]: readonly [number, number],
  nodes: readonly HTMLElement[],
): HTMLElement | undefined {
  const here = toCentre(from)
  const ahead = nodes.flatMap(node => {
    const { x, y } = toCentre(node)
    const along = (x - here.x) * dx + (y - here.y) * dy
    const aside = Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx)
    return along > 1 ? [{ node, distance: along + 2 * aside }] : []
  })
  return ahead.toSorted((left, right) => left.distance - right.distance)[0]?.node
}

function toCentre(node: HTMLElement): { readonly x: number; readonly y: number } {
  const { x, y, width, height } = node.getBoundingClientRect()
  return { x: x + width / 2, y: y + height / 2 }
}
