import {
  appendFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RuleLevel } from '../../src/config/config.ts'
import { limits } from '../../src/lib/limits.ts'
import { type RegistryName, registryFiles } from '../../src/registry/schema/names.ts'
import { evaluateTrust, grantTrust } from '../../src/security/trust.ts'
import { applyFixes, planFixes } from '../../src/validate/plan-fixes.ts'
import { findTargets } from '../../src/validate/targets.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

type Texts = Partial<Record<RegistryName, string | Uint8Array>>

interface FixOptions {
  readonly rules?: Readonly<Record<string, RuleLevel>>
  readonly isDryRun?: boolean
}

/** A home in `home`, below a directory with the schemas of some registries. */
async function createHome(changes: Texts = {}, schemas: readonly RegistryName[] = []) {
  const host = await createTestHost()
  const home = host.path.join(host.directory, 'home')
  await mkdir(home)
  await writeHome(home, { ...soundTexts, ...changes })
  await writeSchemas(host, 'schemas', schemas)
  return {
    host,
    home,
    read: (name: RegistryName) => readFile(nodePath.join(home, registryFiles[name]), 'utf8'),
  }
}

async function writeSchemas(host: TestHost, place: string, names: readonly RegistryName[]) {
  const directory = host.path.join(host.directory, place)
  await mkdir(directory, { recursive: true })
  for (const name of names)
    await writeFile(host.path.join(directory, registryFiles[name].replace('.json', '.schema.json')), '{}')
}

async function fix(
  host: TestHost,
  paths: readonly string[],
  { rules = {}, isDryRun = false }: FixOptions = {},
) {
  const fixed = []
  for (const target of await findTargets(paths, host)) {
    const plan = await planFixes(target, rules, host)
    fixed.push(...(isDryRun ? plan.fixed : await applyFixes(plan, rules, host)))
  }
  return fixed.map(({ file, pointer, before, after }) => [host.path.basename(file), pointer, before, after])
}

const miscounted = soundTexts.hyper.replace('"entries_count_expected": 3', '"entries_count_expected": 9')
const unordered = soundTexts.tools.replace(
  /"detection": "which podman",\n(\s+)"env_var": "NEXUS_HAS_PODMAN"/,
  '"x-b": 1,\n$1"env_var": "NEXUS_HAS_PODMAN",\n$1"x-a": 2,\n$1"detection": "which podman"',
)

describe('errors with only one correction are fixed', () => {
  test('a valid home stays as it is', async () => {
    const { host, read } = await createHome()
    expect(await fix(host, ['home'])).toEqual([])
    for (const name of ['hyper', 'tools', 'adapters'] as const)
      expect(await read(name)).toBe(soundTexts[name])
  })

  test('counts of entries', async () => {
    const { host, read } = await createHome({ hyper: miscounted })
    expect(await fix(host, ['home'])).toEqual([
      ['hyper_registry.json', '/sub_registries/tools/entries_count_expected', '9', '3'],
    ])
    expect(await read('hyper')).toBe(soundTexts.hyper)
  })

  test('counts of providers', async () => {
    const adapters = soundTexts.adapters.replace('"providers": 2', '"providers": 7')
    const { host, read } = await createHome({ adapters })
    expect(await fix(host, ['home'])).toEqual([['adapter_registry.json', '/universal/providers', '7', '2']])
    expect(await read('adapters')).toBe(soundTexts.adapters)
  })

  test('the order of keys: that of the schema, x- keys last in their own order', async () => {
    const { host, read } = await createHome({ tools: unordered })
    expect(await fix(host, ['home'])).toEqual([
      [
        'tool_registry.json',
        '/podman',
        expect.stringContaining('"x-b", "env_var", "x-a", "detection"'),
        expect.stringMatching(/"detection", .*"env_var", .*"x-b", "x-a"$/),
      ],
    ])
    const text = await read('tools')
    expect(JSON.parse(text)).toEqual(JSON.parse(unordered))
    expect(text.split('\n').map(line => line.length - line.trimStart().length)).toEqual(
      unordered.split('\n').map(line => line.length - line.trimStart().length),
    )
    expect(await fix(host, ['home'])).toEqual([])
  })

  test.each([
    ['here', 'home/schemas', './schemas/'],
    ['above', 'schemas', '../schemas/'],
    ['in the package', 'node_modules/nexus-registry/schemas', '../node_modules/nexus-registry/schemas/'],
  ])('a missing $schema, where there is a schema: %s', async (_, place, shown) => {
    const { host, read } = await createHome()
    await writeSchemas(host, place, ['plugins'])
    const schema = `"${shown}plugin_registry.schema.json"`
    expect(await fix(host, ['home'])).toEqual([['plugin_registry.json', '/$schema', null, schema]])
    expect(await read('plugins')).toBe(soundTexts.plugins.replace('{\n', `{\n  "$schema": ${schema},\n`))
  })

  test('a $schema that is there stays', async () => {
    const { host, read } = await createHome({}, ['tools'])
    expect(await fix(host, ['home'])).toEqual([])
    expect(await read('tools')).toBe(soundTexts.tools)
  })

  test('all of it in one go, the minified way', async () => {
    const compact = JSON.stringify({ b: { providers: 1, type: 'universal_adapter', path: 'b.py' } })
    const { host, read } = await createHome({ adapters: compact }, ['adapters'])
    expect((await fix(host, ['home'])).map(([, pointer]) => pointer)).toEqual([
      '/b/providers',
      '/b',
      '/$schema',
    ])
    const $schema = '../schemas/adapter_registry.schema.json'
    const b = { path: 'b.py', type: 'universal_adapter', providers: 2 }
    expect(JSON.parse(await read('adapters'))).toEqual({ $schema, b })
    expect(JSON.stringify(JSON.parse(await read('adapters')))).toBe(JSON.stringify({ $schema, b }))
  })
})

test('a trusted home stays trusted: no command changes', async () => {
  const { host, home } = await createHome({ tools: unordered })
  await grantTrust(home, host)
  const isTrusted = async () => {
    const bytes = (name: RegistryName) => readFile(nodePath.join(home, registryFiles[name]))
    const hashes = {
      tools: host.sha256(await bytes('tools')),
      ml_frameworks: host.sha256(await bytes('ml_frameworks')),
    }
    return (await evaluateTrust({ directory: home, origin: 'flag' }, hashes, host)).isTrusted
  }
  expect(await isTrusted()).toBe(true)
  expect(await fix(host, ['home'])).toHaveLength(1)
  expect(await isTrusted()).toBe(true)
})

describe('nothing else is touched', () => {
  test('other files of the home than those that were named', async () => {
    const { host, read } = await createHome({ hyper: miscounted, tools: unordered })
    expect((await fix(host, ['home/tool_registry.json'])).map(([file]) => file)).toEqual([
      'tool_registry.json',
    ])
    expect(await read('hyper')).toBe(miscounted)
  })

  test('anything in a dry run', async () => {
    const { host, home, read } = await createHome({ hyper: miscounted })
    expect(await fix(host, ['home'], { isDryRun: true })).toHaveLength(1)
    expect(await read('hyper')).toBe(miscounted)
    expect(await readdir(home)).toHaveLength(9)
  })

  test('a file that is too large; the others are fixed', async () => {
    const { host, home, read } = await createHome({ hyper: miscounted })
    await truncate(host.path.join(home, registryFiles.models), limits.fileBytes + 1)
    expect(await fix(host, ['home'])).toHaveLength(1)
    expect(await read('hyper')).toBe(soundTexts.hyper)
  })

  test('counts, when their rule is off', async () => {
    const { host } = await createHome({ hyper: miscounted })
    expect(await fix(host, ['home'], { rules: { 'entry-count': 'off' } })).toEqual([])
  })

  test.each<[what: string, bytes: string | Uint8Array]>([
    ['is not JSON', unordered.slice(0, -3)],
    ['is not UTF-8', Buffer.from(unordered.replace('which docker', 'which d\u00e4'), 'latin1')],
  ])('a file that %s', async (_, tools) => {
    const { host, home } = await createHome({ tools, hyper: miscounted }, ['tools'])
    // The number of tools is unknown then, so the count stays too.
    expect(await fix(host, ['home'])).toEqual([])
    expect(await readFile(nodePath.join(home, 'tool_registry.json'))).toEqual(Buffer.from(tools))
  })

  test('keys that stand there twice keep their order', async () => {
    const tools = unordered.replace('"x-a": 2', '"env_var": "NEXUS_HAS_B"')
    const { host, read } = await createHome({ tools })
    await fix(host, ['home'])
    expect(JSON.parse(await read('tools')).podman.env_var).toBe('NEXUS_HAS_B')
    expect((await read('tools')).match(/NEXUS_HAS_PODMAN|NEXUS_HAS_B/g)).toEqual([
      'NEXUS_HAS_PODMAN',
      'NEXUS_HAS_B',
    ])
  })
})

describe('a home that changes after the plan', () => {
  test('gets the fixes of its current content', async () => {
    const { host, home, read } = await createHome({ hyper: miscounted })
    const [target] = await findTargets(['home'], host)
    const plan = target && (await planFixes(target, {}, host))
    await writeFile(nodePath.join(home, registryFiles.tools), unordered)
    expect(plan && (await applyFixes(plan, {}, host))).toMatchObject([{ after: '3' }, { pointer: '/podman' }])
    expect(await read('hyper')).toBe(soundTexts.hyper)
    expect(JSON.parse(await read('tools'))).toEqual(JSON.parse(unordered))
  })

  test('again and again is left alone', async () => {
    const { host, home } = await createHome({ hyper: miscounted })
    const readBytes: TestHost['fs']['readBytes'] = async (path, most) => {
      if (path.endsWith(registryFiles.models)) await appendFile(path, ' ')
      return host.fs.readBytes(path, most)
    }
    const changing = { ...host, fs: { ...host.fs, readBytes } }
    await expect(fix(changing, ['home'])).rejects.toMatchObject({ code: 'lock' })
    expect(await readFile(nodePath.join(home, registryFiles.hyper), 'utf8')).toBe(miscounted)
  })
})

describe('a file that belongs to no home', () => {
  test('is replaced whole, with the same permissions', async () => {
    const { host } = await createHome({})
    const path = nodePath.join(host.directory, 'tools.json')
    await writeFile(path, unordered)
    await chmod(path, 0o640)
    expect(await fix(host, ['tools.json'])).toMatchObject([['tools.json', '/podman', {}, {}]])
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(JSON.parse(unordered))
    expect((await stat(path)).mode & 0o777).toBe(0o640)
    expect((await readdir(host.directory)).filter(name => name.startsWith('.tools'))).toEqual([])
  })

  test('is left alone when it is a link', async () => {
    const { host } = await createHome()
    await writeFile(nodePath.join(host.directory, 'real'), unordered)
    await symlink('real', nodePath.join(host.directory, 'tools.json'))
    await expect(fix(host, ['tools.json'])).rejects.toThrow(/is a link: only real files are changed/)
    expect(await readFile(nodePath.join(host.directory, 'real'), 'utf8')).toBe(unordered)
  })

  test('is left alone when somebody else has changed it meanwhile', async () => {
    const { host } = await createHome()
    const path = nodePath.join(host.directory, 'tools.json')
    await writeFile(path, unordered)
    const createFile: typeof host.fs.createFile = async (...parts) => {
      await host.fs.createFile(...parts)
      await writeFile(path, '{"new": 1}')
    }
    const meddled = { ...host, fs: { ...host.fs, createFile } }
    await expect(fix(meddled, ['tools.json'])).rejects.toThrow(/was changed by another program/)
    expect(await readFile(path, 'utf8')).toBe('{"new": 1}')
    expect((await readdir(host.directory)).filter(name => name.startsWith('.tools'))).toEqual([])
  })

  test('stdin is rejected', async () => {
    const { host } = await createHome()
    const input = { ...host, readInput: async () => Buffer.from(unordered) }
    const [target] = await findTargets(['-'], input, 'tools')
    expect(target).toMatchObject({ isWritable: false })
    await expect(target && planFixes(target, {}, host)).rejects.toMatchObject({ code: 'usage' })
  })
})
