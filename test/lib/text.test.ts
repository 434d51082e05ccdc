import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toCleanText } from '../../src/lib/text/text.ts'

test.each([
  ['colours', '\x1b[1;32mgit\x1b[0m 2.39', 'git 2.39'],
  ['a title', '\x1b]0;evil\x07jq-1.6', 'jq-1.6'],
  ['a link', '\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\', 'text'],
  ['C1 controls', '\x9b31mred\x85next', 'red next'],
  ['an unfinished sequence', 'a\x1b[31', 'a'],
  ['line breaks', ' one\r\ntwo\tthree ', 'one two three'],
  ['bidi controls', 'a\u202eb\u2066c', 'abc'],
  ['zero width, soft hyphens and tags', 'a\u200bb\u00adc\u{e0041}', 'abc'],
  ['NUL, DEL and backspace', 'a\0b\x7fc\b', 'abc'],
])('%s are taken out', (_name, text, clean) => {
  expect(toCleanText(text)).toBe(clean)
})

test('a long text is cut, never inside a character', () => {
  expect(toCleanText('x'.repeat(1000))).toHaveLength(256)
  expect(toCleanText('🦊🦊🦊', 2)).toBe('🦊🦊')
})

test('a clean text has no control characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(toCleanText(text)).not.toMatch(/[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    }),
  )
})
