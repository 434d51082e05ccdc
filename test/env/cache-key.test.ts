import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { cacheKeyVariables, describeCacheKey, isCacheKeyStable } from '../../src/env/cache/cache-key.ts'
import { program } from '../../src/lib/program.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

// The clock of a file system ticks: what is changed within one tick has the time that it had.
const then = 1_700_000_000.5

const providers = {
  one: { key_env: 'ONE_KEY', required_env: ['ONE_URL'], general_env: ['CLOUD_PROFILE'] },
  set: { key_env: ['SET_KEY', 'FILE_KEY'], file_env: ['FILE_KEY'] },
  open: { auth_type: 'none', key_env: 'OPEN_KEY' },
  hostile: { key_env: ['A;touch x', '$(x)', 7, 'constructor', '_', 'IFS', 'path'], file_env: 'x' },
}
const tools = { docker: { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' } }

/** A machine: two directories on PATH, a home and a user's configuration. */
interface Machine {
  readonly host: TestHost
  readonly env: Record<string, string | undefined>
  options: { home: string; configFile?: string }
  at(...parts: string[]): string
}

const changes: readonly (readonly [string, (machine: Machine) => unknown])[] = [
  ['PATH', ({ env, at }) => Object.assign(env, { PATH: `${at('bin')}:${at('sbin')}:${at('config')}` })],
  ['the order of PATH', ({ env, at }) => Object.assign(env, { PATH: `${at('sbin')}:${at('bin')}` })],
  ['a program that appears on PATH', ({ at }) => writeFile(at('bin', 'docker'), '')],
  ['a program that goes from PATH', ({ at }) => unlink(at('sbin', 'tool'))],
  ['a program that is renamed', ({ at }) => rename(at('sbin', 'tool'), at('sbin', 'other'))],
  ['a directory of PATH that is removed', ({ at }) => rm(at('sbin'), { recursive: true })],
  ['a directory of PATH that is replaced', ({ at }) => replaceDirectory(at('sbin'))],
  ['VIRTUAL_ENV', ({ env }) => Object.assign(env, { VIRTUAL_ENV: '/venv' })],
  ['CONDA_PREFIX', ({ env }) => Object.assign(env, { CONDA_PREFIX: '/conda' })],
  ['PYENV_VERSION', ({ env }) => Object.assign(env, { PYENV_VERSION: '3.13' })],
  ['an explicit interpreter', ({ options }) => Object.assign(options, { python: '/python' })],
  ['an explicit deadline', ({ options }) => Object.assign(options, { timeoutMs: 10 })],
  ['the home', machine => Object.assign(machine.options, { home: machine.at('other-home') })],
  ['tool_registry.json', ({ at }) => writeFile(at('home', 'tool_registry.json'), '{')],
  [
    'ml_framework_registry.json',
    ({ at }) => writeFile(at('home', 'ml_framework_registry.json'), '{"a": {}}'),
  ],
  ['hyper_registry.json', ({ at }) => writeFile(at('home', 'hyper_registry.json'), '{"a": 1}')],
  ['a registry of the same size and time', ({ at }) => replaceFile(at('home', 'tool_registry.json'))],
  ['a registry of the same time', ({ at }) => rewriteFile(at('home', 'tool_registry.json'))],
  ['an entry that is changed', ({ at }) => writeEntry(at('home'), { detection: 'which podman' })],
  ['a registry that is removed', ({ at }) => unlink(at('home', 'tool_registry.json'))],
  [
    "the user's configuration",
    ({ at }) => writeFile(at('config', 'nexus-registry', 'config.json'), '{"a":1}'),
  ],
  ['a configuration that appears', ({ at }) => writeFile(at('config', 'nexus-registry', 'config.yaml'), '')],
  ['KUBECONFIG', ({ env }) => Object.assign(env, { KUBECONFIG: '/kube' })],
  ['a kubeconfig that appears', ({ at }) => writeFile(at('.kube', 'config'), '')],
  ['HOME', ({ env }) => Object.assign(env, { HOME: '/elsewhere' })],
  ['a variable of a provider', ({ env }) => Object.assign(env, { ONE_KEY: 'x' })],
  ['a variable that a provider requires', ({ env }) => Object.assign(env, { ONE_URL: 'x' })],
  ['a file of a provider that goes', ({ at }) => unlink(at('key'))],
  [
    'a directory in place of that file',
    async ({ at }) => {
      await unlink(at('key'))
      await mkdir(at('key'))
    },
  ],
  ['providers', ({ at }) => writeFile(at('home', 'provider_registry.json'), '{}')],
  ['--config', machine => Object.assign(machine.options, { configFile: 'home/hyper_registry.json' })],
]

const unrelated: readonly (readonly [string, (machine: Machine) => unknown])[] = [
  ['nothing', () => undefined],
  ['a missing element of PATH', ({ env }) => Object.assign(env, { PATH: `/nowhere:${env.PATH}` })],
  ['a file on PATH', ({ env, at }) => Object.assign(env, { PATH: `${at('sbin/tool')}:${env.PATH}` })],
  ['a directory twice on PATH', ({ env, at }) => Object.assign(env, { PATH: `${env.PATH}:${at('bin')}/` })],
  [
    'a link to a directory of PATH in its place',
    async ({ env, at }) => {
      await symlink(at('bin'), at('link'))
      Object.assign(env, { PATH: `${at('link')}:${at('home')}/../sbin` })
    },
  ],
  ['another variable', ({ env }) => Object.assign(env, { EDITOR: 'vi', NEXUS_HAS_DOCKER: '1' })],
  ['another key in a variable of a provider', ({ env }) => Object.assign(env, { SET_KEY: 'other' })],
  ['an empty variable of a provider', ({ env }) => Object.assign(env, { ONE_KEY: '' })],
  ['general credentials', ({ env }) => Object.assign(env, { CLOUD_PROFILE: 'x' })],
  ['a variable of a provider without a key', ({ env }) => Object.assign(env, { OPEN_KEY: 'x' })],
  ['the number of probes at once', ({ env }) => Object.assign(env, { NEXUS_REGISTRY_CONCURRENCY: '2' })],
  ['an empty VIRTUAL_ENV', ({ env }) => Object.assign(env, { VIRTUAL_ENV: '' })],
  ['another registry', ({ at }) => writeFile(at('home', 'model_registry.json'), '{}')],
  ['a file elsewhere', ({ at }) => writeFile(at('elsewhere'), '')],
  ["a project's configuration", ({ at }) => writeFile(at('.nexus-registryrc.json'), '{}')],
  ['detections', ({ at }) => writeEntry(at('home'), { detected: { status: 'present' } })],
  ['the time of a registry', ({ at }) => utimes(at('home', 'tool_registry.json'), 1, 1.5)],
  ['access to a program', ({ at }) => readFile(at('sbin', 'tool'))],
]

describe('a cache key', () => {
  it.each(changes)('changes with %s', async (_, change) => {
    const machine = await createMachine()
    const before = await textOf(machine)
    await change(machine)
    expect(await textOf(machine)).not.toBe(before)
  })

  it.each(unrelated)('stays the same with %s', async (_, change) => {
    const machine = await createMachine()
    const before = await textOf(machine)
    await change(machine)
    expect(await textOf(machine)).toBe(before)
  })

  it('is a list of lines like those of stat, without missing files', async () => {
    const machine = await createMachine()
    const stat = (format: string, ...files: readonly string[]) =>
      execFileSync('stat', ['-L', '-c', format, ...files], { encoding: 'utf8' })
    const directories = stat('directory=%d %i %s %.3Y %.3Z', machine.at('bin'), machine.at('sbin'))
    const config = machine.at('config', 'nexus-registry', 'config.json')
    const stats = directories + stat('stat=%d %i %s %.3Y %.3Z %n', config)
    const { checked } = await describeCacheKey(machine.options, machine.host)
    const facts = [
      `version=${program.version}`,
      `home=${machine.at('home')}`,
      `definitions=${checked.definitions.id}`,
      'python=',
      'timeout_ms=',
    ]
    const variables = cacheKeyVariables.map(name => `${name}=${machine.env[name] ?? ''}`)
    expect(await textOf(machine)).toBe(
      `${[...facts, ...variables, ''].join('\n')}${stats}set=FILE_KEY SET_KEY\nfiles=FILE_KEY\n`,
    )
  })

  it('keeps values with newlines apart', async () => {
    const [one, two] = [await createMachine(), await createMachine()]
    Object.assign(one.env, { VIRTUAL_ENV: 'a\nCONDA_PREFIX=b', CONDA_PREFIX: 'c' })
    Object.assign(two.env, { VIRTUAL_ENV: 'a', CONDA_PREFIX: 'b\nCONDA_PREFIX=c' })
    const lines = await Promise.all(
      [one, two].map(async machine =>
        (await textOf(machine)).split('\n').filter(line => /^VIRTUAL|^CONDA/.test(line)),
      ),
    )
    expect(lines[0]).not.toEqual(lines[1])
  })

  it('never checks empty and relative elements of PATH', async () => {
    const machine = await createMachine()
    Object.assign(machine.env, { PATH: `:bin:.:${machine.at('bin')}` })
    const { checked } = await describeCacheKey(machine.options, machine.host)
    expect(checked.pathElements.map(({ path }) => path)).toEqual([machine.at('bin')])
  })

  it('does not wait for a directory that hangs', async () => {
    const machine = await createMachine()
    const { host } = machine
    const stuck = {
      ...host.fs,
      statAnywhere: (path: string) =>
        path === machine.at('bin') ? new Promise<undefined>(() => undefined) : host.fs.stat(path),
    }
    const { checked, text } = await describeCacheKey(machine.options, { ...host, fs: stuck })
    expect(checked.pathElements.map(({ state }) => state !== undefined)).toEqual([false, true])
    expect(text.match(/^directory=/gm)).toHaveLength(1)
  })

  it('treats an unreadable directory as missing', async () => {
    const machine = await createMachine()
    const { host } = machine
    const refuse = { ...host.fs, statAnywhere: () => Promise.reject(new Error('EACCES')) }
    const cacheKey = await describeCacheKey(machine.options, { ...host, fs: refuse })
    expect(cacheKey.text).not.toMatch(/^(?:stat|directory)=/m)
  })
})

describe('a cache key is stable', () => {
  const ages = [
    ['when its files are old', 10_000, 10_000, false, true],
    ['not when a directory of PATH was changed just now', 5, 10_000, false, false],
    ['not when a registry was changed just now', 10_000, 5, false, false],
    ['when the caller itself has just written the registries', 10_000, 5, true, true],
    ['when a directory has a time in the future', -60_000, 10_000, false, true],
  ] as const
  it.each(ages)('%s', async (_, pathAge, homeAge, isOwnHome, expected) => {
    const machine = await createMachine()
    // Later than what no test can set: the time at which these files were made.
    const now = Math.floor(Date.now() / 1000) + 100
    const setAge = (age: number, ...parts: string[]) =>
      utimes(machine.at(...parts), now - age / 1000, now - age / 1000)
    await setAge(pathAge, 'bin')
    await setAge(homeAge, 'home', 'tool_registry.json')
    for (const name of ['ml_framework', 'hyper']) await setAge(10_000, 'home', `${name}_registry.json`)
    await setAge(10_000, 'config', 'nexus-registry', 'config.json')
    const clock = { ...machine.host.clock, now: () => now * 1000 }
    const cacheKey = await describeCacheKey(machine.options, { ...machine.host, clock })
    expect(isCacheKeyStable(cacheKey, { isOwnHome })).toBe(expected)
  })
})

async function createMachine(): Promise<Machine> {
  const env: Record<string, string | undefined> = {}
  const host = await createTestHost({ overrides: { env } })
  const at = (...parts: string[]) => nodePath.join(host.directory, ...parts)
  Object.assign(env, { PATH: `${at('bin')}:${at('sbin')}`, XDG_CONFIG_HOME: at('config') })
  for (const name of ['bin', 'sbin', 'home', 'config/nexus-registry', '.kube'])
    await mkdir(at(name), { recursive: true })
  await writeFile(at('sbin', 'tool'), '')
  await writeFile(at('config', 'nexus-registry', 'config.json'), '{}')
  for (const name of ['ml_framework', 'hyper']) await writeFile(at('home', `${name}_registry.json`), '{}')
  await writeFile(at('home', 'tool_registry.json'), JSON.stringify(tools))
  await writeFile(at('home', 'provider_registry.json'), JSON.stringify(providers))
  await writeFile(at('key'), '')
  Object.assign(env, { SET_KEY: 'one', FILE_KEY: at('key') })
  for (const name of ['bin', 'sbin', 'home/tool_registry.json']) await utimes(at(name), then, then)
  return { host, env, options: { home: at('home') }, at }
}

async function textOf({ host, options }: Machine): Promise<string> {
  return (await describeCacheKey(options, host)).text
}

async function writeEntry(home: string, entry: object): Promise<void> {
  await writeFile(
    nodePath.join(home, 'tool_registry.json'),
    JSON.stringify({ ...tools, docker: { ...tools.docker, ...entry } }),
  )
}

// Directories of a Nix store all have the same time.
async function replaceDirectory(directory: string): Promise<void> {
  await rename(directory, `${directory}.old`)
  await mkdir(`${directory}.new`)
  await writeFile(nodePath.join(`${directory}.new`, 'tool'), '')
  await utimes(`${directory}.new`, then, then)
  await symlink(`${directory}.new`, directory)
}

async function replaceFile(file: string): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(tools).replace('which docker', 'which podman'))
  await utimes(`${file}.new`, then, then)
  await rename(`${file}.new`, file)
}

async function rewriteFile(file: string): Promise<void> {
  await writeFile(file, '{ "a": {} }')
  await utimes(file, then, then)
}
