import { chown, lstat, mkdir, readdir, rename, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { mountSmallDisk, remountReadOnly } from '../support/homes/small-disk.ts'
import {
  createHookedMachine,
  type HookedMachine,
  type HookedShell,
  hookedShells,
  hookFile,
} from '../support/shells/hooked-machine.ts'
import { findShell } from '../support/shells/shells.ts'

const isRoot = process.getuid?.() === 0
const nobody = 65_534
const launcher = nodePath.resolve('bin/nexus-registry')
const show = 'printf %s "$NEXUS_HAS_DOCKER"'

/** What gives a shell the variables, and words that give it such a script. */
const givers = [
  ['zsh', ['-f', '-c'], `source '${hookFile('zsh')}'`],
  ['bash', ['--norc', '-c'], `source '${hookFile('bash')}'`],
  ['fish', ['--no-config', '-c'], `source '${hookFile('fish')}'`],
  ['sh', ['-c'], `eval "$('${launcher}' env)"`],
] as const

/** Words of an interactive shell that takes its start-up file from there, wherever HOME is. */
function wordsOf(shell: HookedShell, machine: HookedMachine): string {
  if (shell === 'bash') return `--rcfile '${machine.at('.bashrc')}' -i`
  if (shell === 'zsh') return '-d -i'
  return `--no-config -i -C "source '${machine.at('.config/fish/config.fish')}'"`
}

describe.each(hookedShells)('%s starts, and its prompts are silent,', shell => {
  const test = it.skipIf(findShell(shell) === undefined)
  const after = 'echo "first $NEXUS_HAS_DOCKER $NEXUS_ENV_STATUS"'
  const isSilent = async ({ type }: Awaited<ReturnType<HookedMachine['open']>>) => {
    for (const _ of [1, 2]) expect(await type('')).toMatch(/^\n+READY>$/)
  }

  test('without HOME', async () => {
    const machine = await createHookedMachine()
    const before = shell === 'fish' ? 'set -e HOME' : 'unset HOME'
    const terminal = await machine.open(shell, { before, after, words: wordsOf(shell, machine) })
    expect(terminal.greeting).toMatch(/^first 1 ok\n+READY>$/)
    await isSilent(terminal)
  })

  test('when HOME is read-only', async context => {
    const machine = await createHookedMachine()
    await mkdir(machine.at('disk'))
    if (!mountSmallDisk(machine.at('disk'), '1m')) return context.skip('mounting is not permitted')
    remountReadOnly(machine.at('disk'))
    const env = { HOME: machine.at('disk'), ZDOTDIR: machine.directory }
    const terminal = await machine.open(shell, { env, after, words: wordsOf(shell, machine) })
    expect(terminal.greeting).toMatch(/^first 1 ok\n+READY>$/)
    await isSilent(terminal)
  })

  test('when the disk of the cache is full', async context => {
    const machine = await createHookedMachine()
    await mkdir(machine.at('disk'))
    if (!mountSmallDisk(machine.at('disk'), '16k')) return context.skip('mounting is not permitted')
    await writeFile(machine.at('disk', 'large'), 'x'.repeat(16_000))
    const terminal = await machine.open(shell, { env: { XDG_CACHE_HOME: machine.at('disk') }, after })
    expect(terminal.greeting).toMatch(
      /^nexus-registry env: [^\n]*no space is left[^\n]*\nfirst 1 ok\n+READY>$/,
    )
    await isSilent(terminal)
  })

  test('when the program is gone', async () => {
    const machine = await createHookedMachine()
    const name = '_nexus_registry_program'
    const path = machine.at('gone')
    const before = {
      zsh: `setopt err_exit; ${name}='${path}'`,
      bash: `set -e; ${name}='${path}'`,
      fish: `set -g ${name} '${path}'`,
    }[shell]
    const terminal = await machine.open(shell, { before, after })
    expect(terminal.greeting).toMatch(/first {2}\n+READY>$/)
    await isSilent(terminal)
  })

  test('as a login shell', async () => {
    const machine = await createHookedMachine()
    await writeFile(machine.at('.bash_profile'), 'source ~/.bashrc\n')
    // The system's own start-up files may set another one.
    const before =
      shell === 'fish' ? `set -gx PATH '${machine.at('bin')}'` : `export PATH='${machine.at('bin')}'`
    const terminal = await machine.open(shell, { before, after, words: '-l -i' })
    expect(terminal.greeting).toMatch(/first 1 ok\n+READY>$/)
    await isSilent(terminal)
  })
})

describe.each(givers)('in %s', (shell, words, give) => {
  const test = it.skipIf(findShell(shell) === undefined)

  test.each(['no answer is kept', 'an answer is kept'])(
    'the working directory may be gone, when %s',
    async when => {
      const machine = await createHookedMachine()
      if (when === 'an answer is kept') await machine.keep('1')
      const script = `mkdir d; cd d; /bin/rmdir ../d; ${give}; ${show}`
      const { code, stdout, stderr } = await machine.script([shell, ...words, script])
      expect({ code, stdout }).toEqual({ code: 0, stdout: '1' })
      // A shell that starts in such a place may say so.
      expect(stderr).not.toContain('nexus-registry')
    },
  )

  const plots: readonly (readonly [
    string,
    (machine: HookedMachine, answer: string) => Promise<void>,
    boolean,
  ])[] = [
    [
      'whose script is a link',
      async ({ at }, answer) => {
        await rename(answer, at('planted.sh'))
        await symlink(at('planted.sh'), answer)
      },
      true,
    ],
    ['whose script belongs to another user', (_, answer) => chown(answer, nobody, nobody), isRoot],
    [
      'whose script was put there by the owner of the directory',
      async ({ cache }, answer) => {
        await chown(answer, nobody, nobody)
        await chown(nodePath.dirname(answer), nobody, nobody)
        await chown(nodePath.join(cache, 'answers'), nobody, nobody)
      },
      isRoot,
    ],
    ['in a cache of another user', ({ cache }) => chown(cache, nobody, nobody), isRoot],
    [
      'among answers of another user',
      ({ cache }) => chown(nodePath.join(cache, 'answers'), nobody, nobody),
      isRoot,
    ],
  ]
  it.skipIf(findShell(shell) === undefined).each(plots.filter(([, , isPossible]) => isPossible))(
    'no answer is believed %s',
    async (_, plot) => {
      const machine = await createHookedMachine()
      await machine.keep('planted')
      const [answer = ''] = await machine.answers()
      for (const name of ['answer.sh', 'answer.zsh']) await plot(machine, nodePath.join(answer, name))
      await writeFile(nodePath.join(answer, 'answer.json'), '')
      const { code, stdout } = await machine.script([shell, ...words, `${give}; ${show}`])
      expect({ code, stdout }).toEqual({ code: 0, stdout: '1' })
    },
  )

  it.skipIf(findShell(shell) === undefined || !isRoot)(
    'root with the HOME of a user believes nothing there, and leaves nothing there',
    async () => {
      const machine = await createHookedMachine()
      await machine.keep('planted')
      const entries = await readdir(machine.directory, { recursive: true })
      for (const name of ['', ...entries]) await chown(machine.at(name), nobody, nobody)
      const { code, stdout } = await machine.script([shell, ...words, `${give}; ${show}`])
      expect(code).toBe(0)
      expect(stdout).not.toBe('planted')
      const owners = await Promise.all(
        (await readdir(machine.directory, { recursive: true })).map(async name => [
          name,
          (await lstat(machine.at(name))).uid,
        ]),
      )
      expect(owners.filter(([, uid]) => uid !== nobody)).toEqual([])
    },
  )
})
