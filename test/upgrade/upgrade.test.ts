import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { valueAt } from '../../src/lib/json/json-value.ts'
import { shippedMarkName } from '../../src/registry/lock/lock-state.ts'
import { registryFiles } from '../../src/registry/schema/names.ts'
import { evaluateTrust, grantTrust } from '../../src/security/trust.ts'
import { findUpgrade, planHomeUpgrade, upgradeHome, upgradeUnasked } from '../../src/upgrade/upgrade.ts'
import { createUpgradableHome, firstShipped, patchTexts } from '../support/homes/shipped-program.ts'

const tool = (program: string, more: object = {}) => ({
  detection: `which ${program}`,
  env_var: `NEXUS_HAS_${program.toUpperCase()}`,
  ...more,
})
const detected = {
  status: 'present',
  path: '/usr/bin/docker',
  version: '28.0.0',
  evidence: 'path',
  reason: 'A sentence',
  checked_at: '2026-11-23T08:42:55.000Z',
}
const card = { display_name: 'Git', ui_component: 'capability_badge', category: 'vcs' }

describe('what becomes of an entry', () => {
  test.each([
    {
      what: 'a shipped addition comes',
      shipped: { tools: { git: tool('git') } },
      says: { created: ['tools/git'] },
      result: { path: ['tools', 'git'], value: tool('git') },
    },
    {
      what: 'a shipped change comes, beside an edit of another field',
      shipped: { tools: { docker: { min_version: '24.0' } } },
      yours: { tools: { docker: { display_name: 'Mine' } } },
      says: { updated: [{ ref: 'tools/docker', fields: ['min_version'] }], conflicts: [] },
      result: { path: ['tools', 'docker', 'display_name'], value: 'Mine' },
    },
    {
      what: 'an edit of the same field stays, as a conflict',
      shipped: { tools: { docker: { min_version: '24.0' } } },
      yours: { tools: { docker: { min_version: '19.0' } } },
      says: {
        updated: [],
        conflicts: [{ ref: 'tools/docker', field: 'min_version', yours: '19.0', shipped: '24.0' }],
      },
      result: { path: ['tools', 'docker', 'min_version'], value: '19.0' },
    },
    {
      what: 'a field that the user removed stays away, as a conflict when it was changed',
      shipped: { tools: { docker: { min_version: '24.0' } } },
      yours: { tools: { docker: { min_version: null } } },
      says: { conflicts: [{ ref: 'tools/docker', field: 'min_version', yours: null, shipped: '24.0' }] },
      result: { path: ['tools', 'docker', 'min_version'], value: undefined },
    },
    {
      what: 'an entry that the user removed stays away',
      shipped: { tools: { podman: { min_version: '5.0' } } },
      yours: { tools: { podman: null } },
      says: { created: [], kept: [{ ref: 'tools/podman', reason: 'you removed it' }] },
      result: { path: ['tools', 'podman'], value: undefined },
    },
    {
      what: 'an entry that is no longer shipped stays, and is listed',
      shipped: { plugins: { router: null } },
      says: { kept: [{ ref: 'plugins/router', reason: 'no longer shipped' }] },
      result: { path: ['plugins', 'router', 'type'], value: 'router' },
    },
    {
      what: 'an entry of the user is not touched',
      shipped: { tools: { git: tool('git') } },
      yours: { tools: { mine: tool('mine') } },
      says: { created: ['tools/git'], conflicts: [], kept: [] },
      result: { path: ['tools', 'mine'], value: tool('mine') },
    },
    {
      what: 'of two entries that both have added under one id, that of the user stays whole',
      shipped: { tools: { git: tool('git', { version_check: 'git --version' }) } },
      yours: { tools: { git: tool('git', { detection: 'which git2' }) } },
      says: {
        created: [],
        conflicts: [{ ref: 'tools/git', field: 'detection', yours: 'which git2', shipped: 'which git' }],
      },
      result: { path: ['tools', 'git', 'version_check'], value: undefined },
    },
    {
      what: 'an x-local entry is not touched',
      shipped: { tools: { docker: { min_version: '24.0' } } },
      yours: { tools: { docker: { 'x-local': true } } },
      says: { updated: [], conflicts: [] },
      result: { path: ['tools', 'docker', 'min_version'], value: '20.10' },
    },
    {
      what: 'an entry from an upstream is not touched',
      shipped: { tools: { docker: { min_version: '24.0' } } },
      yours: { tools: { docker: { 'x-upstream': 'https://registry.example/tools' } } },
      says: { updated: [], conflicts: [] },
      result: { path: ['tools', 'docker', 'min_version'], value: '20.10' },
    },
    {
      what: 'a registry that an upstream keeps is not touched',
      shipped: { tools: { git: tool('git') } },
      yours: { hyper: { sub_registries: { tools: { url: 'https://registry.example/tools' } } } },
      says: {
        created: [],
        skipped: [{ registry: 'tools', reason: 'its upstream https://registry.example/tools keeps it' }],
      },
      result: { path: ['tools', 'git'], value: undefined },
    },
    {
      what: 'a result of a sync is no edit, and stays',
      shipped: { tools: { docker: { min_version: '24.0' } } },
      yours: { tools: { docker: { detected } } },
      says: { updated: [{ ref: 'tools/docker', fields: ['min_version'] }] },
      result: { path: ['tools', 'docker', 'detected'], value: detected },
    },
    {
      what: 'a result of a sync goes when the entry detects something else',
      shipped: { tools: { docker: { detection: 'which docker2' } } },
      yours: { tools: { docker: { detected } } },
      says: { updated: [{ ref: 'tools/docker', fields: ['detection'] }] },
      result: { path: ['tools', 'docker', 'detected'], value: undefined },
    },
    {
      what: 'additions and removals of a list stay, and shipped additions come',
      shipped: { providers: { acme: { models: ['large', 'medium', 'small', 'embed', 'huge'] } } },
      yours: { providers: { acme: { models: ['mine', 'large', 'small', 'embed'] } } },
      says: { updated: [{ ref: 'providers/acme', fields: ['models'] }], conflicts: [] },
      result: { path: ['providers', 'acme', 'models'], value: ['mine', 'large', 'small', 'embed', 'huge'] },
    },
    {
      what: 'a model of a provider that the user removed is left out',
      shipped: {
        models: { giant: { provider: 'other', context_tokens: 1, capabilities: [], cost_per_1k_input: 0 } },
      },
      yours: { providers: { other: null }, models: { tiny: null } },
      says: {
        created: [],
        kept: [
          { ref: 'providers/other', reason: 'you removed it' },
          { ref: 'models/tiny', reason: 'you removed it' },
          { ref: 'models/giant', reason: 'providers/other is not here' },
        ],
      },
      result: { path: ['models', 'giant'], value: undefined },
    },
    {
      what: 'a tool whose variable another entry sets is left out, and so is its card',
      shipped: {
        tools: { git: tool('git') },
        dashboard: { sections: { tools: { entries: { git: card } } } },
      },
      yours: { tools: { mygit: tool('git') } },
      says: {
        created: [],
        kept: [
          { ref: 'dashboard/tools/git', reason: 'what it shows is not here' },
          { ref: 'tools/git', reason: 'tools/mygit sets NEXUS_HAS_GIT already' },
        ],
      },
      result: { path: ['tools', 'git'], value: undefined },
    },
    {
      what: 'a change that would break an edited entry is left out',
      shipped: { tools: { docker: { probe: 'gpu' } } },
      yours: { tools: { docker: { 'x-note': 'mine' } } },
      says: { updated: [{ ref: 'tools/docker', fields: ['probe'] }] },
      result: { path: ['tools', 'docker', 'x-note'], value: 'mine' },
    },
    {
      what: 'access rights of the user stay, and shipped ones come',
      shipped: { hyper: { access_control: { models: 'public_read', hyper: 'auth_read' } } },
      yours: { hyper: { access_control: { hyper: 'admin_only', tools: 'auth_read' } } },
      says: {},
      result: { path: ['hyper', 'access_control', 'tools'], value: 'auth_read' },
    },
    {
      what: 'the hyper registry counts what is there',
      shipped: {
        tools: { git: tool('git') },
        hyper: { sub_registries: { tools: { entries_count_expected: 4 } } },
      },
      yours: { tools: { mine: tool('mine'), mine2: tool('mine2') } },
      says: {
        created: ['tools/git'],
        updated: [{ ref: 'hyper/sub_registries/tools', fields: ['entries_count_expected'] }],
      },
      result: { path: ['hyper', 'sub_registries', 'tools', 'entries_count_expected'], value: 6 },
    },
    {
      what: 'a card of the user stays, and a shipped change of another comes',
      shipped: {
        dashboard: { sections: { tools: { entries: { docker: { icon: '🐳' }, git: card } } } },
        tools: { git: tool('git') },
      },
      yours: { dashboard: { sections: { tools: { entries: { mine: { ...card, display_name: 'Mine' } } } } } },
      says: { created: ['dashboard/tools/git', 'tools/git'] },
      result: { path: ['dashboard', 'sections', 'tools', 'entries', 'mine', 'display_name'], value: 'Mine' },
    },
  ])('$what', async ({ shipped, yours = {}, says, result }) => {
    const { host, directory, read, readTexts } = await createUpgradableHome({ shipped, yours })
    const planned = await planHomeUpgrade(directory, host)
    expect(planned).toMatchObject(says)
    expect(await upgradeHome(directory, host)).toEqual(planned)
    expect(valueAt(await read(), result.path)).toEqual(result.value)

    const texts = await readTexts()
    const again = await upgradeHome(directory, host)
    expect(again).toMatchObject({ created: [], updated: [], conflicts: [] })
    expect(await readTexts()).toEqual(texts)
    expect(await findUpgrade(directory, host)).toEqual({ kind: 'current' })
  })
})

const everywhere = {
  tools: { docker: { min_version: '24.0' }, git: tool('git') },
  models: { large: { context_tokens: 256_000 } },
  dashboard: { sections: { tools: { entries: { git: card } } } },
}

test('a home without edits holds exactly what is shipped, to the byte', async () => {
  const { host, directory, readTexts } = await createUpgradableHome({ shipped: everywhere })
  await upgradeHome(directory, host)
  const { tools, models, dashboard, plugins } = await readTexts()
  const shipped = patchTexts(firstShipped, everywhere)
  expect({ tools, models, dashboard, plugins }).toEqual({
    tools: shipped.tools,
    models: shipped.models,
    dashboard: shipped.dashboard,
    plugins: shipped.plugins,
  })
})

test('what stays keeps its own text, to the byte', async () => {
  const { host, directory, readTexts } = await createUpgradableHome({ shipped: everywhere })
  const path = nodePath.join(directory, registryFiles.tools)
  const mine = `{\n\t"podman":   { "detection": "which podman",\n "env_var": "NEXUS_HAS_PODMAN", "provides": ["container_runtime"] },\n\t"own": {"detection": "which own", "env_var": "NEXUS_HAS_OWN"}\n}`
  await writeFile(path, mine)
  await upgradeHome(directory, host)
  const { tools } = await readTexts()
  expect(tools.startsWith(mine.slice(0, mine.lastIndexOf('\n}')))).toBe(true)
  expect(Object.keys(JSON.parse(tools))).toEqual(['podman', 'own', 'git'])
})

describe('a home that does not say what it was made from', () => {
  test('is compared with all versions, and the report says so', async () => {
    const { host, directory, read } = await createUpgradableHome({
      shipped: everywhere,
      yours: { tools: { podman: null, docker: { display_name: 'Mine', detected } } },
      isMarked: false,
    })
    expect(await upgradeHome(directory, host)).toMatchObject({ from: '0.1.0', base: 'compared' })
    const { tools } = await read()
    expect(tools).toMatchObject({
      docker: { display_name: 'Mine', min_version: '24.0', detected },
      git: tool('git'),
    })
    expect(tools).not.toHaveProperty('podman')
    expect(await planHomeUpgrade(directory, host)).toMatchObject({ base: 'recorded', created: [] })
  })

  test('is left alone when none of it was ever shipped', async () => {
    const { host, directory, readTexts } = await createUpgradableHome({
      shipped: everywhere,
      isMarked: false,
    })
    for (const file of Object.values(registryFiles)) await rm(nodePath.join(directory, file))
    await writeFile(nodePath.join(directory, registryFiles.tools), JSON.stringify({ own: tool('own') }))
    expect(await findUpgrade(directory, host)).toEqual({ kind: 'current' })
    const report = await upgradeHome(directory, host)
    expect(report).toMatchObject({ from: null, created: [], updated: [] })
    expect(report.skipped).toContainEqual({
      registry: 'tools',
      reason: 'none of its entries was ever shipped',
    })
    await expect(readTexts()).rejects.toThrow('ENOENT')
  })
})

describe('a file that cannot be upgraded is left as it is, and the others are upgraded', () => {
  test.each([
    {
      what: 'no JSON',
      damage: (file: string) => writeFile(file, '{ "large": '),
      says: 'its file is not valid',
    },
    {
      what: 'a key that stands twice',
      damage: (file: string) => writeFile(file, '{ "a": {}, "a": {} }'),
      says: 'its file is not valid',
    },
    { what: 'no UTF-8', damage: (file: string) => writeFile(file, Buffer.from([0x7b, 0xff])), says: 'UTF-8' },
    { what: 'missing', damage: (file: string) => rm(file), says: 'its file is missing' },
    {
      what: 'a link',
      damage: async (file: string) => {
        await rm(file)
        await symlink('/dev/null', file)
      },
      says: 'is a link',
    },
  ])('$what', async ({ damage, says }) => {
    const { host, directory, read } = await createUpgradableHome({ shipped: everywhere })
    const path = nodePath.join(directory, registryFiles.models)
    const text = await readFile(path)
    await damage(path)
    const report = await upgradeHome(directory, host)
    expect(report.created).toContain('tools/git')
    expect(report.skipped).toEqual([{ registry: 'models', reason: expect.stringContaining(says) }])
    // Once it is whole again, it is upgraded like the others.
    await rm(path, { force: true })
    await writeFile(path, text)
    expect(await upgradeHome(directory, host)).toMatchObject({
      created: [],
      updated: [{ ref: 'models/large', fields: ['context_tokens'] }],
    })
    expect(valueAt(await read(), ['models', 'large', 'context_tokens'])).toBe(256_000)
  })
})

test('a home with the data of a newer program is refused, and nothing changes', async () => {
  const { host, directory, readTexts } = await createUpgradableHome({
    shipped: everywhere,
    version: '99.0.0',
  })
  const refusal = { code: 'home', message: expect.stringContaining('newer than this program') }
  await expect(upgradeHome(directory, host)).rejects.toMatchObject(refusal)
  await expect(planHomeUpgrade(directory, host)).rejects.toMatchObject(refusal)
  expect(await upgradeUnasked(directory, host)).toBeUndefined()
  expect(await findUpgrade(directory, host)).toMatchObject({ kind: 'newer', version: '99.0.0' })
  expect(await readTexts()).toEqual(firstShipped)
})

test.each([
  '{',
  '[]',
  '{"version": 1}',
  '{"version": "0.1.0", "data": null, "files": {"tools": "x"}, "open": 7}',
])('a mark like %s is not believed: the entries are compared', async text => {
  const { host, directory } = await createUpgradableHome({ shipped: everywhere })
  await writeFile(nodePath.join(directory, shippedMarkName), text)
  expect(await upgradeHome(directory, host)).toMatchObject({
    base: 'compared',
    created: expect.arrayContaining(['tools/git']),
  })
})

describe('an upgrade that nobody asked for', () => {
  const yours = { tools: { docker: { display_name: 'Mine' } }, models: { large: { context_tokens: 1 } } }

  test('takes additions and changes of entries without edits, and leaves the others to upgrade', async () => {
    const { host, directory, read } = await createUpgradableHome({ shipped: everywhere, yours })
    expect(await upgradeUnasked(directory, host)).toMatchObject({
      created: ['dashboard/tools/git', 'tools/git'],
      waiting: ['tools/docker', 'models/large'],
    })
    expect((await read()).tools).toMatchObject({ docker: { min_version: '20.10', display_name: 'Mine' } })
    expect(await upgradeUnasked(directory, host)).toBeUndefined()
    expect(await findUpgrade(directory, host)).toMatchObject({ kind: 'available' })
    expect(await upgradeHome(directory, host)).toMatchObject({
      created: [],
      updated: [{ ref: 'tools/docker', fields: ['min_version'] }],
      conflicts: [{ ref: 'models/large', field: 'context_tokens', yours: 1, shipped: 256_000 }],
    })
    expect((await read()).tools).toMatchObject({ docker: { min_version: '24.0', display_name: 'Mine' } })
    expect(await findUpgrade(directory, host)).toEqual({ kind: 'current' })
  })

  test('does not bring back what the user removed after the one before', async () => {
    const { host, directory, read, ship } = await createUpgradableHome({ shipped: everywhere, yours })
    await upgradeUnasked(directory, host)
    const path = nodePath.join(directory, registryFiles.tools)
    const { git: _, ...rest } = (await read()).tools
    await writeFile(path, JSON.stringify(rest))
    await ship(patchTexts(firstShipped, { ...everywhere, tools: { git: tool('git'), jq: tool('jq') } }))
    expect(await upgradeUnasked(directory, host)).toMatchObject({ created: ['tools/jq'] })
    expect((await read()).tools).not.toHaveProperty('git')
  })
})

test('what was left out for want of its provider comes once the provider is back', async () => {
  const giant = { provider: 'other', context_tokens: 1, capabilities: [], cost_per_1k_input: 0 }
  const yours = { providers: { other: null }, models: { tiny: null } }
  const { host, directory, readTexts } = await createUpgradableHome({ shipped: { models: { giant } }, yours })
  await upgradeHome(directory, host)
  expect(await planHomeUpgrade(directory, host)).toMatchObject({
    kept: expect.arrayContaining([{ ref: 'models/giant', reason: 'providers/other is not here' }]),
  })
  const { providers } = await readTexts()
  const { other } = JSON.parse(firstShipped.providers)
  const path = nodePath.join(directory, registryFiles.providers)
  await writeFile(path, JSON.stringify({ ...JSON.parse(providers), other }))
  expect(await upgradeHome(directory, host)).toMatchObject({ created: ['models/giant'] })
})

describe('trust', () => {
  const home = (directory: string) => ({ directory, origin: 'flag' }) as const
  const names = ['hyper', 'dashboard', 'tools', 'providers', 'microservices', 'ml_frameworks'] as const

  async function isTrusted({ host, directory, readTexts }: Awaited<ReturnType<typeof createUpgradableHome>>) {
    const texts = await readTexts()
    const hashes = Object.fromEntries(names.map(name => [name, host.sha256(texts[name])]))
    return (await evaluateTrust(home(directory), hashes, host)).isTrusted
  }

  test('of a home stays over an upgrade', async () => {
    const upgradable = await createUpgradableHome({
      shipped: everywhere,
      yours: { tools: { own: tool('own') } },
    })
    await grantTrust(upgradable.directory, upgradable.host)
    await upgradeHome(upgradable.directory, upgradable.host)
    expect(await isTrusted(upgradable)).toBe(true)
  })

  test('that a file has lost does not come back by an upgrade', async () => {
    const upgradable = await createUpgradableHome({ shipped: everywhere })
    const { host, directory } = upgradable
    await grantTrust(directory, host)
    const path = nodePath.join(directory, registryFiles.tools)
    await writeFile(
      path,
      patchTexts(firstShipped, { tools: { evil: { ...tool('evil'), version_check: 'evil' } } }).tools,
    )
    await upgradeHome(directory, host)
    expect(await isTrusted(upgradable)).toBe(false)
  })
})

test('without a change nothing is written but the mark', async () => {
  const { host, directory, readTexts } = await createUpgradableHome({ isMarked: false })
  await upgradeHome(directory, host)
  expect(await readTexts()).toEqual(firstShipped)
  expect((await readdir(directory)).filter(name => name.startsWith('.'))).toEqual([shippedMarkName])
})
