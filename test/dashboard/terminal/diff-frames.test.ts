import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Line, TextTone } from '../../../src/dashboard/terminal/canvas.ts'
import { blankFrame, diffFrames, toFrame } from '../../../src/dashboard/terminal/frame.ts'
import { rounds } from '../../support/stress.ts'
import { createEmulatedScreen } from '../../support/terminal/emulated-screen.ts'

const [columns, rows] = [12, 3]
const tones: readonly TextTone[] = ['plain', 'strong', 'faint', 'good', 'warning', 'bad', 'command', 'chosen']
const pieces = [
  'a',
  'b',
  ' ',
  '  ',
  '漢',
  '🐳',
  '☸️',
  '👨‍👩‍👧',
  'e\u0301',
  '█',
  '▏',
  '●',
  '…',
  '\u0301',
  '🇩🇪',
  'xyz',
]
const line = fc.array(
  fc.record({
    text: fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map(all => all.join('')),
    tone: fc.constantFrom(...tones),
  }),
  { maxLength: 3 },
)
const lines = fc.array(line, { maxLength: rows })
const frameOf = (all: readonly Line[]) => toFrame(all, columns, rows)

const terminals = {
  'that draws as the program thinks': {},
  // Older ones do not know that a variation selector asks for a wide picture.
  'that draws pictures narrow': {
    widthOf: (text: string, width: number) => (text.includes('\ufe0f') ? 1 : width),
  },
}

describe.each(Object.entries(terminals))('on a terminal %s', (_, options) => {
  test('what is written makes one screen of another', () => {
    fc.assert(
      fc.property(fc.array(lines, { minLength: 1, maxLength: 4 }), all => {
        const screen = createEmulatedScreen(columns, rows, options)
        let before = blankFrame(columns, rows)
        for (const each of all) {
          const after = frameOf(each)
          screen.write(diffFrames(before, after, { hasColors: true }))
          before = after
        }
        const anew = createEmulatedScreen(columns, rows, options)
        anew.write(diffFrames(blankFrame(columns, rows), before, { hasColors: true }))
        expect(screen.looks()).toEqual(anew.looks())
      }),
      { numRuns: rounds(1000, 200) },
    )
  })
})

test('for a screen that stays the same nothing is written', () => {
  const property = fc.property(lines, each => {
    expect(diffFrames(frameOf(each), frameOf(each), { hasColors: true })).toBe('')
  })
  fc.assert(property)
})

test('only the cells that differ are written', () => {
  const before = frameOf([[{ text: 'CPU 41 %', tone: 'plain' }], [{ text: 'Memory', tone: 'plain' }]])
  const after = frameOf([[{ text: 'CPU 47 %', tone: 'plain' }], [{ text: 'Memory', tone: 'plain' }]])
  expect(diffFrames(before, after, { hasColors: true })).toBe('\x1b[1;6H7')
})

test('a change of colour alone is a change, unless there are no colours', () => {
  const [before, after] = (['good', 'bad'] as const).map(tone => frameOf([[{ text: 'ok', tone }]]))
  expect(diffFrames(before ?? [], after ?? [], { hasColors: true })).toBe('\x1b[1;1H\x1b[0;31mok\x1b[0m')
})

test('without colours nothing but places is controlled', () => {
  const after = frameOf([[{ text: 'ok', tone: 'bad' }]])
  expect(diffFrames(blankFrame(columns, rows), after, { hasColors: false })).toBe('\x1b[1;1Hok')
})
