import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findCycles } from '../../src/lib/find-cycles.ts'

const toLinks = (text: string) =>
  text.split(' ').flatMap(pair => {
    const [from = '', to = ''] = pair.split('>')
    return pair === '' ? [] : [{ from, to }]
  })

const rows: [links: string, cycles: string[]][] = [
  ['', []],
  ['a>b b>c a>c', []],
  ['a>a', ['a']],
  ['b>c c>a a>b', ['abc']],
  ['a>b b>a b>c c>d d>c', ['ab', 'cd']],
  ['a>b b>c c>d d>a c>a', ['abc']],
  ['x>a a>b b>a b>y', ['ab']],
  ['a>b a>b b>a', ['ab']],
]

test.each(rows)('the cycles of "%s" are %j', (links, cycles) => {
  expect(findCycles(toLinks(links)).map(cycle => cycle.join(''))).toEqual(cycles)
})

test('each cycle is a walk along links, and without its links none is left', () => {
  const node = fc.constantFrom(...'abcdef')
  fc.assert(
    fc.property(fc.array(fc.record({ from: node, to: node })), links => {
      const has = (from: string | undefined, to: string | undefined) =>
        links.some(link => link.from === from && link.to === to)
      const cycles = findCycles(links)
      for (const cycle of cycles) {
        for (const [index, from] of cycle.entries())
          expect(has(from, cycle[(index + 1) % cycle.length])).toBe(true)
      }
      expect(cycles.length > 0).toBe(hasCycle(links))
    }),
  )
})

test('a chain of a hundred thousand nodes does not overflow anything', () => {
  const chain = Array.from({ length: 100_000 }, (_, index) => ({ from: `n${index}`, to: `n${index + 1}` }))
  expect(findCycles(chain)).toEqual([])
  expect(findCycles([...chain, { from: 'n100000', to: 'n0' }])[0]).toHaveLength(100_001)
})

// Nodes without a way in are taken away until none is left, or only circles.
function hasCycle(links: readonly { from: string; to: string }[]): boolean {
  const targets = new Set(links.map(({ to }) => to))
  const rest = links.filter(({ from }) => targets.has(from))
  return rest.length === links.length ? links.length > 0 : hasCycle(rest)
}
