import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeJson } from '../../src/upgrade/merge-json.ts'

const edge = (from: string, to: string) => ({ from, to, type: 'requires' })

describe('a shipped change comes, and a change of the home stays', () => {
  test.each([
    { what: 'nothing changed', base: 1, yours: 1, shipped: 1, value: 1 },
    { what: 'a shipped change', base: 1, yours: 1, shipped: 2, value: 2 },
    { what: 'an edit', base: 1, yours: 3, shipped: 1, value: 3 },
    { what: 'the same change in both', base: 1, yours: 2, shipped: 2, value: 2 },
    { what: 'a shipped removal', base: 1, yours: 1, shipped: undefined, value: undefined },
    { what: 'a removal in the home', base: 1, yours: undefined, shipped: 1, value: undefined },
    {
      what: 'other fields of one object',
      base: { a: 1, b: 1 },
      yours: { a: 2, b: 1 },
      shipped: { a: 1, b: 3, c: 4 },
      value: { a: 2, b: 3, c: 4 },
    },
    {
      what: 'additions and removals of a list of texts',
      base: ['a', 'b', 'c'],
      yours: ['mine', 'a', 'c'],
      shipped: ['a', 'b', 'new'],
      value: ['mine', 'a', 'new'],
    },
    {
      what: 'an addition to a list that is sorted anew',
      base: ['a', 'b'],
      yours: ['a', 'b', 'mine'],
      shipped: ['b', 'a'],
      value: ['b', 'mine', 'a'],
    },
    {
      what: 'the order of the home',
      base: ['a', 'b'],
      yours: ['b', 'a'],
      shipped: ['a', 'b', 'c'],
      value: ['b', 'c', 'a'],
    },
    {
      what: 'lists that both have added',
      base: undefined,
      yours: ['a'],
      shipped: ['b'],
      value: ['a', 'b'],
    },
    {
      what: 'edges',
      base: [edge('a', 'b'), edge('a', 'c')],
      yours: [edge('a', 'c'), edge('me', 'a')],
      shipped: [edge('a', 'b'), { type: 'requires', to: 'c', from: 'a' }, edge('x', 'y')],
      value: [edge('a', 'c'), edge('me', 'a'), edge('x', 'y')],
    },
  ])('$what', ({ base, yours, shipped, value }) => {
    const merged = mergeJson({ base, yours, shipped })
    expect(merged.conflicts).toEqual([])
    expect(merged.value).toEqual(value)
  })
})

describe('both changed it in different ways: what is in the home stays, and it is listed', () => {
  test.each([
    { what: 'a value', base: 1, yours: 2, shipped: 3, path: [] },
    { what: 'a removed field', base: { a: 1 }, yours: {}, shipped: { a: 2 }, path: ['a'] },
    { what: 'a field that is shipped no more', base: { a: 1 }, yours: { a: 2 }, shipped: {}, path: ['a'] },
    {
      what: 'a field within a field',
      base: { install: { apt: 'x' } },
      yours: { install: { apt: 'y' } },
      shipped: { install: { apt: 'z' } },
      path: ['install', 'apt'],
    },
    { what: 'a list of numbers', base: [1], yours: [1, 2], shipped: [1, 3], path: [] },
    { what: 'two orders', base: ['a', 'b', 'c'], yours: ['b', 'a', 'c'], shipped: ['c', 'a', 'b'], path: [] },
    { what: 'a list with a text twice', base: ['a'], yours: ['a', 'a'], shipped: ['a', 'b'], path: [] },
  ])('$what', ({ base, yours, shipped, path }) => {
    const merged = mergeJson({ base, yours, shipped })
    expect(merged.value).toEqual(yours)
    expect(merged.conflicts.map(conflict => conflict.path)).toEqual([path])
  })
})

const anyJson = fc.jsonValue({ maxDepth: 3 })

test('the same merge again changes nothing, and without edits the result is what is shipped', () => {
  fc.assert(
    fc.property(anyJson, anyJson, anyJson, (base, yours, shipped) => {
      const { value } = mergeJson({ base, yours, shipped })
      expect(mergeJson({ base: shipped, yours: value, shipped })).toEqual({ value, conflicts: [] })
      expect(mergeJson({ base, yours: base, shipped }).value).toEqual(shipped)
      expect(mergeJson({ base, yours, shipped: base }).value).toEqual(yours)
    }),
  )
})

test('a list of a hundred thousand texts takes no quadratic time', () => {
  const long = Array.from({ length: 100_000 }, (_, index) => `text ${index}`)
  const merged = mergeJson({ base: ['a'], yours: ['a', ...long], shipped: ['a', 'b'] })
  expect(merged.value).toHaveLength(100_002)
})
