import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import {
  createHookedMachine,
  type HookedMachine,
  type HookedShell,
  hookedShells,
  hookFile,
} from '../support/shells/hooked-machine.ts'
import { findShell } from '../support/shells/shells.ts'
import type { Terminal } from '../support/terminal/terminal.ts'

const questions = [
  [
    'a variable, and nothing is started',
    [
      ['docker', 0, ''],
      ['terraform', 1, ''],
      ['scikit-learn', 1, ''],
      ['tools/docker', 0, ''],
    ],
    0,
  ],
  [
    'the program, where no variable can',
    [
      ['docker ">=20"', 0, ''],
      ['docker ">=99"', 1, ''],
      ['dockr', 2, 'docker'],
      ['"a b;c"', 2, 'a b;c'],
      ['--help', 0, 'Usage'],
      ['""', 2, 'error'],
      ['', 2, 'error'],
    ],
    1,
  ],
] as const

/** Variables that shells have, or cannot set: a registry that names them changes nothing in a shell. */
async function declareSpecialVariables({ at, program }: HookedMachine): Promise<void> {
  await program('init')
  const file = at('.local/share/nexus-registry/provider_registry.json')
  const providers = JSON.parse(await readFile(file, 'utf8'))
  const names = ['status', 'path', 'PATH', 'argv', '_', 'IFS', 'TZ', 'PPID', 'UID', 'OPTIND', 'text', 'HOME']
  const entries = names.map((name, index) => [`special-${index}`, { ...providers.openai, key_env: name }])
  await writeFile(file, JSON.stringify({ ...providers, ...Object.fromEntries(entries) }))
}

const posixWords = {
  none: ':',
  set: 'export OPENAI_API_KEY=secret-key',
  unset: 'unset OPENAI_API_KEY',
  hidden: 'OPENAI_API_KEY=secret-key',
  empty: 'OPENAI_API_KEY=',
} as const

const fishWords = {
  none: 'true',
  set: 'set -gx OPENAI_API_KEY secret-key',
  unset: 'set -e OPENAI_API_KEY',
  hidden: 'set -g OPENAI_API_KEY secret-key',
  empty: "set -gx OPENAI_API_KEY ''",
} as const

describe.each(hookedShells)('in %s', shell => {
  const test = it.skipIf(findShell(shell) === undefined)
  const code = shell === 'fish' ? '$status' : '$?'

  test('variables are there on the next line of the start-up file', async () => {
    const machine = await createHookedMachine()
    const terminal = await machine.open(shell, { after: 'echo "first $NEXUS_HAS_DOCKER $NEXUS_ENV_STATUS"' })
    expect(terminal.greeting).toMatch(/^first 1 ok\n+READY>$/)
  })

  test('a tool that comes is there at the next prompt, and gone when it goes', async () => {
    const machine = await createHookedMachine()
    const terminal = await machine.open(shell)
    expect(await show(terminal, 'TERRAFORM')).toBe('0')
    await machine.install('terraform')
    await terminal.type('')
    expect(await show(terminal, 'TERRAFORM')).toBe('1')
    await rm(machine.at('bin', 'terraform'))
    await terminal.type('')
    expect(await show(terminal, 'TERRAFORM')).toBe('0')
  })

  test('a key counts at the next prompt while it is exported and not empty, and is in no file', async () => {
    const machine = await createHookedMachine()
    await declareSpecialVariables(machine)
    const terminal = await machine.open(shell, { after: shell === 'fish' ? '' : 'set -u' })
    const say = shell === 'fish' ? fishWords : posixWords
    for (const [words, value] of [
      [say.none, '0'],
      [say.set, '1'],
      [say.unset, '0'],
      [say.hidden, '0'],
      [say.set, '1'],
      [say.empty, '0'],
    ] as const) {
      await terminal.type(words)
      expect(await show(terminal, 'OPENAI'), words).toBe(value)
    }
    await machine.started()
    await terminal.type(say.set)
    expect(await show(terminal, 'OPENAI')).toBe('1')
    expect((await machine.started()).filter(line => line.startsWith('node'))).toEqual([])
    const files = await readdir(machine.directory, { recursive: true, withFileTypes: true })
    for (const file of files.filter(each => each.isFile() && !each.parentPath.includes('fish')))
      expect(await readFile(`${file.parentPath}/${file.name}`, 'latin1'), file.name).not.toContain('secret-')
  })

  test('a change within a second that is not over is not missed after another one', async () => {
    const machine = await createHookedMachine()
    const second = Math.ceil(Date.now() / 1000) + 100
    await utimes(machine.at('bin'), second, second + 0.25)
    const terminal = await machine.open(shell)
    expect(await show(terminal, 'TERRAFORM')).toBe('0')
    await machine.install('terraform')
    await utimes(machine.at('bin'), second, second + 0.75)
    await terminal.type('')
    expect(await show(terminal, 'TERRAFORM')).toBe('1')
  })

  test('another VIRTUAL_ENV and PATH count at the next prompt, without Node when they were seen before', async () => {
    const machine = await createHookedMachine()
    await machine.install('terraform', machine.at('venv', 'bin'))
    const terminal = await machine.open(shell)
    const path = `${machine.at('venv', 'bin')}:${machine.at('bin')}`
    const activate = setVariables(shell, { VIRTUAL_ENV: machine.at('venv'), PATH: path })
    const deactivate = setVariables(shell, { VIRTUAL_ENV: '', PATH: machine.at('bin') })
    await terminal.type(activate)
    expect(await show(terminal, 'TERRAFORM')).toBe('1')
    await terminal.type(deactivate)
    expect(await show(terminal, 'TERRAFORM')).toBe('0')
    expect(await machine.started()).toEqual(Array(2).fill(`node env --shell ${shell}`))
    await terminal.type(activate)
    expect(await show(terminal, 'TERRAFORM')).toBe('1')
    expect(await machine.started()).toEqual([])
  })

  test('with an answer that is kept, its start and five prompts start nothing', async () => {
    const machine = await createHookedMachine()
    await machine.keep()
    const name = '_nexus_registry_program'
    const path = machine.at('bin', 'nexus-registry')
    const before = shell === 'fish' ? `set -g ${name} '${path}'` : `${name}='${path}'`
    const terminal = await machine.open(shell, { before })
    for (const _ of [1, 2, 3, 4, 5]) await terminal.type('')
    expect(await show(terminal, 'DOCKER')).toBe('kept')
    // fish asks the launcher, which starts nothing.
    const launches = new Set(await machine.started())
    expect([...launches]).toEqual(shell === 'fish' ? ['nexus-registry env --shell fish'] : [])
  })

  test('the exit code of a command is there after the prompt, also when that has looked again', async () => {
    const machine = await createHookedMachine()
    const terminal = await machine.open(shell)
    await terminal.type('false')
    expect(await terminal.type(`echo ${code}`)).toContain('\n1\n')
    await machine.install('terraform')
    await terminal.type('false')
    expect(await terminal.type(`echo ${code} $NEXUS_HAS_TERRAFORM`)).toContain('\n1 1\n')
  })

  test.each(questions)('nexus_has is answered by %s', async (_, expectations, launches) => {
    const machine = await createHookedMachine()
    await machine.keep('1')
    const terminal = await machine.open(shell)
    for (const [words, expected, said] of expectations) {
      await machine.started()
      const output = await terminal.run(`nexus_has ${words}; echo "code "${code}`)
      expect([words, output]).toEqual([words, expect.stringMatching(new RegExp(`code ${expected}\n$`))])
      expect(output).toContain(said)
      expect(await machine.started()).toHaveLength(launches)
    }
  })

  test('nexus_detect_tools looks at everything now, writes it, exports it, and gives the exit code', async () => {
    const machine = await createHookedMachine()
    await machine.keep('kept')
    const terminal = await machine.open(shell)
    expect(await show(terminal, 'DOCKER')).toBe('kept')
    expect(await terminal.run(`nexus_detect_tools; echo ${code} $NEXUS_HAS_DOCKER`)).toBe('0 1\n')
    expect(await machine.readHome('tool_registry.json')).toContain(machine.at('bin', 'docker'))
    const elsewhere = setVariables(shell, { NEXUS_REGISTRY_HOME: machine.at('nowhere') })
    const output = await terminal.run(`${elsewhere}; nexus_detect_tools; echo ${code} $NEXUS_ENV_STATUS`)
    expect(output).toMatch(/nowhere[\s\S]*\n2 failed\n$/)
  })
})

const before = [
  ['zsh', 'with options of other shells', 'setopt nounset err_exit ksh_arrays sh_word_split noclobber'],
  ['zsh', 'with an odd IFS', "IFS='0123456789_./'"],
  ['zsh', 'with no globbing', 'setopt no_glob no_bare_glob_qual ksh_glob null_glob csh_null_glob'],
  ['bash', 'that is strict', 'set -euo pipefail'],
  ['bash', 'that is strict about patterns', 'shopt -s nullglob failglob'],
  ['bash', 'without patterns', 'set -f'],
  ['bash', 'that overwrites nothing', 'set -C'],
  ['bash', 'with an odd IFS', "IFS='0123456789_./'"],
] as const

describe.each(before)('in a %s %s', (shell, _, line) => {
  it.skipIf(findShell(shell) === undefined).each(['no answer is kept', 'an answer is kept'])(
    'when %s',
    async when => {
      const machine = await createHookedMachine()
      if (when === 'an answer is kept') await machine.keep('1')
      else await mkdir(machine.at('.cache/nexus-registry/answers'), { recursive: true, mode: 0o700 })
      const terminal = await machine.open(shell, { before: line, after: 'echo "first $NEXUS_HAS_DOCKER"' })
      expect(terminal.greeting).toMatch(/^first 1\n+READY>$/)
      await machine.install('terraform')
      expect(await terminal.type('')).toBe('\nREADY>')
      expect(await show(terminal, 'TERRAFORM')).toBe('1')
      await machine.started()
      for (const _ of [1, 2, 3]) expect(await terminal.type('')).toBe('\nREADY>')
      expect(await machine.started()).toEqual([])
    },
  )
})

const prompts = [
  ['zsh', '', 'echo $precmd_functions', '_nexus_registry_precmd'],
  [
    'zsh',
    'theirs() { : }; precmd_functions=(theirs)',
    'echo $precmd_functions',
    'theirs _nexus_registry_precmd',
  ],
  [
    'zsh',
    'setopt ksh_arrays; precmd_functions=(a b)',
    'echo "${precmd_functions[*]}"',
    'a b _nexus_registry_precmd',
  ],
  ['bash', '', 'echo "${PROMPT_COMMAND[*]}"', '_nexus_registry_prompt'],
  ['bash', "PROMPT_COMMAND='theirs=$?'", 'echo "${PROMPT_COMMAND[*]}"', 'theirs=$? _nexus_registry_prompt'],
  ['bash', "PROMPT_COMMAND=('a=1' 'b=2')", 'echo "${PROMPT_COMMAND[*]}"', 'a=1 b=2 _nexus_registry_prompt'],
  ['bash', 'set -u; PROMPT_COMMAND=()', 'echo "${PROMPT_COMMAND[*]}"', '_nexus_registry_prompt'],
  [
    'bash',
    "IFS=_; PROMPT_COMMAND=('a=1' 'b=2')",
    'echo "${PROMPT_COMMAND[@]}"',
    'a=1 b=2 _nexus_registry_prompt',
  ],
  ['fish', '', 'functions --handlers | grep -c nexus', '2'],
] as const

it.each(prompts)(
  'in %s, sourced twice after %j, it is there once',
  async (shell, line, command, expected) => {
    const machine = await createHookedMachine()
    await machine.keep('1')
    const terminal = await machine.open(shell, { before: line, after: `source '${hookFile(shell)}'` })
    expect(await terminal.run(command)).toBe(`${expected}\n`)
  },
)

it.each([
  ['zsh', 'setopt err_exit'],
  ['bash', 'set -e'],
] as const)('a %s with %s survives a prompt after a code that is no failure', async (shell, line) => {
  const machine = await createHookedMachine()
  const terminal = await machine.open(shell, { before: line })
  expect(await terminal.type('false && true')).toContain('READY>')
  expect(await terminal.type('echo "code $?"')).toContain('\ncode 1\n')
})

it('in bash, what others do at prompts sees the exit code of the command', async () => {
  const machine = await createHookedMachine()
  const terminal = await machine.open('bash', { before: "PROMPT_COMMAND='theirs=$?'" })
  await terminal.type('(exit 7)')
  expect(await terminal.run('echo $theirs')).toBe('7\n')
})

/** Value of a variable of the answer. */
async function show(terminal: Terminal, name: string): Promise<string> {
  return (await terminal.run(`echo "$NEXUS_HAS_${name}"`)).trim()
}

function setVariables(shell: HookedShell, variables: Readonly<Record<string, string>>): string {
  const toLine = (name: string) => (shell === 'fish' ? `set -gx ${name} ` : `export ${name}=`)
  return Object.entries(variables)
    .map(([name, value]) => `${toLine(name)}'${value}'`)
    .join('; ')
}
