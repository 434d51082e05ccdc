import type { Style } from '../../lib/terminal/style.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import { type Graph, type GraphNode, type GraphView, groupBy, type Readiness, registryOf } from '../graph.ts'

export interface GraphFormatOptions {
  readonly style: Style
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined
}

/** Renders a view of a graph. */
export type GraphFormat = (view: GraphView, options: GraphFormatOptions) => string | Promise<string>

/** What stands before a name, for how usable it is. */
export const statusSymbols = {
  ready: '✓',
  'not ready': '✗',
  'not set up': '○',
  unknown: '?',
} as const satisfies Record<Readiness, string>

// Longer names would fill the diagram.
const mostCharacters = 48

/** The lines of a node: its name, and below it its label when that differs. */
export function toNodeLines(node: GraphNode): string[] {
  const { id, kind, label, status } = node
  const symbol = status === null ? '' : `${statusSymbols[status]} `
  const name = kind === 'group' || kind === 'registry' ? label : id.slice(id.lastIndexOf('/') + 1)
  const lines = [name, kind === 'group' ? '' : label].map(toShortLine)
  const [first = '', second = ''] = lines
  return second === '' || isSame(first, second) ? [symbol + first] : [symbol + first, second]
}

/** Classes of a node: its kind and its readiness, as one word each. */
export function toNodeClasses({ kind, status }: GraphNode): string[] {
  return status === null ? [kind] : [kind, status.replaceAll(' ', '-')]
}

/** Untrusted text as one line for diagrams: XML has no lone surrogates and no characters that Unicode reserves. */
export function toDiagramText(text: string): string {
  return toVisibleLine(text.toWellFormed())
    .replace(/\p{Noncharacter_Code_Point}/gu, '\ufffd')
    .trim()
}

function toShortLine(text: string): string {
  const characters = Array.from(toDiagramText(text))
  if (characters.length <= mostCharacters) return characters.join('')
  return `${characters.slice(0, mostCharacters - 1).join('')}…`
}

// `gpt-4o` and `GPT-4o` are the same.
function isSame(left: string, right: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/[\s_./-]/g, '')
  return plain(left) === plain(right)
}

export interface Cluster {
  /** Name of the registry; empty for what is in none. */
  readonly registry: string
  readonly label: string
  readonly nodes: readonly GraphNode[]
}

/** The nodes of a diagram by registry, each registry with its own node, what is in none of them first. */
export function toClusters({ nodes }: Pick<Graph, 'nodes'>): Cluster[] {
  const isEntry = (node: GraphNode) => registryOf(node) !== undefined
  const inOrder = [...nodes.filter(node => !isEntry(node)), ...nodes.filter(isEntry)]
  const byRegistry = groupBy(inOrder, node => registryOf(node) ?? '')
  return [...byRegistry].map(([registry, own]) => ({
    registry,
    label: registry.replaceAll('_', ' '),
    nodes: own,
  }))
}
