import { describe, expect, test } from 'vitest'
import { createFairQueue } from '../../src/platform/node/worker-pool.ts'

const limits = { waiting: 4, waitingPerClient: 2 }

/** Runs all that a queue has, in the order in which it gives it out, with so many at once. */
function drain(items: readonly (readonly [client: string, item: string])[], atOnce: number) {
  const queue = createFairQueue<string>({ waiting: 100, waitingPerClient: 100 })
  for (const [client, item] of items) queue.add(client, item)
  const order: string[] = []
  let running: string[] = []
  for (;;) {
    while (running.length < atOnce) {
      const taken = queue.take()
      if (taken === undefined) break
      order.push(taken.item)
      running = [...running, taken.client]
    }
    const [first, ...rest] = running
    if (first === undefined) return order
    queue.release(first)
    running = rest
  }
}

test.each([
  [
    'one after the other',
    [
      ['a', 'a1'],
      ['a', 'a2'],
    ],
    2,
    ['a1', 'a2'],
  ],
  [
    'clients take turns',
    [
      ['a', 'a1'],
      ['a', 'a2'],
      ['a', 'a3'],
      ['b', 'b1'],
      ['c', 'c1'],
    ],
    1,
    ['a1', 'b1', 'c1', 'a2', 'a3'],
  ],
  [
    'the second thread is for another client',
    [
      ['a', 'a1'],
      ['a', 'a2'],
      ['b', 'b1'],
    ],
    2,
    ['a1', 'b1', 'a2'],
  ],
] as const)('%s', (_, items, atOnce, order) => {
  expect(drain(items, atOnce)).toEqual(order)
})

describe('a queue', () => {
  test('gives out one item of a client until it is released', () => {
    const queue = createFairQueue<string>(limits)
    queue.add('a', 'a1')
    queue.add('a', 'a2')
    expect([queue.take()?.item, queue.take()?.item]).toEqual(['a1', undefined])
    queue.release('a')
    expect(queue.take()?.item).toBe('a2')
  })

  test('has a share for each client, and a bound for all', () => {
    const queue = createFairQueue<string>(limits)
    expect(
      ['a', 'a', 'a', 'b', 'b', 'b', 'c'].map((client, index) => queue.add(client, String(index))),
    ).toEqual(['added', 'added', 'client-full', 'added', 'added', 'client-full', 'full'])
  })

  test('forgets what is removed, and makes room', () => {
    const queue = createFairQueue<string>(limits)
    queue.add('a', 'a1')
    queue.add('a', 'a2')
    expect([queue.remove('a', 'a1'), queue.remove('a', 'a1'), queue.add('a', 'a3')]).toEqual([
      true,
      false,
      'added',
    ])
    expect(queue.take()?.item).toBe('a2')
  })
})
