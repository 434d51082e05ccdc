import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Readiness } from '../../src/graph/graph.ts'
import { createCauseFinder } from '../../src/readiness/find-causes.ts'
import { evaluateNeeds, type Need } from '../../src/readiness/needs.ts'
import { describeFix, notReady, notSetUp, ready, toFix, unknown } from '../../src/readiness/readiness.ts'

/** Names of what is not ready, unknown, or not set up by itself. */
interface Conditions {
  readonly down?: readonly string[]
  readonly unclear?: readonly string[]
  readonly missing?: readonly string[]
}

/** `a: b|c d` means that a needs any of b and c, and d. A name in capitals is strict. */
function evaluate(needs: readonly string[], { down = [], unclear = [], missing = [] }: Conditions = {}) {
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
    if (down.includes(id)) return notReady(`${id} is down`, toFix(`start ${id}`))
    if (missing.includes(id)) return notSetUp(`${id} is missing`, toFix(`install ${id}`))
    return unclear.includes(id) ? unknown(`${id} is unclear`, toFix(`check ${id}`)) : ready()
  }
  const needsOf = (id: string) => map.get(id) ?? []
  const request = { conditionOf, needsOf, isStrict: (id: string) => id === id.toUpperCase() }
  const statuses = evaluateNeeds(ids, request)
  return { statuses, causesOf: createCauseFinder({ ...request, statuses }) }
}

const rows: [what: string, needs: string[], conditions: Conditions, status: Readiness, causes: string[]][] = [
  ['is ready when all that it needs is', ['a: b', 'b: c'], {}, 'ready', []],
  ['is not when something far away is not', ['a: b', 'b: c'], { down: ['c'] }, 'not ready', ['c']],
  ['is ready when one of several is', ['a: b|c'], { down: ['b'] }, 'ready', []],
  [
    'is not when none of several is, and is the cause itself',
    ['a: b|c'],
    { down: ['b', 'c'] },
    'not ready',
    ['a'],
  ],
  [
    'is not when all of several want the same',
    ['a: b|c', 'b: d', 'c: d'],
    { down: ['d'] },
    'not ready',
    ['d'],
  ],
  [
    'is not when one of several wants more than all do',
    ['a: b|c', 'b: d', 'c: d e'],
    { down: ['d', 'e'] },
    'not ready',
    ['d'],
  ],
  [
    'is not when each of several wants more than all do',
    ['a: b|c', 'b: d f', 'c: d e'],
    { down: ['d', 'e', 'f'] },
    'not ready',
    ['a', 'd'],
  ],
  ['is unknown when one of several is', ['a: b|c'], { down: ['b'], unclear: ['c'] }, 'unknown', ['a']],
  ['is not ready rather than unknown', ['a: b c'], { down: ['c'], unclear: ['b'] }, 'not ready', ['c', 'b']],
  ['is ready in a cycle that nothing breaks', ['a: b', 'b: a'], {}, 'ready', []],
  [
    'is not ready in a cycle that something breaks',
    ['a: b', 'b: c', 'c: a d'],
    { down: ['d'] },
    'not ready',
    ['d'],
  ],
  [
    'has causes in the order of their fixes',
    ['a: b', 'b: c', 'c: d'],
    { down: ['a', 'd'] },
    'not ready',
    ['a'],
  ],
  ['is ready when some of its needs are not set up', ['a: b c'], { missing: ['c'] }, 'ready', []],
  [
    'is not set up when all of its needs are not',
    ['a: b c'],
    { missing: ['b', 'c'] },
    'not set up',
    ['c', 'b'],
  ],
  ['is not set up when none of several is', ['a: b|c'], { missing: ['b', 'c'] }, 'not set up', ['a']],
  [
    'is not ready when one of several is set up and broken',
    ['a: b|c'],
    { missing: ['b'], down: ['c'] },
    'not ready',
    ['a'],
  ],
  [
    'does not name what is not set up as a cause',
    ['a: b c'],
    { missing: ['b'], down: ['c'] },
    'not ready',
    ['c'],
  ],
  ['needs a strict thing that needs all', ['a: B', 'B: c d'], { missing: ['c'] }, 'not ready', ['c']],
  [
    'is not set up when a strict thing itself is not',
    ['a: B', 'B: c'],
    { missing: ['B'], down: ['c'] },
    'not set up',
    ['B'],
  ],
  [
    'is unknown when a strict thing needs what is unknown',
    ['a: B', 'B: c d'],
    { unclear: ['c'] },
    'unknown',
    ['c'],
  ],
  [
    'is not ready in a cycle through a strict thing',
    ['a: B', 'B: a c'],
    { missing: ['c'] },
    'not ready',
    ['c'],
  ],
]

describe('something', () => {
  test.each(rows)('%s', (_, needs, conditions, status, causes) => {
    const { statuses, causesOf } = evaluate(needs, conditions)
    expect(statuses.get('a')).toBe(status)
    expect(causesOf('a').map(({ ref }) => ref)).toEqual(causes)
  })

  test('names the alternatives, and how to have one', () => {
    const [cause] = evaluate(['a: b|c'], { down: ['b', 'c'] }).causesOf('a')
    expect(cause?.reason).toBe('b or c does it, and none of them is ready')
    expect(cause && describeFix(cause.fix)).toBe('start b, or start c')
  })

  test('is ready exactly when it has no cause, in any graph', () => {
    const names = [...'abcDEF']
    const name = fc.constantFrom(...names)
    const need = fc.array(name, { minLength: 1, maxLength: 3 }).map(options => options.join('|'))
    const line = fc
      .tuple(name, fc.array(need, { maxLength: 3 }))
      .map(([id, needs]) => `${id}: ${needs.join(' ')}`)
    const lines = fc.uniqueArray(line, { selector: text => text[0], maxLength: 6 })
    const some = fc.subarray(names)
    fc.assert(
      fc.property(lines, some, some, some, (needs, down, unclear, missing) => {
        const { statuses, causesOf } = evaluate(needs, { down, unclear, missing })
        for (const [id, status] of statuses) {
          const causes = causesOf(id)
          expect(causes.length === 0).toBe(status === 'ready')
          if (status === 'unknown') expect(causes.some(cause => cause.status === 'unknown')).toBe(true)
          if (status === 'not set up') expect(causes.every(cause => cause.status === 'not set up')).toBe(true)
        }
      }),
    )
  })
})
