import { toVisibleText } from '../text/text.ts'
import { isExplained } from './subject.ts'

/** Nodes of a drawing that can be asked about. */
export interface GraphNodes {
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
export function connectNodes(svg: SVGElement): GraphNodes {
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
export function cleanSvg(text: string): SVGElement | undefined {
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
