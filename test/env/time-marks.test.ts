import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { placeTimeMarks, timeMarksDirectory } from '../../src/env/cache/export-scripts.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const always = ['1', '2']

describe('a mark', () => {
  it.each([1, 2, 999, 1000, 1_704_067_200_000, 1_795_534_843_391, 1_795_534_843_999, 9_000_000_000_001])(
    'of %i has that time, to the microsecond',
    async time => {
      const host = await createTestHost()
      await placeTimeMarks([time], host)
      const { mtimeNs } = await stat(markOf(time, host), { bigint: true })
      const early = BigInt(time) * 1_000_000n - mtimeNs
      expect(early >= 0n && early <= 1000n).toBe(true)
    },
  )

  it('is empty and private', async () => {
    const host = await createTestHost()
    await placeTimeMarks([7], host)
    expect(await host.fs.stat(markOf(7, host))).toMatchObject({ kind: 'file', size: 0, mode: 0o600 })
    expect(await host.fs.stat(directoryOf(host))).toMatchObject({ kind: 'directory', mode: 0o700 })
  })

  it('is created once', async () => {
    const host = await createTestHost()
    await placeTimeMarks([5000], host)
    const before = await host.fs.stat(markOf(5000, host))
    await placeTimeMarks([5000, 6000], host)
    expect(await host.fs.stat(markOf(5000, host))).toEqual(before)
    expect((await readdir(directoryOf(host))).sort()).toEqual([...always, '5000', '6000'])
  })

  it('appears with its time', async () => {
    const host = await createTestHost()
    const times: (number | undefined)[] = []
    const rename = async (from: string, to: string) => {
      times.push((await host.fs.stat(from))?.mtimeMs)
      await host.fs.rename(from, to)
    }
    await placeTimeMarks([5000], { ...host, fs: { ...host.fs, rename } })
    expect(times.sort()).toEqual([1, 2, 5000])
  })
})

describe('marks', () => {
  it('show a shell whether it compares fractions of seconds', async () => {
    const host = await createTestHost()
    await placeTimeMarks([], host)
    const script = '[ "$1/2" -nt "$1/1" ]'
    await promisify(execFile)('bash', ['-c', script, 'bash', directoryOf(host)])
  })

  it('are removed when there are too many', async () => {
    const host = await createTestHost()
    await placeTimeMarks([5000], host)
    const names = Array.from({ length: 4093 }, (_, index) => markOf(10_000 + index, host))
    await Promise.all(names.map(name => writeFile(name, '')))
    await placeTimeMarks([6000], host)
    expect(await readdir(directoryOf(host))).toHaveLength(4097)
    await placeTimeMarks([5000], host)
    expect((await readdir(directoryOf(host))).sort()).toEqual([...always, '5000'])
  })

  it('can be made by two processes at once', async () => {
    const host = await createTestHost()
    await Promise.all([placeTimeMarks([5000], host), placeTimeMarks([5000], host)])
    expect((await readdir(directoryOf(host))).sort()).toEqual([...always, '5000'])
  })

  it('are not made without a cache directory', async () => {
    const host = { ...(await createTestHost()), env: {}, userHome: undefined }
    await placeTimeMarks([5000], host)
    expect(timeMarksDirectory(host)).toBeUndefined()
  })

  it('are refused where others can write', async () => {
    const host = await createTestHost()
    await mkdir(directoryOf(host), { recursive: true })
    await chmod(directoryOf(host), 0o777)
    await expect(placeTimeMarks([5000], host)).rejects.toThrow(directoryOf(host))
  })
})

function directoryOf(host: TestHost): string {
  return timeMarksDirectory(host) ?? ''
}

function markOf(time: number, host: TestHost): string {
  return nodePath.join(directoryOf(host), String(time))
}
