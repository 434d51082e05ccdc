import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { loadRegistry } from '../../src/registry/load/load-registry.ts'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { evaluateTrust, grantTrust } from '../../src/security/trust.ts'
import { sync } from '../../src/sync/sync.ts'
import { breakFile, readWhatLies, wholeFaults } from '../support/homes/break-file.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { writeScript } from '../support/processes/script.ts'
import { startAlertServer } from '../support/servers/alert-server.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const entry = { detection: 'which one', env_var: 'NEXUS_HAS_ONE', version_check: 'one --version' }

let host: TestHost
let home: string
let tools: string
let now: number

beforeEach(async () => {
  now = noon
  host = await createTestHost({ clock: { now: () => now }, env: { PATH: '/nowhere' } })
  host = { ...host, env: { ...host.env, PATH: nodePath.join(host.directory, 'bin') } }
  await writeScript(nodePath.join(host.directory, 'bin/one'), 'echo 1.0.0')
  home = nodePath.join(host.directory, 'home')
  tools = nodePath.join(home, registryFiles.tools)
  await mkdir(home)
  await writeHome(home, { ...soundTexts, tools: JSON.stringify({ one: entry }) })
})

const own = () => ({ directory: home, origin: 'flag' }) as const
const manner = { mode: 'normal', isForced: false, isDryRun: false } as const

async function syncHome(changes: Partial<Parameters<typeof sync>[1]> = {}) {
  const { report, notes } = await sync(own(), { ...manner, ...changes }, host)
  return { ...report, notes }
}

describe.each(wholeFaults)('a sync that finds tools %s', (fault, state) => {
  let before: string | undefined

  beforeEach(async () => {
    await syncHome()
    await breakFile(tools, fault)
    before = await readWhatLies(tools)
    now += 180_000
  })

  test('says so, looks for what the copy lists, and goes on with the others', async () => {
    const { registries, detections } = await syncHome()
    expect(registries.tools).toMatchObject({ status: state, source: 'cache', entries: 1 })
    expect(registries.tools.warnings.at(-1)).toBe(
      state === 'missing'
        ? `${tools} was missing, and is restored as it was 3 minutes ago`
        : `${tools}: a backup from 3 minutes ago replaces it`,
    )
    expect(detections.tools.one).toMatchObject({ status: 'present' })
    for (const name of registryNames.filter(other => other !== 'tools'))
      expect(registries[name]).toMatchObject({ status: 'ok', warnings: [] })
  })

  test(`${state === 'missing' ? 'puts it back once' : 'leaves it as it is'}`, async () => {
    await syncHome()
    if (state !== 'missing') return expect(await readWhatLies(tools)).toBe(before)
    expect(JSON.parse(await readFile(tools, 'utf8'))).toMatchObject({ one: entry })
    expect((await syncHome()).registries.tools).toMatchObject({ status: 'ok', warnings: [] })
  })

  test('touches nothing in a dry run', async () => {
    const { registries } = await syncHome({ isDryRun: true })
    expect(registries.tools).toMatchObject({ status: state, source: 'cache', entries: 1 })
    expect(await readWhatLies(tools)).toBe(before)
  })

  test('counts it as empty where there is no copy', async () => {
    await rm(nodePath.join(host.directory, 'cache'), { recursive: true })
    const { registries, detections } = await syncHome()
    expect(registries.tools).toMatchObject({ status: state, source: 'empty', entries: 0 })
    expect(registries.tools.warnings.at(-1)).toBe(`${tools}: there is no backup, and it counts as empty`)
    expect(detections.tools).toEqual({})
    expect(registries.ml_frameworks).toMatchObject({ status: 'ok' })
    expect(await readWhatLies(tools)).toBe(before)
  })

  test('sends alerts', async () => {
    const server = await startAlertServer()
    const alerts = { webhook: server.url, command: undefined, allowPrivate: ['localhost'] }
    await syncHome({ alerts })
    await syncHome({ alerts: { ...alerts, allowPrivate: [] }, isDryRun: true })
    expect(server.posted[0]).toMatchObject({ event: 'failed', registry: 'tools', status: state, home })
  })
})

describe('commands of a copy', () => {
  test.each([
    ['run where the file was trusted', true, '1.0.0'],
    ['do not run where it was not', false, null],
  ])('%s', async (_, isTrusted, version) => {
    if (isTrusted) await grantTrust(home, host)
    await syncHome()
    await writeFile(tools, '{')
    expect((await syncHome({ isForced: true })).detections.tools.one).toMatchObject({ version })
  })

  test('do not run when it was the broken file that was trusted', async () => {
    await syncHome()
    await writeFile(tools, '{')
    await grantTrust(home, host)
    expect((await syncHome({ isForced: true })).detections.tools.one).toMatchObject({ version: null })
  })

  test('run after the file was put back, as what was trusted', async () => {
    await grantTrust(home, host)
    await syncHome()
    await rm(tools)
    await syncHome({ isForced: true })
    const { sha256 } = await loadRegistry('tools', home, host, { isStrict: true })
    expect((await evaluateTrust(own(), { tools: sha256 }, host)).isTrusted).toBe(true)
  })
})

test('what is found of a copy is not taken for what the file says', async () => {
  await syncHome()
  await writeFile(tools, '{')
  await rm(nodePath.join(host.directory, 'bin/one'))
  now += 1000
  expect((await syncHome()).detections.tools.one).toMatchObject({ status: 'absent' })
  const { has } = await import('../../src/has/has.ts')
  const { items } = await has({ home: own(), names: [{ text: 'one', range: undefined }] }, host)
  expect(items).toMatchObject([{ isReady: false }])
})

test('a file that cannot be put back is a note, and its copy stands in for it', async () => {
  await syncHome()
  await rm(tools)
  const createFile: TestHost['fs']['createFile'] = (path, ...rest) =>
    path.startsWith(home)
      ? Promise.reject(Object.assign(new Error('read-only'), { code: 'EROFS' }))
      : host.fs.createFile(path, ...rest)
  const { report, notes } = await sync(
    own(),
    { ...manner, only: [] },
    { ...host, fs: { ...host.fs, createFile } },
  )
  expect(notes[0]).toMatch(/^tools not put back: .*the file system is read-only/)
  expect(report.registries.tools).toMatchObject({ status: 'missing', source: 'cache', entries: 1 })
})
