import { describe, expect, test } from 'vitest'
import { parseHasNames, splitRange } from '../../src/has/has-names.ts'

describe('the arguments of has', () => {
  test.each([
    [['docker'], ['docker']],
    [
      ['docker', 'git'],
      ['docker', 'git'],
    ],
    [['nodejs', '>=20'], ['nodejs in >=20']],
    [['nodejs', '20'], ['nodejs in 20']],
    [['nodejs', '18 || 20'], ['nodejs in 18 || 20']],
    [
      ['nodejs', '>=20', 'git', '^2'],
      ['nodejs in >=20', 'git in ^2'],
    ],
    [
      ['docker', '7zip'],
      ['docker', '7zip'],
    ],
    [
      ['docker', 'git', '2'],
      ['docker', 'git', '2'],
    ],
    [['nodejs@20'], ['nodejs@20']],
    [
      ['', 'git'],
      ['', 'git'],
    ],
  ])('%j', async (args, expected) => {
    const names = await parseHasNames(args)
    expect(names.map(({ text, range }) => (range === undefined ? text : `${text} in ${range}`))).toEqual(
      expected,
    )
  })

  test.each([[['>=20']], [['nodejs', '>=20', '<22']]])('refuse %j', async args => {
    await expect(parseHasNames(args)).rejects.toThrow('belongs to no name')
  })
})

test.each([
  ['nodejs@20', 'nodejs', '20'],
  ['nodejs@>=20 <22', 'nodejs', '>=20 <22'],
  ['nodejs>=20', 'nodejs', '>=20'],
  ['nodejs ^20', 'nodejs', '^20'],
  ['@scope/pkg@^1.2', '@scope/pkg', '^1.2'],
  ['@scope/pkg@1', '@scope/pkg', '1'],
  ['models/a:b@c@2', 'models/a:b@c', '2'],
  ['nodejs@', 'nodejs', ''],
])('%j is %s in %s', (text, name, range) => {
  expect(splitRange(text)).toEqual({ name, range })
})

test.each(['nodejs', '@scope/pkg', '', '>=20', '@>=1', 'openai/gpt-oss-120b'])('%j has no range', text => {
  expect(splitRange(text)).toBeUndefined()
})

test('a megabyte of spaces is read at once', () => {
  expect(splitRange(' '.repeat(1_000_000))).toBeUndefined()
  expect(splitRange(`${' '.repeat(1_000_000)}>=1`)).toBeUndefined()
})
