import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openProbeCache } from '../../src/detection/probe-cache.ts'
import { program } from '../../src/lib/program.ts'
import { rounds } from '../support/stress.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const day = 24 * 60 * 60 * 1000

test('what was saved is there in the next run, exactly', async () => {
  const host = await createTestHost()
  await fill(host, { __proto__x: 1, version: { version: '28.2.2', raw: null }, list: [1, 'a', false] })
  const cache = await openProbeCache({ ignore: false }, host)
  expect(cache.get('version')).toEqual({ version: '28.2.2', raw: null })
  expect(cache.get('list')).toEqual([1, 'a', false])
  expect(cache.get('other')).toBeUndefined()
  expect((await stat(cachePath(host))).mode & 0o777).toBe(0o600)
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  '%s is a key like any other',
  async key => {
    const host = await createTestHost()
    const empty = await openProbeCache({ ignore: false }, host)
    expect(empty.get(key)).toBeUndefined()
    empty.set(key, { polluted: true })
    await empty.save()
    expect((await openProbeCache({ ignore: false }, host)).get(key)).toEqual({ polluted: true })
    expect(Object.keys(Object.prototype)).toEqual([])
  },
)

test('with --force nothing old is answered, and what is new is remembered beside it', async () => {
  const host = await createTestHost()
  await fill(host, { a: 'old', b: 'old' })
  const cache = await openProbeCache({ ignore: true }, host)
  expect(cache.get('a')).toBeUndefined()
  cache.set('a', 'new')
  expect(cache.get('a')).toBe('new')
  await cache.save()
  const next = await openProbeCache({ ignore: false }, host)
  expect([next.get('a'), next.get('b')]).toEqual(['new', 'old'])
})

test('saving keeps what another process has saved meanwhile', async () => {
  const host = await createTestHost()
  const one = await openProbeCache({ ignore: false }, host)
  const other = await openProbeCache({ ignore: false }, host)
  one.set('one', 1)
  other.set('other', 2)
  await one.save()
  await other.save()
  const next = await openProbeCache({ ignore: false }, host)
  expect([next.get('one'), next.get('other')]).toEqual([1, 2])
})

test('a run that only reads, or finds the same again, writes nothing', async () => {
  const host = await createTestHost()
  await fill(host, { a: [1] })
  const before = await stat(cachePath(host))
  const cache = await openProbeCache({ ignore: false }, host)
  cache.get('a')
  cache.set('a', [1])
  await cache.save()
  expect((await stat(cachePath(host))).ino).toBe(before.ino)
})

test('a value that is set back within one run is the last one', async () => {
  const host = await createTestHost()
  await fill(host, { a: 1 })
  const cache = await openProbeCache({ ignore: false }, host)
  cache.set('a', 2)
  cache.set('a', 1)
  expect(cache.get('a')).toBe(1)
})

test('of more than 2000 keys, those used last are kept', async () => {
  let now = 1000 * day
  const host = await createTestHost({ clock: { now: () => now } })
  await fill(host, Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`key ${index}`, index])))
  now += 2 * day
  const cache = await openProbeCache({ ignore: false }, host)
  cache.get('key 0')
  cache.get('key 1999')
  Array.from({ length: 1998 }, (_, index) => cache.set(`new ${index}`, index))
  await cache.save()
  const next = await openProbeCache({ ignore: false }, host)
  expect([next.get('key 0'), next.get('key 1999'), next.get('new 1997')]).toEqual([0, 1999, 1997])
  expect(next.get('key 1')).toBeUndefined()
})

test('entries from before the clock was set back do not stay for ever', async () => {
  let now = 1000 * day
  const host = await createTestHost({ clock: { now: () => now } })
  await fill(host, { future: 1 })
  now = 500 * day
  const filled = await openProbeCache({ ignore: false }, host)
  filled.set('a', 1)
  await filled.save()
  const content = JSON.parse(await readFile(cachePath(host), 'utf8'))
  expect(content.entries.future.usedAt).toBe(now)
})

test.each([
  { what: 'nothing', text: '' },
  { what: 'no JSON', text: '{"version"' },
  { what: 'another kind of JSON', text: '[1, 2]' },
  { what: 'entries of another kind', text: JSON.stringify({ version: program.version, entries: [1] }) },
  { what: 'an entry of another kind', text: JSON.stringify({ version: program.version, entries: { a: 1 } }) },
  {
    what: 'entries of another version of the program',
    text: JSON.stringify({ version: '0.0.0', entries: { a: { value: 1, usedAt: 1 } } }),
  },
  { what: 'more than 4 MiB', text: ' '.repeat(4 * 1024 * 1024 + 1) },
  { what: 'depth without end', text: '['.repeat(100_000) },
])('a cache with $what in it is as good as none, and is replaced', async ({ text }) => {
  const host = await createTestHost()
  await mkdir(nodePath.dirname(cachePath(host)), { recursive: true, mode: 0o700 })
  await writeFile(cachePath(host), text, { mode: 0o600 })
  const cache = await openProbeCache({ ignore: false }, host)
  expect(cache.get('a')).toBeUndefined()
  cache.set('a', 2)
  await cache.save()
  expect((await openProbeCache({ ignore: false }, host)).get('a')).toBe(2)
})

test('no content makes it throw', async () => {
  const host = await createTestHost()
  await mkdir(nodePath.dirname(cachePath(host)), { recursive: true, mode: 0o700 })
  const entry = fc.oneof(fc.jsonValue(), fc.record({ value: fc.jsonValue(), usedAt: fc.jsonValue() }))
  const content = fc.oneof(
    fc.json(),
    fc.string(),
    fc.dictionary(fc.string(), entry).map(entries => JSON.stringify({ version: program.version, entries })),
  )
  await fc.assert(
    fc.asyncProperty(content, fc.string(), async (text, key) => {
      await writeFile(cachePath(host), text, { mode: 0o600 })
      const cache = await openProbeCache({ ignore: false }, host)
      cache.get(key)
      cache.set(key, 'mine')
      await cache.save()
      expect((await openProbeCache({ ignore: false }, host)).get(key)).toBe('mine')
    }),
    { numRuns: rounds(60) },
  )
})

test('a cache that others could have written is not believed', async () => {
  const host = await createTestHost()
  await fill(host, { a: 1 })
  await host.fs.setMode(cachePath(host), 0o666)
  expect((await openProbeCache({ ignore: false }, host)).get('a')).toBeUndefined()
})

test('without a directory for caches, or with one that cannot be used, it works and saves nothing', async () => {
  const host = await createTestHost({ env: { XDG_CACHE_HOME: undefined } })
  const file = nodePath.join(host.directory, 'file')
  await writeFile(file, '')
  for (const each of [
    { ...host, userHome: undefined },
    { ...host, env: { XDG_CACHE_HOME: file } },
  ]) {
    const cache = await openProbeCache({ ignore: false }, each)
    cache.set('a', 1)
    expect(cache.get('a')).toBe(1)
    await cache.save()
    expect((await openProbeCache({ ignore: false }, each)).get('a')).toBeUndefined()
  }
})

async function fill(host: TestHost, values: Readonly<Record<string, unknown>>): Promise<void> {
  const cache = await openProbeCache({ ignore: false }, host)
  for (const [key, value] of Object.entries(values)) cache.set(key, value)
  await cache.save()
}

function cachePath(host: TestHost): string {
  return nodePath.join(host.directory, 'cache', 'nexus-registry', 'probes.json')
}
