import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findNodesInCycles, toCyclesView } from '../../src/graph/cycles.ts'
import {
  createGraphIndex,
  filterGraph,
  type Graph,
  type GraphEdge,
  type GraphEdgeType,
  graphEdgeTypes,
  sortGraph,
  type TreeItem,
} from '../../src/graph/graph.ts'
import { planView } from '../../src/graph/plan-view.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'
import { soundGraph, toNode } from './support.ts'

/** A graph of components and the capability `cap` by its edges: `a requires b`. All of them are declared. */
function toTypedGraph(lines: readonly string[]): Graph {
  const edges = lines.map((line): GraphEdge => {
    const [from = '', type, to = ''] = line.split(' ')
    return { from, to, type: graphEdgeTypes.find(each => each === type) ?? 'requires' }
  })
  const ids = ['cap', ...edges.flatMap(({ from, to }) => [from, to])]
  const nodes = ids.map(id => toNode(id, { kind: id === 'cap' ? 'capability' : 'component' }))
  return sortGraph({ nodes, edges, declared: new Set(edges.map(({ from, to }) => `${from}\0${to}`)) })
}

/** Nodes at which a tree closes a cycle. */
function closings(items: readonly TreeItem[]): string[] {
  return items.flatMap(({ node, mark, items: below }) => (mark === 'cycle' ? [node.id] : closings(below)))
}

/** Number of cycles that `graph`, `graph --all`, and the trees of all nodes show, and that `--cycles` finds. */
function count(graph: Graph, types?: readonly GraphEdgeType[]) {
  const groups = findNodesInCycles(createGraphIndex(graph), types)
  const groupsOf = (items: readonly TreeItem[]) =>
    new Set(closings(items).map(id => groups.get(id) ?? id)).size
  const treesOf = (isReverse: boolean) =>
    groupsOf(graph.nodes.flatMap(node => planView(node, graph, { types, isReverse }).tree))
  return {
    cycles: toCyclesView(graph, types).cycles.length,
    whole: groupsOf(planView(undefined, graph, { types }).tree),
    all: groupsOf(planView(undefined, graph, { types, isWhole: true }).tree),
    shallow: groupsOf(planView(undefined, graph, { types, depth: 1 }).tree),
    trees: treesOf(false),
    dependents: treesOf(true),
  }
}

const everywhere = (cycles: number) => ({
  cycles,
  whole: cycles,
  all: cycles,
  shallow: cycles,
  trees: cycles,
  dependents: cycles,
})

const rows: readonly [what: string, lines: string[], cycles: number, types?: GraphEdgeType[]][] = [
  ['a cycle of two', ['a requires b', 'b requires a'], 1],
  ['a node that needs itself', ['a requires a'], 1],
  ['a cycle below a root', ['r requires a', 'a requires b', 'b requires a'], 1],
  ['two cycles', ['a requires b', 'b requires a', 'c requires c'], 2],
  ['two cycles that share a node', ['a requires b', 'b requires a', 'b requires c', 'c requires b'], 1],
  ['references alone', ['a references b', 'b references a'], 0],
  ['a reference back to what needs it', ['a requires b', 'b references a'], 0],
  ['references, when they are asked for', ['a references b', 'b references a'], 1, ['references']],
  [
    'both types of edges, when both are asked for',
    ['a requires b', 'b references a'],
    1,
    ['requires', 'references'],
  ],
  ['requirements, when references are asked for', ['a requires b', 'b requires a'], 0, ['references']],
  ['a capability that one thing provides', ['a requires cap', 'cap provided_by b', 'b requires a'], 1],
  [
    'a capability that two things provide',
    ['a requires cap', 'cap provided_by b', 'cap provided_by c', 'b requires a'],
    0,
  ],
  ['a capability that its provider needs', ['a requires cap', 'cap provided_by a'], 0],
  ['a capability that needs something itself', ['a requires cap', 'cap requires a', 'cap provided_by b'], 1],
  ['what is shown', ['a shows b', 'b shows a'], 0],
]

test.each(rows)('graph and graph --cycles agree: %s', (_, lines, cycles, types) => {
  const graph = toTypedGraph(lines)
  const chosen =
    types === undefined ? graph : filterGraph(graph, { edge: ({ type }) => types.includes(type) })
  expect(count(chosen, types)).toEqual(everywhere(cycles))
})

test('they agree on any graph', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'cap')
  const type = fc.constantFrom<GraphEdgeType>('requires', 'requires', 'references', 'shows')
  const edge = fc.tuple(name, type, name).map(parts => parts.join(' '))
  const provided = fc.subarray(['cap provided_by a', 'cap provided_by b'])
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 8 }), provided, (edges, provides) => {
      const graph = toTypedGraph([...edges, ...provides])
      const { cycles, ...shown } = count(graph)
      expect({ cycles, ...shown }).toEqual(everywhere(cycles))
    }),
  )
})

function hyperWith(...added: readonly [from: string, to: string][]): { hyper: string } {
  const hyper = JSON.parse(soundTexts.hyper)
  hyper.dependency_graph.edges.push(...added.map(([from, to]) => ({ from, to, type: 'requires' })))
  return { hyper: JSON.stringify(hyper) }
}

const homes: readonly [what: string, changes: Partial<typeof soundTexts>, cycles: string[][]][] = [
  ['none', {}, []],
  ['declared edges', hyperWith(['fusion', 'core']), [['fusion', 'plugins/core', 'plugins/router']]],
  ['a component that needs itself', hyperWith(['fusion', 'fusion']), [['fusion']]],
  [
    'a tool that needs the plug-in that calls it',
    { tools: soundTexts.tools.replace('"dependency": ["container_runtime"]', '"dependency": ["core"]') },
    [['plugins/core', 'tools/docker']],
  ],
  [
    'a capability that a single tool provides',
    {
      tools: soundTexts.tools
        .replace(
          '"provides": ["container_runtime"],\n    "dependency": ["container_runtime"]',
          '"dependency": ["core"]',
        )
        .replace('"env_var": "NEXUS_HAS_PODMAN",', '"env_var": "NEXUS_HAS_PODMAN", "dependency": ["core"],'),
    },
    [['plugins/core', 'tools/docker']],
  ],
  [
    'a declared edge to a capability that a single tool provides',
    {
      ...hyperWith(['podman', 'fusion'], ['fusion', 'container_runtime']),
      tools: soundTexts.tools.replace('"provides": ["container_runtime"],\n    "dependency"', '"dependency"'),
    },
    [['fusion', 'tools/podman']],
  ],
]

test.each(homes)('validate finds what graph --cycles shows: %s', async (_, changes, cycles) => {
  expect(toCyclesView(await soundGraph(changes)).cycles).toEqual(cycles)
  const host = await createTestHost()
  await writeHome(host.directory, { ...soundTexts, ...changes })
  const { diagnostics } = await validateHome(host.directory, host)
  const found = diagnostics
    .filter(({ rule }) => rule === 'dependency-cycle')
    .map(({ message }) => message.split('cycle: ')[1]?.split(' → ').slice(0, -1))
  expect(found).toEqual(cycles)
})
