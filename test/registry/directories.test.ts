import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import {
  cacheDirectory,
  configDirectory,
  dataDirectory,
  openPrivateDirectory,
  stateDirectory,
} from '../../src/registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../src/registry/home/files.ts'
import { createTestHost } from '../support/test-host.ts'

const finders = { cacheDirectory, stateDirectory, configDirectory, dataDirectory }

test.each([
  { which: 'cacheDirectory', env: { XDG_CACHE_HOME: '/x' }, userHome: '/home/u', is: '/x/nexus-registry' },
  { which: 'cacheDirectory', env: {}, userHome: '/home/u', is: '/home/u/.cache/nexus-registry' },
  { which: 'stateDirectory', env: {}, userHome: '/home/u', is: '/home/u/.local/state/nexus-registry' },
  { which: 'configDirectory', env: {}, userHome: '/home/u', is: '/home/u/.config/nexus-registry' },
  { which: 'dataDirectory', env: {}, userHome: '/home/u', is: '/home/u/.local/share/nexus-registry' },
  {
    which: 'dataDirectory',
    env: { XDG_DATA_HOME: '' },
    userHome: '/h',
    is: '/h/.local/share/nexus-registry',
  },
  {
    which: 'dataDirectory',
    env: { XDG_DATA_HOME: 'here' },
    userHome: '/h',
    is: '/h/.local/share/nexus-registry',
  },
  { which: 'dataDirectory', env: { XDG_DATA_HOME: 'here' }, userHome: undefined, is: undefined },
  { which: 'dataDirectory', env: {}, userHome: 'here', is: undefined },
  { which: 'stateDirectory', env: {}, userHome: undefined, is: undefined },
] as const)('$which with $env and the user in $userHome is $is', async ({ which, env, userHome, is }) => {
  const none = { XDG_CACHE_HOME: undefined, XDG_STATE_HOME: undefined, XDG_CONFIG_HOME: undefined }
  const host = await createTestHost({ env: { ...none, XDG_DATA_HOME: undefined, ...env } })
  expect(finders[which]({ ...host, userHome })).toBe(is)
})

test('a private directory is made with its parents, for this user alone', async () => {
  const host = await createTestHost()
  const path = nodePath.join(host.directory, 'a', 'b')
  await openPrivateDirectory(path, host)
  expect((await stat(path)).mode & 0o777).toBe(0o700)
})

test('a directory that others can read is closed to them', async () => {
  const host = await createTestHost()
  await chmod(host.directory, 0o755)
  await openPrivateDirectory(host.directory, host)
  expect((await stat(host.directory)).mode & 0o777).toBe(0o700)
})

test.each([
  { what: 'others can write to', mode: 0o777, says: 'can be written by other users' },
  { what: 'a group can write to', mode: 0o770, says: 'can be written by other users' },
])('a directory that $what is refused', async ({ mode, says }) => {
  const host = await createTestHost()
  await chmod(host.directory, mode)
  await expect(openPrivateDirectory(host.directory, host)).rejects.toMatchObject({
    code: 'write',
    message: expect.stringContaining(says),
    hint: expect.stringContaining('chmod 700'),
  })
})

test('a directory of another user is refused, and so is a link of another user', async () => {
  const host = await createTestHost()
  const own = (await stat(host.directory)).uid
  const asOther = { ...host, uid: own + 1, fs: withOwner(host.fs, own + 2) }
  await expect(openPrivateDirectory(host.directory, asOther)).rejects.toThrow(`another user (uid ${own + 2})`)

  const link = nodePath.join(host.directory, 'link')
  await symlink(host.directory, link)
  const asVictim = { ...host, uid: own + 1, fs: { ...withOwner(host.fs, own + 1), lstat: host.fs.lstat } }
  await expect(openPrivateDirectory(link, asVictim)).rejects.toThrow('a link of another user')
})

test('a file where the directory should be is named', async () => {
  const host = await createTestHost()
  const path = nodePath.join(host.directory, 'file')
  await writeFile(path, '')
  await expect(openPrivateDirectory(path, host)).rejects.toMatchObject({ code: 'write' })
  await expect(openPrivateDirectory(nodePath.join(path, 'in'), host)).rejects.toMatchObject({ code: 'write' })
})

test('a private file is replaced in one step, and nobody else can read it', async () => {
  const host = await createTestHost()
  const path = nodePath.join(host.directory, 'own', 'file.json')
  await writePrivateFile(path, 'old', host)
  await writePrivateFile(path, 'new', host)
  expect(await readFile(path, 'utf8')).toBe('new')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(await readdir(nodePath.dirname(path))).toEqual(['file.json'])
})

test('a link in place of the file is replaced, and what it leads to stays', async () => {
  const host = await createTestHost()
  const target = nodePath.join(host.directory, 'precious')
  const path = nodePath.join(host.directory, 'file.json')
  await writeFile(target, 'precious')
  await symlink(target, path)
  await writePrivateFile(path, 'new', host)
  expect(await readFile(target, 'utf8')).toBe('precious')
  expect(await readPrivateFile(path, 100, host)).toBe('new')
})

test('when the file cannot be put in place, the temporary one is removed', async () => {
  const host = await createTestHost()
  const path = nodePath.join(host.directory, 'file.json')
  await mkdir(path)
  await expect(writePrivateFile(path, 'new', host)).rejects.toMatchObject({ code: 'write' })
  expect(await readdir(host.directory)).toEqual(['file.json'])
})

test('what a killed writer left an hour ago is swept, what one writes right now is not', async () => {
  const host = await createTestHost()
  const old = nodePath.join(host.directory, '.file.json-0123456789abcdef')
  const hourAgo = new Date(Date.now() - 3_600_000)
  await writeFile(old, '')
  await utimes(old, hourAgo, hourAgo)
  await writeFile(nodePath.join(host.directory, '.file.json-fedcba9876543210'), '')
  await writePrivateFile(nodePath.join(host.directory, 'file.json'), 'new', host)
  expect((await readdir(host.directory)).sort()).toEqual(['.file.json-fedcba9876543210', 'file.json'])
})

test.each([
  { what: 'that others can write', file: 0o666, directory: 0o700 },
  { what: 'in a directory that others can write to', file: 0o600, directory: 0o777 },
])('a file $what is not believed', async ({ file, directory }) => {
  const host = await createTestHost()
  const path = nodePath.join(host.directory, 'file.json')
  await writePrivateFile(path, 'text', host)
  expect(await readPrivateFile(path, 100, host)).toBe('text')
  await chmod(path, file)
  await chmod(host.directory, directory)
  expect(await readPrivateFile(path, 100, host)).toBeUndefined()
})

function withOwner(fs: Awaited<ReturnType<typeof createTestHost>>['fs'], uid: number): typeof fs {
  const own = async (path: string) => {
    const info = await fs.stat(path)
    return info && { ...info, uid }
  }
  return { ...fs, stat: own, lstat: own }
}
