import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { readConfigFile } from '../../src/platform/node/read-config-file.ts'
import { loadRegistry } from '../../src/registry/load/load-registry.ts'
import { findTargets } from '../../src/validate/targets.ts'
import { validateTargets } from '../../src/validate/validate.ts'
import { createTestHost } from '../support/test-host.ts'

const secret = '//npm.example.com/:_authToken=npm_SECRET'
const valid = JSON.stringify({ jq: { detection: 'which jq', env_var: 'NEXUS_HAS_JQ' } })

/** A directory with a repository, `repo`, and a file of the user beside it, which holds a valid registry. */
async function createProject({ isRepository = true } = {}) {
  const host = await createTestHost()
  const root = await host.fs.realPath(host.directory)
  const at = (...parts: string[]) => nodePath.join(root, ...parts)
  await mkdir(at('repo', 'registries'), { recursive: true })
  await mkdir(at('outside'))
  if (isRepository) await mkdir(at('repo', '.git'))
  await writeFile(at('outside', 'tools.json'), valid)
  await writeFile(at('outside', 'secret'), secret)
  await writeFile(at('repo', 'tools.json'), valid)
  return { host: { ...host, cwd: at('repo') }, at }
}

const file = 'tool_registry.json'
type At = (...parts: string[]) => string

describe('a registry of a project', () => {
  test.each<[what: string, place: (at: At) => Promise<void>, isRead: boolean, isRepository?: boolean]>([
    ['a file', at => writeFile(at('repo', 'registries', file), valid), true],
    ['a link within the repository', at => symlink('../tools.json', at('repo', 'registries', file)), true],
    ['a link out of it', at => symlink('../../outside/tools.json', at('repo', 'registries', file)), false],
    [
      'a link to a link out of it',
      async at => {
        await symlink('../outside/tools.json', at('repo', 'hop'))
        await symlink('../hop', at('repo', 'registries', file))
      },
      false,
    ],
    [
      'in a directory that is a link out of it',
      async at => {
        await rename(at('outside', 'tools.json'), at('outside', file))
        await rm(at('repo', 'registries'), { recursive: true })
        await symlink('../outside', at('repo', 'registries'))
      },
      false,
    ],
    [
      'a link out of a home without a repository',
      at => symlink('../tools.json', at('repo', 'registries', file)),
      false,
      false,
    ],
  ])('that is %s is read, or refused with a sentence', async (_, place, isRead, isRepository = true) => {
    const { host, at } = await createProject({ isRepository })
    await place(at)
    const read = await loadRegistry('tools', at('repo', 'registries'), host, { isStrict: true })
    expect(read.state).toBe(isRead ? 'ok' : 'failed')
    if (!isRead) expect(read.diagnostics[0]?.message).toMatch(/is a link that leads out of/)
  })

  test('may be anywhere when the home is the default one, as programs for dotfiles link it', async () => {
    const { host, at } = await createProject()
    const data = at('data')
    const home = nodePath.join(data, 'nexus-registry')
    await mkdir(home, { recursive: true })
    await symlink(at('outside', 'tools.json'), nodePath.join(home, file))
    const own = { ...host, env: { ...host.env, XDG_DATA_HOME: data } }
    expect((await loadRegistry('tools', home, own, { isStrict: true })).state).toBe('ok')
  })

  test.each([[file], ['registry.json']])(
    'that is validated as %s shows nothing of what a link leads to',
    async name => {
      const { host, at } = await createProject()
      await symlink('../../outside/secret', at('repo', 'registries', name))
      const planned = await findTargets([at('repo', 'registries', name)], host, 'tools')
      const { report, sources } = await validateTargets(planned, host, {})
      expect(report.valid).toBe(false)
      expect(JSON.stringify(report)).not.toContain('SECRET')
      expect([...sources.values()].join()).not.toContain('SECRET')
    },
  )

  test('that is no registry at all is reported without its lines', async () => {
    const { host, at } = await createProject()
    await writeFile(at('repo', 'registries', file), secret)
    const { report, sources } = await validateTargets(
      await findTargets([at('repo', 'registries', file)], host),
      host,
      {},
    )
    expect(report.valid).toBe(false)
    expect(JSON.stringify(report)).not.toContain('SECRET')
    expect(sources.size).toBe(0)
  })
})

describe('a configuration of a project', () => {
  test.each(['.nexus-registryrc', '.nexus-registryrc.json', '.nexus-registryrc.yaml'])(
    'in %s is refused when it is a link out of the project, and none of it is shown',
    async name => {
      for (const isRepository of [true, false]) {
        const { host, at } = await createProject({ isRepository })
        await symlink('../outside/secret', at('repo', name))
        const failure = await load(host).catch(error => error)
        expect(failure).toMatchObject({ code: 'config' })
        expect(failure.message).toMatch(/is a link that leads out of/)
        expect(`${failure.message} ${failure.hint}`).not.toContain('SECRET')
      }
    },
  )

  test('may be a link within the repository', async () => {
    const { host, at } = await createProject()
    await writeFile(at('repo', 'settings.yaml'), 'validate: { strict: true }')
    await symlink('settings.yaml', at('repo', '.nexus-registryrc'))
    expect((await load(host)).config.validate.strict).toBe(true)
  })
})

function load(host: Awaited<ReturnType<typeof createProject>>['host']) {
  const read: Parameters<typeof loadConfig>[1]['readConfigFile'] = (path, parse) =>
    readConfigFile(path, { parse, quietPlace: nodePath.resolve('registries') })
  return loadConfig({ flag: undefined, mode: 'strict' }, { ...host, readConfigFile: read })
}
