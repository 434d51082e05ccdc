import { execFileSync } from 'node:child_process'
import { cp, mkdir, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import { cacheKeyVariables } from '../../src/env/cache/cache-key.ts'
import { cacheExports, maxCachedExports } from '../../src/env/cache/cached-exports.ts'
import { writeScript } from '../support/processes/script.ts'
import { ageAnswers } from '../support/shells/age-exports.ts'
import {
  type AnsweringMachine,
  createAnsweringMachine,
  editFile,
  longAgo,
  makeOld,
} from '../support/shells/exporting-machine.ts'
import { missingReaders, readAll, readers, realReaders } from '../support/shells/freshness-readers.ts'
import { createTestHost } from '../support/test-host.ts'

type At = AnsweringMachine['at']
type Change = (machine: AnsweringMachine) => unknown
type Row = readonly [
  sentence: string,
  change: Change,
  outcome: 'fresh' | 'stale' | 'other',
  /** What the machine is like when the answer is kept. */
  before?: Change,
]

// Not a shim of a version manager: those need the variables of this process.
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim()

const tools = 'tool_registry.json'
const hour = 3_600_000

const ages: readonly Row[] = [
  ['nothing', () => undefined, 'fresh'],
  ['almost all of its time', ({ cache }) => ageAnswers(cache, 270_000), 'fresh'],
  ['more than its time', ({ cache }) => ageAnswers(cache, 301_000), 'stale'],
  ['half a year', ({ cache }) => ageAnswers(cache, 180 * 24 * hour), 'stale'],
  ['a clock that is set back', ({ cache }) => ageAnswers(cache, -hour), 'stale'],
]

const variables: readonly Row[] = [
  ...cacheKeyVariables.map((name): Row => [`another ${name}`, machine => setOther(name, machine), 'other']),
  ['another order of PATH', ({ env, at }) => Object.assign(env, { PATH: swap(env.PATH, at) }), 'other'],
  ['an empty VIRTUAL_ENV instead of none', toSet({ VIRTUAL_ENV: '' }), 'fresh'],
  ['variables that it does not depend on', toSet({ EDITOR: 'vi', NEXUS_HAS_DOCKER: '0' }), 'fresh'],
  [
    'another cache directory',
    ({ env, at }) => Object.assign(env, { XDG_CACHE_HOME: at('elsewhere') }),
    'other',
  ],
  ['XDG_CACHE_HOME that is what it is without', toSet({ XDG_CACHE_HOME: undefined }), 'fresh'],
  ['another working directory', machine => Object.assign(machine, { cwd: machine.at('sbin') }), 'fresh'],
  [
    'a configuration of the project',
    ({ at }) => writeFile(at('.nexus-registryrc.json'), '{"concurrency": 2}'),
    'fresh',
  ],
]

/** Whether the key of a provider is set, and not which key. */
const keys: readonly Row[] = [
  ['the key of a provider that is set', toSet({ OPENAI_API_KEY: 'x' }), 'other'],
  [
    'the key of a provider that is unset',
    toSet({ OPENAI_API_KEY: undefined }),
    'other',
    toSet({ OPENAI_API_KEY: 'x' }),
  ],
  ['an empty key', toSet({ OPENAI_API_KEY: '' }), 'fresh'],
  ['another key', toSet({ OPENAI_API_KEY: 'y' }), 'fresh', toSet({ OPENAI_API_KEY: 'x' })],
  [
    'the key of one provider instead of another',
    toSet({ OPENAI_API_KEY: undefined, GROQ_API_KEY: 'x' }),
    'other',
    toSet({ OPENAI_API_KEY: 'x' }),
  ],
  ['a file with a key that goes', ({ at }) => unlink(at('key')), 'other', nameKeyFile],
  ['nothing, with a file', () => undefined, 'fresh', nameKeyFile],
  ['another file', ({ env, at }) => Object.assign(env, { ONE_FILE: at('bin/docker') }), 'fresh', nameKeyFile],
  ['a provider that is added', machine => addProvider(machine, {}), 'other'],
]

/** PATH's directories decide, and not how they are spelled. */
const spellings: readonly Row[] = [
  ['the link that a version manager makes for each shell', linkForShell('2'), 'fresh', linkForShell('1')],
  [
    'that link when the one before is gone',
    async machine => {
      await linkForShell('2')(machine)
      await rm(machine.at('shells/1'))
    },
    'fresh',
    linkForShell('1'),
  ],
  [
    'a link that leads to another directory',
    async ({ env, at }) => {
      await link(at('store/two'), at('elsewhere'))
      env.PATH = (env.PATH ?? '').replace(at('profile'), at('elsewhere'))
    },
    'other',
  ],
  ['a slash behind each element', ({ env }) => setPath(env, path => path.replaceAll(':', '/:')), 'fresh'],
  [
    'elements by way of others',
    ({ env }) => setPath(env, path => path.replace('/sbin', '/bin/../sbin')),
    'fresh',
  ],
  ['everything twice', ({ env }) => setPath(env, path => `${path}:${path}`), 'fresh'],
  [
    'a directory twice, with another between',
    ({ env, at }) => setPath(env, path => path.replace(`${at('sbin')}:`, `${at('sbin')}:${at('bin')}:`)),
    'fresh',
  ],
  [
    'the real directory of a link',
    ({ env, at }) => setPath(env, path => path.replace(at('profile'), at('store/one'))),
    'fresh',
  ],
  [
    'missing elements',
    ({ env, at }) => setPath(env, path => `${at('gone')}:${path}:${at('gone/too')}`),
    'fresh',
  ],
  [
    'relative and empty elements',
    ({ env }) => setPath(env, path => `.::node_modules/.bin:${path}:`),
    'fresh',
  ],
  ['a file on PATH', ({ env, at }) => setPath(env, path => `${at('bin/docker')}:${path}`), 'fresh'],
  ['another directory first', ({ env, at }) => setPath(env, path => `${at('other')}:${path}`), 'other'],
  ['another directory last', ({ env, at }) => setPath(env, path => `${path}:${at('other')}`), 'other'],
  [
    'one directory less',
    ({ env, at }) => setPath(env, path => path.replace(`:${at('profile')}`, '')),
    'other',
  ],
  [
    'a change in a directory that is spelled anew',
    async machine => {
      await linkForShell('2')(machine)
      await addTool(machine)
    },
    'other',
    linkForShell('1'),
  ],
]

/** What has the very same times, but is not the same. */
const exchanges: readonly Row[] = [
  ['a directory of PATH in place of another', ({ at }) => replaceBy(at('sbin'), at('other')), 'other'],
  [
    'a kubeconfig in place of another',
    ({ at }) => replaceBy(at('.kube/config'), at('.kube/two')),
    'other',
    machine => writeKubeconfigs(machine, '.kube'),
  ],
  [
    'a kubeconfig of KUBECONFIG in place of another',
    ({ at }) => replaceBy(at('kube/config'), at('kube/two')),
    'other',
    async machine => {
      await writeKubeconfigs(machine, 'kube')
      machine.env.KUBECONFIG = machine.at('kube/config')
    },
  ],
  [
    'a link in place of a kubeconfig',
    ({ at }) => link(at('.kube/two'), at('.kube/config')),
    'other',
    machine => writeKubeconfigs(machine, '.kube'),
  ],
  [
    'another target of the link that is the kubeconfig',
    ({ at }) => link(at('kube/two'), at('.kube/config')),
    'other',
    async machine => {
      await writeKubeconfigs(machine, 'kube')
      await link(machine.at('kube/config'), machine.at('.kube/config'))
    },
  ],
  [
    'a link that leads nowhere in place of a kubeconfig',
    ({ at }) => link(at('nowhere'), at('.kube/config')),
    'other',
    machine => writeKubeconfigs(machine, '.kube'),
  ],
  [
    'the target of a link that led nowhere',
    ({ at }) => writeFile(at('nowhere'), ''),
    'other',
    ({ at }) => link(at('nowhere'), at('.kube/config')),
  ],
  [
    'a configuration in place of another',
    ({ at }) => replaceBy(at('.config/nexus-registry/config.json'), at('.config/nexus-registry/two')),
    'other',
    async ({ at }) => {
      await writeConfig(at, { concurrency: 2 })
      await writeFile(at('.config/nexus-registry/two'), '{"concurrency": 3}')
      await makeOld(at('.config'))
    },
  ],
  ['other files beside those that count', ({ at }) => writeFile(at('beside'), ''), 'fresh'],
  [
    'other files beside a kubeconfig',
    ({ at }) => mkdir(at('.kube/cache')),
    'fresh',
    machine => writeKubeconfigs(machine, '.kube'),
  ],
]

/** What only those see who read when a file was changed, and not just its time. */
const rewrites: readonly Row[] = [
  [
    'a kubeconfig that is rewritten in place under its old time',
    async ({ at }) => {
      await writeFile(at('.kube/config'), 'kind: Other')
      await utimes(at('.kube/config'), longAgo, longAgo)
    },
    'other',
    machine => writeKubeconfigs(machine, '.kube'),
  ],
  [
    'a directory of PATH that gets a program and its old time back',
    async machine => {
      await addTool(machine)
      await utimes(machine.at('sbin'), longAgo, longAgo)
    },
    'other',
  ],
]

const directories: readonly Row[] = [
  ['a program that appears on PATH', ({ at }) => writeScript(at('sbin/podman'), ''), 'other'],
  ['a program that goes from PATH', ({ at }) => unlink(at('bin/docker')), 'other'],
  ['a directory of PATH that is removed', ({ at }) => rm(at('sbin'), { recursive: true }), 'other'],
  ['a missing directory of PATH that appears', ({ at }) => mkdir(at('missing')), 'other'],
  ['an older directory in place of one of PATH', ({ at }) => exchange(at, longAgo - 60), 'other'],
  ['a younger directory in place of one of PATH', ({ at }) => exchange(at, longAgo + 60), 'other'],
  ['a link on PATH that leads elsewhere', ({ at }) => link(at('store/two'), at('profile')), 'other'],
  [
    'a link on PATH to another directory of the same time, as in a Nix store',
    ({ at }) => link(at('store/two'), at('profile')),
    'other',
    ({ at }) => makeOld(at('store'), 1),
  ],
  [
    'a link above a directory of PATH that leads elsewhere',
    ({ at }) => link(at('generation/two'), at('current')),
    'other',
    async machine => {
      for (const name of ['one', 'two']) await writeScript(machine.at('generation', name, 'bin/tool'), '')
      await makeOld(machine.at('generation'), 1)
      await symlink(machine.at('generation/one'), machine.at('current'))
      machine.env.PATH += `:${machine.at('current/bin')}`
    },
  ],
  ['a directory on PATH of 1970', () => undefined, 'fresh', ({ at }) => utimes(at('sbin'), 0, 0)],
  ['a change in a directory of 1970', addTool, 'other', ({ at }) => utimes(at('sbin'), 0, 0)],
  ['a directory on PATH of the second after', () => undefined, 'fresh', ({ at }) => utimes(at('sbin'), 1, 1)],
  ['a change in that', addTool, 'other', ({ at }) => utimes(at('sbin'), 1, 1)],
  [
    'directories of whole seconds, as an archive has them',
    () => undefined,
    'fresh',
    ({ at }) => makeOld(at(), longAgo - 0.5),
  ],
  [
    'directories of hostile names on PATH',
    () => undefined,
    'fresh',
    async ({ env, at }) => {
      for (const name of hostileNames) {
        await mkdir(at(name))
        await utimes(at(name), longAgo, longAgo)
        env.PATH += `:${at(name)}`
      }
    },
  ],
  [
    'a change in a directory of a hostile name',
    ({ at }) => writeScript(at(hostileNames[0] ?? '', 'tool'), ''),
    'other',
    async ({ env, at }) => {
      await mkdir(at(hostileNames[0] ?? ''))
      env.PATH += `:${at(hostileNames[0] ?? '')}`
    },
  ],
]

const hostileNames = [
  'a b  \'c\' "d" \\e \\\\ $(touch canary) `touch canary` * ? [a] \n ~ é 漢 \u202e',
  "'",
  '\\',
  '*',
  '-n',
]

const homes: readonly Row[] = [
  ['a tool that is added', machine => editTools(machine, machine.home), 'other'],
  ['registries that are exchanged for some of the same time', exchangeTools, 'other'],
  ['a registry that is broken', ({ home }) => writeFile(nodePath.join(home, tools), '{'), 'other'],
  ['a registry that is removed', ({ home }) => unlink(nodePath.join(home, tools)), 'other'],
  ['another cache_ttl_seconds', editTtl, 'other'],
  [
    'a change in the home that another question was answered with since',
    async machine => {
      await editTtl(machine)
      await makeOld(machine.home, longAgo + 60)
      machine.env.VIRTUAL_ENV = machine.at('venv')
      await machine.run('env')
      delete machine.env.VIRTUAL_ENV
    },
    'other',
  ],
  [
    'another registry',
    ({ home }) => editFile(nodePath.join(home, 'model_registry.json'), text => `${text}\n`),
    'fresh',
  ],
  [
    'a change in the home of NEXUS_REGISTRY_HOME',
    machine => editTools(machine, machine.at('named')),
    'other',
    nameHome,
  ],
  ['nothing, with NEXUS_REGISTRY_HOME', () => undefined, 'fresh', nameHome],
  ['nothing, with a home of the configuration', () => undefined, 'fresh', configureHome],
  [
    'a change in the home of the configuration',
    machine => editTools(machine, machine.at('named')),
    'other',
    configureHome,
  ],
  ['another home in the configuration', ({ at, home }) => writeConfig(at, { home }), 'other', configureHome],
  [
    'a link to the home that leads to another of the same time',
    ({ at }) => link(at('named'), at('link')),
    'other',
    async machine => {
      await nameHome(machine)
      await editTtl(machine)
      await makeOld(machine.home)
      await link(machine.home, machine.at('link'))
      machine.env.NEXUS_REGISTRY_HOME = machine.at('link')
    },
  ],
]

const files: readonly Row[] = [
  ['a configuration that appears', ({ at }) => writeConfig(at, {}), 'other'],
  [
    'a configuration in YAML that appears',
    ({ at }) => writeFile(at('.config/nexus-registry/config.yml'), ''),
    'other',
  ],
  ['nothing, with a configuration', () => undefined, 'fresh', writeOldConfig],
  ['a configuration that changes', ({ at }) => writeConfig(at, { concurrency: 3 }), 'other', writeOldConfig],
  [
    'a configuration that goes',
    ({ at }) => unlink(at('.config/nexus-registry/config.json')),
    'other',
    writeOldConfig,
  ],
  ['a kubeconfig that appears', ({ at }) => writeFile(at('.kube/config'), ''), 'other'],
  [
    'a kubeconfig that changes',
    ({ at }) => writeFile(at('.kube/config'), 'kind: Config'),
    'other',
    async ({ at }) => {
      await writeFile(at('.kube/config'), '')
      await makeOld(at('.kube'))
    },
  ],
  ['an update of the program', updateProgram, 'other'],
]

const others: readonly Row[] = [
  [
    'an answer to another question that is kept as well',
    async machine => {
      machine.env.VIRTUAL_ENV = machine.at('venv')
      await machine.keep()
      delete machine.env.VIRTUAL_ENV
    },
    'fresh',
  ],
  [
    'an answer to another question, which is asked now',
    async machine => {
      machine.env.VIRTUAL_ENV = machine.at('venv')
      await machine.keep()
    },
    'fresh',
  ],
  ['as many others as are kept', machine => keepOthers(machine, maxCachedExports), 'other'],
  ['one less than that', machine => keepOthers(machine, maxCachedExports - 1), 'fresh'],
]

/** What happens within the second of the look. */
const moments: readonly Row[] = [
  [
    'a sync of another terminal with another PATH',
    async machine => {
      const { PATH } = machine.env
      machine.env.PATH = machine.at('bin')
      await machine.run('sync')
      machine.env.PATH = PATH
    },
    'fresh',
  ],
  [
    'a sync of the same question',
    async machine => {
      await machine.run('sync')
      expect(await machine.values()).toEqual(['1'])
      await machine.mark()
    },
    'fresh',
  ],
  ['a sync of tools alone', machine => machine.run('sync', 'tools'), 'fresh'],
  [
    'a sync with an interpreter of its own',
    async machine => {
      await machine.run(
        'sync',
        '--python',
        await writeScript(machine.at('other/python'), `exec '${python}' "$@"`),
      )
    },
    'fresh',
  ],
  [
    'a directory on PATH of a time to come',
    () => undefined,
    'fresh',
    ({ at }) => utimes(at('sbin'), 9e9, 9e9),
  ],
  ['a change in that', addTool, 'other', ({ at }) => utimes(at('sbin'), 9e9, 9e9)],
]

const table = [
  ...[...variables, ...keys, ...spellings, ...directories],
  ...[...exchanges, ...homes, ...files, ...others],
]

describe('a kept answer after', () => {
  // What a process of its own adds to the program is a refresh that outlives it.
  for (const row of ages) it(row[0], () => expectAll(row, realReaders))
  for (const row of table) it(row[0], () => expectAll(row, readers))
})

describe('but for those who see whole seconds, a kept answer after', () => {
  const sharp = realReaders.filter(({ seesSeconds }) => !seesSeconds)
  for (const row of moments) it(row[0], () => expectAll(row, sharp))
})

describe('for those who read inodes, a kept answer after', () => {
  const exact = readers.filter(({ name }) => name === 'zsh' || name === 'the program')
  for (const row of rewrites) it(row[0], () => expectAll(row, exact))
})

it.skipIf(missingReaders.length > 0)('everyone who decides has been asked', () => {
  expect(readers).toHaveLength(6)
})

async function expectAll([, change, outcome, before]: Row, chosen: typeof readers): Promise<void> {
  const machine = await createAnsweringMachine()
  await before?.(machine)
  await machine.keep()
  await change(machine)
  const expected = chosen.map(({ name }) => [name, outcome])
  expect(await readAll(machine, chosen)).toEqual(Object.fromEntries(expected))
}

function toSet(values: Record<string, string | undefined>): Change {
  return ({ env }) => Object.assign(env, values)
}

function setOther(name: (typeof cacheKeyVariables)[number], { env, at }: AnsweringMachine): void {
  const values: Partial<Record<typeof name, string>> = {
    NEXUS_REGISTRY_TIMEOUT: '10',
  }
  env[name] = values[name] ?? at('elsewhere')
}

function setPath(env: AnsweringMachine['env'], change: (path: string) => string): void {
  env.PATH = change(env.PATH ?? '')
}

async function nameKeyFile(machine: AnsweringMachine): Promise<void> {
  await addProvider(machine, { key_env: ['ONE_FILE'], file_env: ['ONE_FILE'] })
  await writeFile(machine.at('key'), '')
  machine.env.ONE_FILE = machine.at('key')
  await makeOld(machine.home)
}

function addProvider({ home }: AnsweringMachine, more: object): Promise<void> {
  const entry = { endpoint: 'https://one.example', auth_type: 'bearer', key_env: 'ONE_KEY', models: [] }
  return editFile(nodePath.join(home, 'provider_registry.json'), text =>
    JSON.stringify({ ...JSON.parse(text), one: { ...entry, ...more } }),
  )
}

/** Puts a link to a directory on PATH, as fnm does for each shell. */
function linkForShell(shell: string): Change {
  return async ({ env, at }) => {
    await mkdir(at('shells'), { recursive: true })
    const made = await mkdir(at('versions/bin'), { recursive: true })
    if (made !== undefined) await utimes(at('versions/bin'), longAgo, longAgo)
    await symlink(at('versions'), at('shells', shell))
    setPath(env, path => `${at('shells', shell, 'bin')}:${path.replace(/^[^:]*shells[^:]*:/, '')}`)
  }
}

/** Puts one in the place of another: both have the same time. */
async function replaceBy(path: string, other: string): Promise<void> {
  await rename(path, `${path}.old`)
  await rename(other, path)
}

async function writeKubeconfigs({ at }: AnsweringMachine, directory: string): Promise<void> {
  await mkdir(at(directory), { recursive: true })
  for (const name of ['config', 'two'])
    await writeFile(at(directory, name), `kind: Config\ncurrent-context: ${name}\n`)
  await makeOld(at(directory))
}

function swap(path: string | undefined, at: At): string {
  return (path ?? '').replace(`${at('bin')}:${at('sbin')}`, `${at('sbin')}:${at('bin')}`)
}

function addTool({ at }: AnsweringMachine): Promise<unknown> {
  return writeScript(at('sbin/podman'), '')
}

async function exchange(at: At, seconds: number): Promise<void> {
  await utimes(at('other'), seconds, seconds)
  await rename(at('sbin'), at('away'))
  await rename(at('other'), at('sbin'))
}

async function link(target: string, path: string): Promise<void> {
  await rm(path, { force: true })
  await symlink(target, path)
}

function addPodmanOf(text: string): string {
  return text.replace('"which docker"', '"which podman"')
}

function editTools(_: AnsweringMachine, home: string): Promise<void> {
  return editFile(nodePath.join(home, tools), addPodmanOf)
}

async function exchangeTools({ home }: AnsweringMachine): Promise<void> {
  const file = nodePath.join(home, tools)
  await cp(file, `${file}.new`)
  await editFile(`${file}.new`, addPodmanOf)
  await utimes(`${file}.new`, longAgo, longAgo)
  await rename(`${file}.new`, file)
}

function editTtl({ home }: AnsweringMachine): Promise<void> {
  return editFile(nodePath.join(home, 'hyper_registry.json'), text =>
    text.replace(/"cache_ttl_seconds": \d+/, '"cache_ttl_seconds": 7'),
  )
}

async function copyHome({ at }: AnsweringMachine): Promise<void> {
  await cp('registries', at('named'), { recursive: true })
  await makeOld(at('named'))
}

async function nameHome(machine: AnsweringMachine): Promise<void> {
  await copyHome(machine)
  machine.env.NEXUS_REGISTRY_HOME = machine.at('named')
}

async function configureHome(machine: AnsweringMachine): Promise<void> {
  await copyHome(machine)
  await writeConfig(machine.at, { home: machine.at('named') })
  await makeOld(machine.at('.config'))
}

function writeConfig(at: At, config: object): Promise<void> {
  return writeFile(at('.config/nexus-registry/config.json'), JSON.stringify(config))
}

async function writeOldConfig({ at }: AnsweringMachine): Promise<void> {
  await writeConfig(at, { concurrency: 2 })
  await makeOld(at('.config'))
}

async function updateProgram(machine: AnsweringMachine): Promise<void> {
  for (const answer of await machine.answers()) {
    for (const file of ['answer.json', 'answer.sh', 'answer.zsh'])
      await editFile(nodePath.join(answer, file), text =>
        text.replace(/(version(?:=| == ')|_asked ')[\d.]+/, (_, start) => `${start}0.0.9`),
      )
  }
}

async function keepOthers({ at }: AnsweringMachine, count: number): Promise<void> {
  const host = await createTestHost({ overrides: { env: {}, userHome: at() } })
  for (let index = 0; index < count; index += 1) {
    const answer = { cacheKey: `q${index}`, checkedAt: host.clock.now(), ttlSeconds: 300, variables: [] }
    await cacheExports(answer, undefined, host)
  }
}
