import { statSync } from 'node:fs'
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  isStable,
  renderDirectory,
  renderWatchedFile,
  stableAfterMs,
  toOneLine,
  watchFiles,
} from '../../src/registry/home/watched-file.ts'
import { createTestHost } from '../support/test-host.ts'

const noon = 1_800_000_000_000
const fileAt = (modifiedMs: number, changedMs = modifiedMs) => ({
  path: '/bin',
  state: { device: 3, inode: 1, size: 2, modifiedMs, changedMs, isDirectory: true },
})

test('a file is watched by its identity and its times in whole milliseconds, through links', async () => {
  const host = await createTestHost()
  const at = (name: string) => nodePath.join(host.directory, name)
  await writeFile(at('file'), 'four')
  await utimes(at('file'), 1.0019, 1.0019)
  await mkdir(at('directory'))
  await symlink(at('file'), at('link'))
  await symlink(at('nowhere'), at('dangling'))
  const { dev: device, ino: inode, ctimeMs } = statSync(at('file'))
  const times = { modifiedMs: 1001, changedMs: Math.floor(ctimeMs) }
  const state = { device, inode, size: 4, ...times, isDirectory: false }
  expect(await watchFiles([at('file'), at('link'), at('dangling'), at('file/below')], host)).toEqual([
    { path: at('file'), state },
    { path: at('link'), state },
    { path: at('dangling'), state: undefined },
    { path: at('file/below'), state: undefined },
  ])
})

test('what does not answer in time, or may not be looked at, counts as missing', async () => {
  const host = await createTestHost()
  const stat = (path: string) =>
    path === '/stuck' ? new Promise<undefined>(() => undefined) : Promise.reject(new Error('EACCES'))
  const watched = await watchFiles(['/stuck', '/secret'], { ...host, fs: { ...host.fs, stat } })
  expect(watched.map(({ state }) => state)).toEqual([undefined, undefined])
})

describe('a file is settled', () => {
  it.each([
    ['when it is missing', { path: '/bin', state: undefined }, true],
    ['when it is old', fileAt(noon - 60_000), true],
    ['when it is of 1970', fileAt(0), true],
    ['not when it was changed now', fileAt(noon), false],
    ['not within the last tick', fileAt(noon - 20), false],
    ['as soon as that is over', fileAt(noon - 21), true],
    ['not when it is a tick ahead', fileAt(noon + 20), false],
    ['when it is further ahead', fileAt(noon + 21), true],
    ['not when it was given an old time now', fileAt(noon - 60_000, noon), false],
  ])('%s', (_, file, expected) => {
    expect(isStable(file, noon)).toBe(expected)
  })

  it('after the time that settling takes', () => {
    expect(isStable(fileAt(noon), noon + stableAfterMs)).toBe(true)
  })
})

describe('a line', () => {
  it.each([
    ['a file', fileAt(1500), 'stat=3 1 2 1.500 1.500 /bin\n'],
    ['one of 1970', fileAt(0), 'stat=3 1 2 0.000 0.000 /bin\n'],
    ['one of this day', fileAt(noon + 7), 'stat=3 1 2 1800000000.007 1800000000.007 /bin\n'],
    ['a path of two lines', { ...fileAt(1500), path: '/a\n\\n' }, 'stat=3 1 2 1.500 1.500 /a\\n\\\\n\n'],
    ['a missing file: none', { path: '/bin', state: undefined }, ''],
  ])('tells of %s', (_, file, expected) => {
    expect(renderWatchedFile(file)).toBe(expected)
  })

  it('tells of a directory of PATH without its path', () => {
    expect(renderDirectory(fileAt(1500, 2500).state)).toBe('directory=3 1 2 1.500 2.500\n')
  })

  it('is one, and never the one of another text', () => {
    const text = fc.string({ unit: fc.constantFrom('\\', '\n', 'n', 'a') })
    fc.assert(
      fc.property(text, text, (one, two) => {
        expect(toOneLine(one)).not.toContain('\n')
        expect(toOneLine(one) === toOneLine(two)).toBe(one === two)
      }),
    )
  })
})
