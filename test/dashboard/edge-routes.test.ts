import { expect, test } from 'vitest'
import { routeEdges } from '../../src/dashboard/web/parts/edge-routes.ts'

const box = (left: number, top: number) => ({ left, right: left + 100, top, bottom: top + 40 })
const nodes = new Map([
  ['a', box(10, 20)],
  ['a2', box(10, 80)],
  ['b', box(150, 20)],
  ['c', box(290, 120)],
])
const lanes = [
  { left: 10, right: 110, top: 20, bottom: 120 },
  { left: 150, right: 250, top: 20, bottom: 60 },
  { left: 290, right: 390, top: 120, bottom: 160 },
]

test.each([
  ['to the next lane', 'a', 'b', 'M100 20C120 20 120 20 140 20'],
  ['back from it', 'b', 'a', 'M140 20C120 20 120 20 100 20'],
  ['within a lane', 'a', 'a2', 'M100 20C128 20 128 80 100 80'],
  [
    'below the lane that it passes',
    'a',
    'c',
    'M100 20H102Q108 20 108 26V46Q108 52 114 52H266Q272 52 272 58V114Q272 120 278 120H280',
  ],
  ['to what is not drawn', 'a', 'nowhere', ''],
])('an edge %s', (_, from, to, path) => {
  const origin = { left: 10, top: 20 }
  expect(routeEdges({ edges: [{ from, to }], nodes, lanes, origin })).toEqual([path])
})

test('edges of one node share their way, others have their own', () => {
  const edges = [
    { from: 'a', to: 'c' },
    { from: 'a2', to: 'c' },
    { from: 'a', to: 'c' },
  ]
  const [first, second, third] = routeEdges({ edges, nodes, lanes, origin: { left: 0, top: 0 } })
  expect(third).toBe(first)
  expect(second).toContain('H')
  expect(second?.slice(5)).not.toBe(first?.slice(5))
})
