import { expect, test } from 'vitest'
import { createStyle } from '../../../src/lib/terminal/style.ts'
import { renderCodeFrame } from '../../../src/validate/formats/code-frame.ts'

const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
const at = (line: number, column: number, end_column: number, end_line = line) => ({
  line,
  column,
  end_line,
  end_column,
})
const frame = (lines: string[], span: ReturnType<typeof at>, width = 40) =>
  renderCodeFrame(lines, span, { style, width })

test('shows the line before, and carets below what is meant', () => {
  expect(frame(['{', '  "a": 1,', '  "b": true', '}'], at(3, 8, 12))).toEqual([
    '2 │   "a": 1,',
    '3 │   "b": true',
    '  │        ^^^^',
  ])
})

test('numbers are aligned', () => {
  expect(frame(Array(12).fill('x'), at(10, 1, 2))).toEqual([' 9 │ x', '10 │ x', '   │ ^'])
})

test('what goes on over several lines is marked to the end of its first', () => {
  expect(frame(['"a": {', '}'], at(1, 6, 2, 2))).toEqual(['1 │ "a": {', '  │      ^'])
})

test('the end of a file has a caret of its own', () => {
  expect(frame(['{', ''], at(2, 1, 1))).toEqual(['1 │ {', '2 │', '  │ ^'])
})

test('a line that is not there has no frame', () => {
  expect(frame([], at(1, 1, 1))).toEqual([])
})

test('control characters are shown, and the carets stay below what is meant', () => {
  expect(frame(['\u001b[31m\t"a\u202e"'], at(1, 7, 11))).toEqual([
    '1 │ \\x1b[31m\\t"a\\u202e"',
    '  │           ^^^^^^^^^',
  ])
})

test('wide characters take two columns', () => {
  expect(frame(['"🐳日": "é"'], at(1, 8, 11))).toEqual(['1 │ "🐳日": "é"', '  │         ^^^'])
})

test('a long line is cut around what is meant', () => {
  const line = `${'a'.repeat(100)}HERE${'b'.repeat(100)}`
  expect(frame([line.slice(0, 90), line], at(2, 101, 105), 20)).toEqual([
    `1 │ …`,
    `2 │ …${'a'.repeat(8)}HERE${'b'.repeat(8)}…`,
    `  │ ${' '.repeat(9)}^^^^`,
  ])
})

test('something longer than the frame is marked as far as it is shown', () => {
  const [, marked = '', carets = ''] = frame(['', `"${'x'.repeat(500)}"`], at(2, 1, 503), 20)
  expect(marked).toBe(`2 │ "${'x'.repeat(19)}…`)
  expect(carets).toBe(`  │ ${'^'.repeat(20)}`)
})
