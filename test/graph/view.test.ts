import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toCyclesView } from '../../src/graph/cycles.ts'
import { toOverview } from '../../src/graph/fold.ts'
import { renderTree } from '../../src/graph/formats/tree.ts'
import { createGraphIndex, type Graph, type GraphView } from '../../src/graph/graph.ts'
import { planView, type ViewRequest } from '../../src/graph/plan-view.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { textWidth } from '../../src/lib/terminal/width.ts'
import { drawnTree } from '../registries/specification.ts'
import { shippedGraph, soundGraph, toGraph, toNode } from './support.ts'

const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })

const draw = async (view: GraphView, width?: number) => String(await renderTree(view, { style, width }))

async function tree(graph: Graph, id?: string, request: ViewRequest = {}): Promise<string[]> {
  const root = id === undefined ? undefined : createGraphIndex(graph).node(id)
  return (await draw(planView(root, graph, request))).split('\n')
}

/** Depth and name of each line. */
function shapeOf(lines: readonly string[], offset = 0): string[] {
  return lines.map(line => {
    const [, branch = '', name = ''] = /^([│├└┌─ ]*)(\S+)/.exec(line) ?? []
    return `${branch.length / 3 - offset} ${name.toLowerCase()}`
  })
}

describe('the tree', () => {
  const drawn = drawnTree.trim().split('\n')
  const border = drawn.findIndex(line => line.includes('hyper_registry'))

  test.each([
    ['plugins/nexus_hyper_core', drawn.slice(0, border)],
    ['hyper', drawn.slice(border)],
  ])('of %s is the one that section 4 of the specification draws', async (id, expected) => {
    expect(shapeOf(await tree(await shippedGraph(), id))).toEqual(shapeOf(expected, 1))
  })

  test('says in brackets what a component is, and after them what it needs besides', async () => {
    const [first] = await tree(await shippedGraph(), 'plugins/nexus_dashboard')
    expect(first).toBe('nexus_dashboard (Shows tools, providers and metrics in the terminal) needs curl, jq')
  })

  test('has a line for everything when nothing is to be folded', async () => {
    const lines = await tree(await shippedGraph(), 'plugins/nexus_hyper_core', { isWhole: true })
    expect(shapeOf(lines)).toContain('5 openai')
    expect(lines.join('\n')).toContain('orchestrator_metrics')
  })

  const shapes: [what: string, links: string[], request: ViewRequest, lines: string[]][] = [
    [
      'draws what stands below twice only once',
      ['a > b', 'a > c', 'b > d', 'c > b'],
      {},
      ['a', '├─ b', '│  └─ d', '└─ c', '   └─ b … see above'],
    ],
    ['marks where a cycle closes', ['a > b', 'b > a'], {}, ['a', '└─ b', '   └─ a ↺ closes a cycle']],
    ['marks a node that needs itself', ['a > a'], {}, ['a', '└─ a ↺ closes a cycle']],
    ['ends at the depth, and says so', ['a > b', 'b > c'], { depth: 1 }, ['a', '└─ b … there is more below']],
    ['goes the other way', ['b > a', 'c > b'], { isReverse: true }, ['a', '└─ b', '   └─ c']],
  ]
  test.each(shapes)('%s', async (_, links, request, lines) => {
    expect(await tree(toGraph(...links), 'a', request)).toEqual(lines)
  })

  test('takes no capability for a circle because one of those that provide it needs it', async () => {
    expect(await tree(await soundGraph(), 'tools/docker')).toEqual([
      'docker',
      '└─ container_runtime',
      '   ├─ docker … see above',
      '   └─ podman',
    ])
  })

  test('of a registry is that of its entries', async () => {
    expect(shapeOf(await tree(await soundGraph(), 'providers'))).toEqual(['0 acme', '0 other'])
  })

  test('fits into a narrow terminal, and cuts what is least important', async () => {
    const view = planView(undefined, await shippedGraph(), {})
    for (const line of (await draw(view, 40)).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(40)
  })

  test('shows nothing of a name as it is that a terminal would obey', async () => {
    const node = toNode('plugins/a', {
      kind: 'plugin',
      label: 'x\x1b[31m\u202e\ny',
      description: 'z\r\x9b2J',
    })
    const lines = await tree({ nodes: [node], edges: [], declared: new Set() }, 'plugins/a')
    expect(lines).toEqual(['a (z\\r\\x9b2J)'])
  })

  test('is finite for every graph', async () => {
    const name = fc.constantFrom(...'abcde')
    const links = fc.array(
      fc.tuple(name, name).map(([from, to]) => `${from} > ${to}`),
      { maxLength: 25 },
    )
    await fc.assert(
      fc.asyncProperty(links, fc.boolean(), async (some, isReverse) => {
        const graph = toGraph('a > b', ...some)
        const lines = await tree(graph, 'a', { isReverse })
        expect(lines.length).toBeLessThanOrEqual(graph.edges.length + 1)
      }),
    )
  })
})

describe('everything', () => {
  test('is collapsed so that it can be read', async () => {
    const { nodes, edges } = toOverview(await shippedGraph())
    expect(nodes.length).toBeLessThan(80)
    expect(edges.length).toBeLessThan(100)
    const groups = nodes.filter(({ kind }) => kind === 'group').map(({ label }) => label)
    expect(groups).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^\d+ models of openai$/),
        '10 ml frameworks',
        '17 metrics',
        '26 tools',
      ]),
    )
  })

  test('says how a group opens', async () => {
    const lines = await tree(await shippedGraph())
    expect(lines.join('\n')).toMatch(
      /─ \d+ models of openai \(nexus-registry graph providers\/openai --dependents\) needs openai$/m,
    )
    expect(planView(undefined, await shippedGraph(), {}).hint).toContain('--all')
  })

  test('is not collapsed for programs, nor when everything is asked for', async () => {
    const graph = await shippedGraph()
    expect(planView(undefined, graph, {}).graph).toEqual(graph)
    expect(planView(undefined, graph, { isWhole: true }).diagram).toEqual(graph)
  })

  test('has every registry when the hyper registry is broken', async () => {
    const lines = await tree(await soundGraph({ hyper: '{' }))
    expect(lines.filter(line => /^\S+_registry/.test(line))).toHaveLength(8)
    expect(lines.join('\n')).toMatch(/^tool_registry\n├─ docker/m)
  })

  test('stays readable however many entries there are', () => {
    const links = Array.from({ length: 500 }, (_, place) => `plugins/p${place} > plugins/p${place + 1}`)
    const { nodes, ...rest } = toGraph(...links)
    const plugins = nodes.map(node => ({ ...node, kind: 'plugin' as const }))
    expect(toOverview({ nodes: plugins, ...rest }).nodes.map(({ label }) => label)).toEqual(['501 plugins'])
  })
})

describe('cycles', () => {
  test.each([
    ['there are none', ['a > b', 'b > c', 'a > c'], []],
    ['two need each other', ['a > b', 'b > a'], [['a', 'b']]],
    [
      'three do, beside one that needs itself',
      ['a > b', 'b > c', 'c > a', 'd > d'],
      [['a', 'b', 'c'], ['d']],
    ],
  ])('%s', (_, links, expected) => {
    expect(toCyclesView(toGraph(...links)).cycles).toEqual(expected)
  })

  test('of the shipped registries: none', async () => {
    expect(toCyclesView(await shippedGraph()).cycles).toEqual([])
  })

  test('go through a capability only where one thing alone provides it', () => {
    const need = (from: string, to: string) => ({ from, to, type: 'requires' as const })
    const provide = (from: string, to: string) => ({ from, to, type: 'provided_by' as const })
    const nodes = ['a', 'b', 'c'].map(id => toNode(id)).concat(toNode('cap', { kind: 'capability' }))
    const edges = [need('a', 'cap'), need('b', 'a'), provide('cap', 'b')]
    const declared = new Set<string>()
    expect(toCyclesView({ nodes, edges, declared }).cycles).toEqual([['a', 'b']])
    expect(toCyclesView({ nodes, edges: [...edges, provide('cap', 'c')], declared }).cycles).toEqual([])
  })
})
