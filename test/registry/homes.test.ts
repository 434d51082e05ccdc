import { chmod, chown, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { createHome } from '../../src/registry/home/create-home.ts'
import { locateHome } from '../../src/registry/home/locate-home.ts'
import { registryFiles } from '../../src/registry/schema/names.ts'
import { createTestHost, type TestHost, type TestHostOptions } from '../support/test-host.ts'

const nothing = { flag: undefined, configured: undefined }
const nineFiles = ['.nexus-registry.shipped.json', ...Object.values(registryFiles)].sort()

test('--home, then NEXUS_REGISTRY_HOME, then the configuration, then the default', async () => {
  const host = await createHomeHost()
  const [flag, named, configured] = ['flag', 'named', 'configured'].map(name =>
    nodePath.join(host.directory, name),
  )
  for (const directory of [flag, named, configured]) await mkdir(directory ?? '')
  const withVariable = { ...host, env: { ...host.env, NEXUS_REGISTRY_HOME: named } }
  const withEmpty = { ...host, env: { ...host.env, NEXUS_REGISTRY_HOME: '' } }

  expect(await locateHome({ flag, configured }, withVariable)).toEqual({ directory: flag, origin: 'flag' })
  expect(await locateHome({ flag: undefined, configured }, withVariable)).toEqual({
    directory: named,
    origin: 'environment',
  })
  expect(await locateHome({ flag: undefined, configured }, withEmpty)).toEqual({
    directory: configured,
    origin: 'config',
  })
  expect(await locateHome(nothing, host)).toEqual({
    directory: nodePath.join(host.directory, 'data', 'nexus-registry'),
    origin: 'default',
  })
})

test('a relative name is looked for in the working directory, and ~ in the configuration in the home of the user', async () => {
  const host = await createHomeHost()
  await mkdir(nodePath.join(host.directory, 'mine'))
  const directory = nodePath.join(host.directory, 'mine')
  expect(await locateHome({ flag: './mine', configured: undefined }, host)).toMatchObject({ directory })
  expect(await locateHome({ flag: undefined, configured: '~/mine' }, { ...host, cwd: '/' })).toMatchObject({
    directory,
  })
})

test('the default home is created from the shipped registries, for this user alone', async () => {
  const host = await createHomeHost()
  const { directory } = await locateHome(nothing, host)
  expect((await readdir(directory)).sort()).toEqual(nineFiles)
  expect(await readFile(nodePath.join(directory, 'tool_registry.json'), 'utf8')).toBe(
    '{"from":"tool_registry.json"}\n',
  )
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  expect(await readdir(nodePath.dirname(directory))).toEqual(['nexus-registry'])
})

test('of many who create the default home at once, one does and all use it', async () => {
  const host = await createHomeHost()
  const homes = await Promise.all(Array.from({ length: 20 }, () => locateHome(nothing, host)))
  expect(new Set(homes.map(home => home.directory)).size).toBe(1)
  const directory = homes[0]?.directory ?? ''
  expect((await readdir(directory)).sort()).toEqual(nineFiles)
  expect(await readdir(nodePath.dirname(directory))).toEqual(['nexus-registry'])
})

test('a default home that is there is used as it is, also with files missing; an empty one is filled', async () => {
  const host = await createHomeHost()
  const directory = nodePath.join(host.directory, 'data', 'nexus-registry')
  await mkdir(directory, { recursive: true })
  const inode = (await stat(directory)).ino
  await locateHome(nothing, host)
  expect((await readdir(directory)).sort()).toEqual(nineFiles)
  expect((await stat(directory)).ino).toBe(inode)

  const other = await createHomeHost()
  const kept = nodePath.join(other.directory, 'data', 'nexus-registry')
  await mkdir(kept, { recursive: true })
  await writeFile(nodePath.join(kept, 'tool_registry.json'), '{}')
  await locateHome(nothing, other)
  expect(await readdir(kept)).toEqual(['tool_registry.json'])
})

test('a copy of the shipped registries that a killed process left an hour ago is swept', async () => {
  const host = await createHomeHost()
  const data = nodePath.join(host.directory, 'data')
  const left = nodePath.join(data, '.nexus-registry-new-0123456789abcdef')
  await mkdir(left, { recursive: true })
  await utimes(left, new Date(0), new Date(0))
  await locateHome(nothing, host)
  expect(await readdir(data)).toEqual(['nexus-registry'])
})

const noDirectories = { HOME: undefined, XDG_DATA_HOME: undefined }

test.each([
  { what: 'a missing --home', flag: 'gone', says: '(--home) does not exist', hint: 'nexus-registry init' },
  { what: 'a file as --home', flag: 'file', says: 'is not a directory', hint: 'nine files' },
  { what: 'an empty --home', flag: '', says: '--home needs a directory', hint: '--home' },
  {
    what: 'a dangling link as --home',
    flag: 'dangling',
    says: 'does not exist',
    hint: 'nexus-registry init',
  },
])('$what is an error that says what to do', async ({ flag, says, hint }) => {
  const host = await createHomeHost()
  await writeFile(nodePath.join(host.directory, 'file'), '')
  await symlink('nowhere', nodePath.join(host.directory, 'dangling'))
  await expect(locateHome({ flag, configured: undefined }, host)).rejects.toMatchObject({
    message: expect.stringContaining(says),
    hint: expect.stringContaining(hint),
  })
  expect(await readdir(host.directory)).not.toContain('gone')
})

test('without HOME and XDG_DATA_HOME there is no default, and the error says so', async () => {
  const host = await createHomeHost({ env: noDirectories })
  await expect(locateHome(nothing, { ...host, userHome: undefined })).rejects.toMatchObject({
    code: 'home',
    hint: expect.stringContaining('--home'),
  })
})

test('an installation without its registries says so', async () => {
  const host = await createTestHost()
  const broken = { ...host, programRoot: nodePath.join(host.directory, 'program') }
  await expect(locateHome(nothing, broken)).rejects.toMatchObject({
    code: 'home',
    message: expect.stringContaining('installation is incomplete'),
  })
})

test('a home of another user is refused, but not to root, and not one of root', async () => {
  const host = await createHomeHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  const owner = await giveAway(home, host)
  const choice = { flag: home, configured: undefined }
  const someone = { ...host, uid: owner + 1 }
  await expect(locateHome(choice, someone)).rejects.toMatchObject({
    code: 'home',
    message: expect.stringContaining(`belongs to another user (uid ${owner})`),
  })
  expect(await locateHome(choice, { ...host, uid: 0 })).toMatchObject({ directory: home })
  const ofRoot = {
    ...someone,
    fs: { ...host.fs, stat: async (path: string) => asRoot(await host.fs.stat(path)) },
  }
  expect(await locateHome(choice, ofRoot)).toMatchObject({ directory: home })
})

test('a home that cannot be read is an error', async () => {
  const host = await createHomeHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home, { mode: 0o300 })
  // Root reads everything: the system's answer is given here.
  const isReadable = async () => false
  const locating = locateHome(
    { flag: home, configured: undefined },
    { ...host, fs: { ...host.fs, isReadable } },
  )
  await expect(locating).rejects.toMatchObject({
    code: 'home',
    message: expect.stringContaining('cannot be read'),
  })
})

test('init creates a home in a new directory, with its parents', async () => {
  const host = await createHomeHost()
  const home = nodePath.join(host.directory, 'a', 'b')
  await createHome(home, host)
  expect((await readdir(home)).sort()).toEqual(nineFiles)
  expect(await readdir(nodePath.dirname(home))).toEqual(['b'])
})

test('init fills an empty directory in its place, since a shell may stand in it', async () => {
  const host = await createHomeHost()
  const home = nodePath.join(host.directory, 'empty')
  await mkdir(home)
  await chmod(home, 0o750)
  const { ino } = await stat(home)
  await createHome(home, host)
  expect((await readdir(home)).sort()).toEqual(nineFiles)
  expect(await stat(home)).toMatchObject({ ino })
  expect((await stat(home)).mode & 0o777).toBe(0o750)
})

test.each([
  { what: 'has registries', file: 'model_registry.json', says: 'is a registry home already' },
  { what: 'has something else', file: 'README.md', says: 'is not empty: it has README.md' },
])('init refuses a directory that $what, and changes nothing', async ({ file, says }) => {
  const host = await createHomeHost()
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  await writeFile(nodePath.join(home, file), 'mine')
  await expect(createHome(home, host)).rejects.toMatchObject({
    code: 'home',
    message: expect.stringContaining(says),
  })
  expect(await readdir(home)).toEqual([file])
})

test('init refuses a file', async () => {
  const host = await createHomeHost()
  const home = nodePath.join(host.directory, 'file')
  await writeFile(home, 'mine')
  await expect(createHome(home, host)).rejects.toMatchObject({ code: 'home' })
  expect(await readFile(home, 'utf8')).toBe('mine')
})

test.each(['home', 'a/home'])('init below a file (%s) says that it is one', async below => {
  const host = await createHomeHost()
  const file = nodePath.join(host.directory, 'file')
  await writeFile(file, 'mine')
  await expect(createHome(nodePath.join(file, below), host)).rejects.toMatchObject({
    code: 'write',
    message: expect.stringContaining('a part of that path is a file'),
    hint: expect.stringContaining('Move that file'),
  })
})

test('of two inits of one directory, one succeeds and the other fails with a message', async () => {
  const host = await createHomeHost()
  const home = nodePath.join(host.directory, 'home')
  const results = await Promise.allSettled([createHome(home, host), createHome(home, host)])
  expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect((await readdir(home)).sort()).toEqual(nineFiles)
})

async function createHomeHost(options: TestHostOptions = {}): Promise<TestHost> {
  const host = await createTestHost(options)
  const program = await createTestHost()
  const shipped = nodePath.join(program.directory, 'registries')
  await mkdir(shipped)
  await Promise.all(
    nineFiles.map(file => writeFile(nodePath.join(shipped, file), `{"from":${JSON.stringify(file)}}\n`)),
  )
  return { ...host, programRoot: program.directory }
}

// Only root can give a directory away; anybody else is the owner that the others are not.
async function giveAway(directory: string, host: TestHost): Promise<number> {
  if (host.uid === 0) await chown(directory, 4242, 4242)
  return (await stat(directory)).uid
}

function asRoot<Info extends { uid: number }>(info: Info | undefined): Info | undefined {
  return info && { ...info, uid: 0 }
}
