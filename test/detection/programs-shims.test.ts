import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { findLatest } from '../../src/detection/programs/shims/rbenv-family.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost, temporaryDirectory } from '../support/test-host.ts'

interface Manager {
  readonly at: (...parts: string[]) => string
  readonly write: (path: string, text: string) => Promise<void>
  readonly find: (
    name: string,
    options?: { env?: Record<string, string>; cwd?: string },
  ) => Promise<{
    target?: string | undefined
    reason?: string | undefined
    manager?: string | undefined
    kind?: string
    isRunnable?: boolean
  }>
}

/** A home directory with PATH entries below it. `find` gives the target that a shim leads to, or why to none. */
async function layOut(...path: string[]): Promise<Manager> {
  const home = await temporaryDirectory()
  const at = (...parts: string[]) => nodePath.join(home, ...parts)
  const write = async (name: string, text: string) => {
    await mkdir(nodePath.dirname(at(name)), { recursive: true })
    await writeFile(at(name), text)
  }
  await mkdir(at('project/sub'), { recursive: true })
  return {
    at,
    write,
    find: async (name, options = {}) => {
      const host = await createTestHost({
        cwd: options.cwd ?? at('project/sub'),
        env: { PATH: path.map(part => at(part)).join(':'), HOME: home, ...options.env },
        overrides: { userHome: home },
      })
      const { result } = await createProgramFinder(host).find(name)
      if (result === undefined) return {}
      const { manager } = result
      if (result.kind === 'found') return { target: result.target, manager }
      if (result.kind === 'broken') return { kind: 'broken', reason: result.reason, manager }
      return { kind: 'uncertain', isRunnable: result.isRunnable, reason: result.reason, manager }
    },
  }
}

describe.each([
  { manager: 'pyenv', prefix: 'PYENV', local: '.python-version' },
  { manager: 'rbenv', prefix: 'RBENV', local: '.ruby-version' },
  { manager: 'nodenv', prefix: 'NODENV', local: '.node-version' },
])('$manager', ({ manager, prefix, local }) => {
  async function layOutFamily(): Promise<Manager> {
    const layout = await layOut(`.${manager}/shims`, 'system')
    const root = layout.at(`.${manager}`)
    for (const name of ['tool', 'kubectl', 'only']) {
      // As `pyenv rehash` writes them.
      await writeScript(
        layout.at(`.${manager}/shims`, name),
        `set -e\nprogram="\${0##*/}"\nexport ${prefix}_ROOT="${root}"\nexec "${root}/libexec/${manager}" exec "$program" "$@"`,
      )
    }
    await writeScript(layout.at(`.${manager}/versions/3.1.0/bin/tool`), '')
    await writeScript(layout.at(`.${manager}/versions/3.2.0/bin/tool`), '')
    await writeScript(layout.at(`.${manager}/versions/3.2.0/bin/kubectl`), '')
    await layout.write(`.${manager}/version`, '3.1.0\n')
    return layout
  }
  const target = (layout: Manager, version: string, name: string) =>
    layout.at(`.${manager}/versions`, version, 'bin', name)

  test("a shim leads to the target in the user's version", async () => {
    const layout = await layOutFamily()
    expect(await layout.find('tool')).toEqual({ target: target(layout, '3.1.0', 'tool'), manager })
  })

  test("a shim with nothing behind it is broken, with the manager's reason and the versions that have it", async () => {
    const layout = await layOutFamily()
    expect(await layout.find('kubectl')).toEqual({
      kind: 'broken',
      reason: `${manager}: kubectl: command not found in 3.1.0; these versions have it: 3.2.0`,
      manager,
    })
    expect(await layout.find('only')).toMatchObject({
      reason: `${manager}: only: command not found in 3.1.0`,
    })
  })

  test(`${prefix}_VERSION chooses before any file`, async () => {
    const layout = await layOutFamily()
    await layout.write(`project/${local}`, '3.1.0\n')
    const env = { [`${prefix}_VERSION`]: '3.2.0' }
    expect(await layout.find('kubectl', { env })).toMatchObject({
      target: target(layout, '3.2.0', 'kubectl'),
    })
  })

  test(`${local} is searched upwards`, async () => {
    const layout = await layOutFamily()
    await layout.write(`project/${local}`, '\n  3.2.0  # here\n')
    expect(await layout.find('kubectl')).toMatchObject({ target: target(layout, '3.2.0', 'kubectl') })
    expect(await layout.find('kubectl', { cwd: layout.at('.') })).toMatchObject({ manager, reason: /./ })
  })

  test('a version that is not installed is broken, and says who chose it', async () => {
    const layout = await layOutFamily()
    await layout.write(`project/${local}`, '9.9.9\n')
    expect(await layout.find('tool')).toMatchObject({
      reason: `${manager}: version \`9.9.9' is not installed (set by ${layout.at('project', local)})`,
    })
  })

  test('a version file cannot steer a terminal by the reason', async () => {
    const layout = await layOutFamily()
    await layout.write(`project/${local}`, `9\u001b]0;title\u0007\u202e${'9'.repeat(5000)}\n`)
    const { reason = '' } = await layout.find('tool')
    expect(reason).toMatch(new RegExp(`^${manager}: version \`99`))
    expect(reason.length).toBeLessThan(257)
  })

  test('a version file cannot lead out of the versions', async () => {
    const layout = await layOutFamily()
    await writeScript(layout.at('project/evil/bin/tool'), '')
    await layout.write(`project/${local}`, '../../project/evil\n')
    const found = await layout.find('tool')
    expect(found.target ?? '').not.toContain('evil')
  })

  test('system is what PATH has besides the shims', async () => {
    const layout = await layOutFamily()
    const env = { [`${prefix}_VERSION`]: 'system' }
    expect(await layout.find('tool', { env })).toMatchObject({
      reason: `${manager}: tool: command not found in system; these versions have it: 3.1.0, 3.2.0`,
    })
    const path = await writeScript(layout.at('system/tool'), '')
    expect(await layout.find('tool', { env })).toEqual({ target: path, manager })
  })
})

describe('pyenv alone', () => {
  async function layOutPyenv(...installed: string[]): Promise<Manager> {
    const layout = await layOut('.pyenv/shims', 'system')
    await writeScript(
      layout.at('.pyenv/shims/tool'),
      'exec "/usr/lib/pyenv/libexec/pyenv" exec "$program" "$@"',
    )
    for (const version of installed) await writeScript(layout.at('.pyenv/versions', version, 'bin/tool'), '')
    return layout
  }

  test('several versions are tried in their order', async () => {
    const layout = await layOutPyenv('3.12.1')
    await mkdir(layout.at('.pyenv/versions/3.11.7/bin'), { recursive: true })
    const target = layout.at('.pyenv/versions/3.12.1/bin/tool')
    expect(await layout.find('tool', { env: { PYENV_VERSION: '3.11.7:3.12.1' } })).toMatchObject({ target })
    await layout.write('project/.python-version', '3.11.7\n3.12.1\n')
    expect(await layout.find('tool')).toMatchObject({ target })
  })

  test('a prefix means the latest installed version', async () => {
    const layout = await layOutPyenv('3.11.7', '3.11.10', '3.12.1')
    const target = layout.at('.pyenv/versions/3.11.10/bin/tool')
    expect(await layout.find('tool', { env: { PYENV_VERSION: '3.11' } })).toMatchObject({ target })
    expect(await layout.find('tool', { env: { PYENV_VERSION: 'python-3.11' } })).toMatchObject({ target })
  })

  test('without a target in the version, the rest of PATH is tried', async () => {
    const layout = await layOutPyenv()
    await mkdir(layout.at('.pyenv/versions/3.11.7/bin'), { recursive: true })
    const target = await writeScript(layout.at('system/tool'), '')
    expect(await layout.find('tool', { env: { PYENV_VERSION: '3.11.7' } })).toEqual({
      target,
      manager: 'pyenv',
    })
  })

  test.each([
    ['3', ['3.9.18', '3.13.0', '3.12.1'], '3.13.0'],
    ['3.13', ['3.13.0rc2', '3.13-dev', '3.13.0t'], undefined],
    ['3.13t', ['3.13.0', '3.13.0t'], '3.13.0t'],
    ['3.1', ['3.11.7', '3.12.1'], undefined],
    ['pypy3.10', ['pypy3.10-7.3.12', 'pypy3.10-7.3.9'], 'pypy3.10-7.3.12'],
  ])('%s of %j is %s', (prefix, installed, expected) => {
    expect(findLatest(prefix, installed)).toBe(expected)
  })
})

describe('asdf', () => {
  async function layOutAsdf(): Promise<Manager> {
    const layout = await layOut('.asdf/shims', 'system')
    await writeScript(
      layout.at('.asdf/shims/node'),
      '# asdf-plugin: nodejs 18.0.0\n# asdf-plugin: nodejs 20.0.0\nexec asdf exec "node" "$@"',
    )
    await writeScript(
      layout.at('.asdf/shims/go'),
      '# asdf-plugin: golang 1.22.1\nexec /opt/asdf/bin/asdf exec "go" "$@"',
    )
    await writeScript(layout.at('.asdf/installs/nodejs/18.0.0/bin/node'), '')
    await writeScript(layout.at('.asdf/installs/nodejs/20.0.0/bin/node'), '')
    await writeScript(layout.at('.asdf/installs/golang/1.22.1/go/bin/go'), '')
    return layout
  }
  const node = (layout: Manager, version: string) => layout.at('.asdf/installs/nodejs', version, 'bin/node')

  test('.tool-versions is searched upwards, and then in the home directory', async () => {
    const layout = await layOutAsdf()
    await layout.write('.tool-versions', 'nodejs 18.0.0\n')
    const cwd = await temporaryDirectory()
    expect(await layout.find('node', { cwd })).toEqual({ target: node(layout, '18.0.0'), manager: 'asdf' })
    await layout.write('project/.tool-versions', '# mine\nnodejs 20.0.0 18.0.0 # both\n')
    expect(await layout.find('node')).toMatchObject({ target: node(layout, '20.0.0') })
  })

  test('ASDF_NODEJS_VERSION chooses before any file', async () => {
    const layout = await layOutAsdf()
    await layout.write('.tool-versions', 'nodejs 18.0.0\n')
    const env = { ASDF_NODEJS_VERSION: '20.0.0' }
    expect(await layout.find('node', { env })).toMatchObject({ target: node(layout, '20.0.0') })
  })

  test('a plugin may keep programs somewhere else than in bin', async () => {
    const layout = await layOutAsdf()
    await layout.write('.tool-versions', 'golang 1.22.1\n')
    expect(await layout.find('go')).toMatchObject({
      target: layout.at('.asdf/installs/golang/1.22.1/go/bin/go'),
    })
  })

  test('without a version it is broken, and the versions that have it are named', async () => {
    const layout = await layOutAsdf()
    expect(await layout.find('node')).toMatchObject({
      reason:
        'asdf: no version is set for command node; these versions have it: nodejs 18.0.0, nodejs 20.0.0',
    })
    await layout.write('.tool-versions', 'nodejs 22.0.0\n')
    expect(await layout.find('node')).toMatchObject({
      reason: `asdf: no node executable found for nodejs 22.0.0 (set by ${layout.at('.tool-versions')}); these versions have it: nodejs 18.0.0, nodejs 20.0.0`,
    })
  })

  test('system is what PATH has besides the shims', async () => {
    const layout = await layOutAsdf()
    const target = await writeScript(layout.at('system/node'), '')
    await layout.write('.tool-versions', 'nodejs system\n')
    expect(await layout.find('node')).toEqual({ target, manager: 'asdf' })
  })

  test('a version that the shim does not list is none', async () => {
    const layout = await layOutAsdf()
    await writeScript(layout.at('.asdf/installs/nodejs/21.0.0/bin/node'), '')
    await layout.write('.tool-versions', 'nodejs 21.0.0\n')
    expect(await layout.find('node')).toMatchObject({ manager: 'asdf', reason: expect.any(String) })
  })

  test.each(['path:AT', '../../../project/evil', '18.0.0/../../../../project/evil', '..'])(
    '%s does not lead out of the installations',
    async version => {
      const layout = await layOutAsdf()
      const evil = layout.at('project/evil')
      await writeScript(nodePath.join(evil, 'bin/node'), '')
      await layout.write('project/.tool-versions', `nodejs ${version.replace('AT', evil)}\n`)
      expect(await layout.find('node')).toMatchObject({ manager: 'asdf', reason: expect.any(String) })
    },
  )

  describe('older files of a plugin, where .asdfrc enables them', () => {
    async function layOutLegacy(settings = 'legacy_version_file = yes\n'): Promise<Manager> {
      const layout = await layOutAsdf()
      await layout.write('.asdfrc', settings)
      await layout.write(
        '.asdf/plugins/nodejs/bin/list-legacy-filenames',
        '#!/usr/bin/env bash\necho ".nvmrc .node-version"\n',
      )
      return layout
    }

    test.each([
      ['18.0.0\n', '18.0.0', undefined],
      ['20.0.0\n', '18.0.0', 'nodejs 18.0.0\n'],
    ])('.nvmrc %j is %s beside .tool-versions %j', async (text, version, toolVersions) => {
      const layout = await layOutLegacy()
      await layout.write('project/.nvmrc', text)
      if (toolVersions !== undefined) await layout.write('project/.tool-versions', toolVersions)
      expect(await layout.find('node')).toMatchObject({ target: node(layout, version) })
    })

    test('the nearest directory counts', async () => {
      const layout = await layOutLegacy()
      await layout.write('project/.tool-versions', 'nodejs 20.0.0\n')
      await layout.write('project/sub/.node-version', '18.0.0\n')
      expect(await layout.find('node')).toMatchObject({ target: node(layout, '18.0.0') })
    })

    test.each([
      ['v18.0.0\n', 'target'],
      ['lts/*\n', 'present'],
      ['18\n', 'present'],
    ])('a plugin that reads %j itself: %s', async (text, expected) => {
      const layout = await layOutLegacy()
      await writeScript(layout.at('.asdf/plugins/nodejs/bin/parse-legacy-file'), '')
      await layout.write('project/.nvmrc', text)
      const found = await layout.find('node')
      expect(found).toMatchObject(
        expected === 'target' ? { target: node(layout, '18.0.0') } : { kind: 'uncertain', isRunnable: true },
      )
    })

    test('elsewhere they are not read', async () => {
      const layout = await layOutLegacy('legacy_version_file = no\n')
      await layout.write('project/.nvmrc', '18.0.0\n')
      expect(await layout.find('node')).toMatchObject({ kind: 'broken' })
    })
  })

  test('a program that the shim lists and that lies somewhere else is not called broken', async () => {
    const layout = await layOutAsdf()
    await layout.write('.tool-versions', 'golang 1.22.1\n')
    await rename(layout.at('.asdf/installs/golang/1.22.1/go'), layout.at('.asdf/installs/golang/1.22.1/deep'))
    await mkdir(layout.at('.asdf/installs/golang/1.22.1/a'))
    await rename(
      layout.at('.asdf/installs/golang/1.22.1/deep'),
      layout.at('.asdf/installs/golang/1.22.1/a/deep'),
    )
    expect(await layout.find('go')).toMatchObject({ kind: 'uncertain', isRunnable: false })
  })
})

describe('mise', () => {
  const data = '.local/share/mise'

  async function layOutMise(): Promise<Manager> {
    const layout = await layOut(`${data}/shims`, 'system')
    const mise = await writeScript(layout.at('.local/bin/mise'), '')
    await mkdir(layout.at(data, 'shims'), { recursive: true })
    for (const name of ['node', 'prettier', 'rg']) await symlink(mise, layout.at(data, 'shims', name))
    await writeScript(layout.at(data, 'installs/node/18.20.0/bin/node'), '')
    await writeScript(layout.at(data, 'installs/node/20.11.0/bin/node'), '')
    await symlink('./20.11.0', layout.at(data, 'installs/node/20'))
    await writeScript(layout.at(data, 'installs/npm-prettier/3.2.5/bin/prettier'), '')
    await writeScript(layout.at(data, 'installs/ripgrep/14.1.0/ripgrep-14.1.0-x86_64/rg'), '')
    return layout
  }
  const node = (layout: Manager, version: string) => layout.at(data, 'installs/node', version, 'bin/node')

  test("the user's configuration chooses the version, the project's before it", async () => {
    const layout = await layOutMise()
    await layout.write('.config/mise/config.toml', '[tools]\nnode = "18.20.0"\n')
    expect(await layout.find('node')).toEqual({ target: node(layout, '18.20.0'), manager: 'mise' })
    await layout.write('project/mise.toml', '[env]\nA = "1"\n[tools]\nnode = { version = "20" }\n')
    expect(await layout.find('node')).toMatchObject({ target: node(layout, '20.11.0') })
    await layout.write('project/sub/.tool-versions', 'nodejs 18.20.0\n')
    expect(await layout.find('node')).toMatchObject({ target: node(layout, '18.20.0') })
    expect(await layout.find('node', { env: { MISE_NODE_VERSION: '20.11.0' } })).toMatchObject({
      target: node(layout, '20.11.0'),
    })
  })

  test.each([
    ['latest', '20.11.0'],
    ['prefix:20', '20.11.0'],
    ['18', '18.20.0'],
  ])('%s is %s', async (version, directory) => {
    const layout = await layOutMise()
    await layout.write('project/mise.toml', `[tools]\nnode = ["${version}"]\n`)
    expect(await layout.find('node')).toMatchObject({ target: node(layout, directory) })
  })

  test('a program comes from whichever tool that is set has it', async () => {
    const layout = await layOutMise()
    await layout.write('project/.mise.toml', '[tools]\n"npm:prettier" = "3.2.5"\nripgrep = "latest"\n')
    expect(await layout.find('prettier')).toMatchObject({
      target: layout.at(data, 'installs/npm-prettier/3.2.5/bin/prettier'),
    })
    expect(await layout.find('rg')).toMatchObject({
      target: layout.at(data, 'installs/ripgrep/14.1.0/ripgrep-14.1.0-x86_64/rg'),
    })
  })

  test('without a version it is broken, and so is one that is not installed', async () => {
    const layout = await layOutMise()
    expect(await layout.find('node')).toEqual({
      kind: 'broken',
      reason: 'mise: no version is set for shim: node',
      manager: 'mise',
    })
    await layout.write('project/mise.toml', '[tools]\nnode = "22"\n')
    expect(await layout.find('node')).toMatchObject({
      reason: `mise: tool not installed for shim: node: node 22 (set by ${layout.at('project/mise.toml')}); installed are: 18.20.0, 20.11.0`,
    })
  })

  test('without a version, the rest of PATH is tried', async () => {
    const layout = await layOutMise()
    const target = await writeScript(layout.at('system/node'), '')
    expect(await layout.find('node')).toEqual({ target, manager: 'mise' })
  })

  test('mise itself is no shim', async () => {
    const layout = await layOut('.local/bin')
    const target = await writeScript(layout.at('.local/bin/mise'), '')
    expect(await layout.find('mise')).toEqual({ target, manager: undefined })
  })
})

describe('volta', () => {
  async function layOutVolta(): Promise<Manager> {
    const layout = await layOut('.volta/bin', 'system')
    const shim = await writeScript(layout.at('opt/volta/volta-shim'), '')
    await mkdir(layout.at('.volta/bin'), { recursive: true })
    for (const name of ['node', 'npm', 'yarn', 'tsc', 'gone', 'constructor', '__proto__'])
      await symlink(shim, layout.at('.volta/bin', name))
    for (const version of ['18.20.0', '20.11.0']) {
      await writeScript(layout.at('.volta/tools/image/node', version, 'bin/node'), '')
      await writeScript(layout.at('.volta/tools/image/node', version, 'bin/npm'), '')
    }
    await writeScript(layout.at('.volta/tools/image/npm/9.6.7/bin/npm'), '')
    await writeScript(layout.at('.volta/tools/image/packages/typescript/bin/tsc'), '')
    await layout.write('.volta/tools/user/bins/tsc.json', '{"name":"tsc","package":"typescript"}')
    return layout
  }
  const setDefault = (layout: Manager, platform: unknown) =>
    layout.write('.volta/tools/user/platform.json', JSON.stringify(platform))
  const image = (layout: Manager, path: string) => layout.at('.volta/tools/image', path)

  test("Node is the user's default, npm the one that came with it", async () => {
    const layout = await layOutVolta()
    await setDefault(layout, { node: { runtime: '18.20.0', npm: null }, yarn: null })
    expect(await layout.find('node')).toEqual({
      target: image(layout, 'node/18.20.0/bin/node'),
      manager: 'volta',
    })
    expect(await layout.find('npm')).toMatchObject({ target: image(layout, 'node/18.20.0/bin/npm') })
    await setDefault(layout, { node: { runtime: '18.20.0', npm: '9.6.7' } })
    expect(await layout.find('npm')).toMatchObject({ target: image(layout, 'npm/9.6.7/bin/npm') })
  })

  test("the project's package.json chooses before it, also by extends", async () => {
    const layout = await layOutVolta()
    await setDefault(layout, { node: { runtime: '18.20.0' } })
    await layout.write('project/package.json', '{"volta":{"node":"20.11.0"}}')
    expect(await layout.find('node')).toMatchObject({ target: image(layout, 'node/20.11.0/bin/node') })
    await layout.write('project/sub/package.json', '{"volta":{"extends":"../package.json"}}')
    expect(await layout.find('node')).toMatchObject({ target: image(layout, 'node/20.11.0/bin/node') })
    await layout.write('project/sub/package.json', '{"name":"without"}')
    expect(await layout.find('node')).toMatchObject({ target: image(layout, 'node/18.20.0/bin/node') })
  })

  test('other programs come from the package that they were installed with', async () => {
    const layout = await layOutVolta()
    expect(await layout.find('tsc')).toMatchObject({ target: image(layout, 'packages/typescript/bin/tsc') })
  })

  test('a shim with nothing behind it is broken', async () => {
    const layout = await layOutVolta()
    expect(await layout.find('node')).toMatchObject({
      reason: 'volta: Node is not available; no version of it is set',
    })
    for (const name of ['gone', 'constructor', '__proto__']) {
      expect(await layout.find(name)).toMatchObject({ reason: `volta: could not find executable "${name}"` })
    }
    await setDefault(layout, { node: { runtime: '22.0.0' } })
    const origin = layout.at('.volta/tools/user/platform.json')
    expect(await layout.find('node')).toMatchObject({
      reason: `volta: node 22.0.0 is not installed (set by ${origin})`,
    })
    expect(await layout.find('yarn')).toMatchObject({
      reason: `volta: yarn is not available; no version of it is set in ${origin}`,
    })
  })

  test('a project cannot lead out of the images', async () => {
    const layout = await layOutVolta()
    await layout.write('project/package.json', '{"volta":{"node":"../../../../project/evil"}}')
    await writeScript(layout.at('project/evil/bin/node'), '')
    expect((await layout.find('node')).target).toBeUndefined()
  })
})

test('a program that only lies in a directory called shims is a program', async () => {
  const layout = await layOut('tools/shims')
  const target = await writeScript(layout.at('tools/shims/activate'), 'echo')
  expect(await layout.find('activate')).toEqual({ target, manager: undefined })
})
