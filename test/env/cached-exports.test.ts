import { chmod, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CachedExports } from '../../src/env/cache/cache-entry.ts'
import {
  cacheExports,
  findCachedExports,
  isStale,
  listCachedExports,
} from '../../src/env/cache/cached-exports.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const noon = Date.UTC(2026, 10, 23, 12)
const cached: CachedExports = {
  cacheKey: 'PATH=/bin\n',
  checkedAt: noon,
  ttlSeconds: 300,
  variables: [
    { name: 'NEXUS_HAS_DOCKER', value: '1' },
    { name: 'NEXUS_K8S_CONTEXT', value: 'a b\n"é' },
    { name: 'NEXUS_GPU_TYPE', value: undefined },
  ],
}

describe('a cache entry', () => {
  it('is found by its own cache key, complete', async () => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    expect(await findCachedExports(cached.cacheKey, host)).toEqual(cached)
  })

  it.each(['PATH=/bin\n\n', 'PATH=/sbin\n', ''])(
    'is never found by another cache key: %j',
    async cacheKey => {
      const host = await hostAt(noon)
      await cacheExports(cached, undefined, host)
      expect(await findCachedExports(cacheKey, host)).toBeUndefined()
    },
  )

  it('is not used under the name of another cache key', async () => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    const other = { ...cached, cacheKey: 'other' }
    await cacheExports(other, undefined, host)
    const [mine = '', theirs = ''] = await filesOf(host)
    await writeFile(mine, await readFile(theirs))
    await writeFile(theirs, await readFile(mine))
    const found = [await findCachedExports(cached.cacheKey, host), await findCachedExports('other', host)]
    expect(found.filter(entry => entry !== undefined)).toHaveLength(1)
  })

  it('replaces the entry before', async () => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    await cacheExports({ ...cached, variables: [] }, undefined, host)
    expect((await findCachedExports(cached.cacheKey, host))?.variables).toEqual([])
    expect(await filesOf(host)).toHaveLength(1)
  })

  const ages = [
    ['fresh at once', 0, false],
    ['fresh at its last second', 300_000, false],
    ['stale after it', 300_001, true],
    ['stale when it comes from a clock that was ahead', -1, true],
  ] as const
  it.each(ages)('is %s', (_, age, expected) => {
    expect(isStale(cached, noon + age)).toBe(expected)
  })
})

const damages: readonly (readonly [string, (text: string) => string])[] = [
  ['is empty', () => ''],
  ['is cut off', text => text.slice(0, -10)],
  ['is no object', () => 'null'],
  ['has no variables', text => text.replace('"variables"', '"x"')],
  ['has no time', text => text.replace(/"checked_at": "[^"]*"/, '"checked_at": "noon"')],
  ['has no ttl', text => text.replace('300', '"300"')],
  ['sets PATH', text => text.replace('NEXUS_HAS_DOCKER', 'PATH')],
  ['has a name that ends the statement', text => text.replace('NEXUS_HAS_DOCKER', 'NEXUS_A;x')],
  ['has a number for a value', text => text.replace('"value": "1"', '"value": 1')],
  ['has a NUL', text => text.replace('"value": "1"', '"value": "\\u0000"')],
  ['has a variable that is no object', text => text.replace('"variables": [', '"variables": [7,')],
]

describe('a file that', () => {
  it.each(damages)('%s is ignored', async (_, damage) => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    const [file = ''] = await filesOf(host)
    const text = await readFile(file, 'utf8')
    await writeFile(file, damage(text))
    expect(damage(text)).not.toBe(text)
    expect(await findCachedExports(cached.cacheKey, host)).toBeUndefined()
    expect(await listCachedExports(host)).toEqual([])
  })

  it('is a link is ignored', async () => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    const [file = ''] = await filesOf(host)
    const planted = nodePath.join(host.directory, 'planted')
    await writeFile(planted, await readFile(file))
    await host.fs.remove(file)
    await symlink(planted, file)
    expect(await findCachedExports(cached.cacheKey, host)).toBeUndefined()
  })

  it('others can write is ignored', async () => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    const [file = ''] = await filesOf(host)
    await chmod(file, 0o666)
    expect(await findCachedExports(cached.cacheKey, host)).toBeUndefined()
  })
})

describe('of many cache entries', () => {
  it('the newest 16 are kept', async () => {
    const clock = { now: noon }
    const host = await hostAt(() => clock.now)
    for (let index = 0; index < 20; index += 1) {
      clock.now = noon + index
      await cacheExports({ ...cached, cacheKey: `q${index}`, checkedAt: clock.now }, undefined, host)
    }
    const cacheKeys = (await listCachedExports(host)).map(({ cacheKey }) => cacheKey)
    expect(cacheKeys).toEqual(Array.from({ length: 16 }, (_, index) => `q${19 - index}`))
  })

  it('one that is renewed outlives the others', async () => {
    const clock = { now: noon }
    const host = await hostAt(() => clock.now)
    for (let index = 0; index < 20; index += 1) {
      clock.now = noon + index
      await cacheExports({ ...cached, cacheKey: `q${index}`, checkedAt: clock.now }, undefined, host)
      await cacheExports({ ...cached, cacheKey: 'mine', checkedAt: clock.now }, undefined, host)
    }
    expect(await findCachedExports('mine', host)).toMatchObject({ checkedAt: noon + 19 })
    expect(await listCachedExports(host)).toHaveLength(16)
  })

  it('one from a clock that was ahead goes first', async () => {
    const host = await hostAt(noon)
    await cacheExports({ ...cached, cacheKey: 'ahead', checkedAt: noon + 1000 }, undefined, host)
    for (let index = 0; index < 16; index += 1) {
      await cacheExports({ ...cached, cacheKey: `q${index}`, checkedAt: noon - index }, undefined, host)
    }
    expect(await findCachedExports('ahead', host)).toBeUndefined()
    expect(await listCachedExports(host)).toHaveLength(16)
  })

  it('broken and left-over files are removed when they are old, and a young one stays for its writer', async () => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    const directory = entriesIn(host)
    const old = new Date(noon - 120_000)
    for (const name of ['empty', 'broken']) {
      const entry = nodePath.join(directory, name)
      await mkdir(entry)
      if (name === 'broken') await writeFile(nodePath.join(entry, 'answer.json'), '{', { mode: 0o600 })
      await utimes(entry, old, old)
    }
    await writeFile(nodePath.join(directory, 'file'), '')
    await utimes(nodePath.join(directory, 'file'), old, old)
    await mkdir(nodePath.join(directory, 'young'))
    await cacheExports(cached, undefined, host)
    expect((await readdir(directory)).filter(name => !/^[0-9a-f]{32}$/.test(name))).toEqual(['young'])
  })
})

describe('the directory', () => {
  it('is private, and so are the files', async () => {
    const host = await hostAt(noon)
    await cacheExports(cached, undefined, host)
    const [file = ''] = await filesOf(host)
    expect((await host.fs.stat(entriesIn(host)))?.mode).toBe(0o700)
    expect((await host.fs.stat(file))?.mode).toBe(0o600)
  })

  it('may be missing: nothing is found', async () => {
    const host = await hostAt(noon)
    expect(await findCachedExports(cached.cacheKey, host)).toBeUndefined()
    expect(await listCachedExports(host)).toEqual([])
  })

  it('does not exist without HOME: nothing is cached', async () => {
    const host = { ...(await hostAt(noon)), env: {}, userHome: undefined }
    await cacheExports(cached, undefined, host)
    expect(await findCachedExports(cached.cacheKey, host)).toBeUndefined()
  })

  it('that others can write to is refused', async () => {
    const host = await hostAt(noon)
    await mkdir(entriesIn(host), { recursive: true })
    await chmod(entriesIn(host), 0o777)
    await expect(cacheExports(cached, undefined, host)).rejects.toThrow(entriesIn(host))
  })
})

async function hostAt(now: number | (() => number)): Promise<TestHost> {
  return createTestHost({ clock: { now: typeof now === 'number' ? () => now : now } })
}

function entriesIn(host: TestHost): string {
  return nodePath.join(host.directory, 'cache', 'nexus-registry', 'answers')
}

async function filesOf(host: TestHost): Promise<string[]> {
  const directory = entriesIn(host)
  return (await readdir(directory)).sort().map(name => nodePath.join(directory, name, 'answer.json'))
}
