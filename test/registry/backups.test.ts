import {
  chmod,
  chown,
  cp,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import nodePath from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { keepBackups, restoreMissing } from '../../src/registry/backup/restore.ts'
import { loadRegistry, loadRegistryContent } from '../../src/registry/load/load-registry.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { breakFile, readWhatLies, wholeFaults } from '../support/homes/break-file.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const { $schema: _, docker, ...others } = JSON.parse(soundTexts.tools)

const noon = Date.UTC(2026, 10, 24, 12)

let host: TestHost
let home: string
let tools: string

beforeEach(async () => {
  host = await createTestHost({ clock: { now: () => noon } })
  home = nodePath.join(host.directory, 'home')
  tools = nodePath.join(home, registryFiles.tools)
  await mkdir(home)
  await writeHome(home)
  await loadSnapshot(home, host)
  await keepBackups(home, host)
})

const laterHost = (now: number): TestHost => ({ ...host, clock: { ...host.clock, now: () => now } })

async function copiesDirectory(): Promise<string> {
  const all = nodePath.join(host.directory, 'cache/nexus-registry/copies')
  const [own = ''] = await readdir(all)
  return nodePath.join(all, own)
}

describe('copies', () => {
  test('are kept of all nine registries, closed to others', async () => {
    const directory = await copiesDirectory()
    expect((await readdir(directory)).toSorted()).toEqual([...registryNames].toSorted())
    expect((await stat(directory)).mode & 0o777).toBe(0o700)
    expect((await stat(nodePath.join(directory, 'tools'))).mode & 0o777).toBe(0o600)
  })

  test('are not written again while the file is the same, but are as young as the last look', async () => {
    const copy = nodePath.join(await copiesDirectory(), 'tools')
    const before = await stat(copy)
    await keepBackups(home, laterHost(noon + 60_000))
    const after = await stat(copy)
    expect(after.ino).toBe(before.ino)
    expect([before.mtimeMs, after.mtimeMs]).toEqual([noon, noon + 60_000])
  })

  test('follow a file that changes and is sound', async () => {
    await writeFile(tools, `${soundTexts.tools}\n`)
    await loadSnapshot(home, host)
    await keepBackups(home, host)
    await rm(tools)
    await restoreMissing(home, host)
    expect(await readFile(tools, 'utf8')).toBe(`${soundTexts.tools}\n`)
  })

  test('are not taken of a file with one broken entry', async () => {
    await writeFile(tools, JSON.stringify({ docker: { ...docker, env_var: 'PATH' }, ...others }))
    await loadSnapshot(home, host)
    await keepBackups(home, host)
    await rm(tools)
    await restoreMissing(home, host)
    expect(await readFile(tools, 'utf8')).toBe(soundTexts.tools)
  })

  test('of more than 32 homes are forgotten, those that were seen longest ago first', async () => {
    const source = await copiesDirectory()
    const at = (index: number) => nodePath.join(nodePath.dirname(source), `home-${index}`)
    for (const index of Array.from({ length: 34 }).keys()) {
      await cp(source, at(index), { recursive: true })
      for (const name of await readdir(at(index)))
        await utimes(nodePath.join(at(index), name), noon / 1000, noon / 1000 - 100 + index)
    }
    await keepBackups(home, host)
    const left = await readdir(nodePath.dirname(source))
    expect(left).toHaveLength(32)
    expect(left).toContain(nodePath.basename(source))
    expect(left.filter(name => ['home-0', 'home-1', 'home-2', 'home-3'].includes(name))).toEqual(['home-3'])
  })

  test('have no place without a cache directory, and nothing fails for it', async () => {
    const bare = { ...host, env: {}, userHome: undefined }
    await keepBackups(home, bare)
    await rm(tools)
    expect(await loadRegistry('tools', home, bare)).toMatchObject({ state: 'missing', content: undefined })
  })
})

describe.each(wholeFaults)('a file that is %s', (fault, state) => {
  beforeEach(() => breakFile(tools, fault))

  test('is replaced by its copy for who reads', async () => {
    const later = laterHost(noon + 5000)
    const loaded = await loadRegistry('tools', home, later)
    expect(loaded).toMatchObject({ state, copy: { seenAt: noon }, quarantined: [] })
    expect(loaded.content).toEqual({ docker, ...others })
    expect(loaded.sha256).toBe(host.sha256(soundTexts.tools))
    expect(loaded.diagnostics).toHaveLength(1)
    expect((await loadSnapshot(home, later)).registries.tools).toEqual(loaded)
    const [text] = await loadRegistryContent(['tools'], home, later)
    expect(JSON.parse(new TextDecoder().decode(text?.bytes))).toEqual(loaded.content)
    expect(text?.broken).toEqual(loaded)
  })

  test('is what it is for who judges files', async () => {
    const loaded = await loadRegistry('tools', home, host, { isStrict: true })
    expect(loaded).toMatchObject({ state, content: undefined })
    expect(loaded).not.toHaveProperty('copy')
    const { registries } = await loadSnapshot(home, host, { isStrict: true })
    expect(registries.tools).toEqual(loaded)
  })

  test(`is ${state === 'missing' ? 'put back' : 'left as it is'}`, async () => {
    const before = await readWhatLies(tools)
    const { restored, troubles } = await restoreMissing(home, host)
    expect(troubles).toEqual([])
    expect([...restored]).toEqual(state === 'missing' ? [['tools', noon]] : [])
    expect(await readWhatLies(tools)).toBe(state === 'missing' ? soundTexts.tools : before)
  })

  test('takes nothing from the copy that was kept before', async () => {
    await loadSnapshot(home, host)
    await keepBackups(home, host)
    expect(await loadRegistry('tools', home, host)).toHaveProperty('copy')
  })
})

test('one broken entry costs that entry alone, and its last good version is not taken', async () => {
  await writeFile(tools, JSON.stringify({ docker: { ...docker, env_var: 'PATH' }, ...others }))
  const loaded = await loadRegistry('tools', home, host)
  expect(loaded).toMatchObject({ state: 'ok', quarantined: ['docker'], content: others })
  expect(loaded).not.toHaveProperty('copy')
})

const uselessCopies: [what: string, spoil: (copy: string) => Promise<void>][] = [
  ['that is missing', copy => rm(copy)],
  ['that is empty', copy => truncate(copy)],
  ['that is cut short', async copy => truncate(copy, (await stat(copy)).size - 1)],
  [
    'in which a byte has changed',
    async copy => writeFile(copy, (await readFile(copy, 'utf8')).replace('docker', 'dokker')),
  ],
  ['that is a copy of something else', copy => writeFile(copy, `${host.sha256('[]')}\n[]`)],
  ['that others may write', copy => chmod(copy, 0o666)],
  ['in a directory that others may write', copy => chmod(nodePath.dirname(copy), 0o777)],
]

describe.each(uselessCopies)('a copy %s', (_what, spoil) => {
  test('counts as none: the registry is as good as empty, and nothing is put back', async () => {
    await spoil(nodePath.join(await copiesDirectory(), 'tools'))
    await rm(tools)
    const loaded = await loadRegistry('tools', home, host)
    expect(loaded).toMatchObject({ state: 'missing', content: undefined })
    expect(loaded).not.toHaveProperty('copy')
    const { restored, troubles } = await restoreMissing(home, host)
    expect([...restored, ...troubles]).toEqual([])
  })
})

test('a copy of another user counts as none', async () => {
  const copy = nodePath.join(await copiesDirectory(), 'tools')
  // Without the right to give files away, this test is another user instead.
  const isGiven = await chown(copy, 12_345, 12_345).then(
    () => true,
    () => false,
  )
  const reader = isGiven ? host : { ...host, uid: 54_321 }
  await rm(tools)
  expect(await loadRegistry('tools', home, reader)).toMatchObject({ state: 'missing', content: undefined })
})

describe('putting back', () => {
  test('takes several files at once, and tells of each how old it is', async () => {
    await rm(tools)
    await rm(nodePath.join(home, registryFiles.models))
    const { restored } = await restoreMissing(home, laterHost(noon + 60_000))
    expect([...restored].toSorted()).toEqual([
      ['models', noon],
      ['tools', noon],
    ])
    expect(await readFile(tools, 'utf8')).toBe(soundTexts.tools)
  })

  test('leaves a link that leads nowhere alone', async () => {
    await rm(tools)
    await symlink('/nowhere/at/all', tools)
    expect(await restoreMissing(home, host)).toEqual({ restored: new Map(), troubles: [] })
    expect(await readlink(tools)).toBe('/nowhere/at/all')
    expect(await loadRegistry('tools', home, host)).toHaveProperty('copy')
  })

  test('leaves alone what somebody has written meanwhile', async () => {
    await rm(tools)
    const slow = {
      ...host,
      fs: {
        ...host.fs,
        lstat: async (path: string) => {
          const info = await host.fs.lstat(path)
          // The first look sees that it is gone, and then somebody is quicker.
          if (path === tools && info === undefined) await writeFile(tools, 'mine')
          return info
        },
      },
    }
    expect((await restoreMissing(home, slow)).restored.size).toBe(0)
    expect(await readFile(tools, 'utf8')).toBe('mine')
  })

  test('that fails is reported, and is no error', async () => {
    await rm(tools)
    const createFile = () => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
    const full = { ...host, fs: { ...host.fs, createFile } }
    const { restored, troubles } = await restoreMissing(home, full)
    expect(restored.size).toBe(0)
    expect(troubles).toEqual([expect.stringMatching(/^tools not put back: .*no space is left/)])
  })
})
