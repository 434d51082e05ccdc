import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import { quoteForAnyShell, toShellWord } from '../../src/lib/shell/quote.ts'
import { toVisible } from '../../src/lib/text/visible.ts'
import { hazards, randomStrings } from '../support/hostile-strings.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

test.each([
  ['', "''"],
  ['/bin', "'/bin'"],
  ["it's", "'it'\\''s'"],
  ['\\', "''\\\\''"],
])('%j is quoted as %s', (text, expected) => {
  expect(quoteForAnyShell(text)).toBe(expected)
})

const shells = [
  ['sh', []],
  ['dash', []],
  ['bash', []],
  ['zsh', ['-f']],
  ['fish', ['--no-config']],
] as const

const strings = [...hazards, ...randomStrings({ seed: 7, count: 500 })]

const quoters: readonly [what: string, quote: (text: string) => string, texts: readonly string[]][] = [
  ['what is quoted', quoteForAnyShell, strings],
  // Newlines at the end and NUL cannot be copied from a terminal in one line.
  [
    'a word as a terminal shows it',
    text => toVisible(toShellWord(text)),
    strings.filter(text => !text.endsWith('\n') && !text.includes('\0')),
  ],
]

test('a word is shown on one line', () => {
  expect(toShellWord("/a\n\x1b[2J\u202e'%")).toBe(`"$(printf '/a\\012\\033[2J\\342\\200\\256\\047%%')"`)
})

describe.each(quoters)('%s is read back, by', (_, quote, texts) => {
  for (const [name, args] of shells) {
    const shell = findShell(name)
    it.skipIf(shell === undefined)(name, async () => {
      const file = nodePath.join(await temporaryDirectory(), 'script')
      await writeFile(file, texts.map(text => `printf '%s\\0' ${quote(text)}\n`).join(''))
      const { stdout } = await promisify(execFile)(shell ?? '', [...args, file], { encoding: 'buffer' })
      // Halves of pairs have no encoding: they are written as U+FFFD.
      const expected = texts.map(text => text.toWellFormed())
      expect(stdout.toString().split('\0').slice(0, -1)).toEqual(expected)
    })
  }
})
