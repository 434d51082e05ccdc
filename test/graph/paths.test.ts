import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reach } from '../../src/graph/fold.ts'
import { createGraphIndex } from '../../src/graph/graph.ts'
import { findAllPaths, findShortestPath, type Path, pathLimits } from '../../src/graph/why-view.ts'
import { lineOf, toGraph, toNode } from './support.ts'

const node = fc.constantFrom(...'abcdefg')
const graphs = fc.array(fc.tuple(node, node), { maxLength: 24 }).map(pairs => ({
  ...toGraph(...pairs.map(([from, to]) => `${from} > ${to}`)),
  nodes: [...'abcdefg'].map(id => toNode(id)),
}))

function isPath(path: Path, from: string, to: string): boolean {
  const stops = [from, ...path.map(edge => edge.to)]
  return path.every((edge, place) => edge.from === stops[place]) && stops.at(-1) === to
}

describe('a way from one node to another', () => {
  test('joins them, and none is shorter', () => {
    fc.assert(
      fc.property(graphs, node, node, (graph, from, to) => {
        const index = createGraphIndex(graph)
        const shortest = findShortestPath(from, to, index)
        const { paths } = findAllPaths(from, to, index)
        expect(shortest?.length).toBe(paths[0]?.length)
        for (const path of paths) expect(isPath(path, from, to)).toBe(true)
        if (shortest) expect(isPath(shortest, from, to)).toBe(true)
      }),
    )
  })

  test('visits nothing twice and is listed once; the shorter ones come first', () => {
    fc.assert(
      fc.property(graphs, node, node, (graph, from, to) => {
        const { paths } = findAllPaths(from, to, createGraphIndex(graph))
        for (const path of paths) {
          const stops = [from, ...path.map(edge => edge.to)]
          expect(new Set(stops).size).toBe(stops.length)
        }
        const found = paths.map(path => path.map(lineOf).join())
        expect(new Set(found).size).toBe(found.length)
        expect(paths.map(path => path.length)).toEqual(paths.map(path => path.length).sort((a, b) => a - b))
      }),
    )
  })

  test('is there exactly when the one can be reached from the other, in either direction', () => {
    fc.assert(
      fc.property(graphs, node, node, (graph, from, to) => {
        const index = createGraphIndex(graph)
        const has = (ids: readonly { id: string }[], id: string) => ids.some(each => each.id === id)
        const isThere = findShortestPath(from, to, index) !== undefined
        expect(has(reach([from], index).nodes, to)).toBe(isThere)
        expect(has(reach([to], index, { isReverse: true }).nodes, from)).toBe(isThere)
      }),
    )
  })

  test('is not looked for without end where there are more than anybody could count', () => {
    const layers = Array.from({ length: 20 }, (_, layer) =>
      ['x', 'y', 'z'].flatMap(from => ['x', 'y', 'z'].map(to => `${from}${layer} > ${to}${layer + 1}`)),
    )
    const { paths, isCut } = findAllPaths('x0', 'x20', createGraphIndex(toGraph(...layers.flat())))
    expect(isCut).toBe(true)
    expect(paths.length).toBeLessThanOrEqual(pathLimits.paths)
  })
})

test('a chain of 100,000 nodes is walked', () => {
  const links = Array.from({ length: 100_000 }, (_, place) => `n${place} > n${place + 1}`)
  const index = createGraphIndex(toGraph(...links))
  expect(findShortestPath('n0', 'n100000', index)).toHaveLength(100_000)
  expect(reach(['n0'], index, { depth: 3 }).nodes).toHaveLength(4)
})
