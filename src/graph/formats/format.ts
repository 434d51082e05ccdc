import type { Style } from '../../lib/terminal/style.ts'
import { toVisibleLine } from '../../lib/text/visible.ts'
import { type Graph, type GraphNode, type GraphView, groupBy, type Readiness, registryOf } from '../graph.ts'

export interface GraphFormatOptions {
  readonly style: Style
  /** Columns of the terminal; undefined when it is none. */
  readonly width: number | undefined
}

/** One way of writing a graph down. */
export type GraphFormat = (view: GraphView, options: GraphFormatOptions) => string | Promise<string>

/** What stands before a name, for how usable it is. */
export const statusSymbols = { ready: '✓', 'not ready': '✗', unknown: '?' } as const satisfies Record<
  Readiness,
  string
>

// Longer ones would make a picture of one name.
const mostCharacters = 48

/** What a picture says in a node: its name, and below it what people call it, where that is something else. */
export function toNodeLines(node: GraphNode): string[] {
  const { id, kind, label, status } = node
  const sign = status === null ? '' : `${statusSymbols[status]} `
  const name = kind === 'group' || kind === 'registry' ? label : id.slice(id.lastIndexOf('/') + 1)
  const lines = [name, kind === 'group' ? '' : label].map(toShortLine)
  const [first = '', second = ''] = lines
  return second === '' || isSame(first, second) ? [sign + first] : [sign + first, second]
}

/** Classes of a node: its kind and its readiness, as one word each. */
export function toNodeClasses({ kind, status }: GraphNode): string[] {
  return status === null ? [kind] : [kind, status.replaceAll(' ', '-')]
}

/** Text from outside as one line that pictures may hold: XML knows no half characters and none that Unicode reserves. */
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

// `gpt-4o` and `GPT-4o` say the same.
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

/** The nodes of a picture by registry, each registry with its own node, what is in none of them first. */
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
