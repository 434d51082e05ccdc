import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeScript } from '../support/processes/script.ts'
import {
  createHookedMachine,
  type HookedMachine,
  type HookedShell,
  hookedShells,
  hookFile,
} from '../support/shells/hooked-machine.ts'
import { findShell } from '../support/shells/shells.ts'

const direnv = findShell('direnv')
const show = 'echo "$NEXUS_HAS_TERRAFORM"'

/** A project whose .envrc puts terraform on PATH. */
async function createProject(): Promise<HookedMachine> {
  const machine = await createHookedMachine()
  await machine.install('terraform', machine.at('project/bin'))
  await writeFile(machine.at('project/.envrc'), `export PATH="${machine.at('project/bin')}:$PATH"\n`)
  await symlink(findShell('bash') ?? '', machine.at('bin/bash'))
  if (direnv !== undefined) {
    await symlink(direnv, machine.at('bin/direnv'))
    const allowed = await machine.script(['direnv', 'allow', machine.at('project')])
    expect(allowed.code).toBe(0)
  }
  return machine
}

const lines = {
  zsh: 'eval "$(direnv hook zsh)"',
  bash: 'eval "$(direnv hook bash)"',
  fish: 'direnv hook fish | source',
} as const

describe.each(hookedShells)('in %s, with direnv', shell => {
  it.skipIf(findShell(shell) === undefined || direnv === undefined).each(['before', 'after'])(
    '%s this in the start-up file, the variables are right at the very prompt',
    async place => {
      const machine = await createProject()
      const line = `${shell === 'fish' ? 'set -gx' : 'export'} DIRENV_LOG_FORMAT${shell === 'fish' ? ' ' : '='}''`
      const terminal = await machine.open(shell, { before: line, [place]: `${line}; ${lines[shell]}` })
      expect(await terminal.run(show)).toBe('0\n')
      await terminal.type(`cd ${machine.at('project')}`)
      expect(await terminal.run(show)).toBe('1\n')
      await terminal.type('cd ..')
      expect(await terminal.run(show)).toBe('0\n')
    },
  )
})

/** What some tool adds to the commands of a prompt: it changes PATH there once the shell is in the project. */
const tool = `theirs() { case $PWD:$PATH in */project:*project*) ;; */project:*) PATH=$PWD/bin:$PATH ;; esac; }`

const bashTools = [
  ['a string before', `PROMPT_COMMAND=theirs`, ''],
  ['a string that ends with a semicolon', `PROMPT_COMMAND='theirs;'`, ''],
  ['a string that ends with a comment', `PROMPT_COMMAND='theirs # last'`, ''],
  ['a list before', `PROMPT_COMMAND=(: theirs)`, ''],
  ['a string put in front', '', `PROMPT_COMMAND="theirs;$PROMPT_COMMAND"`],
  ['a string put behind', '', `PROMPT_COMMAND="$PROMPT_COMMAND;theirs"`],
  ['a list put in front', '', `PROMPT_COMMAND=(theirs "\${PROMPT_COMMAND[@]}")`],
  ['an element put behind', '', `PROMPT_COMMAND+=(theirs)`],
  [
    'one that takes the rest along, as starship',
    '',
    `old=$PROMPT_COMMAND; wrap() { theirs; eval "$old"; }; PROMPT_COMMAND=wrap`,
  ],
] as const

it.each(bashTools)('in bash it comes behind %s', async (_, before, after) => {
  const machine = await createProject()
  const terminal = await machine.open('bash', { before: `${tool}; ${before}`, after })
  await terminal.type(`cd ${machine.at('project')}`)
  expect(await terminal.run(show)).toBe('1\n')
})

const zshTools = [
  ['precmd_functions before', 'precmd_functions=(theirs)', ''],
  ['precmd_functions after', '', 'precmd_functions+=(theirs)'],
  ['precmd', 'precmd() { theirs }', ''],
  ['chpwd_functions', '', 'chpwd_functions+=(theirs)'],
] as const

it.skipIf(findShell('zsh') === undefined).each(zshTools)(
  'in zsh the next command finds what %s have changed',
  async (_, before, after) => {
    const machine = await createProject()
    const terminal = await machine.open('zsh', { before: `${tool}; ${before}`, after })
    await terminal.type(`cd ${machine.at('project')}`)
    expect(await terminal.run(show)).toBe('1\n')
  },
)

/** An installation of its own, which can be removed. */
async function install(machine: HookedMachine, directory = machine.at("it's installed")): Promise<string> {
  await mkdir(nodePath.join(directory, 'bin'), { recursive: true })
  await mkdir(nodePath.join(directory, 'shell'))
  const launcher = nodePath.join(directory, 'bin/nexus-registry')
  await writeFile(launcher, await readFile('bin/nexus-registry'))
  await chmod(launcher, 0o755)
  for (const name of ['dist', 'registries', 'schemas', 'package.json'])
    await symlink(nodePath.resolve(name), nodePath.join(directory, name))
  for (const shell of hookedShells)
    await writeFile(nodePath.join(directory, 'shell', `hook.${shell}`), await readFile(hookFile(shell)))
  return launcher
}

describe.each(hookedShells)('the line of README in %s', shell => {
  const test = it.skipIf(findShell(shell) === undefined)
  const after = `echo "first $NEXUS_HAS_DOCKER"`
  const startUp = async (machine: HookedMachine, launcher: string) => {
    const { stdout } = await machine.script([
      'sh',
      '-c',
      `'${launcher.replaceAll("'", "'\\''")}' hook ${shell} --line`,
    ])
    // What it names is the real installation: dist is a link.
    return stdout
      .trim()
      .replaceAll(process.cwd(), nodePath.dirname(nodePath.dirname(launcher)).replaceAll("'", "'\\''"))
  }

  test('brings the integration in, and is silent when the package is gone', async () => {
    const machine = await createHookedMachine()
    const launcher = await install(machine)
    const hook = await startUp(machine, launcher)
    const terminal = await machine.open(shell, { hook, after })
    expect(terminal.greeting).toMatch(/^first 1\n+READY>$/)
    await rm(nodePath.dirname(nodePath.dirname(launcher)), { recursive: true })
    const without = await machine.open(shell, { hook, after })
    expect(without.greeting).toMatch(/^first \n+READY>$/)
    expect(await without.run(`echo ${shell === 'fish' ? '$status' : '$?'}`)).toBe('0\n')
  })

  test('is silent at prompts when the package goes while the shell is running', async () => {
    const machine = await createHookedMachine()
    const launcher = await install(machine)
    const terminal = await machine.open(shell, { hook: await startUp(machine, launcher), after })
    await rm(nodePath.dirname(nodePath.dirname(launcher)), { recursive: true })
    await machine.install('terraform')
    for (const _ of [1, 2, 3]) expect(await terminal.type('')).toMatch(/^\n+READY>$/)
    await rm(machine.at('.cache'), { recursive: true })
    for (const _ of [1, 2]) expect(await terminal.type('')).toMatch(/^\n+READY>$/)
    expect(await terminal.run('echo "$NEXUS_HAS_DOCKER"')).toBe('1\n')
  })
})

it.each(hookedShells.filter(shell => findShell(shell) !== undefined))(
  'in %s a program of a relative element of PATH is not the program',
  async (shell: HookedShell) => {
    const machine = await createHookedMachine()
    await writeScript(machine.at('project/nexus-registry'), `echo planted >>'${machine.at('trace')}'`)
    await writeScript(machine.at('bin/nexus-registry'), `exec '${process.cwd()}/bin/nexus-registry' "$@"`)
    const set = shell === 'fish' ? 'set -g _nexus_registry_program' : '_nexus_registry_program='
    const before = `${shell === 'fish' ? `set -gx PATH . $PATH; ${set}` : `export PATH=.:$PATH; ${set}`}`
    const name = shell === 'fish' ? ' nexus-registry' : 'nexus-registry'
    const terminal = await machine.open(shell, { before: `cd '${machine.at('project')}'; ${before}${name}` })
    expect(await terminal.run('echo "$NEXUS_HAS_DOCKER"')).toBe('1\n')
    await machine.install('terraform')
    await terminal.type('')
    expect(await terminal.run(show)).toBe('1\n')
    await expect(readFile(machine.at('trace'))).rejects.toThrow('ENOENT')
  },
)

describe.each(hookedShells)('in %s, at the next prompt', shell => {
  const test = it.skipIf(findShell(shell) === undefined)

  test('another context is known, of a kubeconfig that appears, is exchanged, or leads elsewhere', async () => {
    const machine = await createHookedMachine()
    await mkdir(machine.at('.kube'))
    await machine.install('kubectl')
    const terminal = await machine.open(shell)
    const context = () => terminal.run('echo "<$NEXUS_K8S_CONTEXT>"')
    expect(await context()).toBe('<>\n')
    for (const name of ['a', 'b', 'c']) {
      const file = machine.at('.kube', name)
      await writeFile(file, `apiVersion: v1\nkind: Config\ncurrent-context: ${name}\ncontexts: []\n`)
      await machine.script(['touch', '-d', '@1', file])
    }
    const config = machine.at('.kube/config')
    await machine.script(['mv', machine.at('.kube/a'), config])
    await terminal.type('')
    expect(await context()).toBe('<a>\n')
    await machine.script(['mv', machine.at('.kube/b'), config])
    await terminal.type('')
    expect(await context()).toBe('<b>\n')
    await machine.script(['ln', '-sf', machine.at('.kube/c'), config])
    await terminal.type('')
    expect(await context()).toBe('<c>\n')
    await machine.script(['rm', config])
    await terminal.type('')
    expect(await context()).toBe('<>\n')
  })

  test('another home of the registries is known', async () => {
    const machine = await createHookedMachine()
    const terminal = await machine.open(shell)
    expect(await terminal.run('echo "$NEXUS_HAS_DOCKER $NEXUS_ENV_STATUS"')).toBe('1 ok\n')
    const assign = shell === 'fish' ? 'set -gx NEXUS_REGISTRY_HOME ' : 'export NEXUS_REGISTRY_HOME='
    await terminal.type(`${assign}${machine.at('nowhere')}`)
    expect(await terminal.run('echo "$NEXUS_ENV_STATUS"')).toBe('failed\n')
  })
})
