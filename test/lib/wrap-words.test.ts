import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { renderHealth } from '../../src/doctor/doctor.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { textWidth, wrapHelp, wrapWords } from '../../src/lib/terminal/width.ts'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import type { Explanation } from '../../src/readiness/readiness.ts'
import { renderExplanation, renderOverview } from '../../src/readiness/render-explanation.ts'
import { rounds } from '../support/stress.ts'

const stream = { isTerminal: true }
const plain = await createStyle({ stream, env: {}, color: false })
const colored = await createStyle({ stream, env: { FORCE_COLOR: '1' }, color: true })
const long = '/opt/a-very-long-directory/with-a-very-long-program'

test.each<[string, string, number, string[]]>([
  ['a short line', 'one two', 10, ['one two']],
  ['a line that just fits', 'one two', 7, ['one two']],
  ['one column less', 'one two', 6, ['one', 'two']],
  ['lines of their own', 'one\ntwo three\n', 6, ['one', 'two', 'three', '']],
  ['an indentation', '  one two three', 10, ['  one two', '  three']],
  ['a sign', '  ✗ one two three', 12, ['  ✗ one two', '  three']],
  ['a sign, with room', '  ✗ one two three four five six', 21, ['  ✗ one two three', '    four five six']],
  ['a label', 'error: one two three four five six', 25, ['error: one two three four', '       five six']],
  [
    'a label below a sign',
    '    fix: one two three four five',
    26,
    ['    fix: one two three', '         four five'],
  ],
  ['a count', '    blocks 3: one two three four', 31, ['    blocks 3: one two three', '              four']],
  ['a colon that is no label', 'tools: one two three four', 16, ['tools: one two', 'three four']],
  ['a long word', `see ${long} for more`, 20, ['see', long, 'for more']],
  ['a long word behind a sign', `  ✓ ${long} is here`, 30, ['  ✓', `    ${long}`, '    is here']],
  [
    'a word that fits from the beginning',
    '  ✓ 123456789012345678901234567890 is here',
    32,
    ['  ✓', '  123456789012345678901234567890', '    is here'],
  ],
  ['a hyphen and a slash', 'a so-called and/or', 12, ['a so-called', 'and/or']],
  ['several spaces', 'one  two   three', 9, ['one  two', 'three']],
  ['spaces where it is broken', 'one     two', 6, ['one', 'two']],
  ['wide characters', '한국어 텍스트 하나', 13, ['한국어 텍스트', '하나']],
  ['an emoji of several characters', '👩‍👩‍👧 👩‍👩‍👧 👩‍👩‍👧', 5, ['👩‍👩‍👧 👩‍👩‍👧', '👩‍👩‍👧']],
  [
    'combining marks',
    'e\u0301e\u0301 e\u0301e\u0301 e\u0301',
    5,
    ['e\u0301e\u0301 e\u0301e\u0301', 'e\u0301'],
  ],
  [
    'colours',
    '\x1b[31merror:\x1b[39m \x1b[1mone two three four\x1b[22m five',
    25,
    ['\x1b[31merror:\x1b[39m \x1b[1mone two three four\x1b[22m', '       five'],
  ],
  [
    'a command',
    'the next one tries again: nexus-registry sync --force',
    40,
    ['the next one tries again:', 'nexus-registry sync --force'],
  ],
  [
    'a command with a path in quotes',
    "take it back with nexus-registry trust --revoke '/home/a b/registries'",
    60,
    ['take it back with', "nexus-registry trust --revoke '/home/a b/registries'"],
  ],
  [
    'a command and what follows',
    'hint: nexus-registry sync --watch goes on trying',
    40,
    ['hint: nexus-registry sync --watch goes', '      on trying'],
  ],
  [
    'a command that fits on no line',
    'nexus-registry validate --rule stale-sync=off',
    24,
    ['nexus-registry validate', '--rule stale-sync=off'],
  ],
  ['a word that only fits without its indentation', '      12345678 is', 10, ['  12345678', '      is']],
  [
    'a path that ends like a command',
    '/home/me/nexus-registry is one',
    25,
    ['/home/me/nexus-registry', 'is one'],
  ],
  ['apostrophes', "the users' and the managers' own", 20, ["the users' and the", "managers' own"]],
])('breaks %s between words', (_, text, width, lines) => {
  expect(wrapWords(text, width).split('\n')).toEqual(lines)
})

test('leaves a text for a pipe or a file as it is', () => {
  const text = `error: ${'word '.repeat(100)}`
  expect(wrapWords(text, undefined)).toBe(text)
})

test('breaks no word of any text, and fills no line too far', () => {
  const word = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .map(text => text.replace(/\s/g, '_'))
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), fc.integer({ min: 1, max: 60 }), (words, width) => {
      const lines = wrapWords(`  ✗ ${words.join(' ')}`, width).split('\n')
      expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(['✗', ...words])
      const full = lines.filter(line => textWidth(withoutEscapes(line)) > width)
      expect(full.filter(line => line.replace(/^ *✗/, '').trim().includes(' '))).toEqual([])
    }),
    { numRuns: rounds(200) },
  )
})

test.each<[string, number, string[]]>([
  ['  --fix   change all that can be', 60, ['  --fix   change all that can be']],
  [
    '  --fix   fix files that can be now fixed',
    36,
    ['  --fix   fix files that can be now', '          fixed'],
  ],
  [
    '  --max-warnings <n>   fail when there are more warnings',
    40,
    ['  --max-warnings <n>', '      fail when there are more warnings'],
  ],
  [
    '  nexus-registry query models --where provider=x --limit 3',
    40,
    ['  nexus-registry query models --where', '    provider=x --limit 3'],
  ],
])('explains %j below itself in %i columns', (text, width, lines) => {
  expect(wrapHelp(text, width).split('\n')).toEqual(lines)
})

test('help joins the lines of a paragraph, and no headings, terms and examples', () => {
  const text = 'One two\nthree four.\nFive:\n  nexus x  y\n  nexus z  w\n\nSix\nseven'
  expect(wrapHelp(text, 40)).toBe('One two three four.\nFive:\n  nexus x  y\n  nexus z  w\n\nSix seven')
})

const cause = {
  ref: 'providers/openai',
  status: 'not ready',
  reason: 'neither OPENAI_API_KEY nor OPENAI_KEY is set in the environment of this shell',
  fix: { text: 'Set OPENAI_API_KEY to your key', command: 'export OPENAI_API_KEY=…' },
} as const
const explanation: Explanation = {
  ref: 'models/gpt-4o',
  status: 'not ready',
  causes: [cause],
  dependents: ['plugins/nexus_dashboard', 'plugins/nexus_completion', 'dashboard/metrics/cost_today'],
  warnings: ['it is deprecated and retires on 2027-01-14: use gemini-3.5-flash instead'],
}
const report = {
  healthy: false,
  findings: [
    {
      check: 'home',
      status: 'error',
      message: `${long} is not readable for this user, who needs it`,
      hint: 'Name a place that you may write to: --home DIR, NEXUS_REGISTRY_HOME or XDG_DATA_HOME',
    },
  ],
} as const

const signs = toSigns({})

describe.each([40, 60, 100])('in %i columns', width => {
  describe.each([
    ['plain', plain],
    ['colored', colored],
  ])('%s', (_, style) => {
    test.each<[string, (width: number | undefined) => string]>([
      [
        'an explanation',
        columns =>
          renderExplanation({ explanation, search: undefined, now: 0 }, { style, signs, width: columns }),
      ],
      [
        'the overview of a machine',
        columns =>
          renderOverview(
            {
              problems: [{ ...cause, blocks: explanation.dependents }],
              unknown: [cause],
              not_set_up: [{ ...cause, models: 3 }],
              absent: [cause],
              retiring: [{ ref: 'models/gpt-4o', retires_on: '2027-01-14', successor: 'gpt-6-luna' }],
            },
            { style, signs, width: columns, listsAbsent: true, localRuntimes: new Set<string>() },
          ),
      ],
      ['the health', columns => renderHealth(report, { style, width: columns })],
    ])('%s keeps its words whole, and its indentations', (_name, render) => {
      const whole = withoutEscapes(render(undefined))
      const lines = withoutEscapes(render(width)).split('\n')
      const split = (text: string) => text.split(/\s+/).filter(Boolean)
      expect(split(lines.join('\n'))).toEqual(split(whole))
      expect(
        lines.filter(line => textWidth(line) > width && !line.includes(long) && !line.startsWith('    $ ')),
      ).toEqual([])
      // A line that goes on begins below a text, and so never further to the left than a sign.
      const starts = whole.split('\n')
      const continued = lines.filter(line => line !== '' && !starts.some(start => start.startsWith(line)))
      expect(continued.filter(line => !/^ {2}/.test(line))).toEqual([])
    })
  })
})
