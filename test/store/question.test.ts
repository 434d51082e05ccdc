import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { program } from '../../src/core/program.ts'
import { afterOwnWrites, describeQuestion, renderQuestion } from '../../src/store/question.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

// The clock of a file system ticks: what is changed within one tick has the time that it had.
const then = 1_700_000_000.5

/** A machine to ask about: two directories on PATH, a home and a user's configuration. */
interface Machine {
  readonly host: TestHost
  readonly env: Record<string, string | undefined>
  options: { home: string; configFile?: string }
  at(...parts: string[]): string
}

const changes: readonly (readonly [string, (machine: Machine) => unknown])[] = [
  ['PATH', ({ env, at }) => Object.assign(env, { PATH: `${at('bin')}:${at('sbin')}:/nowhere` })],
  ['the order of PATH', ({ env, at }) => Object.assign(env, { PATH: `${at('sbin')}:${at('bin')}` })],
  ['a program that appears on PATH', ({ at }) => writeFile(at('bin', 'docker'), '')],
  ['a program that goes from PATH', ({ at }) => unlink(at('sbin', 'tool'))],
  ['a program that is renamed', ({ at }) => rename(at('sbin', 'tool'), at('sbin', 'other'))],
  ['a directory of PATH that is removed', ({ at }) => rm(at('sbin'), { recursive: true })],
  ['a directory of PATH that is exchanged', ({ at }) => exchange(at('sbin'))],
  ['VIRTUAL_ENV', ({ env }) => Object.assign(env, { VIRTUAL_ENV: '/venv' })],
  ['CONDA_PREFIX', ({ env }) => Object.assign(env, { CONDA_PREFIX: '/conda' })],
  ['PYENV_VERSION', ({ env }) => Object.assign(env, { PYENV_VERSION: '3.13' })],
  ['an interpreter that is named', ({ options }) => Object.assign(options, { python: '/python' })],
  ['a deadline that is named', ({ options }) => Object.assign(options, { timeoutMs: 10 })],
  ['the home', machine => Object.assign(machine.options, { home: machine.at('other-home') })],
  ['tool_registry.json', ({ at }) => writeFile(at('home', 'tool_registry.json'), '{ }')],
  ['ml_framework_registry.json', ({ at }) => writeFile(at('home', 'ml_framework_registry.json'), '{ }')],
  ['hyper_registry.json', ({ at }) => writeFile(at('home', 'hyper_registry.json'), '{ }')],
  ['a registry of the same size and time', ({ at }) => replace(at('home', 'tool_registry.json'))],
  ['a registry of the same time', ({ at }) => rewrite(at('home', 'tool_registry.json'))],
  ['a registry of the same size', ({ at }) => utimes(at('home', 'tool_registry.json'), 1, 1.5)],
  ['a registry that is removed', ({ at }) => unlink(at('home', 'tool_registry.json'))],
  [
    "the user's configuration",
    ({ at }) => writeFile(at('config', 'nexus-registry', 'config.json'), '{"a":1}'),
  ],
  ['a configuration that appears', ({ at }) => writeFile(at('config', 'nexus-registry', 'config.yaml'), '')],
  ['--config', machine => Object.assign(machine.options, { configFile: 'home/hyper_registry.json' })],
]

const unrelated: readonly (readonly [string, (machine: Machine) => unknown])[] = [
  ['nothing', () => undefined],
  ['another variable', ({ env }) => Object.assign(env, { EDITOR: 'vi', NEXUS_HAS_DOCKER: '1' })],
  ['the number of probes at once', ({ env }) => Object.assign(env, { NEXUS_REGISTRY_CONCURRENCY: '2' })],
  ['an empty VIRTUAL_ENV', ({ env }) => Object.assign(env, { VIRTUAL_ENV: '' })],
  ['another registry', ({ at }) => writeFile(at('home', 'model_registry.json'), '{}')],
  ['a file elsewhere', ({ at }) => writeFile(at('elsewhere'), '')],
  ["a project's configuration", ({ at }) => writeFile(at('.nexus-registryrc.json'), '{}')],
  ['access to a program', ({ at }) => readFile(at('sbin', 'tool'))],
]

describe('a question', () => {
  it.each(changes)('becomes another with %s', async (_, change) => {
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

  it('is a list of lines that stat prints alike, and missing files have none', async () => {
    const machine = await createMachine()
    const { PATH } = machine.env
    const files = [
      machine.at('bin'),
      machine.at('sbin'),
      machine.at('config', 'nexus-registry', 'config.json'),
      ...['tool', 'ml_framework', 'hyper'].map(name => machine.at('home', `${name}_registry.json`)),
    ]
    const stats = execFileSync('stat', ['-L', '-c', 'stat=%i %s %.3Y %n', ...files], { encoding: 'utf8' })
    const facts = [
      `version=${program.version}`,
      `home=${machine.at('home')}`,
      'python=',
      'timeout_ms=',
      `PATH=${PATH}`,
    ]
    const variables = ['VIRTUAL_ENV=', 'CONDA_PREFIX=', 'PYENV_VERSION=', '']
    expect(await textOf(machine)).toBe([...facts, ...variables].join('\n') + stats)
  })

  it('keeps apart what a newline would run together', async () => {
    const [one, two] = [await createMachine(), await createMachine()]
    Object.assign(one.env, { VIRTUAL_ENV: 'a\nCONDA_PREFIX=b', CONDA_PREFIX: 'c' })
    Object.assign(two.env, { VIRTUAL_ENV: 'a', CONDA_PREFIX: 'b\nCONDA_PREFIX=c' })
    const lines = await Promise.all(
      [one, two].map(async machine => (await textOf(machine)).split('\n').slice(5, 8)),
    )
    expect(lines[0]).not.toEqual(lines[1])
  })

  it('never looks at empty and relative elements of PATH', async () => {
    const machine = await createMachine()
    Object.assign(machine.env, { PATH: `:bin:.:${machine.at('bin')}` })
    const stats = (await textOf(machine)).split('\n').filter(line => line.startsWith('stat='))
    expect(stats.filter(line => line.endsWith('bin'))).toEqual([expect.stringContaining(machine.at('bin'))])
  })

  it('does not wait for a directory that never answers', async () => {
    const machine = await createMachine()
    const { host } = machine
    const stuck = {
      ...host.fs,
      stat: (path: string) =>
        path === machine.at('bin') ? new Promise<undefined>(() => undefined) : host.fs.stat(path),
    }
    const { surroundings } = await describeQuestion(machine.options, { ...host, fs: stuck })
    expect(surroundings).not.toContain(` ${machine.at('bin')}\n`)
    expect(surroundings).toContain(` ${machine.at('sbin')}\n`)
  })

  it('takes an unreadable directory for a missing one', async () => {
    const machine = await createMachine()
    const { host } = machine
    const refuse = { ...host.fs, stat: () => Promise.reject(new Error('EACCES')) }
    const question = await describeQuestion(machine.options, { ...host, fs: refuse })
    expect(renderQuestion(question)).not.toContain('stat=')
  })
})

describe('afterOwnWrites', () => {
  it('gives the question with the files as they are after the write', async () => {
    const machine = await createMachine()
    const before = await describeQuestion(machine.options, machine.host)
    await writeFile(machine.at('home', 'tool_registry.json'), '{"a": 1}')
    const after = await describeQuestion(machine.options, machine.host)
    const asked = afterOwnWrites(before, after, ['tools', 'ml_frameworks'])
    expect(asked && renderQuestion(asked)).toBe(renderQuestion(after))
  })

  it('keeps what was asked when PATH has changed since', async () => {
    const machine = await createMachine()
    const before = await describeQuestion(machine.options, machine.host)
    await writeFile(machine.at('bin', 'docker'), '')
    const after = await describeQuestion(machine.options, machine.host)
    expect(afterOwnWrites(before, after, ['tools'])).toEqual(before)
  })

  it('gives none when somebody else has changed a registry', async () => {
    const machine = await createMachine()
    const before = await describeQuestion(machine.options, machine.host)
    await writeFile(machine.at('home', 'hyper_registry.json'), '{"a": 1}')
    const after = await describeQuestion(machine.options, machine.host)
    expect(afterOwnWrites(before, after, ['tools', 'ml_frameworks'])).toBeUndefined()
  })
})

async function createMachine(): Promise<Machine> {
  const env: Record<string, string | undefined> = {}
  const host = await createTestHost({ overrides: { env } })
  const at = (...parts: string[]) => nodePath.join(host.directory, ...parts)
  Object.assign(env, { PATH: `${at('bin')}:${at('sbin')}`, XDG_CONFIG_HOME: at('config') })
  for (const name of ['bin', 'sbin', 'home', 'config/nexus-registry'])
    await mkdir(at(name), { recursive: true })
  await writeFile(at('sbin', 'tool'), '')
  await writeFile(at('config', 'nexus-registry', 'config.json'), '{}')
  for (const name of ['tool', 'ml_framework', 'hyper'])
    await writeFile(at('home', `${name}_registry.json`), '{}')
  for (const name of ['bin', 'sbin', 'home/tool_registry.json']) await utimes(at(name), then, then)
  return { host, env, options: { home: at('home') }, at }
}

async function textOf({ host, options }: Machine): Promise<string> {
  return renderQuestion(await describeQuestion(options, host))
}

// Directories of a Nix store all have the same time.
async function exchange(directory: string): Promise<void> {
  await rename(directory, `${directory}.old`)
  await mkdir(`${directory}.new`)
  await writeFile(nodePath.join(`${directory}.new`, 'tool'), '')
  await utimes(`${directory}.new`, then, then)
  await symlink(`${directory}.new`, directory)
}

async function replace(file: string): Promise<void> {
  await writeFile(`${file}.new`, '[]')
  await utimes(`${file}.new`, then, then)
  await rename(`${file}.new`, file)
}

async function rewrite(file: string): Promise<void> {
  await writeFile(file, '{ }')
  await utimes(file, then, then)
}
