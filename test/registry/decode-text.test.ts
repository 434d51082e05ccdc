import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText } from '../../src/lib/json/parse-plain-json.ts'

const toBytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map(part => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

const rows: [what: string, bytes: Uint8Array, start: number][] = [
  ['a lone byte', toBytes('{"a', [0xff], '"}'), 3],
  ['a byte behind a replacement character that stands there rightly', toBytes('�x', [0x80]), 2],
  ['a character that is cut off at the end', toBytes('äb', [0xe2, 0x82]), 2],
  ['a character that is cut off in the middle', toBytes('ab', [0xef], 'A'), 2],
  ['the beginning of a replacement character at the end', toBytes('ab', [0xef, 0xbf]), 2],
  ['an overlong form', toBytes('😀', [0xc0, 0xaf]), 2],
  ['half of a surrogate pair', toBytes('a', [0xed, 0xa0, 0x80]), 1],
]

test.each(rows)('finds %s', (_, bytes, start) => {
  expect(decodeText(bytes).error).toMatchObject({ rule: 'encoding', start, end: start + 1 })
})

test('what is UTF-8 comes back as it is, and a wrong byte is found where it was put', () => {
  const text = fc.string({ unit: 'binary' })
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(decodeText(toBytes(before, after))).toEqual({ text: before + after })
      expect(decodeText(toBytes(before, [0xff], after)).error?.start).toBe(before.length)
    }),
  )
})
