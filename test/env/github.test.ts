import { describe, expect, it, test } from 'vitest'
import { github } from '../../src/env/shells/github.ts'
import { hazards, randomStrings } from '../support/hostile-strings.ts'
import { parseGithubEnvFile } from '../support/shells/github-env-file.ts'

const latin = Array.from({ length: 0x2ff }, (_, index) => String.fromCodePoint(index + 1))
// All of general punctuation, and white space and marks from elsewhere.
const spaces = [
  ...'\u1680\u180e\u3000\ufeff',
  ...Array.from({ length: 0x70 }, (_, index) => String.fromCodePoint(0x2000 + index)),
]

const entries = [
  ['a plain value is a line', '1', 'NEXUS_V=1\n'],
  ['the empty string is a line', '', 'NEXUS_V=\n'],
  ['so is a path', '/usr/local/lib+x/a@1.2,b:c_d-e', 'NEXUS_V=/usr/local/lib+x/a@1.2,b:c_d-e\n'],
  ['so are words', 'NVIDIA H100 80GB', 'NEXUS_V=NVIDIA H100 80GB\n'],
  ['white space in front does not stand bare', ' a', 'NEXUS_V<<ghadelimiter_r1\n a\nghadelimiter_r1\n'],
  ['nor does it at the end', 'a ', 'NEXUS_V<<ghadelimiter_r1\na \nghadelimiter_r1\n'],
  ['nor do other characters', 'é#', 'NEXUS_V<<ghadelimiter_r1\né#\nghadelimiter_r1\n'],
  ['nor do lines', 'a\nb', 'NEXUS_V<<ghadelimiter_r1\na\nb\nghadelimiter_r1\n'],
  ['a line feed at the end stays', 'a\n', 'NEXUS_V<<ghadelimiter_r1\na\n\nghadelimiter_r1\n'],
  ['a carriage return stays', 'a\r', 'NEXUS_V<<ghadelimiter_r1\na\r\nghadelimiter_r1\n'],
  ['a lone surrogate becomes U+FFFD', '\ud800', 'NEXUS_V<<ghadelimiter_r1\n\ufffd\nghadelimiter_r1\n'],
  [
    'a delimiter that the value knows is not taken',
    'a\nghadelimiter_r1\nPATH=/evil',
    'NEXUS_V<<ghadelimiter_r2\na\nghadelimiter_r1\nPATH=/evil\nghadelimiter_r2\n',
  ],
  ['what is unset is left out', undefined, ''],
] as const

test.each(entries)('%s', (_, value, expected) => {
  expect(github.render([{ name: 'NEXUS_V', value }], createNames())).toBe(expected)
})

test('each value has a delimiter of its own', () => {
  const variables = ['a\n', 'b\n'].map((value, index) => ({ name: `NEXUS_${index}`, value }))
  const delimiters = github.render(variables, createNames()).match(/(?<=<<).*/g)
  expect(delimiters).toEqual(['ghadelimiter_r1', 'ghadelimiter_r2'])
})

describe('every string comes back exactly', () => {
  const singles = ['', ...latin, ...spaces]
  const around = singles.flatMap(text => [text, `a${text}1`, `${text}a`, `a${text}`])
  const pairs = hazards.flatMap(first => hazards.map(second => first + second))
  const random = randomStrings({ seed: 20_261_208, count: 4000 })
  const forged = ['ghadelimiter_r1', 'ghadelimiter_r1\n', '\nghadelimiter_r2\nPATH=/evil\n', 'NEXUS_X<<EOF']
  const strings = [...forged, ...around, ...pairs, ...random]
  const variables = strings.map((value, index) => ({ name: `NEXUS_T_${index}`, value: value.toWellFormed() }))

  it('and nothing besides', () => {
    const read = parseGithubEnvFile(github.render(variables, createNames()))
    expect([...read.keys()]).toEqual(variables.map(({ name }) => name))
    expect(variables.filter(({ name, value }) => read.get(name) !== value).slice(0, 10)).toEqual([])
  })
})

/** Random names that are known: r1, r2, … */
function createNames() {
  let count = 0
  return {
    randomName: () => {
      count += 1
      return `r${count}`
    },
  }
}
