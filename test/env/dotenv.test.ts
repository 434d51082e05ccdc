import { describe, expect, it, test } from 'vitest'
import { dotenv } from '../../src/env/shells/dotenv.ts'
import { hazards, randomStrings } from '../support/hostile-strings.ts'
import { parseDockerEnvFile } from '../support/shells/docker-env-file.ts'
import { readWithNode } from '../support/shells/node-env-file.ts'

// Node takes a quadratic time for the variables of one process.
const batchSize = 2000
const latin = Array.from({ length: 0x2ff }, (_, index) => String.fromCodePoint(index + 1))
// All of general punctuation, and white space and marks from elsewhere.
const spaces = [
  ...'\u1680\u180e\u3000\ufeff',
  ...Array.from({ length: 0x70 }, (_, index) => String.fromCodePoint(0x2000 + index)),
]

const host = { randomName: () => 'random' }
const longest = 'x'.repeat(64 * 1024 - 'NEXUS_V='.length - 1)

const written = [
  ['a plain value', '1', 'NEXUS_V=1\n'],
  ['the empty string', '', 'NEXUS_V=\n'],
  ['white space inside', 'NVIDIA  H100', 'NEXUS_V=NVIDIA  H100\n'],
  ['quotes that are not the first character', `a"b'c\``, `NEXUS_V=a"b'c\`\n`],
  ['what a shell would expand', '$HOME ${HOME} $(ls) %s \\n', 'NEXUS_V=$HOME ${HOME} $(ls) %s \\n\n'],
  ['further equal signs', '=a=b', 'NEXUS_V==a=b\n'],
  ['letters of any script, in UTF-8', 'é漢😀', 'NEXUS_V=é漢😀\n'],
  ['a lone surrogate, as U+FFFD', 'a\ud800', 'NEXUS_V=a\ufffd\n'],
  ['a line that Docker has just room for', longest, `NEXUS_V=${longest}\n`],
] as const

const unwritable = [
  ['a line feed', 'a\nb'],
  ['a carriage return', 'a\rb'],
  ['a carriage return at the end', 'a\r'],
  ['another control character', 'a\x1b[31m'],
  ['a control character above ASCII', 'a\x85b'],
  ['a line separator', 'a\u2028b'],
  ['a paragraph separator', 'a\u2029b'],
  ['a number sign', 'a#b'],
  ['a comment', 'a # b'],
  ['a space in front', ' a'],
  ['a space at the end', 'a '],
  ['a no-break space at the end', 'a\xa0'],
  ['an ideographic space in front', '\u3000a'],
  ['a byte order mark in front', '\ufeffa'],
  ['a double quote in front', '"a'],
  ['a pair of single quotes', "'a'"],
  ['a backtick in front', '`a'],
  ['a line that Docker has no room for', `${longest}x`],
  ['a line whose bytes Docker has no room for', 'é'.repeat(33_000)],
] as const

describe('is written', () => {
  it.each(written)('%s', (_, value, expected) => {
    const variables = [{ name: 'NEXUS_V', value }]
    expect(dotenv.render(variables, host)).toBe(expected)
    expect(dotenv.findUnwritable?.(variables)).toEqual([])
  })
})

describe('is left out, and named', () => {
  it.each(unwritable)('%s', (_, value) => {
    const variables = [
      { name: 'NEXUS_A', value: '1' },
      { name: 'NEXUS_V', value },
    ]
    expect(dotenv.render(variables, host)).toBe('NEXUS_A=1\n')
    expect(dotenv.findUnwritable?.(variables)).toEqual(['NEXUS_V'])
  })
})

test('what is unset is left out, and not named', () => {
  const variables = [{ name: 'NEXUS_V', value: undefined }]
  expect(dotenv.render(variables, host)).toBe('')
  expect(dotenv.findUnwritable?.(variables)).toEqual([])
})

describe('what is written comes back exactly', () => {
  const singles = [...latin, ...spaces]
  const around = singles.flatMap(text => [text, `a${text}1`, `${text}a`, `a${text}`])
  const pairs = hazards.flatMap(first => hazards.map(second => first + second))
  const random = randomStrings({ seed: 20_261_207, count: 4000 })
  const strings = ['', ...around, ...pairs, ...random]
  const variables = strings.map((value, index) => ({ name: `NEXUS_T_${index}`, value: value.toWellFormed() }))
  const batches = Array.from({ length: Math.ceil(variables.length / batchSize) }, (_, index) =>
    dotenv.render(variables.slice(index * batchSize, (index + 1) * batchSize), host),
  )
  const leftOut = new Set(dotenv.findUnwritable?.(variables))
  const expected = new Map(
    variables.filter(({ name }) => !leftOut.has(name)).map(({ name, value }) => [name, value]),
  )

  it('and enough of both kinds is there', () => {
    expect(expected.size).toBeGreaterThan(5000)
    expect(leftOut.size).toBeGreaterThan(1000)
  })

  it('from node --env-file', async () => {
    const read: [string, string][] = []
    for (const text of batches) read.push(...(await readWithNode(text)))
    expect(differences(new Map(read), expected)).toEqual([])
  })

  it('from docker run --env-file', () => {
    expect(differences(parseDockerEnvFile(batches.join('')), expected)).toEqual([])
  })
})

// A diff of fifty thousand values would take longer than the test.
function differences(actual: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): unknown[] {
  const names = new Set([...actual.keys(), ...expected.keys()])
  return [...names]
    .filter(name => actual.get(name) !== expected.get(name))
    .slice(0, 10)
    .map(name => [name, expected.get(name), actual.get(name)])
}
