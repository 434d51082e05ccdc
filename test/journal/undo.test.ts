import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { toAdditionEdit } from '../../src/edit/validate-additions.ts'
import { commitEdit } from '../../src/journal/commit-edit.ts'
import { loadJournal } from '../../src/journal/journal.ts'
import { listChanges } from '../../src/journal/list-changes.ts'
import { saveUndoData } from '../../src/journal/undo-data.ts'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { sync } from '../../src/sync/sync.ts'
import { upgradeHome } from '../../src/upgrade/upgrade.ts'
import { toolAddition, undoLast } from '../support/homes/edited-home.ts'
import { createUpgradableHome } from '../support/homes/shipped-program.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const quick = { mode: 'quick', isForced: false, isDryRun: false } as const

/** A home with a state directory, and what commands do in it. */
async function createEditedHome() {
  const place = await createTestHost()
  const directory = nodePath.join(place.directory, 'home')
  await mkdir(directory, { mode: 0o700 })
  await writeHome(directory, soundTexts)
  const host = { ...place, env: { ...place.env, PATH: '/nowhere' } }
  const home = { directory, origin: 'default' } as const
  const fileOf = (name: RegistryName) => nodePath.join(directory, registryFiles[name])
  const read = (name: RegistryName) => readFile(fileOf(name), 'utf8')
  return {
    host,
    directory,
    add: (...ids: string[]) => commitEdit(directory, toAdditionEdit(ids.map(toolAddition), host), host),
    undo: () => undoLast(directory, host),
    sync: () => sync(home, quick, host),
    read,
    replace: async (name: RegistryName, from: string, to: string) =>
      writeFile(fileOf(name), (await read(name)).replace(from, to)),
    readAll: async () =>
      new Map(await Promise.all(registryNames.map(async name => [name, await read(name)] as const))),
    changes: async () => listChanges(await loadJournal(directory, host), {}),
    files: () => readdir(directory),
  }
}

describe('undo', () => {
  test('gives back the bytes of all files, one edit after the other', async () => {
    const home = await createEditedHome()
    const first = await home.readAll()
    await home.add('one', 'two')
    const second = await home.readAll()
    await home.add('three')
    expect(await home.undo()).toEqual(['tools/three'])
    expect(await home.readAll()).toEqual(second)
    expect(await home.undo()).toEqual(['tools/one', 'tools/two'])
    expect(await home.readAll()).toEqual(first)
    expect(await home.undo()).toBeUndefined()
    expect((await home.files()).filter(name => name.startsWith('.'))).toEqual([])
  })

  test('leaves what syncs found and what people wrote elsewhere', async () => {
    const home = await createEditedHome()
    await home.add('one')
    await home.sync()
    await home.replace('tools', '"docker": {', '"docker": {\n    "x-note": "mine",')
    const before = JSON.parse(await home.read('tools'))
    await home.undo()
    const { one: _, ...others } = before
    expect(JSON.parse(await home.read('tools'))).toEqual(others)
  })

  test('refuses when an entry was edited since, and changes nothing', async () => {
    const home = await createEditedHome()
    await home.add('one')
    await home.replace('tools', 'which one', 'which uno')
    const before = await home.readAll()
    await expect(home.undo()).rejects.toThrow('cannot undo add: tools/one changed since')
    expect(await home.readAll()).toEqual(before)
  })

  test('refuses when something depends on what it would remove', async () => {
    const home = await createEditedHome()
    await home.add('one')
    const edge = '{ "from": "tools/one", "to": "tools/docker", "type": "requires" }'
    await home.replace('hyper', '"edges": [', `"edges": [\n    ${edge},`)
    const before = await home.readAll()
    await expect(home.undo()).rejects.toThrow(/^cannot undo add: .*tools\/one/)
    expect(await home.readAll()).toEqual(before)
  })

  test('gives back the bytes from before an upgrade, and the next upgrade leaves them', async () => {
    const { host, directory, readTexts } = await createUpgradableHome({
      shipped: { tools: { docker: { min_version: '24.0' } } },
    })
    const before = await readTexts()
    await upgradeHome(directory, host)
    expect(await readTexts()).not.toEqual(before)
    expect(await undoLast(directory, host)).toEqual(['tools/docker'])
    expect(await readTexts()).toEqual(before)
    await upgradeHome(directory, host)
    expect(await readTexts()).toEqual(before)
  })

  test('passes over an edit that never happened', async () => {
    const home = await createEditedHome()
    await home.add('one')
    const data = {
      id: '99990101000000000-00000000',
      time: '2026-01-01T00:00:00.000Z',
      command: 'add',
      files: [
        {
          name: 'tools',
          changes: [{ path: ['ghost'], after: 'ffffffffffffffff' }],
          entries: { ghost: 'ffffffffffffffff' },
        },
      ],
    } as const
    await saveUndoData(home.directory, data, home.host)
    expect(await home.undo()).toEqual(['tools/one'])
  })
})

describe('the journal', () => {
  test('has edits of commands and of people, each once', async () => {
    const home = await createEditedHome()
    await home.sync()
    await home.add('one')
    await home.replace('tools', '"docker": {', '"docker": {\n    "x-note": "mine",')
    await home.sync()
    await home.sync()
    const edits = (await home.changes()).filter(change => change.kind === 'edit')
    expect(edits.map(({ ref, change, by, fields }) => [ref, change, by, fields])).toEqual([
      ['tools/docker', 'changed', 'file', ['x-note']],
      ['tools/one', 'added', 'add', []],
      ['dashboard/sections/tools/entries/one', 'added', 'add', []],
    ])
  })
})
