import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { program as self } from '../../src/lib/program.ts'
import { processesIn, until } from '../support/processes/processes.ts'
import { collect, type ProgramRun } from '../support/processes/run-program.ts'
import { writeScript } from '../support/processes/script.ts'
import { findShell } from '../support/shells/shells.ts'
import { temporaryDirectory } from '../support/test-host.ts'

const launcher = nodePath.resolve('bin/nexus-registry')
const nobody = 65_534
const isRoot = process.getuid?.() === 0

/** A user whose PATH begins with what others could have put there. */
interface Place {
  readonly at: (...names: string[]) => string
  readonly env: Record<string, string | undefined>
}

async function createPlace(): Promise<Place> {
  const directory = await temporaryDirectory()
  const at = (...names: string[]) => nodePath.join(directory, ...names)
  await writeScript(at('good/node'), `exec '${process.execPath}' "$@"`)
  return { at, env: { HOME: directory, PATH: at('good') } }
}

/** Writes a `node` that leaves a trace. */
function plant({ at }: Place, ...names: string[]): Promise<string> {
  return writeScript(at(...names, 'node'), `echo planted >>'${at('trace')}'`)
}

function launch({ at, env }: Place, ...args: string[]): Promise<ProgramRun> {
  return collect(spawn(launcher, args, { cwd: at(), env, stdio: ['ignore', 'pipe', 'pipe'] }))
}

const plants: readonly (readonly [string, (place: Place) => Promise<string>])[] = [
  ['the working directory', place => plant(place).then(() => '.')],
  ['an empty element', place => plant(place).then(() => '')],
  ['a relative element', place => plant(place, 'node_modules/.bin').then(() => 'node_modules/.bin')],
  [
    'a directory that everybody writes',
    async place => {
      await plant(place, 'open')
      await chmod(place.at('open'), 0o777)
      return place.at('open')
    },
  ],
  [
    'a directory below one that everybody writes',
    async place => {
      await plant(place, 'open/bin')
      await chmod(place.at('open'), 0o777)
      return place.at('open/bin')
    },
  ],
  [
    'a link to a directory below one that everybody writes',
    async place => {
      await plant(place, 'open/bin')
      await chmod(place.at('open'), 0o777)
      await symlink(place.at('open/bin'), place.at('link'))
      return place.at('link')
    },
  ],
  [
    'a directory whose node is a link out of it',
    async place => {
      const planted = await plant(place, 'open')
      await chmod(place.at('open'), 0o777)
      await mkdir(place.at('mine'))
      await symlink(planted, place.at('mine/node'))
      return place.at('mine')
    },
  ],
  [
    'a file that everybody writes',
    async place => {
      await chmod(await plant(place, 'mine'), 0o777)
      return place.at('mine')
    },
  ],
]

/** Only root can give files away. */
const plantsOfOthers: typeof plants = [
  [
    "another user's directory",
    async place => {
      await plant(place, 'theirs')
      await chown(place.at('theirs'), nobody, nobody)
      return place.at('theirs')
    },
  ],
  [
    "another user's file in a sticky directory",
    async place => {
      await chown(await plant(place, 'sticky'), nobody, nobody)
      await chmod(place.at('sticky'), 0o1777)
      return place.at('sticky')
    },
  ],
]

describe.each([...plants, ...(isRoot ? plantsOfOthers : [])])('a node in %s', (_, put) => {
  it('is passed over for the next one on PATH', async () => {
    const place = await createPlace()
    place.env.PATH = `${await put(place)}:${place.at('good')}`
    const expected = { code: 0, stdout: `${self.version}\n`, stderr: '' }
    expect(await launch(place, '--version')).toEqual(expected)
    expect(await readdir(place.at())).not.toContain('trace')
  })

  it('is not started where there is no other', async () => {
    const place = await createPlace()
    place.env.PATH = await put(place)
    expect(await launch(place, 'list')).toMatchObject({ code: 2, stdout: '' })
    const { code, stdout } = await launch(place, 'env')
    expect({ code, stdout }).toEqual({ code: 0, stdout: "export NEXUS_ENV_STATUS='failed';\n" })
    expect(await readdir(place.at())).not.toContain('trace')
  })
})

const trusted: readonly (readonly [string, (place: Place) => Promise<string>])[] = [
  [
    'an own file in a sticky directory',
    async ({ at }) => {
      await writeScript(at('sticky/node'), `exec '${process.execPath}' "$@"`)
      await chmod(at('sticky'), 0o1777)
      return at('sticky')
    },
  ],
  [
    'a link to an own directory',
    async ({ at }) => {
      await symlink(at('good'), at('link'))
      return at('link')
    },
  ],
  [
    'a directory of a hostile name',
    async ({ at }) => {
      const name = "it's $(touch trace) *"
      await writeScript(at(name, 'node'), `exec '${process.execPath}' "$@"`)
      return at(name)
    },
  ],
  [
    'a directory that a group writes',
    async ({ at }) => {
      await chmod(at('good'), 0o775)
      return at('good')
    },
  ],
]

it.each(trusted)('a node in %s is started', async (_, put) => {
  const place = await createPlace()
  place.env.PATH = await put(place)
  expect(await launch(place, '--version')).toMatchObject({ code: 0, stdout: `${self.version}\n`, stderr: '' })
  expect(await readdir(place.at())).not.toContain('trace')
})

test('no helper is taken from PATH', async () => {
  const place = await createPlace()
  for (const name of [
    'ls',
    'readlink',
    'id',
    'cat',
    'find',
    'rm',
    'setsid',
    'stat',
    'mkdir',
    'touch',
    'uname',
  ])
    await writeScript(place.at('open', name), `echo ${name} >>'${place.at('trace')}'`)
  await chmod(place.at('open'), 0o777)
  await symlink(launcher, place.at('link'))
  place.env.PATH = `${place.at('open')}:${place.at('good')}`
  const run = (...args: string[]) =>
    collect(
      spawn(place.at('link'), args, { cwd: place.at(), env: place.env, stdio: ['ignore', 'pipe', 'pipe'] }),
    )
  expect(await run('--version')).toMatchObject({ code: 0 })
  expect(await run('hook', 'zsh')).toMatchObject({ code: 0, stderr: '' })
  for (const _ of [1, 2]) expect(await run('env')).toMatchObject({ code: 0 })
  expect(await readdir(place.at())).not.toContain('trace')
})

const broken: readonly (readonly [string, (place: Place) => Promise<unknown>])[] = [
  ['is missing', async ({ env, at }) => Object.assign(env, { PATH: at('nowhere') })],
  [
    'is a directory',
    ({ at, env }) =>
      mkdir(at('odd/node'), { recursive: true }).then(() => Object.assign(env, { PATH: at('odd') })),
  ],
  ['ends with 1', ({ at }) => writeScript(at('good/node'), 'echo broken >&2\nexit 1')],
  ['ends with 0 and says nothing', ({ at }) => writeScript(at('good/node'), 'exit 0')],
  ['knows no such option', ({ at }) => writeScript(at('good/node'), 'exit 9')],
  ['crashes', ({ at }) => writeScript(at('good/node'), 'kill -s SEGV $$')],
  ['is killed', ({ at }) => writeScript(at('good/node'), 'kill -s KILL $$')],
  [
    'is of another machine',
    ({ at }) => writeFile(at('good/node'), Buffer.from('7f454c4602010100ffff', 'hex')),
  ],
  ['has an interpreter that is gone', ({ at }) => writeFile(at('good/node'), '#!/gone/sh\n')],
  [
    'is too old',
    async ({ at }) => {
      const pretend =
        "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.1.0' } })"
      await writeFile(at('old.cjs'), pretend)
      await writeScript(at('good/node'), `exec '${process.execPath}' --require '${at('old.cjs')}' "$@"`)
    },
  ],
]

const forms = [
  [[], "export NEXUS_ENV_STATUS='failed';\n", 0],
  [['--shell', 'zsh'], "export NEXUS_ENV_STATUS='failed';\n", 0],
  [['--shell=fish'], 'set -gx NEXUS_ENV_STATUS failed;\n', 0],
  [['--json'], '{ "NEXUS_ENV_STATUS": "failed" }\n', 0],
  [['--shell', 'dotenv'], 'NEXUS_ENV_STATUS=failed\n', 0],
  [['--fresh'], "export NEXUS_ENV_STATUS='failed';\n", 2],
  [['--shell', 'github'], '', 2],
] as const

describe.each(broken)('where Node %s', (_, breakNode) => {
  it('env prints a status, has ends with 2, and both say why', async () => {
    const place = await createPlace()
    await breakNode(place)
    for (const [words, stdout, code] of forms) {
      const run = await launch(place, '--home', place.at('home'), 'env', ...words)
      expect([words, run]).toEqual([words, { code, stdout, stderr: expect.stringMatching(/^error: /m) }])
    }
    const has = await launch(place, 'has', 'git')
    expect(has).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^error: /m) })
  })
})

const gone = '/gone/for/good'
const settings: readonly Record<string, string>[] = [
  { NODE_OPTIONS: `--require ${gone}.js` },
  { NODE_OPTIONS: `--import ${gone}.mjs --max-old-space-size=1` },
  { NODE_OPTIONS: '--inspect-brk=127.0.0.1:0' },
  { NODE_OPTIONS: '--no-such-option' },
  { NODE_OPTIONS: '"--require' },
  { NODE_OPTIONS: `--openssl-config=${gone}.cnf --use-openssl-ca` },
  { NODE_OPTIONS: '--throw-deprecation --trace-exit * $(touch trace)' },
  { NODE_EXTRA_CA_CERTS: `${gone}.pem` },
  { NODE_EXTRA_CA_CERTS: launcher },
  { OPENSSL_CONF: `${gone}.cnf` },
  { NODE_ICU_DATA: gone },
  { NODE_REDIRECT_WARNINGS: 'trace', NODE_PENDING_DEPRECATION: '1', NODE_DEBUG: 'fs,module,net' },
  { NODE_V8_COVERAGE: 'trace', NODE_PATH: '.' },
  { NODE_CHANNEL_FD: '19', NODE_UNIQUE_ID: '1' },
]

it.each(settings)('with %j the program starts, silently', async setting => {
  const place = await createPlace()
  Object.assign(place.env, setting)
  const env = await launch(place, 'env')
  expect(env).toMatchObject({ code: 0, stderr: '' })
  expect(env.stdout).toContain("NEXUS_ENV_STATUS='ok'")
  expect(await launch(place, 'has', 'nodejs')).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await launch(place, 'has', 'docker')).toEqual({ code: 1, stdout: '', stderr: '' })
  expect(await readdir(place.at())).not.toContain('trace')
})

it('what it starts has the variables of the user, but for those that keep Node from starting', async () => {
  const place = await createPlace()
  await writeScript(place.at('good/git'), `/usr/bin/env >'${place.at('seen')}'\necho git version 2.39.5`)
  Object.assign(place.env, {
    NODE_PATH: '/their/modules',
    NODE_OPTIONS: `--require ${gone}.js`,
    NODE_ENV: 'test',
  })
  await launch(place, 'sync', 'tools', '--force')
  const seen = await readFile(place.at('seen'), 'utf8')
  expect(seen).toContain('NODE_PATH=/their/modules\n')
  expect(seen).toContain('NODE_ENV=test\n')
  expect(seen).not.toMatch(/^NODE_OPTIONS=|NEXUS_REGISTRY_(?:USER|LAUNCHED)/m)
})

it('what decides whom Node trusts stays', async () => {
  const place = await createPlace()
  await writeScript(
    place.at('good/node'),
    `printf '%s\\n' "$NODE_OPTIONS" >'${place.at('seen')}'\nexec '${process.execPath}' "$@"`,
  )
  place.env.NODE_OPTIONS = `--require ${gone}.js --use-openssl-ca --dns-result-order=ipv4first`
  expect(await launch(place, '--version')).toMatchObject({ code: 0, stderr: '' })
  expect((await readFile(place.at('seen'), 'utf8')).trim()).toBe(
    '--use-openssl-ca --dns-result-order=ipv4first',
  )
})

it.each(['dash', 'bash', 'busybox'].filter(shell => findShell(shell) !== undefined))(
  'in %s a signal to env and has ends what they have started',
  async shell => {
    const place = await createPlace()
    await writeScript(place.at('good/node'), `echo started >'${place.at('trace')}'\nexec sleep 600`)
    place.env.PATH += ':/usr/bin:/bin'
    const words = shell === 'busybox' ? ['ash', launcher] : [launcher]
    const child = spawn(findShell(shell) ?? shell, [...words, 'has', 'git'], {
      cwd: place.at(),
      env: place.env,
    })
    const ended = collect(child)
    await until(() => existsSync(place.at('trace')))
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 143, stdout: '' })
    expect(processesIn(place.at())).toEqual([])
  },
)

it('a global installation keeps its own Node, whatever PATH leads to', async () => {
  const place = await createPlace()
  const { at } = place
  await writeScript(at('v20/bin/node'), `echo own >>'${at('seen')}'\nexec '${process.execPath}' "$@"`)
  await mkdir(at('v20/lib/node_modules/nexus-registry/bin'), { recursive: true })
  for (const name of ['dist', 'registries', 'shell', 'package.json'])
    await symlink(nodePath.resolve(name), at('v20/lib/node_modules/nexus-registry', name))
  const copy = at('v20/lib/node_modules/nexus-registry/bin/nexus-registry')
  await writeFile(copy, await readFile(launcher), { mode: 0o755 })
  await writeScript(at('good/node'), 'echo "too old" >&2\nexit 1')
  const run = await collect(spawn(copy, ['list', '--json'], { cwd: at(), env: place.env }))
  expect(run).toMatchObject({ code: 0, stderr: '' })
  expect(await readFile(at('seen'), 'utf8')).toBe('own\n')
})
