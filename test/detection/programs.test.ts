import { chmod, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { createProgramFinder } from '../../src/detection/programs/program-finder.ts'
import { writeScript } from '../support/processes/script.ts'
import {
  createTestHost,
  type TestHost,
  type TestHostOptions,
  temporaryDirectory,
} from '../support/test-host.ts'

interface Layout {
  readonly root: string
  readonly at: (...parts: string[]) => string
  /** A host whose PATH has these directories below the root, or as they are when they are no plain names. */
  readonly host: (path: readonly string[], options?: TestHostOptions) => Promise<TestHost>
}

async function layOut(): Promise<Layout> {
  const root = await temporaryDirectory()
  const at = (...parts: string[]) => nodePath.join(root, ...parts)
  const host = (path: readonly string[], options: TestHostOptions = {}) =>
    createTestHost({
      cwd: root,
      ...options,
      env: { PATH: path.map(part => (/^[a-z]/.test(part) ? at(part) : part)).join(':'), ...options.env },
    })
  return { root, at, host }
}

describe('a match must be a file that this user may execute', () => {
  test.each([
    ['a dangling link', 'is a link that leads nowhere', (path: string) => symlink('/nowhere', path)],
    ['a link in a circle', 'is a link in a circle', (path: string) => symlink(path, path)],
    ['a directory', 'is a directory', (path: string) => mkdir(path)],
    [
      'a file without the execute bit',
      'is not executable by this user',
      (path: string) => writeFile(path, ''),
    ],
    [
      'a link to a file without the execute bit',
      'is not executable by this user',
      async (path: string) => {
        await writeFile(`${path}.plain`, '')
        await symlink(`${path}.plain`, path)
      },
    ],
  ])('%s is passed over, and the search goes on', async (_name, why, make) => {
    const { at, host } = await layOut()
    await mkdir(at('first'))
    await make(at('first/tool'))
    const path = await writeScript(at('second/tool'), '')
    const search = await createProgramFinder(await host(['first', 'second'])).find('tool')
    expect(search.result).toMatchObject({ kind: 'found', path, target: path, manager: undefined })
    expect(search.passedOver).toEqual([{ path: at('first/tool'), why }])
  })

  test('a link to a program is a match, and its identity is that of the program', async () => {
    const { at, host } = await layOut()
    const real = await writeScript(at('real/tool-1.0'), '')
    await mkdir(at('bin'))
    await symlink(real, at('bin/tool'))
    const search = await createProgramFinder(await host(['bin'])).find('tool')
    expect(search.result).toMatchObject({
      path: at('bin/tool'),
      target: at('bin/tool'),
      identity: expect.stringContaining(real),
    })
  })

  test('the identity changes with the file', async () => {
    const { at, host } = await layOut()
    const identify = async () => {
      const { result } = await createProgramFinder(await host(['bin'])).find('tool')
      return result?.kind === 'found' ? result.identity : undefined
    }
    await writeScript(at('bin/tool'), 'echo 1')
    const before = await identify()
    expect(await identify()).toBe(before)
    await writeScript(at('bin/tool'), 'echo 22')
    expect(await identify()).not.toBe(before)
  })
})

describe('elements of PATH that nothing is executed from', () => {
  test.each(['', '.', 'relative', './bin', '..'])('%j is never searched', async element => {
    const { root } = await layOut()
    await writeScript(nodePath.join(root, 'tool'), '')
    const host = await createTestHost({ env: { PATH: `${element}:/nowhere` }, cwd: root })
    const search = await createProgramFinder(host).find('tool')
    expect(search.result).toBeUndefined()
    expect(search.passedOver).toEqual([
      { path: element, why: 'is relative to the working directory, so it is never searched' },
    ])
  })

  test('a directory that everybody may write to', async () => {
    const { at, host } = await layOut()
    await writeScript(at('open/tool'), '')
    await chmod(at('open'), 0o777)
    const path = await writeScript(at('second/tool'), '')
    const search = await createProgramFinder(await host(['open', 'second'])).find('tool')
    expect(search.result).toMatchObject({ path })
    expect(search.passedOver).toEqual([
      { path: at('open/tool'), why: 'lies in a directory that everybody may write to' },
    ])
  })

  test('with the sticky bit it is searched', async () => {
    const { at, host } = await layOut()
    const path = await writeScript(at('sticky/tool'), '')
    await chmod(at('sticky'), 0o1777)
    expect((await createProgramFinder(await host(['sticky'])).find('tool')).result).toMatchObject({ path })
  })

  test('a file on PATH is named, an element where nothing stands is not', async () => {
    const { at, host } = await layOut()
    await writeFile(at('file'), '')
    const search = await createProgramFinder(await host(['file', 'nothing'])).find('tool')
    expect(search.passedOver).toEqual([{ path: at('file'), why: 'is not a directory' }])
  })

  test('a name with a slash is no name', async () => {
    const { at, host } = await layOut()
    await writeScript(at('bin/sub/tool'), '')
    expect((await createProgramFinder(await host(['bin'])).find('sub/tool')).result).toBeUndefined()
  })
})

describe('the same name in two places on PATH', () => {
  test('the first usable one counts, the others are listed', async () => {
    const { at, host } = await layOut()
    const paths = await Promise.all(['one', 'two', 'three'].map(name => writeScript(at(name, 'tool'), '')))
    const search = await createProgramFinder(await host(['one', 'two', 'three'])).find('tool')
    expect(search.result).toMatchObject({ path: paths[0] })
    expect(search.others).toEqual(paths.slice(1))
  })

  test('one directory written twice, or reached by a link, counts once', async () => {
    const { at, host } = await layOut()
    const path = await writeScript(at('usr/tool'), '')
    await symlink(at('usr'), at('alias'))
    const search = await createProgramFinder(await host(['usr', 'usr', 'alias'])).find('tool')
    expect(search).toMatchObject({ result: { path }, others: [] })
  })
})

describe('slow directories on PATH', () => {
  test('a directory that does not answer is passed over with a reason, and the others count', async () => {
    const { at, host } = await layOut()
    const path = await writeScript(at('fast/tool'), '')
    const real = await host(['slow', 'fast'])
    await mkdir(at('slow'))
    const fs = {
      ...real.fs,
      list: (directory: string) =>
        directory === at('slow') ? new Promise<string[]>(() => {}) : real.fs.list(directory),
    }
    const search = await createProgramFinder({ ...real, fs }).find('tool')
    expect(search.result).toMatchObject({ path })
    expect(search.passedOver).toEqual([{ path: at('slow'), why: 'did not respond within 1000 ms' }])
  })

  test('200 directories, 500 names: one list for each directory, one check of each match', async () => {
    const { at, host } = await layOut()
    const directories = Array.from({ length: 200 }, (_, index) => `d${index}`)
    await Promise.all(directories.map(name => mkdir(at(name))))
    const names = Array.from({ length: 500 }, (_, index) => `tool${index}`)
    await Promise.all(names.map((name, index) => writeScript(at(`d${index % 200}`, name), '')))
    const real = await host(directories)
    const calls = { list: 0, examineProgram: 0 }
    const fs = {
      ...real.fs,
      list: (path: string) => {
        calls.list++
        return real.fs.list(path)
      },
      examineProgram: (path: string) => {
        calls.examineProgram++
        return real.fs.examineProgram(path)
      },
    }
    const finder = createProgramFinder({ ...real, fs })
    const searches = await Promise.all([...names, ...names, 'missing'].map(name => finder.find(name)))
    expect(searches.filter(({ result }) => result?.kind === 'found')).toHaveLength(1000)
    expect(calls).toEqual({ list: 200, examineProgram: 500 })
  })
})

describe('on Windows', () => {
  const windows: TestHostOptions = { platform: 'win32' }

  test('PATHEXT says which endings a program has, in its order, and names ignore case', async () => {
    const { at, host } = await layOut()
    await writeScript(at('bin/Tool.CMD'), '')
    await writeScript(at('bin/other.cmd'), '')
    const path = await writeScript(at('bin/other.exe'), '')
    const finder = createProgramFinder(await host(['bin'], { ...windows, env: { PATHEXT: '.EXE;.CMD' } }))
    expect((await finder.find('other')).result).toMatchObject({ path })
    expect((await finder.find('other')).others).toEqual([at('bin/other.cmd')])
    expect((await finder.find('other.exe')).result).toMatchObject({ path })
  })

  test('PATH may be spelled Path', async () => {
    const { at, host } = await layOut()
    const path = await writeScript(at('bin/tool.exe'), '')
    const { env, ...rest } = await host([], windows)
    const finder = createProgramFinder({ ...rest, env: { Path: at('bin'), HOME: env.HOME } })
    expect((await finder.find('tool')).result).toMatchObject({ path })
  })

  test.each(['win32', 'linux'] as const)(
    'a stub of the store is broken and never run, on %s',
    async platform => {
      const { at, host } = await layOut()
      const directory = at('mnt/c/Users/me/AppData/Local/Microsoft/WindowsApps')
      await mkdir(directory, { recursive: true })
      await writeFile(nodePath.join(directory, 'python.exe'), '', { mode: 0o777 })
      await chmod(directory, 0o777)
      const search = await createProgramFinder(await host([directory], { platform })).find('python.exe')
      expect(search.result).toEqual({
        kind: 'broken',
        path: nodePath.join(directory, 'python.exe'),
        manager: undefined,
        reason: 'it is a stub of the Windows Store that only opens the store',
      })
    },
  )

  test('a real program beside the stubs is none', async () => {
    const { at, host } = await layOut()
    const path = await writeScript(at('c/Microsoft/WindowsApps/winget.exe'), 'not empty')
    const found = await createProgramFinder(await host(['c/Microsoft/WindowsApps'])).find('winget.exe')
    expect(found.result).toMatchObject({ kind: 'found', path })
  })
})

describe('on macOS, the stubs of /usr/bin', () => {
  async function createMac(): Promise<{ root: string; host: TestHost }> {
    const root = await temporaryDirectory()
    await writeScript(nodePath.join(root, 'usr/bin/git'), '')
    await writeScript(nodePath.join(root, 'usr/bin/curl'), '')
    const prefixes = ['/usr/bin', '/var/db', '/Library', '/Applications']
    const host = await createTestHost({
      platform: 'darwin',
      env: { PATH: '/usr/bin' },
      root: { directory: root, prefixes },
    })
    return { root, host }
  }

  test('are broken without a developer directory', async () => {
    const { host } = await createMac()
    expect((await createProgramFinder(host).find('git')).result).toMatchObject({
      kind: 'broken',
      path: '/usr/bin/git',
      reason: 'Xcode command line tools are not installed',
    })
    expect((await createProgramFinder(host).find('curl')).result).toMatchObject({ kind: 'found' })
  })

  test.each(['Library/Developer/CommandLineTools', 'var/db/xcode_select_link'])(
    'are programs with %s',
    async directory => {
      const { root, host } = await createMac()
      await mkdir(nodePath.join(root, directory), { recursive: true })
      expect((await createProgramFinder(host).find('git')).result).toMatchObject({ kind: 'found' })
    },
  )
})

test('an absolute path is checked without a search', async () => {
  const { at, host } = await layOut()
  const path = await writeScript(at('cuda/bin/nvcc'), '')
  const finder = createProgramFinder(await host([]))
  expect((await finder.find(path)).result).toMatchObject({ kind: 'found', path })
  expect(await finder.find(at('cuda/bin/none'))).toMatchObject({
    result: undefined,
    passedOver: [{ path: at('cuda/bin/none'), why: 'is not there' }],
  })
})

test('a directory that may be searched but not listed is searched', async () => {
  const { at, host } = await layOut()
  const path = await writeScript(at('hidden/tool'), '')
  const real = await host(['hidden'])
  const refused = Object.assign(new Error('not allowed'), { code: 'EACCES' })
  const fs = { ...real.fs, list: () => Promise.reject(refused) }
  expect((await createProgramFinder({ ...real, fs }).find('tool')).result).toMatchObject({ path })
})

test('a copy of a program is another program', async () => {
  const { at, host } = await layOut()
  const path = await writeScript(at('one/tool'), '')
  await mkdir(at('two'))
  await copyFile(path, at('two/tool'))
  expect((await createProgramFinder(await host(['one', 'two'])).find('tool')).others).toEqual([
    at('two/tool'),
  ])
})
