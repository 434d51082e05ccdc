import fc from 'fast-check'
import { expect, test } from 'vitest'
import { logFormats } from '../../src/cli/log.ts'
import { toVisibleText } from '../../src/dashboard/web/text/text.ts'
import { toShellWord } from '../../src/lib/shell/quote.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { toCleanText } from '../../src/lib/text/text.ts'
import {
  escapeInvisible,
  invisibleCharacters,
  toVisible,
  toVisibleJson,
  toVisibleLine,
} from '../../src/lib/text/visible.ts'

test.each([
  ['plain text stays', 'docker 28.2.2 – grün 日本語 🚀', 'docker 28.2.2 – grün 日本語 🚀'],
  ['an escape sequence', '\u001b[2J\u001b]0;title\u0007', '\\x1b[2J\\x1b]0;title\\x07'],
  ['carriage return', 'safe\revil', 'safe\\revil'],
  ['backspace and delete', 'a\b\u007f', 'a\\x08\\x7f'],
  ['C1, which is an escape sequence of its own', '\u009b31m', '\\x9b31m'],
  ['bidi overrides and isolates', '\u202eabc\u202c\u2066\u2069', '\\u202eabc\\u202c\\u2066\\u2069'],
  ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['zero width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
  ['soft hyphen', 'do\u00adcker', 'do\\xadcker'],
  ['tags beyond the basic plane', 'a\u{e0041}b', 'a\\u{e0041}b'],
  ['tabs and newlines stay', 'a\tb\n', 'a\tb\n'],
  ['joiners and variation selectors stay', '👩\u200d💻 ✔\ufe0f', '👩\u200d💻 ✔\ufe0f'],
])('%s', (_, text, visible) => {
  expect(toVisible(text)).toBe(visible)
})

test('a line has no tabs and newlines', () => {
  expect(toVisibleLine('a\tb\nc\r\n')).toBe('a\\tb\\nc\\r\\n')
})

test('JSON means the same, and nothing in it steers a terminal', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), value => {
      const text = toVisibleJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text).not.toMatch(/[\0-\t\v-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
  expect(toVisibleJson('a\u009b\u202e')).toBe('"a\\u009b\\u202e"')
})

test('nothing that steers a terminal is left, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(toVisibleLine(text)).not.toMatch(/[\p{Cc}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u)
    }),
  )
})

const unseen = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu
// Scripts and emoji need joiners and variation selectors; lines need tabs and newlines.
const needed = /\t|\n|\u200c|\u200d|\p{Variation_Selector}/u
const everyCharacter = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter(code => code < 0xd800 || code > 0xdfff)
  .map(code => String.fromCodePoint(code))
  .join('')
const table = everyCharacter.match(invisibleCharacters) ?? []

test('the table has what Unicode calls controls, directions and ignorable characters, and nothing else', () => {
  const expected = (everyCharacter.match(unseen) ?? []).filter(
    each => !needed.test(each) || (each.codePointAt(0) ?? 0) >= 0xe0000,
  )
  expect(table.map(toNumber)).toEqual(expected.map(toNumber))
})

function toNumber(character: string): string | undefined {
  return character.codePointAt(0)?.toString(16)
}

test.each([
  ['a terminal', toVisible],
  ['a line of a terminal', toVisibleLine],
  ['the web page', toVisibleText],
  ['JSON', (text: string) => toVisibleJson(text)],
  ['JSON of others', (text: string) => escapeInvisible(JSON.stringify(text))],
  ['a command to copy', toShellWord],
  ['a line of a tool', (text: string) => toCleanText(text)],
])('%s shows no character of the table', (_, show) => {
  const shown = table.filter(each => show(`a${each}b`).search(unseen) >= 0)
  expect(shown.map(toNumber)).toEqual([])
})

test.each(['json', 'pretty'] as const)('a log as %s shows no character of the table', async format => {
  const lines: string[] = []
  const write = await logFormats[format]({
    stream: { write: line => lines.push(line) },
    now: () => 0,
    pid: 1,
    style: await createStyle({ stream: { isTerminal: false }, env: {}, color: false }),
    redact: text => text,
    level: 'info',
  })
  write({ event: 'defect', method: 'GET', error: table.join('') })
  expect(lines.join('').slice(0, -1).search(unseen)).toBe(-1)
})
