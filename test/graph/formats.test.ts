import { instance } from '@viz-js/viz'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toDot } from '../../src/graph/formats/dot.ts'
import { graphFormats } from '../../src/graph/formats/index.ts'
import { renderGraphJson } from '../../src/graph/formats/json.ts'
import { renderMermaid } from '../../src/graph/formats/mermaid.ts'
import { renderSvg } from '../../src/graph/formats/svg.ts'
import { type Graph, type GraphNode, type GraphView, sortGraph } from '../../src/graph/graph.ts'
import { planView } from '../../src/graph/plan-view.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { parseXml } from '../support/parse-xml.ts'
import { rounds } from '../support/stress.ts'
import { shippedGraph, toGraph, toNode } from './support.ts'

const options = {
  style: await createStyle({ stream: { isTerminal: false }, env: {}, color: false }),
  width: undefined,
}
const viz = await instance()

function toView(graph: Graph, title = 'A title'): GraphView {
  return { title, graph, diagram: graph, tree: [], hint: null }
}

/** Two nodes and an edge between them; the first one has the label. */
function labelled(label: string, fields: Partial<GraphNode> = {}): Graph {
  const nodes = [
    toNode('plugins/a', { kind: 'plugin', label, ...fields }),
    toNode('tools/b', { kind: 'tool' }),
  ]
  return sortGraph({
    nodes,
    edges: [{ from: 'plugins/a', to: 'tools/b', type: 'requires' }],
    declared: new Set(),
  })
}

/** What Graphviz reads in the label of a node. */
function readLabel(graph: Graph, name = 'plugins/a'): string {
  const laidOut: { objects: { name: string; label: string }[]; edges?: unknown[] } = JSON.parse(
    viz.renderString(toDot(toView(graph)), { format: 'json0' }),
  )
  expect(laidOut.edges).toHaveLength(graph.edges.length)
  return laidOut.objects.find(each => each.name === name)?.label ?? ''
}

const hostile: [what: string, label: string, shown: string][] = [
  ['quotes', 'a "quoted" label', 'a "quoted" label'],
  ['a backslash at its end', 'a\\', 'a\\'],
  ['what would end the string', 'a", shape="star', 'a", shape="star'],
  ['escapes of Graphviz', '\\N \\G \\L \\n', '\\N \\G \\L \\n'],
  ['brackets', '[a] {b|c} <d> (e)', '[a] {b|c} <d> (e)'],
  ['newlines', 'a\nb\r\nc', 'a\\nb\\r\\nc'],
  ['HTML', '<b onclick="x()">&amp;</b>', '<b onclick="x()">&amp;</b>'],
  ['an HTML label', '<<table></table>>', '<<table></table>>'],
  ['an end of CDATA and of a comment', ']]> --> */', ']]> --> */'],
  ['terminal escapes', '\x1b[31m\u202e', '\\x1b[31m\\u202e'],
  ['a semicolon and a hash', 'a;b #35; #quot;', 'a;b #35; #quot;'],
  ['half a character and one that is none', 'a\ud800b\uffff', 'a\ufffdb\ufffd'],
  ['other scripts', '模型 🐳 é', '模型 🐳 é'],
]

describe('a label with', () => {
  test.each(hostile)('%s is a label for Graphviz', (_, label, shown) => {
    // A backslash and an entity are spelled out in its language.
    const second = readLabel(labelled(label)).replace(/^a\\n/, '')
    expect(second.replaceAll('\\\\', '\\').replaceAll('&amp;', '&')).toBe(shown)
  })

  test.each(hostile)('%s is text in a diagram', async (_, label, shown) => {
    const elements = parseXml(String(await renderSvg(toView(labelled(label), label))))
    const texts = elements
      .filter(({ name }) => name === 'text')
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
    expect(texts).toContain(shown)
    expect(elements.filter(({ name }) => !drawing.includes(name)).map(({ name }) => name)).toEqual([])
    expect(elements.find(({ name }) => name === 'title')?.text).toBe(shown)
  })

  test.each(hostile)('%s is a label in Mermaid', async (_, label, shown) => {
    const lines = String(await renderMermaid(toView(labelled(label), label), options)).split('\n')
    for (const line of lines) expect(line).toMatch(mermaidLine)
    const [, second = ''] = /n0\("a<br\/>([^"]*)"\)/.exec(lines.join('\n')) ?? []
    expect(second.replace(/#(\d+);/g, (_entity, code) => String.fromCodePoint(Number(code)))).toBe(shown)
  })
})

const drawing = ['svg', 'title', 'desc', 'style', 'g', 'path', 'polygon', 'polyline', 'ellipse', 'text']

const mermaidLine =
  /^(?:flowchart LR|\s+(?:accTitle: [^"<>{}\n]*|subgraph registry_\w+\["[^"<>\n]*"\]|end|n\d+(?:\(|\{\{|\[\()"(?:[^"<>\n]|<br\/>)*"(?:\)|\}\}|\)\])(?::::[\w-]+)*|n\d+ -\.?-?>(?:\|[a-z ]+\|)? n\d+|classDef [\w-]+ [\w:#,. -]+))$/

test('no label breaks any format', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async label => {
      const view = toView(labelled(label), label)
      parseXml(String(await renderSvg(view)))
      for (const line of String(await renderMermaid(view, options)).split('\n'))
        expect(line).toMatch(mermaidLine)
    }),
    { numRuns: rounds(60) },
  )
})

const loners = sortGraph({
  nodes: Array.from({ length: 40 }, (_, place) => toNode(`tools/t${place}`, { kind: 'tool' })),
  edges: [],
  declared: new Set(),
})

describe('the diagram', () => {
  const draw = async (graph: Graph) => String(await renderSvg(planView(undefined, graph, {})))

  test('says what it shows to those who do not see it', async () => {
    const elements = parseXml(await draw(await shippedGraph()))
    const [svg, title, description] = elements
    expect(svg?.attributes.get('role')).toBe('img')
    const labels = svg?.attributes.get('aria-labelledby')?.split(' ')
    expect([title, description].map(each => each?.attributes.get('id'))).toEqual(labels)
    expect(description?.text).toMatch(/^\d+ nodes, \d+ edges/)
  })

  test('has colours for dark and light pages, and takes nothing from elsewhere', async () => {
    const text = await draw(await shippedGraph())
    expect(text).toContain('prefers-color-scheme:dark')
    expect(text.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
      /https?:|url\(|href|@import|<script/,
    )
  })

  test('has every node and edge of what it shows', async () => {
    const graph = await shippedGraph()
    const { diagram } = planView(undefined, graph, {})
    const classes = parseXml(await draw(graph)).flatMap(
      ({ attributes }) => attributes.get('class')?.split(' ')[0] ?? [],
    )
    expect(classes.filter(name => name === 'node')).toHaveLength(diagram.nodes.length)
    expect(classes.filter(name => name === 'edge')).toHaveLength(diagram.edges.length)
  })

  test.each([
    ['ready', '✓ a', 'ready'],
    ['not ready', '✗ a', 'not-ready'],
    ['unknown', '? a', 'unknown'],
  ] as const)('tells by a sign, not only by a colour, what is %s', async (status, sign, name) => {
    const elements = parseXml(String(await renderSvg(toView(labelled('a', { status })))))
    expect(
      elements.filter(each => each.name === 'text').map(({ text }) => text.replaceAll('\u00a0', ' ')),
    ).toContain(sign)
    expect(elements.map(({ attributes }) => attributes.get('class'))).toContain(`node plugin ${name}`)
  })

  test('explains its signs where it has any, to those who do not see it too', async () => {
    const [judged, plain] = await Promise.all([
      renderSvg(toView(labelled('a', { status: 'not ready' }))),
      renderSvg(toView(labelled('a'))),
    ])
    const legend = '✓ ready · ✗ not ready · ○ not set up · ? unknown'
    expect(String(judged).replaceAll('&#160;', ' ')).toContain(legend)
    expect(String(judged)).toContain('or shows. 1 not ready.</desc>')
    expect(String(plain).replaceAll('&#160;', ' ')).not.toContain(legend)
    expect(String(plain)).toContain('or shows.</desc>')
  })

  test.each([
    ['everything', 4.5, async () => planView(undefined, await shippedGraph(), { isWhole: true })],
    ['things without edges', 1.2, () => toView(loners)],
  ])('of %s is no tower', async (_, ratio, toPlan) => {
    const [svg] = parseXml(String(await renderSvg(await toPlan())))
    const [width, height] = ['width', 'height'].map(name => Number(svg?.attributes.get(name)))
    expect(height).toBeLessThan((width ?? 0) * ratio)
  })

  test('is refused when nobody could read it', async () => {
    const links = Array.from({ length: 700 }, (_, place) => `a > b${place}`)
    await expect(draw(toGraph(...links))).rejects.toThrow(
      '701 nodes and 700 edges are too many for a diagram',
    )
  })
})

test('JSON has four keys for a node and three for an edge', async () => {
  const { nodes, edges } = JSON.parse(String(await renderGraphJson(toView(labelled('A')), options)))
  expect(nodes[0]).toEqual({ id: 'plugins/a', kind: 'plugin', label: 'A', status: null })
  expect(edges).toEqual([{ from: 'plugins/a', to: 'tools/b', type: 'requires' }])
})

test.each(Object.entries(graphFormats))('%s is the same every time', async (_, format) => {
  const view = planView(undefined, await shippedGraph(), {})
  expect(await format(view, options)).toBe(await format(view, options))
})
