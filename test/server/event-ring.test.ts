import { expect, test } from 'vitest'
import { limits } from '../../src/lib/limits.ts'
import { createEventRing } from '../../src/server/events/event-ring.ts'

const epoch = '0123456789abcdef'
const everything = () => true

function fill(count: number, body = 'event: change\ndata: 1\n\n') {
  const ring = createEventRing(epoch)
  for (let index = 0; index < count; index++) ring.add({ registry: 'tools', body })
  return ring
}

test('an event is sent with an id that names the ring and its number', () => {
  const ring = createEventRing(epoch)
  expect(ring.newestId()).toBe(`${epoch}-0`)
  expect(ring.add({ registry: 'tools', body: 'data: 1\n\n' })).toBe(`id: ${epoch}-1\ndata: 1\n\n`)
  expect(ring.newestId()).toBe(`${epoch}-1`)
})

test.each([
  ['the newest one', 3, `${epoch}-3`, []],
  ['the one before', 3, `${epoch}-2`, [3]],
  ['none yet', 3, `${epoch}-0`, [1, 2, 3]],
  ['none yet, where there is none', 0, `${epoch}-0`, []],
  ['one that is still to come', 3, `${epoch}-4`, undefined],
  ['one of another ring', 3, `${epoch.replace('0', '1')}-1`, undefined],
  ['one that is written in another way', 3, `${epoch}-01`, undefined],
  ['one below zero', 3, `${epoch}--1`, undefined],
  ['a number without a ring', 3, '1', undefined],
  ['a ring without a number', 3, `${epoch}-`, undefined],
])('whoever has seen %s gets what followed', (_, count, id, expected) => {
  const texts = fill(count).after(id, everything)
  expect(texts?.map(text => Number(/^id: \w+-(\d+)\n/.exec(text)?.[1]))).toEqual(expected)
})

test('what must not be told any more is left out, and the numbers of the rest stay', () => {
  const ring = createEventRing(epoch)
  ring.add({ registry: 'plugins', body: 'a' })
  ring.add({ registry: 'tools', body: 'b' })
  ring.add({ registry: undefined, body: 'c' })
  expect(ring.after(`${epoch}-0`, ({ registry }) => registry !== 'plugins')).toEqual([
    `id: ${epoch}-2\nb`,
    `id: ${epoch}-3\nc`,
  ])
})

test('the oldest events are forgotten when there are too many', () => {
  const ring = fill(limits.keptEvents + 10)
  expect(ring.after(`${epoch}-9`, everything)).toBeUndefined()
  expect(ring.after(`${epoch}-10`, everything)).toHaveLength(limits.keptEvents)
})

test('the oldest events are forgotten when they are too large together', () => {
  const ring = fill(10, 'x'.repeat(limits.keptEventCharacters / 4))
  expect(ring.after(`${epoch}-5`, everything)).toBeUndefined()
  expect(ring.after(`${epoch}-6`, everything)).toHaveLength(4)
})

test('an event that is too large to be kept is told, and whoever missed it has to load everything', () => {
  const ring = createEventRing(epoch)
  expect(ring.add({ registry: 'tools', body: 'x'.repeat(limits.keptEventCharacters + 1) })).toContain(
    `${epoch}-1`,
  )
  expect(ring.after(`${epoch}-0`, everything)).toBeUndefined()
  expect(ring.after(`${epoch}-1`, everything)).toEqual([])
})
