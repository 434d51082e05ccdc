import { errorMessage, NexusError } from '../../lib/errors.ts'
import { renderCount } from '../../lib/text/format.ts'
import type { Graph, GraphView } from '../graph.ts'
import { toDot } from './dot.ts'
import { type GraphFormat, statusSymbols, toDiagramText } from './format.ts'

/** A larger diagram is not readable, and its layout takes minutes. */
const mostNodes = 600
const mostEdges = 1500

/** Renders a diagram without Graphviz on the machine, with a title, for dark and light pages. */
export const renderSvg = (async view => {
  requireDrawable(view.diagram)
  return withTitle(await layOut(toDot(view)), view)
}) satisfies GraphFormat

// A new instance each time: one in which Graphviz has crashed is of no more use.
async function layOut(dot: string): Promise<string> {
  const { instance } = await import('@viz-js/viz')
  const viz = await instance()
  try {
    return viz.renderString(dot, { format: 'svg', graphAttributes: { bgcolor: 'white' } })
  } catch (cause) {
    const hint = 'Draw it with your own Graphviz: nexus-registry graph --format dot | dot -Tsvg'
    throw new NexusError('input', `Graphviz cannot draw this: ${errorMessage(cause)}`, { hint, cause })
  }
}

function requireDrawable({ nodes, edges }: Graph): void {
  if (nodes.length <= mostNodes && edges.length <= mostEdges) return
  const size = `${renderCount(nodes.length, 'node')} and ${renderCount(edges.length, 'edge')}`
  throw new NexusError('usage', `${size} are too many for a diagram`, {
    hint: 'Show a part of it: nexus-registry graph REF --depth 2, or --type requires',
  })
}

// What Graphviz writes before the drawing (a declaration, a comment, its own size) is replaced by what readers need.
function withTitle(drawn: string, { title, diagram }: GraphView): string {
  const start = drawn.indexOf('<svg')
  const head = drawn.slice(start, drawn.indexOf('>', start))
  const body = drawn.slice(drawn.indexOf('>', start) + 1)
  const [, viewBox = '0 0 1 1'] = /viewBox="([^"]*)"/.exec(head) ?? []
  const [, , width = '1', height = '1'] = viewBox.split(' ')
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="graph-title graph-description"`,
    ` width="${Math.ceil(Number(width))}" height="${Math.ceil(Number(height))}" viewBox="${viewBox}">`,
    `\n<title id="graph-title">${escapeXml(title)}</title>`,
    `\n<desc id="graph-description">${escapeXml(describe(diagram))}</desc>`,
    `\n<style>${svgStyle}</style>`,
  ]
  return (
    lines.join('') +
    body
      .replaceAll(/<!--[\s\S]*?-->\n?/g, '')
      .replaceAll(' xlink:', ' ')
      .trimEnd()
  )
}

function describe({ nodes, edges }: Graph): string {
  const size = `${renderCount(nodes.length, 'node')}, ${renderCount(edges.length, 'edge')}`
  const strokes =
    'Solid arrows: requires. Dashed: references. Dotted: provided by, with an empty head, or shows.'
  const statuses = Object.keys(statusSymbols).flatMap(status => {
    const count = nodes.filter(node => node.status === status).length
    return count === 0 ? [] : `${count} ${status}`
  })
  return [`${size}.`, strokes, ...(statuses.length === 0 ? [] : [`${statuses.join(', ')}.`])].join(' ')
}

function escapeXml(text: string): string {
  return toDiagramText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/**
 * Colours of a diagram on light and dark pages. A stylesheet replaces the attributes of Graphviz. The
 * background is painted too: an embedded diagram may have anything behind it.
 */
const svgStyle = `
svg{color-scheme:light dark;--page:#fff;--ink:#1f2328;--soft:#59636e;--line:#8b949e;--fill:#f6f8fa;--frame:#d1d9e0;--good:#1a7f37;--good-fill:#dafbe1;--bad:#cf222e;--bad-fill:#ffebe9;--open:#9a6700;--open-fill:#fff8c5;--accent:#0969da}
@media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#f0f6fc;--soft:#9198a1;--line:#6e7681;--fill:#212830;--frame:#3d444d;--good:#3fb950;--good-fill:#12261e;--bad:#f85149;--bad-fill:#2d1517;--open:#d29922;--open-fill:#272115;--accent:#4493f8}}
text{fill:var(--ink);font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
.graph>polygon{fill:var(--page);stroke:none}
.graph>text{font-weight:600;font-size:16px}
.graph>text+text{font-weight:400;font-size:11px;fill:var(--soft)}
.cluster>path,.cluster>polygon{fill:none;stroke:var(--frame)}
.cluster>text{fill:var(--soft);font-weight:600;font-size:11px}
.node>text{font-size:11px}
.node>path,.node>polygon,.node>ellipse{fill:var(--fill);stroke:var(--line)}
.node>text+text{fill:var(--soft);font-size:9px}
.registry>path{stroke:var(--accent)}
.capability>polygon{stroke:var(--accent)}
.group>path,.group>polygon{stroke-dasharray:4 3}
.missing>path{stroke:var(--bad)}
.missing>text{fill:var(--bad)}
.edge>path{stroke:var(--line)}
.edge>polygon,.edge>polyline{stroke:var(--line);fill:var(--line)}
.provided_by>path,.shows>path{stroke-width:1.4}
.provided_by>polygon{fill:var(--page)}
.requires>path{stroke:var(--soft)}
.requires>polygon{stroke:var(--soft);fill:var(--soft)}
.ready>path,.ready>polygon{fill:var(--good-fill);stroke:var(--good)}
.not-ready>path,.not-ready>polygon{fill:var(--bad-fill);stroke:var(--bad)}
.unknown>path,.unknown>polygon{fill:var(--open-fill);stroke:var(--open)}
`
