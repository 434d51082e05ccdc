import { chmod, mkdir, stat, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { cachedExportsDirectory } from '../../src/env/cache/cached-exports.ts'
import { claimRefresh, releaseRefresh } from '../../src/env/cache/refresh.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const question = 'PATH=/bin\n'

describe('a refresh', () => {
  it('is for whoever claims it first, until that one is done', async () => {
    const host = await createKept()
    expect(await claimRefresh(question, host)).toBe(true)
    expect(await claimRefresh(question, host)).toBe(false)
    await releaseRefresh(question, host)
    expect(await claimRefresh(question, host)).toBe(true)
  })

  it('is for one of many who claim it at once', async () => {
    const host = await createKept()
    const claims = await Promise.all(Array.from({ length: 20 }, () => claimRefresh(question, host)))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  it('of another answer is another one', async () => {
    const host = await createKept('other', question)
    expect(await claimRefresh('other', host)).toBe(true)
    expect(await claimRefresh(question, host)).toBe(true)
  })

  it('is claimed where shells claim it, by a file of this user', async () => {
    const host = await createKept()
    await claimRefresh(question, host)
    expect((await stat(claimOf(host))).mode & 0o777).toBe(0o600)
    expect(await readSize(host)).toBe(0)
  })

  it.each([
    ['two minutes ago', 120_000, false],
    ['a moment longer ago', 120_001, true],
    ['by a clock that was a little ahead', -120_000, false],
    ['by a clock that was further ahead', -120_001, true],
  ])('that was claimed %s: %i ms', async (_, age, expected) => {
    const clock = { now: 0 }
    const host = await createKept()
    await writeFile(claimOf(host), '')
    await host.fs.setModified(claimOf(host), 1_800_000_000_000)
    clock.now = 1_800_000_000_000 + age
    const later = { ...host, clock: { ...host.clock, now: () => clock.now } }
    expect(await claimRefresh(question, later)).toBe(expected)
  })

  it.each([
    ['without a cache directory', async (host: TestHost) => ({ ...host, env: {}, userHome: undefined })],
    ['of an answer that is not kept', async () => createTestHost()],
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
  ])("is nobody's %s", async (_, change) => {
    expect(await claimRefresh(question, await change(await createKept()))).toBe(false)
  })

  it('may be released by whoever has not claimed it', async () => {
    await releaseRefresh(question, await createKept())
    await releaseRefresh(question, await createTestHost())
    const host = await createTestHost()
    await releaseRefresh(question, { ...host, env: {}, userHome: undefined })
  })
})

/** A host with directories of kept answers. */
async function createKept(...questions: readonly string[]): Promise<TestHost> {
  const host = await createTestHost()
  for (const kept of [question, ...questions]) {
    await mkdir(cachedExportsDirectory(kept, host) ?? '', { recursive: true, mode: 0o700 })
    await chmod(cachedExportsDirectory(kept, host) ?? '', 0o700)
  }
  return host
}

function claimOf(host: TestHost): string {
  return `${cachedExportsDirectory(question, host)}/refreshing`
}

async function readSize(host: TestHost): Promise<number> {
  return (await stat(claimOf(host))).size
}
