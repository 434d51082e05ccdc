import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, mkdir, readdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { hazards } from '../support/hostile-strings.ts'
import { runProgram } from '../support/processes/run-program.ts'
import {
  type CompletingUser,
  completeInBash,
  completeInFish,
  createCompletingUser,
  renderScript,
  smallProgram,
} from '../support/shells/completion.ts'
import { pressTab } from '../support/shells/press-tab.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const hasBash = findShell('bash') !== undefined
const hasFish = findShell('fish') !== undefined
const hasZsh = findShell('zsh') !== undefined

const words = [
  ['registry', 'models', 'Known models'],
  ['registry', 'microservices', ''],
  ['id', 'docker', 'Docker, 28.2'],
  ['id', 'gpu', 'GPU'],
  ['id', 'tools/docker', 'Docker, 28.2'],
  ['id', 'a:b@c', 'odd: but an id'],
  ['id', 'x@yz', ''],
  ['ref', 'models/gpt-4o', 'GPT-4o'],
  ['ref', 'models/llama3:8b', 'Llama'],
  ['ref', 'gpt-4o', 'GPT-4o'],
  ['field:models', 'context_tokens', ''],
  ['field:models', 'cost_per_1k_input', ''],
  ['field:models', 'provider', ''],
  ['field:all', 'id', ''],
  ['jq:tools', '.docker', 'Docker'],
  ['jq:tools', '.docker.detected', ''],
  ['jq:tools', '.docker.detected.version', '28.2'],
  ['jq:models', '."gpt-4.1"', 'GPT-4.1'],
  ['jq:models', '."gpt-4.1".provider', 'openai'],
] as const

type Row = readonly [line: string, inBash: readonly string[], inFish?: readonly string[]]

/** Line, its words as bash replies them, and as fish shows them when that is something else. */
const table: readonly Row[] = [
  ['nexus-registry has do', ['docker']],
  ['nexus-registry has tools/', ['tools/docker']],
  ['nexus-registry has docker g', ['gpu']],
  ['nexus-registry -v has --json g', ['gpu']],
  ['nexus-registry --config x has g', ['gpu']],
  ['nexus-registry has -- g', ['gpu']],
  ['nexus-registry has a:', ['b@c'], ['a:b@c']],
  ['nexus-registry has a:b@', ['@c'], ['a:b@c']],
  ["nexus-registry has 'do", ['docker']],
  ['nexus-registry env --sh', ['--shell']],
  ['nexus-registry env --shell z', ['zsh']],
  ['nexus-registry env --shell=z', ['zsh'], ['--shell=zsh']],
  ['nexus-registry --quiet env --shell ba', ['bash']],
  ['nexus-registry validate --format js', ['json']],
  ['nexus-registry validate --horizon ', []],
  ['nexus-registry validate --rule pattern', ['pattern=error', 'pattern=off', 'pattern=warn']],
  ['nexus-registry validate --rule pattern=o', ['off'], ['pattern=off']],
  ['nexus-registry validate --rule=pattern=o', ['off'], ['--rule=pattern=off']],
  ['nexus-registry list m', ['microservices', 'models']],
  ['nexus-registry ls mo', ['models']],
  ['nexus-registry sync tools m', ['microservices', 'ml_frameworks', 'models']],
  ['nexus-registry completion f', ['fish']],
  ['nexus-registry help va', ['validate']],
  ['nexus-registry wor', []],
  ['nexus-registry has --no', ['--no-color']],
  ['nexus-registry init ./d', ['./dir'], ['./dir/']],
  ['nexus-registry --home d', ['dir'], ['dir/']],
  ['nexus-registry --home=d', ['dir'], ['--home=dir/']],
  ['nexus-registry validate dir/f', ['dir/file one.json']],
  ['nexus-registry explain gp', ['gpt-4o']],
  ['nexus-registry query models --where co', ['context_tokens', 'cost_per_1k_input']],
  ["nexus-registry query models --where 'con", ['context_tokens']],
  ['nexus-registry query models --sort provider,con', ['provider,context_tokens']],
  ['nexus-registry query models --select=pro', ['provider'], ['--select=provider']],
  ['nexus-registry query --sort i', ['id']],
  ['nexus-registry query tools --sort i', []],
  ['nexus-registry query --arg a ', []],
  ['nexus-registry query --arg a b mo', ['models']],
  ['nexus-registry query --slurpfile ', []],
  ['nexus-registry query --slurpfile a dir/f', ['dir/file one.json']],
]

const smallTable: readonly Row[] = [
  ['nexus-registry explain models/', ['models/gpt-4o', 'models/llama3:8b']],
  ['nexus-registry explain models/llama3:', ['8b'], ['models/llama3:8b']],
  ['nexus-registry explain --registry mo', ['models']],
  ['nexus-registry explain -d models/g', ['models/gpt-4o']],
  ['nexus-registry query mo', ['models']],
  ['nexus-registry query tools .', ['.docker']],
  ['nexus-registry q tools .docker', ['.docker', '.docker.detected']],
  ['nexus-registry query tools --no-raw .docker.', ['.docker.detected']],
  ["nexus-registry query tools '.docker.detected.", ['.docker.detected.version']],
  ['nexus-registry query models .', ['.\\"gpt-4.1\\"'], ['."gpt-4.1"']],
  ["nexus-registry query models '.", ['."gpt-4.1"']],
  ['nexus-registry query models \'."gpt-4.1".', ['."gpt-4.1".provider']],
  ['nexus-registry query nothing .', []],
  ['nexus-registry sec', []],
]

describe.skipIf(!hasBash)('bash', () => {
  test.each(toRows(table))('offers after $line', async ({ line, inBash }) => {
    const user = await createUser()
    expect((await completeInBash(line, renderScript('bash'), user)).sort()).toEqual(inBash)
    expect(user.calls()).toEqual([])
  })

  test.each(toRows(smallTable))('offers after $line, refs and jq paths', async ({ line, inBash }) => {
    const user = await createUser()
    expect((await completeInBash(line, renderScript('bash', smallProgram), user)).sort()).toEqual(inBash)
  })

  test.skipIf(!findShell('shellcheck'))('has a script without faults', () => {
    expect(check('shellcheck', ['-s', 'bash', '-'], renderScript('bash'))).toBe('')
  })
})

describe.skipIf(!hasFish)('fish', () => {
  test.each(toRows(table))('offers after $line', async ({ line, inFish }) => {
    const user = await createUser()
    expect(toWords(await completeInFish(line, renderScript('fish'), user))).toEqual(inFish)
    expect(user.calls()).toEqual([])
  })

  test.each(toRows(smallTable))('offers after $line, refs and jq paths', async ({ line, inFish }) => {
    const user = await createUser()
    expect(toWords(await completeInFish(line, renderScript('fish', smallProgram), user))).toEqual(inFish)
  })

  test('says what each is', async () => {
    const user = await createUser()
    const offered = await completeInFish('nexus-registry has do', renderScript('fish'), user)
    expect(offered).toEqual(['docker\tDocker, 28.2'])
  })

  test('has a script without faults', async () => {
    const file = nodePath.join(await temporaryDirectory(), 'script.fish')
    await writeFile(file, renderScript('fish'))
    expect(check('fish', ['--no-execute', file], '')).toBe('')
  })
})

/** What is typed at a terminal, and the call that comes of it. */
const keys = {
  'nexus-registry has do\t': '[has][docker]',
  'nexus-registry -v has tools/d\t': '[-v][has][tools/docker]',
  'nexus-registry has a\t': '[has][a:b@c]',
  'nexus-registry has a:\t': '[has][a:b@c]',
  'nexus-registry has a:b\t': '[has][a:b@c]',
  'nexus-registry has a:b@\t': '[has][a:b@c]',
  'nexus-registry has x@y\t': '[has][x@yz]',
  'nexus-registry env --shell=z\t': '[env][--shell=zsh]',
  'nexus-registry --config=dir/f\t has --j\tgp\t': '[--config=dir/file one.json][has][--json][gpu]',
  'nexus-registry validate dir/f\t': '[validate][dir/file one.json]',
  'nexus-registry query --slurpfile a dir/f\t': '[query][--slurpfile][a][dir/file one.json]',
  'nexus-registry sync tools ml\t': '[sync][tools][ml_frameworks]',
  'echo; nexus-registry has do\t': '[has][docker]',
  'nexus-registry has "do\t': '[has][docker]',
  'nexus-registry query models --where con\t': '[query][models][--where][context_tokens]',
  'nexus-registry query models --sort provider,con\t': '[query][models][--sort][provider,context_tokens]',
}

const smallKeys = {
  'nexus-registry explain models/ll\t': '[explain][models/llama3:8b]',
  'nexus-registry query tools .docker.\t.\t': '[query][tools][.docker.detected.version]',
  'nexus-registry query models .\t': '[query][models][."gpt-4.1"]',
  'nexus-registry query models .\t.p\t': '[query][models][."gpt-4.1".provider]',
}

describe.skipIf(!hasZsh).each(['zsh', 'bash'] as const)('%s at a terminal', shell => {
  test.skipIf(!findShell(shell)).each([
    ['the real program', keys, undefined],
    ['refs and jq paths', smallKeys, smallProgram],
  ])('completes %s', async (_, expected, program) => {
    const user = await createUser()
    const script = renderScript(shell, program)
    await pressTab(shell, Object.keys(expected), { script, user })
    expect(user.calls()).toEqual(Object.values(expected))
  })

  test('completes inside quotes', async () => {
    const user = await createUser()
    // Readline closes the quotes when there is nothing else; zsh leaves that to whoever goes on typing.
    const typed = { zsh: "nexus-registry q models '.\t.\t'", bash: "nexus-registry q tools '.docker.\t" }
    const calls = { zsh: '[q][models][."gpt-4.1".provider]', bash: '[q][tools][.docker.detected]' }
    await pressTab(shell, [typed[shell]], { script: renderScript(shell, smallProgram), user })
    expect(user.calls()).toEqual([calls[shell]])
  })

  test('starts nothing but what is called, with nounset', async () => {
    const user = await createUser()
    const options = 'set -u;'
    await pressTab(shell, ['nexus-registry has do\t'], { script: renderScript(shell), user, options })
    expect(user.calls()).toEqual(['[has][docker]'])
  })
})

describe.skipIf(!hasZsh)('zsh', () => {
  test.each(['', 'setopt ksh_arrays sh_word_split no_unset;', 'setopt glob_subst no_nomatch rc_quotes;'])(
    'says what each is, with %j',
    async options => {
      const user = await createUser()
      const lines = ['nexus-registry \t\x15', 'nexus-registry has \t\x15']
      const [names, ids] = await pressTab('zsh', lines, { script: renderScript('zsh'), user, options })
      expect(names).toMatch(/^doctor +-- Check the installation: home, caches, PATH, interpreter *$/m)
      expect(ids).toMatch(/^tools\/docker +docker +-- Docker, 28\.2 *$/m)
      expect(ids).toMatch(/^a:b@c +-- odd: but an id *$/m)
      expect(user.calls()).toEqual([])
    },
  )

  test('finds it in fpath', async () => {
    const user = await createUser()
    await mkdir(nodePath.join(user.directory, 'functions'))
    await writeFile(nodePath.join(user.directory, 'functions/_nexus-registry'), renderScript('zsh'))
    const options = `fpath+=(${user.directory}/functions); compinit -u -D;`
    await pressTab('zsh', ['nexus-registry has do\t', 'nexus-registry has gp\t'], {
      script: '',
      user,
      options,
    })
    expect(user.calls()).toEqual(['[has][docker]', '[has][gpu]'])
  })

  test('says nothing without compinit', () => {
    expect(check('zsh', ['-f', '-c', `set -u\n${renderScript('zsh')}`], '')).toBe('')
  })

  test('finds no fault in the script', () => {
    expect(check('zsh', ['-f', '-n'], renderScript('zsh'))).toBe('')
  })
})

describe('hostile words', () => {
  const shown = hazards.filter(text => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(text))
  const hostile = shown.map(text => `h${text}`).filter((text, index, all) => all.indexOf(text) === index)

  async function createHostileUser(): Promise<CompletingUser> {
    const user = await createUser()
    await user.keep(hostile.map(word => ['id', word, `is ${word} $(touch canary)\`touch canary\` 'a' "b"`]))
    return user
  }

  async function expectHarmless(user: CompletingUser): Promise<void> {
    expect(existsSync(nodePath.join(user.directory, 'canary'))).toBe(false)
    expect(user.calls()).toEqual([])
  }

  test.skipIf(!hasFish)('are what fish offers', async () => {
    const user = await createHostileUser()
    const offered = await completeInFish('nexus-registry has h', renderScript('fish'), user)
    expect(toWords(offered).sort()).toEqual(hostile.toSorted())
    await expectHarmless(user)
  })

  test.skipIf(!hasBash)('are what bash offers, quoted', async () => {
    const user = await createHostileUser()
    const replies = await completeInBash('nexus-registry has h', renderScript('bash'), user)
    const read = check('bash', ['-c', `printf '%s\\n' ${replies.join(' ')}`], '')
    expect(read.trimEnd().split('\n').sort()).toEqual(hostile.toSorted())
    await expectHarmless(user)
  })

  test.skipIf(!hasZsh)('are shown by zsh as they are', async () => {
    const user = await createHostileUser()
    const lines = ['nexus-registry has h\t\x15']
    const [screen = ''] = await pressTab('zsh', lines, { script: renderScript('zsh'), user })
    expect(hostile.filter(word => !screen.includes(word))).toEqual([])
    await expectHarmless(user)
  })

  test.skipIf(!hasZsh).each(['zsh', 'bash'] as const)(
    'are put on the line by %s as one word',
    async shell => {
      const user = await createUser()
      const hard = [
        'a$(touch canary)',
        'b`touch canary`',
        'c;touch canary;',
        'd*',
        "e'",
        'f"',
        'g a',
        'h!!',
        'i~',
        'j{1,2}',
        'k\\',
      ]
      await user.keep(hard.map(word => ['id', word, word]))
      const lines = hard.map(word => `nexus-registry has ${word[0]}\t`)
      await pressTab(shell, lines, { script: renderScript(shell), user })
      expect(user.calls()).toEqual(hard.map(word => `[has][${word}]`))
      expect(existsSync(nodePath.join(user.directory, 'canary'))).toBe(false)
    },
  )
})

describe.each([
  ['bash', hasBash, completeInBash],
  [
    'fish',
    hasFish,
    async (...args: Parameters<typeof completeInFish>) => toWords(await completeInFish(...args)),
  ],
  ['zsh', hasZsh, completeInZsh],
] as const)('the file of words, to %s', (shell, isHere, complete) => {
  const offer = (user: CompletingUser, home = '') =>
    complete(`nexus-registry ${home}has podm`, renderScript(shell), user)

  const createHomeUser = async () => {
    const user = await createUser()
    await mkdir(user.home, { recursive: true, mode: 0o700 })
    await writeHome(user.home)
    const past = new Date(Date.now() - 60_000)
    for (const name of await readdir(user.home)) await utimes(nodePath.join(user.home, name), past, past)
    return user
  }

  test.skipIf(!isHere)('is enough when it is young', async () => {
    const user = await createHomeUser()
    await user.keep([['id', 'podmark', '']])
    expect(await offer(user)).toEqual(['podmark'])
    expect(user.calls().filter(call => call.includes('words'))).toEqual([])
  })

  test.skipIf(!isHere).each<[string, (user: CompletingUser) => Promise<void>]>([
    ['is missing', ({ cache }) => rm(cache)],
    [
      'is older than a registry',
      async ({ home }) => writeFile(nodePath.join(home, 'tool_registry.json'), soundTexts.tools),
    ],
    [
      'is a link',
      async ({ cache }) => {
        await rename(cache, `${cache}-elsewhere`)
        await symlink(`${cache}-elsewhere`, cache)
      },
    ],
    ['is a directory', async ({ cache }) => rm(cache).then(async () => void (await mkdir(cache)))],
  ])('is not believed when it %s: the program is asked', async (_, damage) => {
    const user = await createHomeUser()
    await user.keep([['id', 'podmark', '']])
    await utimes(user.cache, new Date(Date.now() - 30_000), new Date(Date.now() - 30_000))
    await damage(user)
    expect(await offer(user)).toEqual(['podman'])
    expect(user.calls().filter(call => call.includes('words'))).toEqual(['[words]'])
  })

  test.skipIf(!isHere || process.getuid?.() !== 0)('is not believed when it is another user’s', async () => {
    const user = await createHomeUser()
    await user.keep([['id', 'podmark', '']])
    await chown(user.cache, 12_345, 12_345)
    expect(await offer(user)).toEqual(['podman'])
  })

  test.skipIf(!isHere)('is kept once it was asked for, and then read', async () => {
    const user = await createHomeUser()
    await rm(user.cache)
    expect(await offer(user)).toEqual(['podman'])
    expect(await offer(user)).toEqual(['podman'])
    expect(user.calls().filter(call => call.includes('words'))).toEqual(['[words]'])
    expect((await stat(user.cache)).mode & 0o777).toBe(0o600)
  })

  test.skipIf(!isHere)('is that of the home that the line or the environment names', async () => {
    const user = await createHomeUser()
    const other = nodePath.join(user.directory, 'other')
    await rename(user.home, other)
    expect(await offer(user, '--home ./other ')).toEqual(['podman'])
    expect(await offer(user, `--home=${other}/ `)).toEqual(['podman'])
    expect(await offer(user, '--home ~/other ')).toEqual(['podman'])
    const moved = { ...user, env: { ...user.env, NEXUS_REGISTRY_HOME: other } }
    expect(await offer(moved)).toEqual(['podman'])
    expect(user.calls().filter(call => call.includes('words'))).toEqual(['[--home][./other][words]'])
  })
})

describe('words', () => {
  test('is silent whatever goes wrong', async () => {
    const { directory } = await createUser()
    const run = await runProgram(['words', '--home', 'nowhere'], { directory })
    expect(run).toEqual({ code: 0, stdout: '', stderr: '' })
    await writeFile(nodePath.join(directory, '.config'), 'no directory')
    expect(await runProgram(['words', '--config', 'nowhere'], { directory })).toMatchObject({
      code: 0,
      stderr: '',
    })
  })
})

describe('completion', () => {
  test.each(['zsh', 'bash', 'fish'])('prints the script for %s', async shell => {
    const { directory } = await createUser()
    const run = await runProgram(['completion', shell], { directory })
    expect(run).toEqual({ code: 0, stdout: renderScript(shell), stderr: '' })
  })

  test.each([
    [['completion'], 'error: no shell given\nhint: Supported: zsh, bash, fish\n'],
    [['completion', 'csh'], 'error: unsupported shell "csh"\nhint: Supported: zsh, bash, fish\n'],
  ])('%j says what there is', async (args, stderr) => {
    const { directory } = await createUser()
    expect(await runProgram(args, { directory })).toEqual({ code: 2, stdout: '', stderr })
  })
})

function toRows(rows: readonly Row[]) {
  return rows.map(([line, inBash, inFish = inBash]) => ({ line, inBash, inFish }))
}

/** A user with words, and with files to name. */
async function createUser(): Promise<CompletingUser> {
  const user = await createCompletingUser()
  await user.keep(words)
  await mkdir(nodePath.join(user.directory, 'dir'))
  await writeFile(nodePath.join(user.directory, 'dir/file one.json'), '')
  return user
}

/** What zsh makes of the line, as its last word. */
async function completeInZsh(line: string, script: string, user: CompletingUser): Promise<string[]> {
  await pressTab('zsh', [`${line}\t`], { script, user })
  return [/\[([^\]]*)\]$/.exec(user.calls().at(-1) ?? '')?.[1] ?? '']
}

function toWords(lines: readonly string[]): string[] {
  return lines.map(line => line.split('\t')[0] ?? '')
}

/** All that a program prints when it is given a script. */
function check(program: string, args: readonly string[], input: string): string {
  const { stdout, stderr } = spawnSync(findShell(program) ?? program, args, { input, encoding: 'utf8' })
  return stdout + stderr
}
