import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import { quoteForAnyShell } from '../../src/core/quote-for-any-shell.ts'
import { hazards, randomStrings } from '../support/hostile-strings.ts'
import { findShell } from '../support/shells.ts'
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

describe('what is quoted is read back, by', () => {
  for (const [name, args] of shells) {
    const shell = findShell(name)
    it.skipIf(shell === undefined)(name, async () => {
      const strings = [...hazards, ...randomStrings({ seed: 7, count: 500 })]
      const file = nodePath.join(await temporaryDirectory(), 'script')
      await writeFile(file, strings.map(text => `printf '%s\\0' ${quoteForAnyShell(text)}\n`).join(''))
      const { stdout } = await promisify(execFile)(shell ?? '', [...args, file], { encoding: 'buffer' })
      // Halves of pairs have no encoding: they are written as U+FFFD.
      const expected = strings.map(text => text.toWellFormed())
      expect(stdout.toString().split('\0').slice(0, -1)).toEqual(expected)
    })
  }
})
