import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { Addition } from '../../src/edit/addition.ts'
import { discover, findAdditions } from '../../src/edit/find-additions.ts'
import { parseAdditions } from '../../src/edit/load-additions.ts'
import { toAdditions } from '../../src/edit/to-additions.ts'
import { toAdditionEdit } from '../../src/edit/validate-additions.ts'
import { commitEdit } from '../../src/journal/commit-edit.ts'
import { registryFiles } from '../../src/registry/schema/names.ts'
import { evaluateTrust, grantTrust } from '../../src/security/trust.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { type HomeTexts, soundDay, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost } from '../support/test-host.ts'

interface World {
  readonly programs?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly texts?: Partial<HomeTexts>
}

async function createWorld({ programs = [], env, texts }: World = {}) {
  const place = await createTestHost()
  const bin = `${place.directory}/bin`
  for (const program of programs) await writeScript(`${bin}/${program}`, 'echo version 28.1')
  await writeHome(place.directory, { ...soundTexts, ...texts })
  const host = { ...place, env: { ...place.env, PATH: bin, ...env } }
  const home = { directory: place.directory, origin: 'flag' } as const
  const read = (name: keyof HomeTexts) => readFile(`${place.directory}/${registryFiles[name]}`, 'utf8')
  const add = async (...names: string[]) => {
    const { additions, present } = await findAdditions(names, home, host)
    const { plan } = await commitEdit(home.directory, toAdditionEdit(additions, host), host)
    return { added: plan.added.map(({ ref }) => ref), present: [...present, ...plan.present] }
  }
  return { host, home, read, add }
}

describe('add', () => {
  test('takes a tool in, with all that belongs to it, and changes nothing else', async () => {
    const { add, read, host } = await createWorld({ programs: ['fdfind'] })
    expect(await add('rg', 'fd')).toEqual({ added: ['tools/rg', 'tools/fd'], present: [] })
    const tools = JSON.parse(await read('tools'))
    expect(tools.rg).toEqual({
      display_name: 'ripgrep',
      category: 'runtime',
      detection: 'which rg',
      env_var: 'NEXUS_HAS_RG',
      version_check: 'rg --version',
      install: expect.objectContaining({ apt: 'ripgrep' }),
    })
    expect(tools.fd).toMatchObject({ detection: 'which fdfind', version_check: 'fdfind --version' })
    expect(await read('hyper')).toBe(
      soundTexts.hyper.replace('"entries_count_expected": 3', '"entries_count_expected": 5'),
    )
    expect(JSON.parse(await read('dashboard')).sections.tools.entries.rg).toEqual({
      display_name: 'ripgrep',
      category: 'runtime',
      ui_component: 'capability_badge',
      env_var: 'NEXUS_HAS_RG',
      status_indicator: true,
    })
    expect((await read('tools')).startsWith(soundTexts.tools.trimEnd().slice(0, -2))).toBe(true)
    for (const name of ['models', 'providers', 'plugins'] as const) {
      expect(await read(name)).toBe(soundTexts[name])
    }
    expect((await validateHome(host.directory, host)).diagnostics).toEqual([])
  })

  test('adds the category of a new tool to the vocabulary that lacks it', async () => {
    const hyper = soundTexts.hyper.replace(
      '"entries_count_expected": 3',
      '"entries_count_expected": 3, "categories": ["container", "compute"]',
    )
    const { add, read, host } = await createWorld({ texts: { hyper } })
    await add('rg', 'docker')
    const { categories } = JSON.parse(await read('hyper')).sub_registries.tools
    expect(categories).toEqual(['container', 'compute', 'runtime'])
    expect((await validateHome(host.directory, host)).diagnostics).toEqual([])
  })

  test('takes a library and a provider in', async () => {
    const { add, read, host } = await createWorld()
    expect((await add('cv2', 'together')).added).toEqual(['ml_frameworks/opencv', 'providers/togetherai'])
    expect(JSON.parse(await read('ml_frameworks')).opencv).toMatchObject({ import_name: 'cv2' })
    expect(JSON.parse(await read('hyper')).sub_registries.providers.entries_count_expected).toBe(3)
    // How old its figures are depends on the day.
    const { diagnostics } = await validateHome(host.directory, host)
    expect(diagnostics.filter(({ rule }) => rule !== 'data-age')).toEqual([])
  })

  test('adds nothing twice', async () => {
    const { add, read } = await createWorld()
    await add('rg')
    const before = await read('tools')
    expect(await add('rg', 'ripgrep', 'docker', 'fd', 'fdfind')).toEqual({
      added: ['tools/fd'],
      present: ['tools/rg', 'tools/rg', 'tools/docker'],
    })
    expect(await add('rg')).toMatchObject({ added: [] })
    expect((await read('tools')).startsWith(before.trimEnd().slice(0, -2))).toBe(true)
  })

  test('gives a variable of its own to what would share one', async () => {
    const tools = soundTexts.tools.replace('NEXUS_HAS_PODMAN', 'NEXUS_HAS_RG')
    const dashboard = soundTexts.dashboard.replace('NEXUS_HAS_PODMAN', 'NEXUS_HAS_RG')
    const { add, read, host } = await createWorld({ texts: { tools, dashboard } })
    await add('rg')
    expect(JSON.parse(await read('tools')).rg.env_var).toBe('NEXUS_HAS_RG_CLI')
    expect((await validateHome(host.directory, host)).diagnostics).toEqual([])
  })

  test('carries a grant over, and makes none', async () => {
    const hashesOf = async (world: Awaited<ReturnType<typeof createWorld>>) => ({
      tools: world.host.sha256(await world.read('tools')),
      hyper: world.host.sha256(await world.read('hyper')),
    })
    const [trusted, other] = await Promise.all([createWorld(), createWorld()])
    await grantTrust(trusted.host.directory, trusted.host)
    for (const { add } of [trusted, other]) await add('rg')
    expect((await evaluateTrust(trusted.home, await hashesOf(trusted), trusted.host)).isTrusted).toBe(true)
    expect((await evaluateTrust(other.home, await hashesOf(other), other.host)).isTrusted).toBe(false)
  })

  test.each(['nothing', '', 'a\u001bb'])('refuses %j, and changes nothing', async name => {
    const { add, read } = await createWorld()
    await expect(add('rg', name)).rejects.toMatchObject({ code: 'usage' })
    expect(await read('tools')).toBe(soundTexts.tools)
  })

  test('refuses a registry that is no JSON', async () => {
    const { add, read } = await createWorld({ texts: { tools: '{ "a": ' } })
    await expect(add('rg')).rejects.toThrow('tool_registry.json is no JSON object')
    expect(await read('tools')).toBe('{ "a": ')
  })
})

describe('additions that a caller writes', () => {
  const createRequest = async (texts?: Partial<HomeTexts>) => {
    const world = await createWorld(texts ? { texts } : {})
    const commit = async (additions: readonly Addition[]) => {
      const clock = { ...world.host.clock, now: () => Date.parse(soundDay) }
      const { plan } = await commitEdit(
        world.home.directory,
        toAdditionEdit(additions, { clock }),
        world.host,
      )
      return { added: plan.added.map(({ ref }) => ref), present: plan.present }
    }
    return { ...world, commit }
  }
  const bun = { detect: 'which bun', category: 'runtime' }

  test('make a tool with its card, and are there the second time', async () => {
    const { commit, read } = await createRequest()
    const additions = toAdditions('tool', 'bun', { ...bun, icon: '*' })
    expect(await commit(additions)).toEqual({ added: ['tools/bun'], present: [] })
    expect(JSON.parse(await read('dashboard')).sections.tools.entries.bun).toMatchObject({ icon: '*' })
    const before = await read('tools')
    expect(await commit(additions)).toEqual({ added: [], present: ['tools/bun'] })
    expect(await read('tools')).toBe(before)
  })

  test('make a provider with its models and its adapter', async () => {
    const { commit, read } = await createRequest()
    const values = {
      endpoint: 'https://api.zeta.example/v1',
      'key-env': ['ZETA_API_KEY'],
      model: ['zeta-1=1000'],
    }
    expect((await commit(toAdditions('provider', 'zeta', values))).added).toEqual([
      'providers/zeta',
      'models/zeta-1',
      'adapters/zeta_adapter',
    ])
    expect(JSON.parse(await read('providers')).zeta.models).toEqual(['zeta-1'])
    expect(JSON.parse(await read('hyper')).sub_registries.models.entries_count_expected).toBe(6)
  })

  test('list a model with its provider', async () => {
    const { commit, read } = await createRequest()
    const values = { provider: 'acme', context: '1000', capability: ['streaming'] }
    await commit(toAdditions('model', 'new-model', values))
    expect(JSON.parse(await read('providers')).acme.models.at(-1)).toBe('new-model')
  })

  test('do not compare what a metric gets by default', async () => {
    const { commit } = await createRequest()
    const source = { service: 'metrics', path: '/m', pointer: '/n' }
    const additions = await parseAdditions('metrics:\n  load: {}\n', 'f.yaml')
    expect(additions).toMatchObject([{ registry: 'dashboard', id: 'load', entry: {} }])
    expect((await commit(additions)).present).toEqual(['dashboard/metrics/load'])
    expect(toAdditions('metric', 'depth', source)).toMatchObject([
      { entry: { source: { microservice: 'metrics', path: '/m', pointer: '/n' } } },
    ])
  })

  test.each([
    ['another entry with the id', 'docker', bun, 'tools/docker exists already, and differs: detection is'],
    [
      'a variable of another entry',
      'bun',
      { ...bun, 'env-var': 'NEXUS_HAS_DOCKER' },
      'the variable of tools/docker',
    ],
    ['an unknown category', 'bun', { ...bun, category: 'zoo' }, 'not in the vocabulary: container'],
    ['a pipe', 'bun', { ...bun, detect: 'which a | b' }, '--detect: tools/bun.detection: | is shell syntax'],
    ['a separator', 'bun', { ...bun, 'version-check': 'a; b' }, '--version-check'],
    ['an id with a space', 'a b', bun, 'expected an id'],
    ['the id of a framework, whose card it is', 'pytorch', bun, 'tools/pytorch: the dashboard would show it'],
  ])('are refused for %s, and nothing is changed', async (_, id, values, message) => {
    const { commit, read } = await createRequest()
    await expect(commit(toAdditions('tool', id, values))).rejects.toThrow(message)
    expect(await read('tools')).toBe(soundTexts.tools)
    expect(await read('hyper')).toBe(soundTexts.hyper)
  })

  test.each([
    ['HTML', '<html>', 'f:1:1: expected an object'],
    ['half a file', '{"tools": {"a":', 'f:1:16'],
    ['an unknown kind', 'foo: {}', 'f:1:1: there is no kind "foo"'],
    ['no fields', 'tools:\n  a: 5', 'f:2:3: expected the fields of a'],
    ['an edge without an end', 'edges: [{from: a}]', 'expected an edge'],
  ])('of a file are refused for %s', async (_, text, message) => {
    await expect(parseAdditions(text, 'f')).rejects.toMatchObject({ code: 'input' })
    await expect(parseAdditions(text, 'f')).rejects.toThrow(
      message.slice(0, message.startsWith('f:') ? 3 : 20),
    )
  })

  test('of a file name their lines', async () => {
    const { commit, read } = await createRequest()
    const additions = await parseAdditions(
      'tools:\n  a: {detection: "which a | b", category: zoo}\n',
      'f.yaml',
    )
    await expect(commit(additions)).rejects.toThrow(
      /f\.yaml:2:\d+: tools\/a: "zoo"[\s\S]+f\.yaml:2:\d+: tools\/a\.detection/,
    )
    expect(await read('tools')).toBe(soundTexts.tools)
  })
})

describe('discover', () => {
  const names = async (world: World, hasVersions = false) => {
    const { host, home } = await createWorld(world)
    const processes = { ...host.processes, run: () => Promise.reject(new Error('a process was started')) }
    const found = await discover({ home, hasVersions }, hasVersions ? host : { ...host, processes })
    return found.map(({ ref, by, version }) =>
      [ref, by, ...(version === undefined ? [] : [version])].join(' '),
    )
  }

  test('lists what is here and in no registry, without a process', async () => {
    expect(
      await names({ programs: ['rg', 'docker', 'fdfind', 'unknown'], env: { PERPLEXITY_API_KEY: 'x' } }),
    ).toEqual(['tools/fd fdfind', 'tools/rg rg', 'providers/perplexity PERPLEXITY_API_KEY'])
  })

  test('does not list a tool that the registry has under another id', async () => {
    const tools = soundTexts.tools.replace('which podman', 'which rg')
    expect(await names({ programs: ['rg'], texts: { tools } })).toEqual([])
  })

  test('reads versions by commands that the program ships', async () => {
    expect(await names({ programs: ['rg'] }, true)).toEqual(['tools/rg rg 28.1'])
  })
})
