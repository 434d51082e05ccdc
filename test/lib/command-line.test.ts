import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseCommandLine, parseDetection } from '../../src/lib/shell/command-line.ts'

describe('a command is split as a POSIX shell splits it', () => {
  test.each([
    ['docker --version', ['docker', '--version']],
    ['  docker \t --version  ', ['docker', '--version']],
    [`python -c 'import torch'`, ['python', '-c', 'import torch']],
    [`a "b c" 'd "e"' f\\ g`, ['a', 'b c', 'd "e"', 'f g']],
    [`a "x\\"y\\\\z\\q\\$HOME\\\`"`, ['a', 'x"y\\z\\q$HOME`']],
    [`a ''"" b`, ['a', '', 'b']],
    [`pre'mid'"post"`, ['premidpost']],
    ['docker version --format {{.Server.Version}}', ['docker', 'version', '--format', '{{.Server.Version}}']],
    [`a '$HOME | * ~ #'`, ['a', '$HOME | * ~ #']],
    [`a "| & ; * ~ # < >"`, ['a', '| & ; * ~ # < >']],
    ['a --key=value b=c x~ y#z', ['a', '--key=value', 'b=c', 'x~', 'y#z']],
    [`a 'two\nlines'`, ['a', 'two\nlines']],
    ['a \\| \\$x', ['a', '|', '$x']],
    ['ünïcode 🦊', ['ünïcode', '🦊']],
  ])('%s', (text, argv) => {
    expect(parseCommandLine(text)).toEqual({ ok: true, argv })
  })
})

describe('shell syntax is refused by name and place', () => {
  test.each([
    ['docker ps | grep x', 'a pipe', 10, 1],
    ['a || b', 'an or list', 2, 2],
    ['a && b', 'an and list', 2, 2],
    ['a; b', 'a command separator', 1, 1],
    ['a &', 'a background job', 2, 1],
    ['a $(b)', 'a command substitution', 2, 2],
    ['a ${B}', 'a variable', 2, 2],
    ['a $HOME/x', 'a variable', 2, 5],
    ["a $'x'", 'an expansion', 2, 1],
    ['a `b`', 'a command substitution', 2, 1],
    ['a "x $(b)"', 'a command substitution', 5, 2],
    ['a "$B"', 'a variable', 3, 2],
    ['a "`b`"', 'a command substitution', 3, 1],
    ['a > b', 'a redirection', 2, 1],
    ['a 2>/dev/null', 'a redirection', 2, 2],
    ['a >> b', 'a redirection', 2, 2],
    ['a << b', 'a redirection', 2, 2],
    ['a <(b)', 'a process substitution', 2, 2],
    ['(a)', 'a subshell', 0, 1],
    ['a *.py', 'a glob', 2, 1],
    ['a x?', 'a glob', 3, 1],
    ['a [x]', 'a glob', 2, 1],
    ['~/bin/a', 'a home directory', 0, 1],
    ['a ~', 'a home directory', 2, 1],
    ['a {b,c}', 'a brace expansion', 2, 5],
    ['a x{1..3}', 'a brace expansion', 3, 6],
    ['a # b', 'a comment', 2, 1],
    ['a\nb', 'a line break', 1, 1],
    ['FOO=1 a', 'an assignment', 0, 4],
    ['! a', 'a negation', 0, 1],
    ['{ a', 'a group', 0, 1],
    ['a \0', 'a NUL character', 2, 1],
  ])('%j is %s', (text, name, offset, length) => {
    const parsed = parseCommandLine(text)
    expect(parsed).toMatchObject({ ok: false, offset, length })
    expect(parsed).toHaveProperty('message', expect.stringContaining(`(${name})`))
  })

  test.each([
    ['', 'the command is empty'],
    ['   ', 'the command is empty'],
    ["''", 'the command is empty'],
    ["a 'b", 'a single quote is not closed'],
    ['a "b', 'a double quote is not closed'],
    ['a "b\\"', 'a double quote is not closed'],
    ['a \\', 'a backslash stands at the end'],
    ['a \\\nb', 'a line break continues the command'],
  ])('%j: %s', (text, message) => {
    expect(parseCommandLine(text)).toMatchObject({ ok: false, message })
  })
})

const words = fc.array(
  fc.string({ unit: 'binary' }).filter(word => !word.includes('\0')),
  { minLength: 1 },
)

test('any arguments come back as they were, quoted one way or the other', () => {
  const inSingleQuotes = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
  const inDoubleQuotes = (word: string) => `"${word.replace(/["\\$`]/g, '\\$&')}"`
  fc.assert(
    fc.property(words, argv => {
      fc.pre(argv[0] !== '')
      for (const quote of [inSingleQuotes, inDoubleQuotes])
        expect(parseCommandLine(argv.map(quote).join(' '))).toEqual({ ok: true, argv })
    }),
  )
})

test('any text is answered, and what is refused lies inside it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const parsed = parseCommandLine(text)
      if (!parsed.ok) expect(parsed.offset).toBeLessThanOrEqual(text.length)
    }),
  )
})

describe('what a detection means', () => {
  test.each([
    ['which docker', { kind: 'path', program: 'docker' }],
    ['command -v docker', { kind: 'path', program: 'docker' }],
    [`python -c 'import torch'`, { kind: 'python', module: 'torch' }],
    [`python3 -c "import sklearn.svm"`, { kind: 'python', module: 'sklearn.svm' }],
    [`python -c 'import torch;'`, { kind: 'python', module: 'torch' }],
    [`python -c 'import a, b'`, { kind: 'command', argv: ['python', '-c', 'import a, b'] }],
    [`ruby -c 'import torch'`, { kind: 'command', argv: ['ruby', '-c', 'import torch'] }],
    ['which -a docker', { kind: 'command', argv: ['which', '-a', 'docker'] }],
    ['which --version', { kind: 'command', argv: ['which', '--version'] }],
    ['nvidia-smi -L', { kind: 'command', argv: ['nvidia-smi', '-L'] }],
  ])('%s', (text, detection) => {
    expect(parseDetection(text)).toEqual({ ok: true, detection })
  })

  test('shell syntax in it is refused', () => {
    expect(parseDetection('which docker || which podman')).toMatchObject({ ok: false, offset: 13 })
  })
})
