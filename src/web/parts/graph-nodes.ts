import { toVisibleText } from '../text/visible-text.ts'
import { isExplained } from './is-explained.ts'

/** Nodes of a drawing that can be asked about. */
export interface GraphNodes {
  /** The ref of the node that an event came from; undefined for none. */
  readonly findRef: (event: Event) => string | undefined
  /** Moves from node to node with the arrow keys. */
  readonly move: (event: KeyboardEvent) => void
}

const words: Readonly<Record<string, string>> = {
  ready: 'ready',
  'not-ready': 'not ready',
  unknown: 'unknown',
}

/** Makes buttons of the nodes of a drawing by Graphviz: one stop for Tab, and arrows from there. */
export function connectNodes(svg: SVGElement): GraphNodes {
  const refs = new Map<Element, string>()
  for (const node of svg.querySelectorAll('g.node')) {
    // Graphviz has the node's id as its title, which browsers show as a tip.
    const title = node.querySelector('title')
    const ref = title?.textContent ?? ''
    if (!isExplained(ref)) continue
    refs.set(node, ref)
    const status = [...node.classList].flatMap(name => words[name] ?? [])
    node.setAttribute('role', 'button')
    node.setAttribute('tabindex', refs.size === 1 ? '0' : '-1')
    node.setAttribute('aria-label', toVisibleText([ref, ...status].join(', ')))
  }
  const findNode = ({ target }: Event) => {
    const node = target instanceof Element ? target.closest('g.node') : null
    return node !== null && refs.has(node) ? node : undefined
  }
  return {
    findRef: event => {
      const node = findNode(event)
      return node && refs.get(node)
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
