import { chmod, mkdir, mkdtemp, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { expect, test } from 'vitest'
import { limits } from '../../src/lib/limits.ts'
import { type HomeEdit, updateHome, updateHomeByPlan } from '../../src/registry/home/update-home.ts'
import { readLock } from '../../src/registry/lock/acquire-lock.ts'
import { addMark, leftoversIn, readMarks, writeMarkedHome } from '../support/homes/marked-home.ts'
import { createTestHost, type TestHost, type TestHostOptions } from '../support/test-host.ts'

const names = ['tools', 'ml_frameworks'] as const

test('an update returns what it changed, with the hashes of the bytes before and after', async () => {
  const { home, host } = await openHome()
  const before = await readFile(nodePath.join(home, 'tool_registry.json'))
  const changes = await updateHome(home, names, addMark('a'), host)
  const after = await readFile(nodePath.join(home, 'tool_registry.json'))
  expect(
    changes.map(({ name, path, before, after }) => [name, path, before?.sha256, after.sha256])[0],
  ).toEqual(['tools', nodePath.join(home, 'tool_registry.json'), host.sha256(before), host.sha256(after)])
  expect(await readMarks(home)).toEqual({ tools: ['a'], frameworks: ['a'] })
})

test('a file whose text stays the same is not touched', async () => {
  const { home, host } = await openHome()
  const inode = async (file: string) => (await stat(nodePath.join(home, file))).ino
  const before = await inode('ml_framework_registry.json')
  const onlyTools: HomeEdit = texts =>
    new Map([...addMark('a')(texts), ['ml_frameworks', texts.get('ml_frameworks') ?? '']])
  const changes = await updateHome(home, names, onlyTools, host)
  expect(changes.map(change => change.name)).toEqual(['tools'])
  expect(await inode('ml_framework_registry.json')).toBe(before)
  expect(await updateHome(home, names, () => new Map(), host)).toEqual([])
  expect(await leftoversIn(home)).toEqual([])
})

test('a plan that takes time is applied as it is returned, and one without texts changes nothing', async () => {
  const { home, host } = await openHome()
  const before = await readdir(home)
  const apply = (isWanted: boolean) =>
    updateHomeByPlan(
      home,
      {
        names,
        plan: async texts => {
          await Promise.resolve()
          expect((await readdir(home)).filter(name => name.includes('stage'))).toEqual([])
          return { isWanted, texts: isWanted ? addMark('a')(texts) : new Map() }
        },
      },
      host,
    )
  expect(await apply(false)).toEqual({ changes: [], plan: { isWanted: false, texts: new Map() } })
  expect(await readMarks(home)).toEqual({ tools: [], frameworks: [] })
  expect(await readdir(home)).toEqual(before)
  expect((await apply(true)).plan.isWanted).toBe(true)
  expect(await readMarks(home)).toEqual({ tools: ['a'], frameworks: ['a'] })
})

test('a file keeps its permission bits, and a new one is made', async () => {
  const { home, host } = await openHome()
  const path = nodePath.join(home, 'tool_registry.json')
  await chmod(path, 0o664)
  await updateHome(
    home,
    ['tools', 'models'],
    () =>
      new Map([
        ['tools', '{}'],
        ['models', '{"a":1}'],
      ]),
    host,
  )
  expect((await stat(path)).mode & 0o777).toBe(0o664)
  expect(await readFile(nodePath.join(home, 'model_registry.json'), 'utf8')).toBe('{"a":1}')
})

test('a home that is reached through a link is changed where it is', async () => {
  const { home, host } = await openHome()
  const link = nodePath.join(host.directory, 'link')
  await symlink(home, link)
  await updateHome(link, names, addMark('a'), host)
  expect(await readMarks(home)).toEqual({ tools: ['a'], frameworks: ['a'] })
})

test('a registry file that is a link is refused, and both ends of it stay', async () => {
  const { home, host } = await openHome()
  const target = nodePath.join(host.directory, 'elsewhere.json')
  await writeFile(target, '{}')
  await symlink(target, nodePath.join(home, 'model_registry.json'))
  const update = updateHome(home, ['tools', 'models'], () => new Map([['models', '{"a":1}']]), host)
  await expect(update).rejects.toMatchObject({ code: 'write', message: expect.stringContaining('is a link') })
  expect(await readFile(target, 'utf8')).toBe('{}')
  expect(await leftoversIn(home)).toEqual([])
})

test('a file that is not UTF-8 is not damaged by changing it, and does not hinder changing others', async () => {
  const { home, host } = await openHome()
  const path = nodePath.join(home, 'tool_registry.json')
  await writeFile(path, Buffer.from([0x7b, 0xff, 0x7d]))
  await updateHome(
    home,
    names,
    texts => new Map([['ml_frameworks', `${texts.get('ml_frameworks')}\n`]]),
    host,
  )
  const update = updateHome(home, names, () => new Map([['tools', '{}']]), host)
  await expect(update).rejects.toMatchObject({ code: 'write', message: expect.stringContaining('UTF-8') })
  expect([...(await readFile(path))]).toEqual([0x7b, 0xff, 0x7d])
})

test('a byte order mark is kept', async () => {
  const { home, host } = await openHome()
  const path = nodePath.join(home, 'tool_registry.json')
  await writeFile(path, '\ufeff{}')
  await updateHome(home, ['tools'], texts => new Map([['tools', `${texts.get('tools')}\n`]]), host)
  expect(await readFile(path, 'utf8')).toBe('\ufeff{}\n')
})

test('a directory in place of a registry is named', async () => {
  const { home, host } = await openHome()
  await mkdir(nodePath.join(home, 'model_registry.json'))
  const update = updateHome(home, ['models'], () => new Map(), host)
  await expect(update).rejects.toMatchObject({
    code: 'write',
    message: expect.stringContaining('model_registry.json'),
  })
})

test('a registry that is too large is reported with its size and a hint', async () => {
  const { home, host } = await openHome()
  await writeFile(nodePath.join(home, 'tool_registry.json'), ' '.repeat(limits.fileBytes + 1))
  await expect(updateHome(home, ['tools'], () => new Map(), host)).rejects.toMatchObject({
    code: 'input',
    message: expect.stringMatching(/^\S+tool_registry\.json has 16777217 bytes, the limit is 16777216$/),
    hint: 'Split it or remove what is not needed',
  })
})

test('a home that is not there is named, with how to create it', async () => {
  const host = await createTestHost()
  const gone = nodePath.join(host.directory, 'gone')
  await expect(updateHome(gone, names, addMark('a'), host)).rejects.toMatchObject({
    code: 'home',
    hint: `nexus-registry init ${gone}`,
  })
  expect(await readdir(host.directory)).toEqual([])
})

test('what an edit throws comes out as it is, and nothing is left', async () => {
  const { home, host } = await openHome()
  const fault = new TypeError('a defect')
  const edit = () => {
    throw fault
  }
  await expect(updateHome(home, names, edit, host)).rejects.toBe(fault)
  expect(await leftoversIn(home)).toEqual([])
})

test('an edit cannot change a file that it has not asked for', async () => {
  const { home, host } = await openHome()
  await expect(updateHome(home, ['tools'], () => new Map([['models', '{}']]), host)).rejects.toThrow('models')
})

test('before the commit the new hashes are known and the old files stand; when that step throws, they stay', async () => {
  const { home, host } = await openHome()
  const seen: unknown[] = []
  const beforeCommit = async (changes: readonly { name: string }[]) => {
    seen.push(...changes.map(change => change.name), await readMarks(home))
    throw new Error('not now')
  }
  await expect(updateHome(home, names, addMark('a'), host, { beforeCommit })).rejects.toThrow('not now')
  expect(seen).toEqual(['tools', 'ml_frameworks', { tools: [], frameworks: [] }])
  expect(await readMarks(home)).toEqual({ tools: [], frameworks: [] })
  expect(await leftoversIn(home)).toEqual([])
})

test('interrupted before the commit, nothing happens and the lock is free', async () => {
  const interrupt = new AbortController()
  const { home, host } = await openHome({ overrides: { interrupted: interrupt.signal } })
  const beforeCommit = async () => interrupt.abort()
  const update = updateHome(home, names, addMark('a'), host, { beforeCommit })
  await expect(update).rejects.toMatchObject({ code: 'interrupted' })
  expect(await readMarks(home)).toEqual({ tools: [], frameworks: [] })
  expect(await leftoversIn(home)).toEqual([])
})

test('interrupted after the commit, it is finished', async () => {
  const interrupt = new AbortController()
  const { home, host } = await openHome({ overrides: { interrupted: interrupt.signal } })
  const rename = async (from: string, to: string) => {
    await host.fs.rename(from, to)
    if (nodePath.basename(to).startsWith('committing-')) interrupt.abort()
  }
  await updateHome(home, names, addMark('a'), { ...host, fs: { ...host.fs, rename } })
  expect(interrupt.signal.aborted).toBe(true)
  expect(await readMarks(home)).toEqual({ tools: ['a'], frameworks: ['a'] })
  expect(await leftoversIn(home)).toEqual([])
})

test('interrupted while it waits, it stops waiting and leaves the holder alone', async () => {
  const interrupt = new AbortController()
  const { home, host } = await openHome({ overrides: { interrupted: interrupt.signal } })
  const holder = await createTestHost()
  await updateHome(home, names, addMark('theirs'), holder, {
    beforeCommit: async () => {
      const waiting = updateHome(home, names, addMark('ours'), host)
      setTimeout(() => interrupt.abort(), 20)
      await expect(waiting).rejects.toMatchObject({ code: 'interrupted' })
    },
  })
  expect(await readMarks(home)).toEqual({ tools: ['theirs'], frameworks: ['theirs'] })
})

test('two updates of one process wait for each other', async () => {
  const { home, host } = await openHome()
  await Promise.all(['a', 'b', 'c'].map(mark => updateHome(home, names, addMark(mark), host)))
  const { tools, frameworks } = await readMarks(home)
  expect([...tools].sort()).toEqual(['a', 'b', 'c'])
  expect(frameworks).toEqual(tools)
})

test('a rename that fails in the middle is reported, and the next update finishes the change at once', async () => {
  const { home, host } = await openHome()
  const rename = async (from: string, to: string) => {
    if (to.endsWith('ml_framework_registry.json'))
      throw Object.assign(new Error('input/output error'), { code: 'EIO' })
    await host.fs.rename(from, to)
  }
  const update = updateHome(home, names, addMark('a'), { ...host, fs: { ...host.fs, rename } })
  await expect(update).rejects.toMatchObject({
    code: 'write',
    message: expect.stringContaining('only in part'),
  })
  expect(await readMarks(home)).toEqual({ tools: ['a'], frameworks: [] })

  await updateHome(home, names, addMark('b'), host, { waitMs: 0 })
  expect(await readMarks(home)).toEqual({ tools: ['a', 'b'], frameworks: ['a', 'b'] })
  expect(await leftoversIn(home)).toEqual([])
})

test('an update that loses the lock every time fails with a message', async () => {
  const { home, host } = await openHome()
  const loseLock = async () => {
    await updateHome(home, names, addMark('theirs'), {
      ...host,
      processes: { ...host.processes, pid: 1, startTime },
    })
  }
  const startTime = async (pid: number) => (pid === 1 ? 'now' : undefined)
  const update = updateHome(home, names, addMark('ours'), host, { beforeCommit: loseLock, tries: 3 })
  await expect(update).rejects.toMatchObject({ code: 'lock', message: expect.stringContaining('3 times') })
  expect(await readMarks(home)).toMatchObject({ tools: ['theirs', 'theirs', 'theirs'] })
  expect(await leftoversIn(home)).toEqual([])
})

test.each([
  { what: 'a file', lay: (path: string) => writeFile(path, '') },
  {
    what: 'a directory with something else in it',
    lay: (path: string) => mkdir(nodePath.join(path, 'mine'), { recursive: true }),
  },
])('$what in place of the lock is named', async ({ lay }) => {
  const { home, host } = await openHome()
  const path = nodePath.join(home, '.nexus-registry.lock')
  await lay(path)
  await expect(updateHome(home, names, addMark('a'), host)).rejects.toMatchObject({
    code: 'lock',
    hint: `Remove ${path}`,
  })
})

test('an empty lock is free', async () => {
  const { home, host } = await openHome()
  await mkdir(nodePath.join(home, '.nexus-registry.lock'))
  await updateHome(home, names, addMark('a'), host, { waitMs: 0 })
  expect(await readLock(home, host)).toBeUndefined()
})

async function openHome(options: TestHostOptions = {}): Promise<{ host: TestHost; home: string }> {
  const host = await createTestHost(options)
  return { host, home: await writeMarkedHome(await mkdtemp(nodePath.join(host.directory, 'home-'))) }
}
