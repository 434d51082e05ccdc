import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Readiness } from '../../src/graph/graph.ts'
import { createCauseFinder } from '../../src/readiness/find-causes.ts'
import { evaluateNeeds, type Need } from '../../src/readiness/needs.ts'
import { notReady, ready, unknown } from '../../src/readiness/readiness.ts'

/** `a: b|c d` means that a needs any of b and c, and d. Things in `down` are not ready, those in `unclear` unknown. */
function evaluate(needs: readonly string[], down: readonly string[] = [], unclear: readonly string[] = []) {
  const map = new Map<string, Need[]>()
  for (const line of needs) {
    const [id = '', rest = ''] = line.split(': ')
    const options = rest.split(' ').filter(Boolean)
    map.set(
      id,
      options.map(need => ({ options: need.split('|'), what: 'does it' })),
    )
  }
  const ids = [...new Set([...map.keys(), ...[...map.values()].flat().flatMap(need => need.options)])]
  const conditionOf = (id: string) => {
    if (down.includes(id)) return notReady(`${id} is down`, `start ${id}`)
    return unclear.includes(id) ? unknown(`${id} is unclear`, `check ${id}`) : ready()
  }
  const needsOf = (id: string) => map.get(id) ?? []
  const statuses = evaluateNeeds(ids, conditionOf, needsOf)
  return { statuses, causesOf: createCauseFinder({ statuses, conditionOf, needsOf }) }
}

const rows: [
  what: string,
  needs: string[],
  down: string[],
  unclear: string[],
  status: Readiness,
  causes: string[],
][] = [
  ['is ready when all that it needs is', ['a: b', 'b: c'], [], [], 'ready', []],
  ['is not when something far away is not', ['a: b', 'b: c'], ['c'], [], 'not ready', ['c']],
  ['is ready when one of several is', ['a: b|c'], ['b'], [], 'ready', []],
  ['is not when none of several is, and is the cause itself', ['a: b|c'], ['b', 'c'], [], 'not ready', ['a']],
  ['is not when all of several want the same', ['a: b|c', 'b: d', 'c: d'], ['d'], [], 'not ready', ['d']],
  [
    'is not when one of several wants more than all do',
    ['a: b|c', 'b: d', 'c: d e'],
    ['d', 'e'],
    [],
    'not ready',
    ['d'],
  ],
  [
    'is not when each of several wants more than all do',
    ['a: b|c', 'b: d f', 'c: d e'],
    ['d', 'e', 'f'],
    [],
    'not ready',
    ['a', 'd'],
  ],
  ['is unknown when one of several is', ['a: b|c'], ['b'], ['c'], 'unknown', ['a']],
  ['is not ready rather than unknown', ['a: b c'], ['c'], ['b'], 'not ready', ['c', 'b']],
  ['is ready in a cycle that nothing breaks', ['a: b', 'b: a'], [], [], 'ready', []],
  [
    'is not ready in a cycle that something breaks',
    ['a: b', 'b: c', 'c: a d'],
    ['d'],
    [],
    'not ready',
    ['d'],
  ],
  ['has causes in the order of their fixes', ['a: b', 'b: c', 'c: d'], ['a', 'd'], [], 'not ready', ['a']],
]

describe('something', () => {
  test.each(rows)('%s', (_, needs, down, unclear, status, causes) => {
    const { statuses, causesOf } = evaluate(needs, down, unclear)
    expect(statuses.get('a')).toBe(status)
    expect(causesOf('a').map(({ ref }) => ref)).toEqual(causes)
  })

  test('that waits for services lists the deepest cause first', () => {
    const [x, y] = ['microservices/x', 'microservices/y']
    const { causesOf } = evaluate([`a: ${x}`, `${x}: ${y}`], [x, y])
    expect(causesOf('a').map(({ ref }) => ref)).toEqual([y, x])
  })

  test('names the alternatives, and how to have one', () => {
    const [cause] = evaluate(['a: b|c'], ['b', 'c']).causesOf('a')
    expect(cause).toMatchObject({
      reason: 'b or c does it, and none of them is ready',
      hint: 'start b, or start c',
    })
  })

  test('is ready exactly when it has no cause, in any graph', () => {
    const name = fc.constantFrom(...'abcdef')
    const need = fc.array(name, { minLength: 1, maxLength: 3 }).map(options => options.join('|'))
    const line = fc
      .tuple(name, fc.array(need, { maxLength: 3 }))
      .map(([id, needs]) => `${id}: ${needs.join(' ')}`)
    const lines = fc.uniqueArray(line, { selector: text => text[0], maxLength: 6 })
    fc.assert(
      fc.property(lines, fc.subarray([...'abcdef']), fc.subarray([...'abcdef']), (needs, down, unclear) => {
        const { statuses, causesOf } = evaluate(needs, down, unclear)
        for (const [id, status] of statuses) {
          const causes = causesOf(id)
          expect(causes.length === 0).toBe(status === 'ready')
          if (status === 'not ready') expect(causes[0]?.status).toBe('not ready')
          if (status === 'unknown') expect(causes.every(cause => cause.status === 'unknown')).toBe(true)
        }
      }),
    )
  })
})
