import { errorMessage, NexusError } from '../../lib/errors.ts'
import { renderCount } from '../../lib/text/count.ts'
import type { Graph } from '../graph.ts'
import type { GraphView } from '../graph-view.ts'
import { toDot } from './dot.ts'
import type { GraphFormat } from './format.ts'
import { statusSigns, toPictureText } from './node-text.ts'
import { svgStyle } from './svg-style.ts'

/** More than this nobody can read, and laying it out takes minutes. */
const mostNodes = 600
const mostEdges = 1500

/** A picture that needs no Graphviz on the machine: titled, and readable on dark and light pages. */
export const renderSvg = (async view => {
  requireDrawable(view.picture)
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
  throw new NexusError('usage', `${size} are too many for a picture`, {
    hint: 'Show a part of it: nexus-registry graph REF --depth 2, or --type requires',
  })
}

// What Graphviz writes before the drawing (a declaration, a comment, its own size) makes way for what readers need.
function withTitle(drawn: string, { title, picture }: GraphView): string {
  const start = drawn.indexOf('<svg')
  const head = drawn.slice(start, drawn.indexOf('>', start))
  const body = drawn.slice(drawn.indexOf('>', start) + 1)
  const [, viewBox = '0 0 1 1'] = /viewBox="([^"]*)"/.exec(head) ?? []
  const [, , width = '1', height = '1'] = viewBox.split(' ')
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="graph-title graph-description"`,
    ` width="${Math.ceil(Number(width))}" height="${Math.ceil(Number(height))}" viewBox="${viewBox}">`,
    `\n<title id="graph-title">${escapeXml(title)}</title>`,
    `\n<desc id="graph-description">${escapeXml(describe(picture))}</desc>`,
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
  const statuses = Object.keys(statusSigns).flatMap(status => {
    const count = nodes.filter(node => node.status === status).length
    return count === 0 ? [] : `${count} ${status}`
  })
  return [`${size}.`, strokes, ...(statuses.length === 0 ? [] : [`${statuses.join(', ')}.`])].join(' ')
}

function escapeXml(text: string): string {
  return toPictureText(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
