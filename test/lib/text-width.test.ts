import { expect, test } from 'vitest'
import { textWidth } from '../../src/lib/terminal/width.ts'

test.each([
  ['', 0],
  ['abc', 3],
  ['é', 1],
  ['e\u0301', 1],
  ['日本', 4],
  ['🐳', 2],
  ['한', 2],
  ['ｗ', 2],
  ['…│^', 3],
])('"%s" takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width)
})
