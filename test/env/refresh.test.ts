import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { cachedExportsDirectory } from '../../src/env/cache/cached-exports.ts'
import { claimRefresh, releaseRefresh } from '../../src/env/cache/refresh.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const cacheKey = 'PATH=/bin\n'

describe('a refresh', () => {
  it('belongs to the first process that claims it, until it is done', async () => {
    const host = await createCache()
    expect(await claimRefresh(cacheKey, host)).toBe(true)
    expect(await claimRefresh(cacheKey, host)).toBe(false)
    await releaseRefresh(cacheKey, host)
    expect(await claimRefresh(cacheKey, host)).toBe(true)
  })

  it('belongs to one of many processes that claim it at once', async () => {
    const host = await createCache()
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimRefresh(cacheKey, host)))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  it('of another cache key has its own claim', async () => {
    const host = await createCache('other', cacheKey)
    expect(await claimRefresh('other', host)).toBe(true)
    expect(await claimRefresh(cacheKey, host)).toBe(true)
  })

  it('is claimed where shells claim it, by a file of this user', async () => {
    const host = await createCache()
    await claimRefresh(cacheKey, host)
    expect((await stat(claimOf(host))).mode & 0o777).toBe(0o600)
    expect(await readSize(host)).toBe(0)
  })

  it.each([
    ['two minutes ago', 120_000, false],
    ['a millisecond longer ago', 120_001, true],
    ['by a clock that was a little ahead', -120_000, false],
    ['by a clock that was further ahead', -120_001, true],
  ])('that was claimed %s: %i ms', async (_, age, expected) => {
    const clock = { now: 0 }
    const host = await createCache()
    await writeFile(claimOf(host), '')
    await host.fs.setModified(claimOf(host), 1_800_000_000_000)
    clock.now = 1_800_000_000_000 + age
    const later = { ...host, clock: { ...host.clock, now: () => clock.now } }
    expect(await claimRefresh(cacheKey, later)).toBe(expected)
  })

  it.each([
    ['without a cache directory', async (host: TestHost) => ({ ...host, env: {}, userHome: undefined })],
    ['of exports that are not cached', async () => createTestHost()],
    [
      'where nothing can be written',
      async (host: TestHost) => {
        const refuse = () => Promise.reject(new Error('EROFS'))
        return { ...host, fs: { ...host.fs, createFile: refuse } }
      },
    ],
    [
      'where nothing can be removed',
      async (host: TestHost) => {
        await writeFile(claimOf(host), '')
        await host.fs.setModified(claimOf(host), 1000)
        const remove = () => Promise.reject(new Error('EROFS'))
        return { ...host, fs: { ...host.fs, remove } }
      },
    ],
  ])('cannot be claimed %s', async (_, change) => {
    expect(await claimRefresh(cacheKey, await change(await createCache()))).toBe(false)
  })

  it('may be released without a claim', async () => {
    await releaseRefresh(cacheKey, await createCache())
    await releaseRefresh(cacheKey, await createTestHost())
    const host = await createTestHost()
    await releaseRefresh(cacheKey, { ...host, env: {}, userHome: undefined })
  })
})

/** A host with directories of cache entries. */
async function createCache(...cacheKeys: readonly string[]): Promise<TestHost> {
  const host = await createTestHost()
  for (const key of [cacheKey, ...cacheKeys]) {
    await mkdir(cachedExportsDirectory(key, host) ?? '', { recursive: true, mode: 0o700 })
    await chmod(cachedExportsDirectory(key, host) ?? '', 0o700)
  }
  return host
}

function claimOf(host: TestHost): string {
  return `${cachedExportsDirectory(cacheKey, host)}/refreshing`
}

async function readSize(host: TestHost): Promise<number> {
  return (await stat(claimOf(host))).size
}
