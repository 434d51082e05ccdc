import { describe, expect, it } from 'vitest'
import { fish } from '../../src/env/shells/fish.ts'
import { sh } from '../../src/env/shells/sh.ts'
import type { Shell } from '../../src/env/shells/shell.ts'
import { zsh } from '../../src/env/shells/zsh.ts'
import { everything, expectStrings, sample, toBatches, toVariables } from '../support/encoded-strings.ts'
import { evaluate } from '../support/shells/evaluate.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const host = { randomName: () => 'random' }

const quoted = 'eval "$(cat "$FILE")"'
const unquoted = 'eval $(cat "$FILE")'
const carefulZsh = 'setopt nounset err_exit ksh_arrays sh_word_split noclobber'

interface Row {
  readonly program: string
  readonly args?: readonly string[]
  readonly form: Shell
  readonly scripts: readonly string[]
  readonly env?: Record<string, string>
}

// The forms by themselves, under options that a user may have set, and in shells that are rarer.
const rows: readonly Row[] = [
  {
    program: 'zsh',
    args: ['-f'],
    form: zsh,
    scripts: [
      `${carefulZsh}\n${quoted}`,
      `${carefulZsh}\n${unquoted}`,
      `setopt glob_subst extended_glob\n${unquoted}`,
    ],
  },
  { program: 'zsh', args: ['-f'], form: zsh, scripts: [quoted], env: { LC_ALL: 'C' } },
  { program: 'zsh', args: ['-f'], form: sh, scripts: [`${carefulZsh}\n${unquoted}`] },
  {
    program: 'bash',
    form: zsh,
    scripts: [
      `set -euo pipefail\n${quoted}`,
      `set -euo pipefail -o posix\n${unquoted}`,
      `shopt -s nullglob\n${unquoted}`,
    ],
  },
  { program: 'bash', form: zsh, scripts: [unquoted], env: { LC_ALL: 'C' } },
  { program: 'bash', form: sh, scripts: [`set -euo pipefail\n${unquoted}`] },
  { program: 'fish', args: ['--no-config'], form: fish, scripts: ['source "$FILE"', 'cat "$FILE" | source'] },
  { program: 'busybox', args: ['ash'], form: sh, scripts: [`set -eu\n${quoted}`, unquoted] },
  { program: 'mksh', form: sh, scripts: [`set -eu\n${quoted}`, unquoted] },
  { program: 'ksh93', form: sh, scripts: [`set -eu\n${quoted}`, unquoted] },
  { program: 'yash', form: sh, scripts: [`set -eu\n${quoted}`, unquoted] },
]

const cases = rows.flatMap(row => row.scripts.map(script => ({ ...row, script })))

describe('every string comes back from the shell byte for byte, and nothing is executed', () => {
  for (const { program, args = [], form, script, env = {} } of cases) {
    const shell = findShell(program)
    const title = `${program}: the ${form.name} form with ${JSON.stringify(script)} ${JSON.stringify(env)}`
    it.skipIf(shell === undefined)(title, { timeout: 120_000 }, async () => {
      const directory = await temporaryDirectory()
      for (const strings of toBatches(sample)) {
        const text = form.render(toVariables(strings), host)
        const evaluation = await evaluate([shell ?? '', ...args, '-c'], { script, text, directory, env })
        expectStrings(evaluation, strings)
      }
    })
  }
})

describe('the text itself', () => {
  it.each([sh, zsh, fish])(
    '$name: a batch is ASCII without comment, carriage return, glob or double space',
    form => {
      const text = form.render(toVariables(everything), host)
      expect(text).toMatch(/^[\n\x20-\x7e]*$/)
      expect(text).not.toMatch(/[#*?[\]!~^<>&|`]| {2}/)
      expect(
        text
          .split('\n')
          .slice(0, -1)
          .filter(line => !line.endsWith(';')),
      ).toEqual([])
    },
  )
})
