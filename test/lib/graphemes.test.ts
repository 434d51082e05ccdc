import { expect, test } from 'vitest'
import { cutText, textWidth, toGraphemes } from '../../src/lib/terminal/width.ts'

const rows: [what: string, text: string, width: number][] = [
  ['letters', 'abc', 3],
  ['a letter with an accent of its own', 'e\u0301', 1],
  ['wide letters', '漢字', 4],
  ['letters of half the width', 'ｱ', 1],
  ['letters of Hangul in parts', '\u1112\u1161\u11ab', 2],
  ['an emoji', '🐳', 2],
  ['an emoji by its selector', '☸️', 2],
  ['the same as text', '☸', 1],
  ['a family', '👨‍👩‍👧‍👦', 2],
  ['a hand of a colour', '👍🏽', 2],
  ['a flag', '🇩🇪', 2],
  ['half a flag', '🇩', 2],
  ['the key of a telephone', '1️⃣', 2],
  ['nothing', '', 0],
  ['what joins and is not seen', 'a\u200db', 2],
  ['an ideograph beyond the basic plane', '𠀀', 2],
]
test.each(rows)('%s: the columns it takes', (_, text, width) => {
  expect(textWidth(text)).toBe(width)
})

test('decoration without end is cut', () => {
  const [first] = toGraphemes(`x${'\u0300'.repeat(5000)}`)
  expect(first).toEqual({ text: `x${'\u0300'.repeat(15)}`, width: 1 })
})

const cuts: [text: string, width: number, cut: string][] = [
  ['abcdef', 4, 'abc…'],
  ['abcd', 4, 'abcd'],
  ['漢字漢字', 5, '漢字…'],
  ['漢字漢字', 4, '漢…'],
  ['☸️☸️☸️', 5, '☸️☸️…'],
  ['ab cd', 4, 'ab…'],
  ['abc', 0, ''],
]
test.each(cuts)('%s in %s columns is %s', (text, width, cut) => {
  expect(cutText(text, width)).toBe(cut)
})
