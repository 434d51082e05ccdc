import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toVisible, toVisibleJson, toVisibleLine } from '../../src/lib/text/visible.ts'

test.each([
  ['plain text stays', 'docker 28.2.2 – grün 日本語 🚀', 'docker 28.2.2 – grün 日本語 🚀'],
  ['an escape sequence', '\u001b[2J\u001b]0;title\u0007', '\\x1b[2J\\x1b]0;title\\x07'],
  ['carriage return', 'safe\revil', 'safe\\revil'],
  ['backspace and delete', 'a\b\u007f', 'a\\x08\\x7f'],
  ['C1, which is an escape sequence of its own', '\u009b31m', '\\x9b31m'],
  ['bidi overrides and isolates', '\u202eabc\u202c\u2066\u2069', '\\u202eabc\\u202c\\u2066\\u2069'],
  ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
  ['zero width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
  ['tabs and newlines stay', 'a\tb\n', 'a\tb\n'],
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
