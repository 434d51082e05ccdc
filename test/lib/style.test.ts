import { expect, test } from 'vitest'
import { toColorLevel } from '../../src/lib/terminal/style.ts'

test.each<[string, Record<string, string>, { isTerminal: boolean; color?: boolean }, number]>([
  ['a pipe has no colours', { TERM: 'xterm-256color' }, { isTerminal: false }, 0],
  ['a terminal has 16', { TERM: 'xterm' }, { isTerminal: true }, 1],
  ['a terminal that says 256 has 256', { TERM: 'xterm-256color' }, { isTerminal: true }, 2],
  ['a terminal that says truecolor has all', { COLORTERM: 'truecolor' }, { isTerminal: true }, 3],
  ['a dumb terminal has none', { TERM: 'dumb' }, { isTerminal: true }, 0],
  ['NO_COLOR', { NO_COLOR: '1' }, { isTerminal: true }, 0],
  ['an empty NO_COLOR says nothing', { NO_COLOR: '' }, { isTerminal: true }, 1],
  ['FORCE_COLOR on a pipe', { FORCE_COLOR: '' }, { isTerminal: false }, 1],
  ['FORCE_COLOR with a level', { FORCE_COLOR: '3' }, { isTerminal: false }, 3],
  ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, { isTerminal: true }, 0],
  [
    'FORCE_COLOR over NO_COLOR, as Node does it',
    { FORCE_COLOR: '1', NO_COLOR: '1' },
    { isTerminal: false },
    1,
  ],
  ['--no-color over FORCE_COLOR', { FORCE_COLOR: '1' }, { isTerminal: true, color: false }, 0],
])('%s', (_, env, { isTerminal, color = true }, level) => {
  expect(toColorLevel({ stream: { isTerminal }, env, color })).toBe(level)
})
