import { chmod, mkdir, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import type { RegistryHome } from '../../src/registry/home/directories.ts'
import {
  evaluateTrust,
  grantTrust,
  listTrust,
  renewTrust,
  revokeTrust,
  type TrustHashes,
} from '../../src/security/trust.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const trusted = { isTrusted: true, reason: null }

test('the default home is trusted by its place', async () => {
  const { home, hashes, host } = await openHome('default')
  expect(await evaluateTrust(home, hashes, host)).toEqual(trusted)
})

test.each([
  { what: 'the directory', file: '.' },
  { what: 'the file of tools', file: 'tool_registry.json' },
  { what: 'the file of frameworks', file: 'ml_framework_registry.json' },
])(
  'the default home is not trusted when others can write to $what, until it is granted',
  async ({ file }) => {
    const { home, hashes, host } = await openHome('default')
    const path = nodePath.join(home.directory, file)
    await chmod(path, 0o777)
    const { isTrusted, reason } = await evaluateTrust(home, hashes, host)
    expect(isTrusted).toBe(false)
    expect(reason).toContain(`${path} can be written by other users`)
    await grantTrust(home.directory, host)
    expect(await evaluateTrust(home, hashes, host)).toEqual(trusted)
  },
)

test('the default home is not trusted when it belongs to somebody else, unless that is root', async () => {
  const { home, hashes, host } = await openHome('default')
  const { uid } = await stat(home.directory)
  const withOwner = (owner: number): TestHost => ({
    ...host,
    uid: uid + 1,
    fs: { ...host.fs, stat: async path => ownedBy(await host.fs.stat(path), owner) },
  })
  expect(await evaluateTrust(home, hashes, withOwner(uid + 2))).toMatchObject({ isTrusted: false })
  expect((await evaluateTrust(home, hashes, withOwner(uid + 2))).reason).toContain(
    `another user (uid ${uid + 2})`,
  )
  expect(await evaluateTrust(home, hashes, withOwner(0))).toEqual(trusted)
})

test.each(['flag', 'environment', 'config'] as const)(
  'a home named by %s needs a grant, also under CI',
  async origin => {
    const { home, hashes, host } = await openHome(origin)
    const inCi = { ...host, env: { ...host.env, CI: 'true' } }
    const { isTrusted, reason } = await evaluateTrust(home, hashes, inCi)
    expect(isTrusted).toBe(false)
    expect(reason).toContain('run nexus-registry trust')
  },
)

test('a grant says what was granted, and holds for these bytes', async () => {
  const { home, hashes, host } = await openHome('flag')
  const grant = await grantTrust(home.directory, host)
  expect(grant).toMatchObject({
    path: home.directory,
    files: {
      hyper: [],
      dashboard: [],
      tools: [hashes.tools],
      providers: [hashes.providers],
      microservices: [hashes.microservices],
      ml_frameworks: [hashes.ml_frameworks],
    },
  })
  expect(await evaluateTrust(home, hashes, host)).toEqual(trusted)
  const directory = nodePath.join(host.directory, 'state', 'nexus-registry', 'trust')
  expect(await readdir(directory)).toEqual([`${host.sha256(home.directory)}.json`])
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
})

test.each([
  { name: 'tools', file: 'tool_registry.json' },
  { name: 'ml_frameworks', file: 'ml_framework_registry.json' },
  { name: 'microservices', file: 'microservice_registry.json' },
  { name: 'providers', file: 'provider_registry.json' },
  { name: 'dashboard', file: 'dashboard_registry.json' },
  { name: 'hyper', file: 'hyper_registry.json' },
] as const)('one changed byte in $file asks again', async ({ name, file }) => {
  const { home, hashes, host } = await openHome('flag')
  await grantTrust(home.directory, host)
  const changed = { ...hashes, [name]: host.sha256('{} ') }
  expect(await evaluateTrust(home, changed, host)).toEqual({
    isTrusted: false,
    changed: name,
    reason: `${file} has changed since it was trusted: run nexus-registry trust`,
  })
})

test('a file that appears after the grant asks again, one that is gone does not', async () => {
  const { home, hashes, host } = await openHome('flag')
  await rm(nodePath.join(home.directory, 'ml_framework_registry.json'))
  await grantTrust(home.directory, host)
  expect(await evaluateTrust(home, { tools: hashes.tools }, host)).toEqual(trusted)
  expect(await evaluateTrust(home, {}, host)).toEqual(trusted)
  expect(await evaluateTrust(home, hashes, host)).toMatchObject({ isTrusted: false })
})

test('the bytes that were shown are granted, not those on the disk by then', async () => {
  const { home, hashes, host } = await openHome('flag')
  const shown = { ...hashes, tools: host.sha256('what was shown') }
  await grantTrust(home.directory, host, shown)
  expect(await evaluateTrust(home, hashes, host)).toMatchObject({ isTrusted: false })
  expect(await evaluateTrust(home, shown, host)).toEqual(trusted)
})

test('a grant is for a place: not for a copy elsewhere, but for a link to it', async () => {
  const { home, hashes, host } = await openHome('flag')
  await grantTrust(home.directory, host)
  const link = nodePath.join(host.directory, 'link')
  await symlink(home.directory, link)
  expect(await evaluateTrust({ directory: link, origin: 'flag' }, hashes, host)).toEqual(trusted)
  const moved = nodePath.join(host.directory, 'moved')
  await rename(home.directory, moved)
  expect(await evaluateTrust({ directory: moved, origin: 'flag' }, hashes, host)).toMatchObject({
    isTrusted: false,
  })
})

test('a grant can be taken back, also for a home that is gone', async () => {
  const { home, hashes, host } = await openHome('flag')
  await grantTrust(home.directory, host)
  expect((await listTrust(host)).map(grant => grant.path)).toEqual([home.directory])
  await rm(home.directory, { recursive: true })
  expect(await revokeTrust(home.directory, host)).toBe(true)
  expect(await revokeTrust(home.directory, host)).toBe(false)
  expect(await evaluateTrust(home, hashes, host)).toMatchObject({ isTrusted: false })
  expect(await listTrust(host)).toEqual([])
})

test('a home without either file has nothing to trust', async () => {
  const host = await createTestHost()
  await expect(grantTrust(host.directory, host)).rejects.toMatchObject({ code: 'trust' })
})

test('without a place for grants there are none, and granting says so', async () => {
  const { home, hashes, host } = await openHome('flag')
  const nowhere = { ...host, env: {}, userHome: undefined }
  expect(await evaluateTrust(home, hashes, nowhere)).toMatchObject({ isTrusted: false })
  expect(await listTrust(nowhere)).toEqual([])
  await expect(grantTrust(home.directory, nowhere)).rejects.toMatchObject({ code: 'trust' })
})

test.each([
  { what: 'that others could have written', spoil: (path: string) => chmod(path, 0o666) },
  { what: 'that is damaged', spoil: (path: string) => writeFile(path, '{"path":') },
  { what: 'of another shape', spoil: (path: string) => writeFile(path, '{"path":"x","files":"all"}') },
  {
    what: 'of an earlier version, for fewer files',
    spoil: async (path: string) => {
      const { files, ...grant } = JSON.parse(await readFile(path, 'utf8'))
      await writeFile(
        path,
        JSON.stringify({ ...grant, tools: files.tools, ml_frameworks: files.ml_frameworks }),
      )
    },
  },
  {
    what: 'in a directory that others can write to',
    spoil: (path: string) => chmod(nodePath.dirname(path), 0o777),
  },
  {
    what: 'of another home',
    spoil: (path: string) => writeFile(path, JSON.stringify({ path: '/other', granted_at: '', files: {} })),
  },
])('a grant $what grants nothing', async ({ spoil }) => {
  const { home, hashes, host } = await openHome('flag')
  await grantTrust(home.directory, host)
  const directory = nodePath.join(host.directory, 'state', 'nexus-registry', 'trust')
  await spoil(nodePath.join(directory, `${host.sha256(home.directory)}.json`))
  expect(await evaluateTrust(home, hashes, host)).toMatchObject({ isTrusted: false })
})

test('a grant follows what sync itself writes: both texts are trusted at first, the older ones later no more', async () => {
  const { home, hashes, host } = await openHome('flag')
  await grantTrust(home.directory, host)
  const second = { ...hashes, tools: host.sha256('second') }
  const third = { ...hashes, tools: host.sha256('third') }
  await renewTrust(home.directory, hashes, second, host)
  expect(await evaluateTrust(home, hashes, host)).toEqual(trusted)
  expect(await evaluateTrust(home, second, host)).toEqual(trusted)
  await renewTrust(home.directory, second, third, host)
  expect(await evaluateTrust(home, third, host)).toEqual(trusted)
  expect(await evaluateTrust(home, second, host)).toEqual(trusted)
  expect(await evaluateTrust(home, hashes, host)).toMatchObject({ isTrusted: false })
})

test('what was not trusted hands no trust on', async () => {
  const { home, hashes, host } = await openHome('flag')
  const after = { ...hashes, tools: host.sha256('after') }
  await renewTrust(home.directory, hashes, after, host)
  expect(await listTrust(host)).toEqual([])
  await grantTrust(home.directory, host)
  await renewTrust(home.directory, { tools: host.sha256('changed by hand') }, after, host)
  expect(await evaluateTrust(home, after, host)).toMatchObject({ isTrusted: false })
})

async function openHome(
  origin: RegistryHome['origin'],
): Promise<{ home: RegistryHome; hashes: TrustHashes; host: TestHost }> {
  const host = await createTestHost()
  const directory = nodePath.join(await host.fs.realPath(host.directory), 'home')
  await mkdir(directory, { mode: 0o755 })
  const texts = {
    'tool_registry.json': '{}',
    'ml_framework_registry.json': '{"a":1}',
    'microservice_registry.json': '{"b":1}',
    'provider_registry.json': '{"c":1}',
  }
  for (const [file, text] of Object.entries(texts)) {
    await writeFile(nodePath.join(directory, file), text)
    await chmod(nodePath.join(directory, file), 0o644)
  }
  const hashes = {
    tools: host.sha256('{}'),
    ml_frameworks: host.sha256('{"a":1}'),
    microservices: host.sha256('{"b":1}'),
    providers: host.sha256('{"c":1}'),
  }
  return { home: { directory, origin }, hashes, host }
}

function ownedBy<Info extends { uid: number }>(info: Info | undefined, uid: number): Info | undefined {
  return info && { ...info, uid }
}
