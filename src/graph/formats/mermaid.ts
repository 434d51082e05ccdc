import type { GraphEdge, GraphEdgeType, GraphNode } from '../graph.ts'
import {
  type Cluster,
  type GraphFormat,
  toClusters,
  toDiagramText,
  toNodeClasses,
  toNodeLines,
} from './format.ts'

/** The graph as a flowchart of Mermaid, which GitHub and GitLab draw in Markdown. */
export const renderMermaid: GraphFormat = ({ title, diagram }) => {
  // Its ids take few characters, and words like `end` mean something: nodes are numbered.
  const names = new Map(diagram.nodes.map(({ id }, place) => [id, `n${place}`]))
  const nameOf = (id: string) => names.get(id) ?? 'n'
  return [
    'flowchart LR',
    `  accTitle: ${escapeText(title)}`,
    ...toClusters(diagram).flatMap(cluster => renderCluster(cluster, nameOf)),
    ...diagram.edges.map(edge => renderEdge(edge, nameOf)),
    ...Object.entries(nodeStyles).map(([name, style]) => `  classDef ${name} ${style}`),
  ].join('\n')
}

// Strokes only: what is behind them and the text are as light or dark as the page.
const nodeStyles = {
  ready: 'stroke:#2da44e,stroke-width:2px',
  'not-ready': 'stroke:#cf222e,stroke-width:2px',
  'not-set-up': 'stroke:#8b949e,stroke-width:2px',
  unknown: 'stroke:#bf8700,stroke-width:2px',
  missing: 'stroke:#cf222e,stroke-dasharray:4 3',
} as const

function renderCluster({ registry, label, nodes }: Cluster, nameOf: (id: string) => string): string[] {
  const lines = nodes.map(node => renderNode(node, nameOf(node.id)))
  if (registry === '') return lines.map(line => `  ${line}`)
  return [
    `  subgraph registry_${registry}["${escapeText(label)}"]`,
    ...lines.map(line => `    ${line}`),
    '  end',
  ]
}

function renderNode(node: GraphNode, name: string): string {
  const text = toNodeLines(node).map(escapeText).join('<br/>')
  const [open, close] =
    node.kind === 'capability' ? ['{{', '}}'] : node.kind === 'registry' ? ['[(', ')]'] : ['(', ')']
  const classes = toNodeClasses(node).filter(name => Object.hasOwn(nodeStyles, name))
  return `${name}${open}"${text}"${close}${classes.map(name => `:::${name}`).join('')}`
}

const arrows = {
  requires: '-->',
  references: '-.->',
  provided_by: '-.->|provided by|',
  shows: '-.->|shows|',
} as const satisfies Record<GraphEdgeType, string>

function renderEdge({ from, to, type }: GraphEdge, nameOf: (id: string) => string): string {
  return `  ${nameOf(from)} ${arrows[type]} ${nameOf(to)}`
}

// Anything but letters, marks, digits and harmless symbols could end a string, begin Markdown or HTML, or an entity.
function escapeText(text: string): string {
  return toDiagramText(text).replace(
    /[^\p{L}\p{M}\p{N} ,./:@+\u2713\u2717?\u2026_-]/gu,
    character => `#${character.codePointAt(0)};`,
  )
}
