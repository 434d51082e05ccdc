import { execFile } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { findOnPath } from '../support/processes/find-on-path.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

const run = promisify(execFile)

interface Row {
  readonly name: string
  /** Text by path: `~` is the home directory, `.` the project, above the working directory. */
  readonly files?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** The installed version that runs; `system`, or `present` and `unknown` where only mise can tell. */
  readonly expected: string
  /** What mise itself runs, where it knows more. */
  readonly mise?: string
}

const tools = (...lines: string[]) => `[tools]\n${lines.join('\n')}\n`
const node18 = tools('node = "18"')
const node20 = tools('node = "20"')
const user = '~/.config/mise/config.toml'
const idiomatic = '[settings]\nidiomatic_version_file_enable_tools = ["node"]\n'

function choose(version: string, expected: string, mise?: string): Row {
  const files = { './mise.toml': tools(`node = ${version}`) }
  return { name: `node = ${version}`, files, expected, ...(mise === undefined ? {} : { mise }) }
}

const rows: readonly Row[] = [
  { name: 'nothing', expected: 'system' },
  choose('"20"', '20.11.0'),
  choose('"18.20.0"', '18.20.0'),
  choose('"20.1"', '20.1.0'),
  choose('"v20"', '20.11.0'),
  choose('"latest"', '20.11.0'),
  // What is the long-term release is known on the network, and there is none.
  choose('"lts"', '20.11.0', 'system'),
  choose('"lts/iron"', '20.11.0'),
  choose('"lts-hydrogen"', '18.20.0'),
  choose('"prefix:20"', '20.11.0'),
  choose('"ref:abc"', 'ref-abc'),
  choose('"sub-2:20"', 'present', '18.20.0'),
  choose('"system"', 'system'),
  choose('"22"', 'system'),
  choose('"21"', 'system'),
  choose('["22", "18"]', '18.20.0'),
  choose('["18", "20"]', '18.20.0'),
  choose('{ version = "18" }', '18.20.0'),
  choose('"{{ env.WANTED }}"', 'present', 'broken'),
  choose('"../../evil"', 'unknown', 'broken'),
  choose('18', 'unknown', 'broken'),
  choose('"path:PROJECT/evil"', 'present', 'evil'),
  { name: 'no TOML', files: { './mise.toml': '[tools\nnode =' }, expected: 'unknown', mise: 'broken' },
  { name: 'core:node', files: { './mise.toml': tools('"core:node" = "18"') }, expected: '18.20.0' },
  { name: 'nodejs', files: { './mise.toml': tools('nodejs = "18"') }, expected: '18.20.0' },
  {
    name: 'another system',
    files: { './mise.toml': tools('node = { version = "18", os = ["windows"] }'), [user]: node20 },
    expected: 'system',
  },
  {
    name: '[alias]',
    files: { './mise.toml': `[alias.node]\nmine = "18"\n${tools('node = "mine"')}` },
    expected: '18.20.0',
  },
  {
    name: '[alias], versions',
    files: { './mise.toml': `[alias.node.versions]\nmine = "18"\n${tools('node = "mine"')}` },
    expected: '18.20.0',
  },
  {
    name: '[tool_alias] of the user',
    files: { [user]: '[tool_alias.node.versions]\nmine = "18"\n', './mise.toml': tools('node = "mine"') },
    expected: '18.20.0',
  },
  { name: 'config.toml of the user', files: { [user]: node18 }, expected: '18.20.0' },
  { name: 'mise.toml of the user', files: { '~/.config/mise/mise.toml': node18 }, expected: '18.20.0' },
  { name: 'conf.d of the user', files: { '~/.config/mise/conf.d/a.toml': node18 }, expected: '18.20.0' },
  {
    name: 'the last of conf.d',
    files: { '~/.config/mise/conf.d/a.toml': node18, '~/.config/mise/conf.d/b.toml': node20 },
    expected: '20.11.0',
  },
  {
    name: 'config.toml before conf.d',
    files: { '~/.config/mise/conf.d/a.toml': node18, [user]: node20 },
    expected: '20.11.0',
  },
  {
    name: 'config.local.toml of the user',
    files: { '~/.config/mise/config.local.toml': node18, [user]: node20 },
    expected: '18.20.0',
  },
  ...[
    '.config/mise/conf.d/a.toml',
    '.mise/conf.d/a.toml',
    'mise/conf.d/a.toml',
    '.config/mise.toml',
    'mise/config.toml',
    '.mise.toml',
  ].map(file => ({ name: file, files: { [`./${file}`]: node18 }, expected: '18.20.0' })),
  {
    name: 'mise.local.toml before mise.toml',
    files: { './mise.local.toml': node18, './mise.toml': node20 },
    expected: '18.20.0',
  },
  {
    name: '.mise.toml before mise.toml',
    files: { './.mise.toml': node18, './mise.toml': node20 },
    expected: '18.20.0',
  },
  {
    name: 'mise.toml before .tool-versions',
    files: { './.tool-versions': 'node 18\n', './mise.toml': node20 },
    expected: '20.11.0',
  },
  { name: '.tool-versions', files: { './.tool-versions': '# mine\nnode: 18 # yes\n' }, expected: '18.20.0' },
  { name: '.tool-versions of the home', files: { '~/.tool-versions': 'node 18\n' }, expected: 'system' },
  {
    name: 'MISE_ENV',
    files: { './mise.dev.toml': node18, './mise.toml': node20 },
    env: { MISE_ENV: 'dev' },
    expected: '18.20.0',
  },
  {
    name: 'the last of MISE_ENV',
    files: { './mise.a.toml': node18, './mise.b.toml': node20 },
    env: { MISE_ENV: 'a,b' },
    expected: '20.11.0',
  },
  {
    name: 'MISE_ENV, local',
    files: { './mise.dev.local.toml': node18, './mise.local.toml': node20 },
    env: { MISE_ENV: 'dev' },
    expected: '18.20.0',
  },
  {
    name: 'MISE_ENV of the user',
    files: { '~/.config/mise/config.dev.toml': node18 },
    env: { MISE_ENV: 'dev' },
    expected: '18.20.0',
  },
  {
    name: '.miserc.toml',
    files: { './.miserc.toml': 'env = ["dev"]\n', './mise.dev.toml': node18 },
    expected: '18.20.0',
  },
  { name: '.nvmrc where it is not enabled', files: { './.nvmrc': '18\n' }, expected: 'system' },
  ...(
    [
      ['18\n', '18.20.0'],
      ['v18.20.0\r\n', '18.20.0'],
      ['lts/iron\n', '20.11.0'],
      ['# x\n18 # y\n', '18.20.0'],
    ] as const
  ).map(([text, expected]) => ({
    name: `.nvmrc ${JSON.stringify(text)}`,
    files: { './.nvmrc': text, [user]: idiomatic },
    expected,
  })),
  {
    name: 'enabled by a variable',
    files: { './.node-version': '18\n' },
    env: { MISE_IDIOMATIC_VERSION_FILE_ENABLE_TOOLS: 'python,node' },
    expected: '18.20.0',
  },
  {
    name: 'enabled by the project',
    files: { './.nvmrc': '18\n', './mise.toml': idiomatic },
    expected: '18.20.0',
  },
  {
    name: '.nvmrc before .node-version',
    files: { './.nvmrc': '18\n', './.node-version': '20\n', [user]: idiomatic },
    expected: '18.20.0',
  },
  {
    name: 'mise.toml before .nvmrc',
    files: { './.nvmrc': '18\n', './mise.toml': node20, [user]: idiomatic },
    expected: '20.11.0',
  },
  {
    name: 'a nearer .nvmrc before mise.toml',
    files: { './below/.nvmrc': '18\n', './mise.toml': node20, [user]: idiomatic },
    expected: '18.20.0',
  },
  {
    name: 'engines of package.json',
    files: { './package.json': '{"engines":{"node":"18"}}', [user]: idiomatic },
    expected: 'system',
  },
  {
    name: 'MISE_NODE_VERSION',
    files: { './mise.toml': node20 },
    env: { MISE_NODE_VERSION: '22 18' },
    expected: '18.20.0',
  },
  {
    name: 'MISE_GLOBAL_CONFIG_FILE',
    files: { './g.toml': node18, [user]: node20 },
    env: { MISE_GLOBAL_CONFIG_FILE: 'PROJECT/g.toml' },
    expected: '18.20.0',
  },
  {
    name: 'MISE_CONFIG_DIR',
    files: { './c/config.toml': node18, [user]: node20 },
    env: { MISE_CONFIG_DIR: 'PROJECT/c' },
    expected: '18.20.0',
  },
  {
    name: 'MISE_DEFAULT_CONFIG_FILENAME',
    files: { './my.toml': node18 },
    env: { MISE_DEFAULT_CONFIG_FILENAME: 'my.toml' },
    expected: '18.20.0',
  },
  {
    name: 'a lock file',
    files: {
      './mise.toml': node20,
      './mise.lock': '[[tools.node]]\nversion = "20.1.0"\nbackend = "core:node"\n',
    },
    expected: '20.1.0',
  },
  {
    name: 'disable_tools',
    files: { './mise.toml': node20, [user]: '[settings]\ndisable_tools = ["node"]\n' },
    expected: 'system',
  },
  {
    name: 'names of built-in properties',
    files: { './mise.toml': tools('__proto__ = "1"', 'constructor = "2"') },
    expected: 'system',
  },
]

async function layOut(row: Row, mise: string | undefined) {
  const home = await temporaryDirectory()
  const project = await temporaryDirectory()
  const data = nodePath.join(home, '.local/share/mise')
  const toText = (text: string) => text.replaceAll('PROJECT', project)
  await mkdir(nodePath.join(data, 'shims'), { recursive: true })
  for (const version of ['18.20.0', '20.1.0', '20.11.0', '21.0.0-rc.1', 'ref-abc']) {
    await writeScript(nodePath.join(data, 'installs/node', version, 'bin/node'), `echo ${version}`)
  }
  for (const [name, version] of [
    ['18', '18.20.0'],
    ['20', '20.11.0'],
    ['20.1', '20.1.0'],
    ['latest', '20.11.0'],
    ['lts', '20.11.0'],
  ]) {
    await symlink(`./${version}`, nodePath.join(data, 'installs/node', name ?? ''))
  }
  const program = mise ?? (await writeScript(nodePath.join(home, '.local/bin/mise'), 'exit 1'))
  await symlink(program, nodePath.join(data, 'shims/node'))
  await writeScript(nodePath.join(home, 'system/node'), 'echo system')
  await writeScript(nodePath.join(project, 'evil/bin/node'), 'echo evil')
  await mkdir(nodePath.join(project, 'below'))
  for (const [file, text] of Object.entries(row.files ?? {})) {
    const path = file.replace(/^~/, home).replace(/^\./, project)
    await mkdir(nodePath.dirname(path), { recursive: true })
    await writeFile(path, toText(text))
  }
  const env = Object.entries(row.env ?? {}).map(([name, value]) => [name, toText(value)] as const)
  return {
    home,
    shim: nodePath.join(data, 'shims/node'),
    cwd: nodePath.join(project, 'below'),
    env: {
      HOME: home,
      PATH: `${nodePath.join(data, 'shims')}:${nodePath.join(home, 'system')}`,
      ...Object.fromEntries(env),
    },
  }
}

type Layout = Awaited<ReturnType<typeof layOut>>

async function find({ home, cwd, env }: Layout): Promise<string> {
  const clean = { XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined }
  const host = await createTestHost({ cwd, env: { ...clean, ...env }, overrides: { userHome: home } })
  const { result } = await createProgramFinder(host).find('node')
  if (result?.kind === 'found') return /node\/([^/]+)\/bin\/node$/.exec(result.target)?.[1] ?? 'system'
  if (result?.kind === 'uncertain') return result.isRunnable ? 'present' : 'unknown'
  return 'broken'
}

/** What mise itself starts, without the network. */
async function ask({ shim, cwd, env }: Layout): Promise<string> {
  const settings = { MISE_OFFLINE: '1', MISE_NOT_FOUND_AUTO_INSTALL: '0', MISE_TRUSTED_CONFIG_PATHS: '/' }
  const path = `${env.PATH}:/usr/bin:/bin`
  return run(shim, [], { cwd, env: { ...env, ...settings, PATH: path } }).then(
    ({ stdout }) => stdout.trim(),
    () => 'broken',
  )
}

describe('mise', () => {
  test.each(rows)('$name', async row => {
    const program = await findOnPath('mise')
    const layout = await layOut(row, program)
    const expected = row.mise ?? row.expected
    const said = program === undefined ? expected : await ask(layout)
    expect({ found: await find(layout), said }).toEqual({ found: row.expected, said: expected })
  })

  test('where nothing is set and nothing else is on PATH it is broken', async () => {
    const layout = await layOut({ name: '', expected: '' }, undefined)
    const path = nodePath.dirname(layout.shim)
    expect(await find({ ...layout, env: { ...layout.env, PATH: path } })).toBe('broken')
  })
})
