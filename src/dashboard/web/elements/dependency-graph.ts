import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { DashboardView } from '../../model/dashboard-view.ts'
import { Refused, type Server } from '../live/server.ts'
import { isExplained, ShowSubject } from '../parts/subject.ts'
import { baseStyles, graphStyles } from '../styles/part-styles.ts'
import { toVisibleText } from '../text/text.ts'

/** Dependencies and readiness. Drawn when the reader opens it, and again after a change. */
export class DependencyGraph extends LitElement {
  static override readonly properties = {
    view: { attribute: false },
    server: { attribute: false },
    warning: { state: true },
    isWhole: { state: true },
    drawing: { state: true },
  }
  static override readonly styles = [baseStyles, graphStyles]
  declare view: DashboardView | undefined
  declare server: Server | undefined
  declare warning: string
  declare isWhole: boolean
  declare drawing: SVGElement | undefined
  #nodes: GraphNodes | undefined
  #drawn = ''
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.warning = ''
    // On a narrow screen nobody could read it as a whole.
    this.isWhole = matchMedia('(min-width: 60rem)').matches
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearTimeout(this.#retry)
  }

  protected override willUpdate(changed: PropertyValues): void {
    // What was measured changes no dependency: then the time of the answer is the same.
    const before = changed.get('view')?.generated_at
    if (changed.has('server') || before !== this.view?.generated_at) void this.#draw()
  }

  protected override render(): TemplateResult {
    const { drawing, warning, isWhole } = this
    drawing?.classList.toggle('fits', isWhole)
    return html`
      <div class="tools">
        <button class="plain" aria-pressed=${isWhole} @click=${this.#toggle}>Fit to width</button>
        <span class="soft">Choose a node to see why it is as it is; arrow keys go from node to node.</span>
      </div>
      ${warning === '' ? nothing : html`<p class="reason"><bdi>${toVisibleText(warning)}</bdi></p>`}
      ${
        drawing === undefined
          ? nothing
          : html`<div
            class="picture"
            role="group"
            aria-label="Dependency graph"
            tabindex="0"
            @click=${this.#show}
            @keydown=${this.#onKey}
          >
            ${drawing}
          </div>`
      }
    `
  }

  async #draw(): Promise<void> {
    clearTimeout(this.#retry)
    try {
      const text = (await this.server?.loadText('/graph.svg')) ?? ''
      if (text === this.#drawn) return
      this.#drawn = text
      const svg = cleanSvg(text)
      this.warning = svg === undefined ? 'what came is no picture' : ''
      this.#nodes = svg && connectNodes(svg)
      this.drawing = svg
    } catch (error) {
      this.warning = error instanceof Refused ? error.message : 'the server cannot be reached'
      // A busy server may need more time than it has for a drawing.
      if (this.isConnected && isTemporary(error)) this.#retry = setTimeout(() => void this.#draw(), retryMs)
    }
  }

  readonly #toggle = (): void => {
    this.isWhole = !this.isWhole
  }

  readonly #show = (event: Event): void => {
    const found = this.#nodes?.find(event)
    if (found === undefined) return
    const { node, ref } = found
    event.preventDefault()
    // It is where the focus comes back to.
    node.dispatchEvent(new ShowSubject({ ref: null, subject: ref, name: ref }))
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === ' ') this.#show(event)
    else this.#nodes?.move(event)
  }
}

/** Time until a failed request is repeated, in milliseconds. */
const retryMs = 5000

function isTemporary(error: unknown): boolean {
  return !(error instanceof Refused) || error.status === 429 || error.status >= 500
}

/** Nodes of a drawing that can be asked about. */
interface GraphNodes {
  /** The node that an event came from, and its ref; undefined for none. */
  readonly find: (event: Event) => { readonly node: Element; readonly ref: string } | undefined
  /** Moves from node to node with the arrow keys. */
  readonly move: (event: KeyboardEvent) => void
}

const words: Readonly<Record<string, string>> = {
  ready: 'ready',
  'not-ready': 'not ready',
  'not-set-up': 'not set up',
  unknown: 'unknown',
}

/** Kinds of nodes that are no entries. */
const onlyNames = ['group', 'missing', 'unseen']

/** Makes buttons of the nodes of a drawing by Graphviz: one stop for Tab, and arrows from there. */
function connectNodes(svg: SVGElement): GraphNodes {
  const refs = new Map<Element, string>()
  for (const node of svg.querySelectorAll('g.node')) {
    // Graphviz has the node's id as its title, which browsers show as a tip.
    const title = node.querySelector('title')
    const ref = title?.textContent ?? ''
    if (!isExplained(ref) || onlyNames.some(name => node.classList.contains(name))) continue
    refs.set(node, ref)
    const status = [...node.classList].flatMap(name => words[name] ?? [])
    node.setAttribute('role', 'button')
    node.setAttribute('tabindex', refs.size === 1 ? '0' : '-1')
    node.setAttribute('aria-label', toVisibleText([`${readLabel(node)} (${ref})`, ...status].join(', ')))
  }
  // Names are for people from here on.
  for (const text of svg.querySelectorAll('title, desc, text'))
    text.textContent = toVisibleText(text.textContent ?? '')
  const findNode = ({ target }: Event) => {
    const node = target instanceof Element ? target.closest('g.node') : null
    return node !== null && refs.has(node) ? node : undefined
  }
  return {
    find: event => {
      const node = findNode(event)
      const ref = node && refs.get(node)
      return node && ref !== undefined ? { node, ref } : undefined
    },
    move: event => {
      const from = findNode(event)
      const next = from && findNext(from, event.key, [...refs.keys()])
      if (!(next instanceof SVGElement)) return
      event.preventDefault()
      from?.setAttribute('tabindex', '-1')
      next.setAttribute('tabindex', '0')
      next.focus()
    },
  }
}

function readLabel(node: Element): string {
  return [...node.querySelectorAll('text')].map(text => text.textContent ?? '').join(' ')
}

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

// The nearest in that direction, where what is aside counts twice.
function findNext(from: Element, key: string, nodes: readonly Element[]): Element | undefined {
  const direction = directions[key]
  if (direction === undefined) return undefined
  const [dx, dy] = direction
  const here = toCentre(from)
  const ahead = nodes.flatMap(node => {
    const { x, y } = toCentre(node)
    const along = (x - here.x) * dx + (y - here.y) * dy
    const aside = Math.abs((x - here.x) * dy) + Math.abs((y - here.y) * dx)
    return along > 1 ? [{ node, distance: along + 2 * aside }] : []
  })
  return ahead.toSorted((a, b) => a.distance - b.distance)[0]?.node
}

function toCentre(node: Element): { readonly x: number; readonly y: number } {
  const { x, y, width, height } = node.getBoundingClientRect()
  return { x: x + width / 2, y: y + height / 2 }
}

const namespace = 'http://www.w3.org/2000/svg'

/** What a drawing is made of, and nothing that runs, loads, links or styles. */
const elements = ['svg', 'g', 'path', 'polygon', 'polyline', 'ellipse', 'text', 'title', 'desc']
const attributes = [
  'class',
  'cx',
  'cy',
  'd',
  'height',
  'points',
  'rx',
  'ry',
  'stroke-dasharray',
  'text-anchor',
  'transform',
  'viewBox',
  'width',
  'x',
  'y',
]

/** A drawing made anew of the parts that drawings are known to have; undefined for what is none. */
function cleanSvg(text: string): SVGElement | undefined {
  // Without its namespace it is read as elements that mean nothing to a browser: no style, no handler, no script.
  const inert = text.replace(/ xmlns="[^"]*"/g, '')
  const root = new DOMParser().parseFromString(inert, 'application/xml').documentElement
  return root.localName === 'svg' && isDrawn(root) ? copyElement(root) : undefined
}

function copyElement(source: Element): SVGElement {
  const copy = document.createElementNS(namespace, source.localName)
  if (!(copy instanceof SVGElement)) throw new Error('a browser without SVG')
  for (const name of attributes) {
    const value = source.getAttribute(name)
    if (value !== null) copy.setAttribute(name, value)
  }
  for (const child of source.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) copy.append(child.textContent ?? '')
    if (isDrawn(child)) copy.append(copyElement(child))
  }
  return copy
}

function isDrawn(node: Node): node is Element {
  return node instanceof Element && node.namespaceURI === null && elements.includes(node.localName)
}
