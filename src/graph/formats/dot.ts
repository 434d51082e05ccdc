import {
  type GraphEdge,
  type GraphEdgeType,
  type GraphNode,
  type GraphView,
  graphEdgeTypes,
  isOnlyNamed,
  type NodeKind,
} from '../graph.ts'
import {
  type Cluster,
  type GraphFormat,
  statusSymbols,
  toClusters,
  toDiagramText,
  toNodeClasses,
  toNodeLines,
} from './format.ts'

/** The graph in the language of Graphviz, with classes for stylesheets. */
export const renderDot: GraphFormat = view => toDot(view)

/** The text of `renderDot`, at once. */
export function toDot(view: GraphView): string {
  const { diagram } = view
  const clusters = toClusters(diagram)
  return [
    'digraph nexus {',
    `  graph [label=${toTitle(view)}, labelloc=t, rankdir=LR, newrank=${isLarge(diagram)}, ranksep=0.8, nodesep=0.16, ${nodeStyles.graph}]`,
    `  node [shape=box, style=rounded, height=0.32, margin="0.17,0.06", ${nodeStyles.font}]`,
    `  edge [arrowsize=0.6, ${nodeStyles.font}]`,
    ...clusters.flatMap(toCluster),
    ...clusters.flatMap(cluster => toRows(cluster, diagram.edges)).map(toRow),
    ...diagram.edges.map(toEdge),
    '}',
  ].join('\n')
}

const nodeStyles = {
  // One size larger than it is shown in: the reader's font may be wider.
  font: 'fontname="Helvetica,Arial,sans-serif", fontsize=12.5',
  graph: 'fontname="Helvetica,Arial,sans-serif", fontsize=16, pad=0.3',
} as const

// Ranks that clusters share keep edges short: half the height for a hundred nodes, but more room for a few.
function isLarge({ nodes }: GraphView['diagram']): boolean {
  return nodes.length > 80
}

// A diagram is often shown without the page that explains it.
function toTitle({ title, diagram }: GraphView): string {
  const types = new Set(diagram.edges.map(({ type }) => type))
  const strokes = graphEdgeTypes.filter(type => types.has(type)).map(type => legends[type])
  const hasStatus = diagram.nodes.some(({ status }) => status !== null)
  const legend = hasStatus ? [...strokes, statusLegend] : strokes
  // Graphviz crashes on a label whose first line is empty.
  const lines = [title, legend.join(' · ')].map(escapeLabel).filter(line => line !== '')
  return quote(lines.join('\\n'), 'escaped')
}

const legends = {
  requires: 'solid: requires',
  references: 'dashed: references',
  provided_by: 'dotted to an empty head: provided by, any one is enough',
  shows: 'dotted: shows',
} as const satisfies Record<GraphEdgeType, string>

const statusLegend = Object.entries(statusSymbols)
  .map(([status, symbol]) => `${symbol} ${status}`)
  .join(' · ')

function toCluster({ registry, label, nodes }: Cluster): string[] {
  if (registry === '') return nodes.map(node => `  ${toNode(node)}`)
  return [
    `  subgraph ${quote(`cluster_${registry}`)} {`,
    `    graph [label=${quote(label)}, class=${quote(registry)}, style=rounded, labelloc=t, labeljust=l, fontsize=13, margin=12]`,
    ...nodes.map(node => `    ${toNode(node)}`),
    '  }',
  ]
}

function toNode(node: GraphNode): string {
  const label = quote(toNodeLines(node).map(escapeLabel).join('\\n'), 'escaped')
  const attributes = [
    `label=${label}`,
    `class=${quote(toNodeClasses(node).join(' '))}`,
    ...shapeOf(node.kind),
  ]
  return `${quote(node.id)} [${attributes.join(', ')}]`
}

function shapeOf(kind: NodeKind): string[] {
  if (kind === 'capability') return ['shape=hexagon', 'style=""', 'margin="0.05,0.02"']
  if (kind === 'registry') return ['shape=cylinder', 'style=""']
  return isOnlyNamed({ kind }) ? ['style="rounded,dashed"'] : []
}

const strokeOf = {
  requires: 'style=solid',
  references: 'style=dashed',
  provided_by: 'style=dotted, arrowhead=empty',
  shows: 'style=dotted, arrowhead=vee',
} as const satisfies Record<GraphEdgeType, string>

function toEdge({ from, to, type }: GraphEdge): string {
  return `  ${quote(from)} -> ${quote(to)} [class=${quote(type)}, ${strokeOf[type]}]`
}

// What is on one row is an invisible chain.
function toRow(ids: readonly string[]): string {
  return `  ${ids.map(id => quote(id)).join(' -> ')} [style=invis]`
}

// In labels a backslash begins an escape, and an ampersand an entity of HTML.
function escapeLabel(text: string): string {
  return toDiagramText(text).replaceAll('\\', '\\\\').replaceAll('&', '&amp;')
}

/** A quoted string of the language, in which only quotes and a backslash at the end mean something. */
function quote(text: string, state: 'plain' | 'escaped' = 'plain'): string {
  const escaped = state === 'escaped' ? text : escapeLabel(text)
  return `"${escaped.replaceAll('"', '\\"')}"`
}

/** So many below each other need no second column. */
const mostInColumn = 6

/** Ids of nodes without any edge, in rows: below each other, dozens of them would make a diagram that fits on no screen. */
function toRows({ nodes }: Pick<Cluster, 'nodes'>, edges: readonly GraphEdge[]): string[][] {
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const ids = nodes.map(({ id }) => id).filter(id => !linked.has(id))
  const columns = Math.ceil(ids.length / Math.max(mostInColumn, Math.sqrt(ids.length * 3)))
  const count = columns < 2 ? 0 : Math.ceil(ids.length / columns)
  return Array.from({ length: count }, (_, row) => ids.slice(row * columns, (row + 1) * columns))
}
