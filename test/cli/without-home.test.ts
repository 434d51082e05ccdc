import { chmod, mkdir } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { createTestHost, type TestHost, type TestHostOptions } from '../support/test-host.ts'

const noXdg = {
  XDG_CACHE_HOME: undefined,
  XDG_STATE_HOME: undefined,
  XDG_DATA_HOME: undefined,
  XDG_CONFIG_HOME: undefined,
}

/** A host whose home directory is this one, and nothing else is named. */
async function withHome(home: string | undefined, options: TestHostOptions = {}): Promise<TestHost> {
  const env = { ...noXdg, HOME: home, ...options.env }
  return createTestHost({ ...options, env, overrides: { userHome: home, ...options.overrides } })
}

const places: readonly [string, () => Promise<TestHost>][] = [
  ['without HOME', () => withHome(undefined)],
  ['with a relative HOME', () => withHome('relative')],
  ['with a HOME that is a file', () => withHome('/dev/null')],
  ['with a HOME below which no directory can be made', () => withHome('/proc')],
  ['with a HOME of which the path is too long', () => withHome(`/${'n'.repeat(300)}`)],
  [
    'with relative XDG directories',
    () => withHome(undefined, { env: { XDG_DATA_HOME: 'data', XDG_CACHE_HOME: '~' } }),
  ],
  [
    'with a default home of another user',
    async () => {
      const host = await withHome(undefined)
      const directory = nodePath.join(host.directory, 'nexus-registry')
      await mkdir(directory)
      await chmod(directory, 0o755)
      const stat: TestHost['fs']['stat'] = async path => {
        const info = await host.fs.stat(path)
        return path === directory && info ? { ...info, uid: 4711 } : info
      }
      const list: TestHost['fs']['list'] = async path =>
        path === directory ? ['theirs'] : host.fs.list(path)
      return {
        ...host,
        uid: 12,
        env: { ...host.env, XDG_DATA_HOME: host.directory },
        fs: { ...host.fs, stat, list },
      }
    },
  ],
]

describe.each(places)('%s', (_, createHost) => {
  test.each([
    'has nodejs',
    'list tools',
    'query tools',
    'validate',
    'graph --all',
    'status',
    'explain tools/git',
    'dashboard',
    'completion bash',
    'hook bash',
    'doctor',
    'sync --quick --dry-run',
  ])('`%s` answers', async command => {
    const host = await createHost()
    expect([0, 1]).toContain(await run(command.split(' '), host))
    expect(host.written.stderr).not.toContain('error')
  })

  test('`env` prints every variable, and says nothing', async () => {
    const host = await createHost()
    expect(await run(['env', '--shell', 'json'], host)).toBe(0)
    const usual = await createTestHost()
    expect(await run(['env', '--shell', 'json'], usual)).toBe(0)
    expect(JSON.parse(host.written.stdout)).toEqual(JSON.parse(usual.written.stdout))
    expect(host.written.stderr).toBe('')
  })

  test.each([
    'sync --quick',
    'sync --watch',
    'serve --port 0',
    'trust',
    'token create --role reader',
    'validate --fix',
  ])('`%s` fails, and says where', async command => {
    const host = await createHost()
    expect(await run(command.split(' '), host)).toBe(2)
    expect(host.written.stderr).toMatch(
      /^error: .*(could not be written|neither HOME nor|belongs to another user)/,
    )
    expect(host.written.stderr).toMatch(/hint: /)
  })
})

test.each([
  ['--home', { flag: ['--home', '/nowhere'], env: {} }],
  ['NEXUS_REGISTRY_HOME', { flag: [], env: { NEXUS_REGISTRY_HOME: '/nowhere' } }],
])('a home that %s names and that is not there stays an error', async (_, { flag, env }) => {
  const host = await withHome(undefined, { env })
  expect(await run([...flag, 'list'], host)).toBe(2)
  expect(host.written.stderr).toContain('/nowhere')
})

test('`doctor` and `-v` say that the shipped registries are used, and why', async () => {
  for (const command of ['doctor', 'has nodejs -v']) {
    const host = await withHome('/proc')
    await run(command.split(' '), host)
    expect(host.written.stdout + host.written.stderr).toContain('using the shipped registries')
  }
})
