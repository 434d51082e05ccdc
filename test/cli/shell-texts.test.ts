import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, test } from 'vitest'
import { program } from '../../src/lib/program.ts'
import { createHookedMachine, hookedShells, hookFile } from '../support/shells/hooked-machine.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const run = promisify(execFile)
const launcher = nodePath.resolve('bin/nexus-registry')
const main = nodePath.resolve('dist/main.cjs')

const checks = [
  ['shellcheck', ['-s', 'sh'], 'bin/nexus-registry'],
  ['shellcheck', ['-s', 'bash'], 'shell/hook.bash'],
  ['shellcheck', ['-s', 'bash'], 'what hook bash prints'],
  ['bash', ['-n'], 'shell/hook.bash'],
  ['dash', ['-n'], 'bin/nexus-registry'],
  ['zsh', ['-f', '-n'], 'shell/hook.zsh'],
  ['zsh', ['-f', '-n'], 'nexus-registry.plugin.zsh'],
  ['zsh', ['-f', '-n'], 'what hook zsh prints'],
  ['fish', ['--no-execute'], 'shell/hook.fish'],
  ['fish', ['--no-execute'], 'what hook fish prints'],
] as const

describe.each(checks)('%s %j', (checker, args, what) => {
  const found = findShell(checker)
  it.skipIf(found === undefined)(`finds nothing in ${what}`, async () => {
    const [, shell] = /^what hook (\w+) prints$/.exec(what) ?? []
    const file = shell ? nodePath.join(await temporaryDirectory(), `hook.${shell}`) : what
    if (shell) await writeFile(file, (await run(launcher, ['hook', shell])).stdout)
    expect(await run(found ?? checker, [...args, file])).toEqual({ stdout: '', stderr: '' })
  })
})

describe.each(hookedShells)('hook %s', shell => {
  test('is the same from the launcher, through a link, as from the program', async () => {
    const link = nodePath.join(await temporaryDirectory(), 'link')
    await symlink(launcher, link)
    const [expected, direct, linked] = await Promise.all([
      run(process.execPath, [main, 'hook', shell]),
      run(launcher, ['hook', shell]),
      run(link, ['hook', shell]),
    ])
    expect(direct).toEqual(expected)
    expect(linked.stdout.replace(link, launcher)).toBe(expected.stdout)
    expect(expected.stdout).toContain(await readFile(hookFile(shell), 'utf8'))
    expect((await run(launcher, ['hook', shell, '--path'])).stdout).toBe(`${hookFile(shell)}\n`)
  })

  test.skipIf(findShell(shell) === undefined).each(['with space', "o'clock \\ $(touch x)"])(
    'brings in the integration from an installation in %j',
    async place => {
      const machine = await createHookedMachine()
      await machine.keep('1')
      const link = machine.at(place, 'nexus-registry')
      await mkdir(nodePath.dirname(link))
      await symlink(launcher, link)
      const evaluate = shell === 'fish' ? '"$LINK" hook fish | source' : `eval "$("$LINK" hook ${shell})"`
      const script = `${evaluate}; printf %s "$NEXUS_HAS_DOCKER $_nexus_registry_program"`
      const words = shell === 'fish' ? ['--no-config', '-c'] : ['-c']
      const result = await machine.script([shell, ...words, script], { LINK: link })
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect([`1 ${link}`, `1 ${launcher}`]).toContain(result.stdout)
    },
  )
})

test('the conditions of an answer are the same in the launcher and in bash', async () => {
  const blocks = await Promise.all(
    ['bin/nexus-registry', 'shell/hook.bash'].map(async file => {
      const [, block] =
        /^# --- conditions [^\n]*\n([\s\S]*)^# --- end of conditions ---$/m.exec(
          await readFile(file, 'utf8'),
        ) ?? []
      return block
    }),
  )
  expect(blocks[0]).toContain('_nexus_registry_same()')
  expect(blocks[1]).toBe(blocks[0])
})

test.each(['bin/nexus-registry', 'shell/hook.zsh', 'shell/hook.bash'])(
  '%s is of this version',
  async file => {
    const text = await readFile(file, 'utf8')
    const versions = [...text.matchAll(/version=(\S+)/g)].map(([, version]) => version)
    expect(versions).toEqual([program.version])
  },
)

const links = [
  [
    'of a global installation',
    {
      'bin/nexus-registry': '../lib/node_modules/nexus-registry/bin/nexus-registry',
      'lib/node_modules/nexus-registry': '',
    },
  ],
  [
    'in node_modules/.bin',
    {
      'node_modules/.bin/nexus-registry': '../nexus-registry/bin/nexus-registry',
      'node_modules/nexus-registry': '',
    },
  ],
  [
    'of npm link',
    {
      'project/node_modules/.bin/nexus-registry': '../nexus-registry/bin/nexus-registry',
      'project/node_modules/nexus-registry': '../../lib/node_modules/nexus-registry',
      'lib/node_modules/nexus-registry': '',
    },
  ],
] as const

describe.each(links)('the link %s', (_, layout) => {
  test.each(['absolute', 'relative', 'on PATH'])('starts the program when its name is %s', async how => {
    const directory = await temporaryDirectory()
    for (const [name, target] of Object.entries(layout)) {
      await mkdir(nodePath.dirname(nodePath.join(directory, name)), { recursive: true })
      await symlink(target || process.cwd(), nodePath.join(directory, name))
    }
    const [link = ''] = Object.keys(layout)
    const path = nodePath.join(directory, link)
    const command = { absolute: path, relative: `./${link}`, 'on PATH': 'nexus-registry' }[how] ?? ''
    const env = { ...process.env, PATH: `${nodePath.dirname(path)}:${process.env.PATH}` }
    const { stdout } = await run('/bin/sh', ['-c', `${command} --version; ${command} hook zsh`], {
      cwd: directory,
      env,
    })
    expect(stdout.startsWith(`${program.version}\n`)).toBe(true)
    expect(stdout).toContain('_nexus_registry_precmd')
  })
})

const posixShells = [
  ['dash', []],
  ['bash', []],
  ['busybox', ['ash']],
  ['ksh', []],
  ['ksh93', []],
  ['zsh', ['--emulate', 'sh']],
] as const

test.each(posixShells.filter(([shell]) => findShell(shell) !== undefined))(
  'in %s %j the launcher gives an answer that is kept without any program',
  async (shell, words) => {
    const machine = await createHookedMachine()
    const env = { PATH: machine.at('empty') }
    await mkdir(env.PATH)
    const give = (form: string) => machine.script([shell, ...words, launcher, 'env', '--shell', form], env)
    // A shell that sees whole seconds takes no answer that was looked for in the very second of a change.
    await expect
      .poll(() => machine.keep('kept', env).then(() => give('sh')), { timeout: 20_000 })
      .toMatchObject({ code: 0, stderr: '' })
    for (const form of ['sh', 'zsh', 'bash', 'fish']) {
      const { stdout, ...rest } = await give(form)
      expect({ form, ...rest }).toEqual({ form, code: 0, stderr: '' })
      expect(stdout).toMatch(/NEXUS_HAS_DOCKER[= ]\$?'?kept/)
    }
  },
)

test.skipIf(findShell('mksh') === undefined)(
  'in mksh, whose numbers are too small for times, the launcher leaves the answer to the program',
  async () => {
    const machine = await createHookedMachine()
    await machine.keep('kept')
    const answer = await machine.script(['mksh', launcher, 'env'])
    expect(answer).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("NEXUS_HAS_DOCKER='kept'"),
      stderr: '',
    })
    expect(await machine.started()).toContain('node env')
  },
)
