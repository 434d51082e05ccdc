import { describe, expect, it } from 'vitest'
import { bash } from '../../src/env/shells/bash.ts'
import { fish } from '../../src/env/shells/fish.ts'
import { shells } from '../../src/env/shells/index.ts'
import { json } from '../../src/env/shells/json.ts'
import { sh } from '../../src/env/shells/sh.ts'
import { zsh } from '../../src/env/shells/zsh.ts'

const host = { randomName: () => 'random' }

const statements = [
  [sh, 'a safe value stands in quotes', 'a/B-1._', "export NEXUS_V='a/B-1._';"],
  [sh, 'the empty string stands in quotes', '', "export NEXUS_V='';"],
  [
    sh,
    'any other byte goes through printf, ended with _',
    'a b\n',
    `NEXUS_V="$(printf %b 'a\\0040b\\0012_')"; NEXUS_V="\${NEXUS_V%_}"; export NEXUS_V;`,
  ],
  [sh, 'unset', undefined, 'unset NEXUS_V;'],
  [zsh, 'bytes are three octal digits', 'é\t1', "export NEXUS_V=$'\\303\\251\\0111';"],
  [bash, 'bytes are three octal digits', 'é\t1', "export NEXUS_V=$'\\303\\251\\0111';"],
  [bash, 'a lone surrogate becomes U+FFFD', 'a\ud800', "export NEXUS_V=$'a\\357\\277\\275';"],
  [bash, 'a byte order mark stays', '\ufeffa', "export NEXUS_V=$'\\357\\273\\277a';"],
  [bash, 'unset', undefined, 'unset NEXUS_V;'],
  [fish, 'bytes are two hexadecimal digits, without quotes', 'é\t1', 'set -gx NEXUS_V \\Xc3\\Xa9\\X091;'],
  [fish, 'the empty string is a pair of quotes', '', "set -gx NEXUS_V '';"],
  [fish, 'unset', undefined, 'set -ge NEXUS_V;'],
] as const

describe('statements', () => {
  it.each(statements)('$name: %s', (shell, _, value, expected) => {
    expect(shell.render([{ name: 'NEXUS_V', value }], host)).toBe(`${expected}\n`)
  })

  it.each(shells)('$name prints one statement a line, in the order given', shell => {
    const one = shell.render([{ name: 'NEXUS_B', value: '1' }], host)
    const two = shell.render(
      [
        { name: 'NEXUS_B', value: '1' },
        { name: 'NEXUS_A', value: 'x y' },
      ],
      host,
    )
    expect(two.split('\n').length).toBe(one.split('\n').length + 1)
    expect(two.indexOf('NEXUS_B')).toBeLessThan(two.indexOf('NEXUS_A'))
  })
})

describe('json', () => {
  it('is one ASCII object with null for what is unset', () => {
    const text = json.render(
      [
        { name: 'NEXUS_A', value: 'é"\ud800\u2028' },
        { name: 'NEXUS_B', value: undefined },
      ],
      host,
    )
    expect(text).toMatch(/^[\n\x20-\x7e]*$/)
    expect(JSON.parse(text)).toEqual({ NEXUS_A: 'é"\ufffd\u2028', NEXUS_B: null })
  })
})

describe.each(shells)('$name', shell => {
  it.each(['PATH', 'NEXUS_', 'NEXUS_a', 'NEXUS_A;x', 'NEXUS_A\n', 'XNEXUS_A', ''])(
    'refuses the name %j',
    name => {
      expect(() => shell.render([{ name, value: '1' }], host)).toThrow('not a name to export')
      expect(() => shell.render([{ name, value: undefined }], host)).toThrow('not a name to export')
    },
  )

  it('refuses a NUL', () => {
    expect(() => shell.render([{ name: 'NEXUS_A', value: 'a\0b' }], host)).toThrow('NUL')
  })
})
