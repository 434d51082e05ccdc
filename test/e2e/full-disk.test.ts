import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, type TestContext, test } from 'vitest'
import { createHome } from '../../src/registry/home/create-home.ts'
import { writePrivateFile } from '../../src/registry/home/files.ts'
import { locateHome } from '../../src/registry/home/locate-home.ts'
import { updateHome } from '../../src/registry/home/update-home.ts'
import {
  addMark,
  leftoversIn,
  markedFiles,
  readMarks,
  writeMarkedHome,
} from '../support/homes/marked-home.ts'
import { mountSmallDisk, remountReadOnly } from '../support/homes/small-disk.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const names = ['tools', 'ml_frameworks'] as const

const noSpace = { code: 'write', message: expect.stringContaining('no space is left') }

test('on a full disk an update says so, the old files stand, and the lock is free', async context => {
  const { host, disk } = await openSmallDisk(context)
  const home = await writeMarkedHome(disk, 30_000)
  const before = await Promise.all(markedFiles.map(file => readFile(nodePath.join(home, file), 'utf8')))

  await expect(updateHome(home, names, addMark('theirs'), host)).rejects.toMatchObject(noSpace)
  const after = await Promise.all(markedFiles.map(file => readFile(nodePath.join(home, file), 'utf8')))
  expect(after).toEqual(before)
  expect(await leftoversIn(home)).toEqual([])

  await writeMarkedHome(home, 100)
  await updateHome(home, names, addMark('ours'), host, { waitMs: 0 })
  expect(await readMarks(home)).toEqual({ tools: ['ours'], frameworks: ['ours'] })
})

test('a text that the disk takes only in part does not replace the old one', async context => {
  const { host, disk } = await openSmallDisk(context)
  const home = await writeMarkedHome(disk)
  const tooLong = JSON.stringify({ marks: ['x'.repeat(200_000)] })
  await expect(updateHome(home, ['tools'], () => new Map([['tools', tooLong]]), host)).rejects.toMatchObject(
    noSpace,
  )
  expect(await readMarks(home)).toEqual({ tools: [], frameworks: [] })
  expect(await leftoversIn(home)).toEqual([])
})

test('a home that does not fit on the disk is not created in part', async context => {
  const { host, disk } = await openSmallDisk(context)
  await writeFile(nodePath.join(disk, 'large'), 'x'.repeat(80_000))
  const inDisk = { ...host, env: { ...host.env, XDG_DATA_HOME: disk } }
  await expect(locateHome({ flag: undefined, configured: undefined }, inDisk)).rejects.toMatchObject(noSpace)
  await expect(createHome(nodePath.join(disk, 'new'), host)).rejects.toMatchObject(noSpace)
  expect(await readdir(disk)).toEqual(['large'])
})

test('a private file that does not fit leaves the old one', async context => {
  const { host, disk } = await openSmallDisk(context)
  const path = nodePath.join(disk, 'cache', 'probes.json')
  await writePrivateFile(path, 'old', host)
  await expect(writePrivateFile(path, 'x'.repeat(200_000), host)).rejects.toMatchObject(noSpace)
  expect(await readFile(path, 'utf8')).toBe('old')
  expect(await readdir(nodePath.dirname(path))).toEqual(['probes.json'])
})

test('what is added to a file and does not fit is a fault', async context => {
  const { host, disk } = await openSmallDisk(context)
  const path = nodePath.join(disk, 'file')
  await host.fs.appendLines(path, 'old\n')
  await expect(host.fs.appendLines(path, 'x'.repeat(200_000))).rejects.toMatchObject({ code: 'ENOSPC' })
  expect((await readFile(path, 'utf8')).slice(0, 5)).toBe('old\nx')
})

test('a read-only home can be read, and changing it says what is wrong', async context => {
  const { host, disk } = await openSmallDisk(context)
  await writeMarkedHome(disk)
  remountReadOnly(disk)
  const home = await locateHome({ flag: disk, configured: undefined }, host)
  expect(home).toEqual({ directory: disk, origin: 'flag' })
  await expect(updateHome(disk, names, addMark('ours'), host)).rejects.toMatchObject({
    code: 'write',
    message: expect.stringContaining('read-only'),
    hint: expect.stringContaining('--home'),
  })
  expect((await stat(disk)).isDirectory()).toBe(true)
})

async function openSmallDisk(context: TestContext): Promise<{ host: TestHost; disk: string }> {
  const host = await createTestHost()
  const disk = nodePath.join(host.directory, 'disk')
  await mkdir(disk)
  if (!mountSmallDisk(disk, '96k')) context.skip('mounting is not permitted')
  return { host, disk }
}
