import { mkdir, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ConfigRequest, loadConfig } from '../../src/config/load-config.ts'
import { NexusError } from '../../src/lib/errors.ts'
import { readConfigFile } from '../../src/platform/node/read-config-file.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const userFile = 'config/nexus-registry/config.yaml'
const quietPlace = nodePath.resolve('registries')

interface Scene {
  files: Record<string, string>
  cwd?: string
  env?: Record<string, string>
}

async function createScene({ files, cwd = 'work', env = {} }: Scene): Promise<TestHost> {
  const host = await createTestHost({ env })
  await mkdir(nodePath.join(host.directory, cwd), { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    const path = nodePath.join(host.directory, name)
    await mkdir(nodePath.dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  return { ...host, cwd: nodePath.join(host.directory, cwd) }
}

function load(host: TestHost, request: Partial<ConfigRequest> = {}) {
  return loadConfig(
    { flag: undefined, mode: 'strict', ...request },
    { ...host, readConfigFile: (path, parse) => readConfigFile(path, { parse, quietPlace }) },
  )
}

const defaults = {
  home: undefined,
  python: undefined,
  platformRoot: undefined,
  concurrency: undefined,
  timeoutMs: undefined,
  network: { allowPrivate: [], checkCredentials: [], upstreams: {} },
  alerts: { webhook: undefined, command: undefined },
  server: {
    host: undefined,
    port: undefined,
    socket: undefined,
    cert: undefined,
    key: undefined,
    allowedHosts: [],
    rateLimit: undefined,
  },
  validate: { rules: {}, strict: false, horizonDays: undefined },
  query: {},
  graph: {},
  upgrade: 'automatic',
  imports: {},
  files: [],
}

test('without a file everything is the default', async () => {
  const host = await createScene({ files: {} })
  expect(await load(host)).toEqual({ config: defaults, notes: [] })
})

describe('where it is found', () => {
  const strict = { validate: { strict: true } }
  const asJson = JSON.stringify(strict)
  const asYaml = 'validate:\n  strict: true\n'
  const asPackage = JSON.stringify({ name: 'x', 'nexus-registry': strict })
  test.each<[string, string, string]>([
    ["the user's config.json", 'config/nexus-registry/config.json', asJson],
    ["the user's config.yaml", 'config/nexus-registry/config.yaml', asYaml],
    ["the user's config.yml", 'config/nexus-registry/config.yml', asYaml],
    ['YAML without an ending', 'work/.nexus-registryrc', asYaml],
    ['JSON without an ending', 'work/.nexus-registryrc', asJson],
    ['JSON', 'work/.nexus-registryrc.json', asJson],
    ['YAML', 'work/.nexus-registryrc.yaml', asYaml],
    ['YAML with a short ending', 'work/.nexus-registryrc.yml', asYaml],
    ['package.json', 'work/package.json', asPackage],
  ])('%s', async (_, file, text) => {
    const host = await createScene({ files: { [file]: text } })
    const { config, notes } = await load(host)
    expect(config.validate.strict).toBe(true)
    expect(config.files).toEqual([nodePath.join(host.directory, file)])
    expect(notes).toEqual([])
  })

  test.each<[string, Scene, boolean]>([
    [
      'a parent inside the repository counts',
      { files: { 'work/.git/HEAD': '', 'work/.nexus-registryrc': asYaml }, cwd: 'work/a/b' },
      true,
    ],
    [
      'what lies above the repository does not',
      { files: { 'work/.nexus-registryrc': asYaml, 'work/a/.git': 'gitdir: x' }, cwd: 'work/a/b' },
      false,
    ],
    [
      'without a repository a parent does not',
      { files: { 'work/.nexus-registryrc': asYaml }, cwd: 'work/a' },
      false,
    ],
    [
      'the nearest one counts alone',
      {
        files: {
          'work/.git/HEAD': '',
          'work/.nexus-registryrc': asYaml,
          'work/a/.nexus-registryrc.json': '{}',
        },
        cwd: 'work/a',
      },
      false,
    ],
    [
      'a package.json without our key is passed over',
      {
        files: {
          'work/.git/HEAD': '',
          'work/.nexus-registryrc': asYaml,
          'work/a/package.json': '{"name": "a"}',
        },
        cwd: 'work/a',
      },
      true,
    ],
    [
      'a broken package.json that does not name us is passed over',
      {
        files: { 'work/.git/HEAD': '', 'work/.nexus-registryrc': asYaml, 'work/a/package.json': '{"name": ' },
        cwd: 'work/a',
      },
      true,
    ],
    [
      'a package.json that only depends on us is passed over',
      {
        files: {
          'work/.git/HEAD': '',
          'work/.nexus-registryrc': asYaml,
          'work/a/package.json': '{"devDependencies": {"nexus-registry": "1"}}',
        },
        cwd: 'work/a',
      },
      true,
    ],
    ['a directory of that name is passed over', { files: { 'work/.nexus-registryrc/x': '' } }, false],
  ])('%s', async (_, scene, isStrict) => {
    const { config } = await load(await createScene(scene))
    expect(config.validate.strict).toBe(isStrict)
  })

  test('--config stands in for the file of the user', async () => {
    const host = await createScene({
      files: { [userFile]: 'concurrency: 1', 'work/mine.yaml': 'timeout: 2' },
    })
    const { config } = await load(host, { flag: 'mine.yaml' })
    expect(config).toEqual({ ...defaults, timeoutMs: 2000, files: [nodePath.join(host.cwd, 'mine.yaml')] })
  })
})

describe('precedence', () => {
  test('a variable comes before the file of the user', async () => {
    const host = await createScene({
      files: { [userFile]: 'concurrency: 3\ntimeout: 2\npython: python3.12' },
      env: {
        NEXUS_REGISTRY_CONCURRENCY: '9',
        NEXUS_REGISTRY_TIMEOUT: '0.5',
        NEXUS_REGISTRY_PYTHON: 'python3.13',
      },
    })
    const { config } = await load(host)
    expect(config).toMatchObject({ concurrency: 9, timeoutMs: 500, python: 'python3.13' })
  })

  test('the project comes before the user, rule by rule', async () => {
    const host = await createScene({
      files: {
        [userFile]: 'validate: {strict: true, horizon: 7d, rules: {lifecycle: off, cost-magnitude: off}}',
        'work/.nexus-registryrc': 'validate: {horizon: 60d, rules: {lifecycle: error}}',
      },
    })
    const { config } = await load(host)
    expect(config.validate).toEqual({
      strict: true,
      horizonDays: 60,
      rules: { lifecycle: 'error', 'cost-magnitude': 'off' },
    })
  })

  test('the project comes before the user in what is shown', async () => {
    const host = await createScene({
      files: {
        [userFile]: 'query: {format: csv}\ngraph: {format: dot, depth: 3}',
        'work/.nexus-registryrc': 'query: {format: yaml}\ngraph: {depth: 1}',
      },
    })
    const { config } = await load(host)
    expect(config).toMatchObject({ query: { format: 'yaml' }, graph: { format: 'dot', depth: 1 } })
  })

  test('paths are taken from the file that names them', async () => {
    const host = await createScene({ files: { [userFile]: 'home: ~/registry\npython: ../venv/bin/python' } })
    const { config } = await load(host)
    expect(config.home).toBe(nodePath.join(host.directory, 'registry'))
    expect(config.python).toBe(nodePath.join(host.directory, 'config/venv/bin/python'))
  })
})

test("how the server listens is the user's to say, and paths are relative to the file", async () => {
  const host = await createScene({
    files: {
      'config/nexus-registry/config.yaml': `server:
  host: 0.0.0.0
  port: 8443
  cert: tls/cert.pem
  key: /etc/key.pem
  allowed_hosts: [registry.example.com]
  rate_limit: 600`,
    },
  })
  expect((await load(host)).config.server).toEqual({
    host: '0.0.0.0',
    port: 8443,
    socket: undefined,
    cert: nodePath.join(host.directory, 'config/nexus-registry/tls/cert.pem'),
    key: '/etc/key.pem',
    allowedHosts: ['registry.example.com'],
    rateLimit: 600,
  })
})

test("upstreams, alerts and networks near this machine are the user's to name", async () => {
  const host = await createScene({
    files: {
      [userFile]: `
allow_private: [localhost, 10.0.0.0/8]
upstreams:
  https://registry.example.com: {token_file: token}
alerts: {command: [notify, --urgent]}`,
    },
  })
  const { config } = await load(host)
  expect(config.network).toEqual({
    allowPrivate: ['localhost', '10.0.0.0/8'],
    checkCredentials: [],
    upstreams: {
      'https://registry.example.com': {
        tokenEnv: undefined,
        tokenFile: nodePath.join(host.directory, 'config/nexus-registry/token'),
      },
    },
  })
  expect(config.alerts).toEqual({ webhook: undefined, command: ['notify', '--urgent'] })
})

describe('what a project may not set is ignored and said', () => {
  test.each([
    ['home', '"home": "/tmp/evil"'],
    ['python', '"python": "./evil"'],
    ['concurrency', '"concurrency": "not even a number"'],
    ['timeout', '"timeout": 1'],
    ['allow_private', '"allow_private": ["localhost"]'],
    ['upstreams', '"upstreams": {"https://evil.example": {"token_env": "SECRET"}}'],
    ['alerts', '"alerts": {"command": ["./evil"]}'],
    ['server', '"server": {"host": "0.0.0.0", "allowed_hosts": ["evil.example"]}'],
  ])('%s', async (key, member) => {
    const host = await createScene({
      files: { 'work/.nexus-registryrc.json': `{\n  "validate": {"strict": true},\n  ${member}\n}` },
    })
    const { config, notes } = await load(host)
    expect(config).toEqual({
      ...defaults,
      validate: { rules: {}, strict: true, horizonDays: undefined },
      files: [nodePath.join(host.cwd, '.nexus-registryrc.json')],
    })
    expect(notes).toEqual([
      `${host.cwd}/.nexus-registryrc.json:3:3: "${key}" is ignored here: only your own configuration may set it`,
    ])
  })
})

describe('faults are named with file, line, column and a hint', () => {
  const rc = 'work/.nexus-registryrc'
  test.each<[string, string, string, string, string | undefined]>([
    [
      'an unknown key',
      userFile,
      'timeout: 1\nhom: x',
      ':2:1: the key "hom" is not known',
      'Did you mean "home"?',
    ],
    [
      'an unknown key in JSON',
      `${rc}.json`,
      '{\n  "validat": {}}',
      ':2:3: the key "validat" is not known',
      'Did you mean "validate"?',
    ],
    [
      'an unknown key further in',
      rc,
      'validate:\n  stric: true',
      ':2:3: validate: the key "stric" is not known',
      'Did you mean "strict"?',
    ],
    [
      'an unknown key in package.json',
      'work/package.json',
      '{\n "nexus-registry": {\n  "validate": {"horizn": 1}}}',
      ':3:16: validate: the key "horizn" is not known',
      'Did you mean "horizon"?',
    ],
    [
      'a wrong value',
      userFile,
      'concurrency: many',
      ':1:14: concurrency: expected a number, found "many"',
      undefined,
    ],
    [
      'a wrong level',
      rc,
      'validate: {rules: {lifecycle: fatal}}',
      ':1:31: validate.rules.lifecycle: expected one of "off", "warning", "error", found "fatal"',
      undefined,
    ],
    [
      'an upstream with a path',
      userFile,
      'upstreams: {"https://a.example/x": {}}',
      ':1:13: upstreams: expected an address without a path, like https://registry.example.com as the key',
      undefined,
    ],
    [
      'a network that is none',
      userFile,
      'allow_private: [intranet]',
      ':1:17: allow_private.0: expected an address, a range like 10.0.0.0/8, or localhost, found "intranet"',
      undefined,
    ],
    ['broken JSON', `${rc}.json`, '{"validate": }', ':1:14: expected a value, found "}"', undefined],
    ['broken YAML', rc, 'validate: {', ':1:12: ', undefined],
    [
      'a text in package.json',
      'work/package.json',
      '{"nexus-registry": "x"}',
      ':1:20: expected an object',
      undefined,
    ],
    [
      'broken JSON that names us',
      'work/package.json',
      '{"nexus-registry": ',
      ':1:20: expected a value',
      undefined,
    ],
    ['a list', rc, '- validate', ':1:1: expected an object, found a list', undefined],
    [
      'a duplicate key',
      rc,
      'validate: {}\nvalidate: {}',
      ':2:1: the key "validate" stands here a second time',
      undefined,
    ],
    ['an import of another file', rc, '$import: ./x.cjs', ':1:1: the key "$import" is not known', undefined],
  ])('%s', async (_, file, text, message, hint) => {
    const host = await createScene({ files: { [file]: text } })
    const error = await load(host).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(NexusError)
    expect(error).toHaveProperty('code', 'config')
    expect(String(error)).toContain(`${nodePath.join(host.directory, file)}${message}`)
    if (hint !== undefined) expect(error).toHaveProperty('hint', hint)
  })

  test('all faults of a file are named at once', async () => {
    const host = await createScene({ files: { [userFile]: 'hom: x\ntimeout: no' } })
    const path = nodePath.join(host.directory, userFile)
    await expect(load(host)).rejects.toThrow(
      `${path}:2:10: timeout: expected a number, found "no"\n${path}:1:1: the key "hom" is not known (Did you mean "home"?)`,
    )
  })

  test.each([
    ['missing.yaml', 'does not exist'],
    ['.', 'is not a file'],
  ])('--config %s: %s', async (flag, what) => {
    const host = await createScene({ files: {} })
    await expect(load(host, { flag })).rejects.toThrow(what)
  })

  test.each(['0', '1.5', 'many', '-1', '257', 'Infinity'])('NEXUS_REGISTRY_CONCURRENCY=%s', async value => {
    const host = await createScene({ files: {}, env: { NEXUS_REGISTRY_CONCURRENCY: value } })
    await expect(load(host)).rejects.toThrow(`NEXUS_REGISTRY_CONCURRENCY is "${value}"`)
  })
})

describe('tolerant', () => {
  test('what is sound applies, what is not is noted', async () => {
    const host = await createScene({
      files: { [userFile]: 'home: /registry\nconcurency: 3\ntimeout: soon', 'work/.nexus-registryrc': '{' },
      env: { NEXUS_REGISTRY_TIMEOUT: 'x' },
    })
    const { config, notes } = await load(host, { mode: 'tolerant' })
    expect(config).toMatchObject({ home: '/registry', concurrency: undefined, timeoutMs: undefined })
    expect(notes).toEqual([
      expect.stringMatching(/ NEXUS_REGISTRY_TIMEOUT is "x".* \(.+\)$/),
      expect.stringMatching(/:3:10: timeout: .*\n.*:2:1: the key "concurency" is not known/),
      expect.stringContaining('.nexus-registryrc:1:2'),
    ])
  })

  test('a missing --config is noted', async () => {
    const host = await createScene({ files: {} })
    const { notes } = await load(host, { flag: 'missing.yaml', mode: 'tolerant' })
    expect(notes).toEqual([
      `the configuration file ${host.cwd}/missing.yaml does not exist (Name a JSON or YAML file with --config, or leave the option out)`,
    ])
  })
})

describe('hostile files', () => {
  test.each<[string, string]>([
    ['deep brackets', '['.repeat(60_000)],
    ['deep lists', '- '.repeat(30_000)],
    ['deep JSON', '{"a": '.repeat(10_000)],
    ['an alias bomb', 'a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]'],
    ['a tag', 'validate: !!js/function "function () {}"'],
    ['an endless file', 'x'.repeat(65 * 1024)],
    ['two documents', 'validate: {}\n---\nhome: /evil'],
    ['zero bytes', '\u0000\u0000'],
  ])('%s', async (_, text) => {
    const host = await createScene({ files: { 'work/.nexus-registryrc': text } })
    await expect(load(host)).rejects.toBeInstanceOf(NexusError)
    const { config } = await load(host, { mode: 'tolerant' })
    expect(config.validate).toEqual(defaults.validate)
  })

  test('a prototype is not reached', async () => {
    const host = await createScene({
      files: { 'work/.nexus-registryrc': 'validate: {rules: {__proto__: error, constructor: error}}' },
    })
    await load(host, { mode: 'tolerant' })
    expect(Object.hasOwn(Object.prototype, 'error')).toBe(false)
    expect({}.constructor).toBe(Object)
  })

  test('a link that dangles is no file', async () => {
    const host = await createScene({ files: {} })
    await symlink('/nowhere', nodePath.join(host.cwd, '.nexus-registryrc'))
    expect((await load(host)).config).toEqual(defaults)
  })
})
