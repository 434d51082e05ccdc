import { describe, expect, it } from 'vitest'
import { fish } from '../../src/features/env/shells/fish.ts'
import { sh } from '../../src/features/env/shells/sh.ts'
import type { Shell } from '../../src/features/env/shells/shell.ts'
import { zsh } from '../../src/features/env/shells/zsh.ts'
import { evaluate } from '../support/evaluate.ts'
import { hazards, randomStrings } from '../support/hostile-strings.ts'
import { findShell } from '../support/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const batchSize = 500
const host = { randomName: () => 'random' }

const singles = ['', ...Array.from({ length: 255 }, (_, index) => String.fromCodePoint(index + 1))]
const insides = singles.map(text => `a${text}1`)
const pairs = hazards.flatMap(first => hazards.map(second => first + second))
const random = randomStrings({ seed: 20_261_123, count: 3000 })
const everything = [...singles, ...insides, ...pairs, ...random]
// Each string of the portable form costs a process: the pairs meet it in the random strings, and dash takes them all.
const sample = [...singles, ...insides, ...hazards, ...random.slice(0, 500)]

const quoted = 'eval "$(cat "$FILE")"'
const unquoted = 'eval $(cat "$FILE")'
const carefulZsh = 'setopt nounset err_exit ksh_arrays sh_word_split noclobber'

interface Row {
  readonly program: string
  readonly args?: readonly string[]
  readonly form: Shell
  readonly strings: readonly string[]
  readonly scripts: readonly string[]
  readonly env?: Record<string, string>
}

const rows: readonly Row[] = [
  { program: 'zsh', args: ['-f'], form: zsh, strings: everything, scripts: [quoted, unquoted] },
  {
    program: 'zsh',
    args: ['-f'],
    form: zsh,
    strings: sample,
    scripts: [
      `${carefulZsh}\n${quoted}`,
      `${carefulZsh}\n${unquoted}`,
      `setopt glob_subst extended_glob\n${unquoted}`,
    ],
  },
  { program: 'zsh', args: ['-f'], form: zsh, strings: sample, scripts: [quoted], env: { LC_ALL: 'C' } },
  { program: 'zsh', args: ['-f'], form: sh, strings: sample, scripts: [`${carefulZsh}\n${unquoted}`] },
  { program: 'bash', form: zsh, strings: everything, scripts: [quoted, unquoted] },
  {
    program: 'bash',
    form: zsh,
    strings: sample,
    scripts: [
      `set -euo pipefail\n${quoted}`,
      `set -euo pipefail -o posix\n${unquoted}`,
      `shopt -s nullglob\n${unquoted}`,
    ],
  },
  { program: 'bash', form: zsh, strings: sample, scripts: [unquoted], env: { LC_ALL: 'C' } },
  { program: 'bash', form: sh, strings: sample, scripts: [`set -euo pipefail\n${unquoted}`] },
  { program: 'dash', form: sh, strings: everything, scripts: [`set -eu\n${quoted}`, unquoted] },
  { program: 'fish', args: ['--no-config'], form: fish, strings: everything, scripts: ['source "$FILE"'] },
  { program: 'fish', args: ['--no-config'], form: fish, strings: sample, scripts: ['cat "$FILE" | source'] },
  { program: 'busybox', args: ['ash'], form: sh, strings: sample, scripts: [`set -eu\n${quoted}`, unquoted] },
  { program: 'mksh', form: sh, strings: sample, scripts: [`set -eu\n${quoted}`, unquoted] },
  { program: 'ksh93', form: sh, strings: sample, scripts: [`set -eu\n${quoted}`, unquoted] },
  { program: 'yash', form: sh, strings: sample, scripts: [`set -eu\n${quoted}`, unquoted] },
]

const cases = rows.flatMap(row => row.scripts.map(script => ({ ...row, script, count: row.strings.length })))

describe('every string comes back from the shell byte for byte, and nothing is executed', () => {
  for (const { program, args = [], form, strings, script, count, env = {} } of cases) {
    const shell = findShell(program)
    const title = `${program}: the ${form.name} form of ${count} strings with ${JSON.stringify(script)} ${JSON.stringify(env)}`
    it.skipIf(shell === undefined)(title, { timeout: 120_000 }, async () => {
      const directory = await temporaryDirectory()
      const [first = '', ...rest] = [shell ?? '', ...args, '-c']
      for (let start = 0; start < strings.length; start += batchSize) {
        const variables = toVariables(strings.slice(start, start + batchSize))
        const text = form.render(variables, host)
        const { environment, sideEffects } = await evaluate([first, ...rest], {
          script,
          text,
          directory,
          env,
        })
        expect(sideEffects).toEqual([])
        expect(exportedFrom(environment)).toEqual(
          new Map(variables.map(({ name, value }) => [name, toBytes(value)])),
        )
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

function toVariables(strings: readonly string[]): { name: string; value: string }[] {
  return strings.map((value, index) => ({ name: `NEXUS_T_${index}`, value }))
}

function exportedFrom(environment: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...environment].filter(([name]) => name.startsWith('NEXUS_')))
}

function toBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}
