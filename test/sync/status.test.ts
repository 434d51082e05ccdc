import { mkdir, rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { toSigns } from '../../src/lib/terminal/signs.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { textWidth } from '../../src/lib/terminal/width.ts'
import { withoutEscapes } from '../../src/lib/text/text.ts'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { createSyncState, type SyncState, saveSyncState } from '../../src/registry/sync-state.ts'
import { claimHome } from '../../src/sync/daemon-claim.ts'
import { renderHomeStatus } from '../../src/sync/render-status.ts'
import { renderStatusSummary } from '../../src/sync/render-status-summary.ts'
import { loadStatus, type RegistrySyncStatus } from '../../src/sync/status.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { createTestHost, type TestHost } from '../support/test-host.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()
const url = 'https://example.com/models.json'

const good: SyncState = {
  ...createSyncState(ago(12)),
  last_success: ago(12),
  next_attempt: ago(-48),
  cache_hits: 97,
  cache_misses: 3,
}
const troubled = { ...good, consecutive_failures: 2, error: 'it answered 503', last_success: ago(200) }

interface World {
  readonly states?: Readonly<Partial<Record<'tools' | 'models' | 'ml_frameworks', SyncState>>>
  /** What the hyper registry says of models beside their path. */
  readonly models?: string
  /** Texts of files; undefined is none. */
  readonly files?: Readonly<Partial<Record<RegistryName, string | undefined>>>
  readonly isWatched?: boolean
}

async function lay(world: World, columns?: number): Promise<{ host: TestHost; home: string }> {
  const host = await createTestHost({ clock: { now: () => now }, ...(columns && { columns }) })
  const home = nodePath.join(host.directory, 'home')
  await mkdir(home)
  for (const name of registryNames)
    await writeFile(nodePath.join(home, registryFiles[name]), soundTexts[name])
  const listed = soundTexts.hyper.replace(
    '"path": "model_registry.json"',
    match => `${match}${world.models ?? ''}`,
  )
  await writeFile(nodePath.join(home, registryFiles.hyper), listed)
  for (const [name, text] of Object.entries(world.files ?? {})) {
    const file = nodePath.join(home, Object(registryFiles)[name])
    await (text === undefined ? rm(file) : writeFile(file, text))
  }
  const states = { tools: good, ml_frameworks: good, ...world.states }
  for (const name of ['tools', 'models', 'ml_frameworks'] as const) {
    const state = states[name]
    if (state) await saveSyncState(home, name, state, host)
  }
  if (world.isWatched) await claimHome(home, host)
  return { host, home }
}

const upstream = `, "url": "${url}"`

test.each<[string, RegistryName, World, Partial<RegistrySyncStatus>, 0 | 1]>([
  [
    'found out a moment ago is fresh',
    'tools',
    {},
    { freshness: 'fresh', source: 'detection', age_seconds: 12 },
    0,
  ],
  [
    'that is only a file is fresh',
    'models',
    {},
    { freshness: 'fresh', source: 'file', age_seconds: null },
    0,
  ],
  [
    'with an upstream that nobody has asked was never synced',
    'models',
    { models: upstream },
    { freshness: 'never synced', source: 'upstream', url, last_attempt: null },
    0,
  ],
  [
    'with an upstream that is switched off is a file',
    'models',
    { models: `${upstream}, "sync_enabled": false` },
    { freshness: 'fresh', source: 'file', url: null },
    0,
  ],
  [
    'that its upstream failed twice is stale',
    'models',
    { models: upstream, states: { models: { ...troubled, url } } },
    {
      freshness: 'stale',
      consecutive_failures: 2,
      error: 'it answered 503',
      age_seconds: 200,
      cache_hits: 97,
    },
    1,
  ],
  [
    'whose upstream wants to be left alone is tried again after that',
    'models',
    {
      models: upstream,
      states: { models: { ...troubled, url, not_before: ago(-90) } },
      isWatched: true,
    },
    { freshness: 'stale', next_attempt: ago(-90), not_before: ago(-90) },
    1,
  ],
  [
    'whose upstream wants to be left alone for less than that is tried again with the next poll',
    'models',
    {
      models: upstream,
      states: { models: { ...troubled, url, not_before: ago(-20) } },
      isWatched: true,
    },
    { next_attempt: ago(-48), not_before: ago(-20) },
    1,
  ],
  [
    'whose upstream wants to be left alone says so where no daemon runs',
    'models',
    { models: upstream, states: { models: { ...troubled, url, not_before: ago(-90) } } },
    { next_attempt: ago(-90) },
    1,
  ],
  [
    'that failed for longer than a copy may be old has failed',
    'models',
    { models: upstream, states: { models: { ...troubled, url, last_success: ago(301) } } },
    { freshness: 'failed' },
    1,
  ],
  [
    'that another upstream served was never synced with this one',
    'models',
    { models: upstream, states: { models: { ...good, url: 'https://elsewhere.example' } } },
    { freshness: 'never synced', last_success: null, cache_hits: 0 },
    0,
  ],
  [
    'that is not there is missing',
    'plugins',
    { files: { plugins: undefined } },
    { freshness: 'missing', error: expect.stringMatching(/plugin_registry.json is missing$/), entries: 0 },
    1,
  ],
  [
    'that cannot be read has failed, whatever was synced',
    'tools',
    { files: { tools: '{ "a": ' } },
    { freshness: 'failed', error: expect.stringMatching(/tool_registry.json:1:\d+: /) },
    1,
  ],
  [
    'with a broken entry says which',
    'providers',
    { files: { providers: '{ "bad": {} }' } },
    { freshness: 'fresh', broken: ['bad'], entries: 0, entries_count_expected: 2 },
    0,
  ],
  ['is counted, and what is expected', 'models', {}, { entries: 5, entries_count_expected: 5 }, 0],
  ['has a next attempt while a daemon runs', 'tools', { isWatched: true }, { next_attempt: ago(-48) }, 0],
  ['has none without', 'tools', {}, { next_attempt: null }, 0],
])('a registry %s', async (_, name, world, expected, exitCode) => {
  const { host, home } = await lay(world)
  const status = await loadStatus(home, host)
  expect(status.registries.map(({ registry }) => registry)).toEqual(registryNames)
  expect(status.registries.find(({ registry }) => registry === name)).toMatchObject(expected)
  expect(await run(['status', '--json', '--home', home], host)).toBe(exitCode)
  // What could be upgraded is not part of the registries' state.
  expect({ ...JSON.parse(host.written.stdout), upgrade: undefined }).toEqual(status)
})

test('the whole says who keeps it, how old is too old, and how often the cache was enough', async () => {
  const { host, home } = await lay({ isWatched: true })
  expect(await loadStatus(home, host)).toMatchObject({
    home,
    checked_at: '2026-11-24T12:00:00.000Z',
    daemon: { pid: process.pid, since: '2026-11-24T12:00:00.000Z' },
    ttl_seconds: 300,
    cache: { hits: 194, misses: 6, hit_rate: 0.97 },
  })
})

test('it writes nothing into the home or the state', async () => {
  const { host, home } = await lay({ isWatched: true })
  const places = [home, nodePath.join(host.directory, 'state/nexus-registry')]
  const look = async () => {
    const { readdir, stat } = await import('node:fs/promises')
    const names = await Promise.all(places.map(place => readdir(place, { recursive: true })))
    const paths = places.flatMap((place, index) =>
      (names[index] ?? []).map(name => nodePath.join(place, name)),
    )
    return Promise.all(paths.toSorted().map(async path => [path, (await stat(path)).mtimeMs]))
  }
  const before = await look()
  await run(['status', '--home', home], host)
  expect(await look()).toEqual(before)
})

const ill: World = {
  models: upstream,
  states: { models: { ...troubled, url, error: 'it answered \u001b[31m503' } },
  files: { plugins: undefined },
}

test('people get a table, what is wrong, and what to do', async () => {
  const { host, home } = await lay(ill)
  const style = await createStyle({ stream: host.stdout, env: {}, color: false })
  const text = await renderHomeStatus(await loadStatus(home, host), { style, width: undefined })
  expect(text.replaceAll(home, 'HOME')).toBe(
    `registry       status   synced          entries  failures  from cache  source
hyper          fresh    –                     7         0           –  the file itself
dashboard      fresh    –                     7         0           –  the file itself
tools          fresh    12 seconds ago        3         0   97 of 100  this machine
providers      fresh    –                     2         0           –  the file itself
models         stale    3 minutes ago         5         2   97 of 100  https://example.com/models.json
plugins        missing  –                     0         0           –  the file itself
microservices  fresh    –                     1         0           –  the file itself
adapters       fresh    –                     2         0           –  the file itself
ml_frameworks  fresh    12 seconds ago        1         0   97 of 100  this machine

✗ models: it answered \\x1b[31m503, tried 12 seconds ago
✗ plugins: HOME/plugin_registry.json is missing

no daemon keeps this home in sync
97.0 % of 300 polls of upstreams found what is here still right

hint: nexus-registry validate shows the errors in the files
hint: nexus-registry sync tries now
hint: nexus-registry sync --watch goes on trying`,
  )
})

test('what is left alone is only tried now when that is forced', async () => {
  const left = { models: { ...troubled, url, not_before: ago(-90) } }
  const hint = 'hint: nexus-registry sync'
  const rows: [World, string][] = [
    [{ models: upstream, states: left }, `${hint} --force tries now, without waiting`],
    [{ models: upstream, states: { ...left, tools: troubled } }, `${hint} tries now`],
  ]
  for (const [world, expected] of rows) {
    const { host, home } = await lay(world)
    await run(['status', '--home', home, '--no-color'], host)
    expect(host.written.stdout.split('\n')).toContain(expected)
  }
})

test.each([
  [4, 'process 42 has kept this home in sync for 4 seconds'],
  [3600, 'process 42 has kept this home in sync for 1 hour'],
  [0, 'process 42 has just begun to keep this home in sync'],
  [-60, 'process 42 has just begun to keep this home in sync'],
])('a daemon that began %i s ago: %s', async (seconds, line) => {
  const { host, home } = await lay({})
  const status = { ...(await loadStatus(home, host)), daemon: { pid: 42, since: ago(seconds) } }
  const style = await createStyle({ stream: host.stdout, env: {}, color: false })
  expect((await renderHomeStatus(status, { style, width: undefined })).split('\n')).toContain(line)
})

test.each([40, 60, 80, 100])('on a terminal of %i columns no line of the table is longer', async width => {
  const { host, home } = await lay({ ...ill, isWatched: true }, width)
  await run(['status', '--all', '--home', home, '--no-color'], host)
  const [table = ''] = host.written.stdout.split('\n\n')
  expect(table.split('\n').filter(line => line.length > width)).toEqual([])
  expect(table).toMatch(/^regist\S+ +status +synced/)
  expect(table).toMatch(/^models +stale /m)
})

test('colours are there at a terminal, unless NO_COLOR says otherwise', async () => {
  for (const [env, isColoured] of [
    [{ TERM: 'xterm' }, true],
    [{ TERM: 'xterm', NO_COLOR: '1' }, false],
  ] as const) {
    const { host, home } = await lay(ill, 100)
    await run(['status', '--all', '--home', home], { ...host, env: { ...host.env, ...env } })
    expect(host.written.stdout.includes('\u001b[31mmissing')).toBe(isColoured)
  }
})

describe.each([40, 60, 80, 120])('on a terminal of %i columns', width => {
  test.each(['colour', 'plain', 'ascii'])('the verdict comes first, in %s', async kind => {
    const { host, home } = await lay(ill)
    const env = { LANG: kind === 'ascii' ? 'C' : 'C.UTF-8', ...(kind === 'colour' && { FORCE_COLOR: '1' }) }
    const style = await createStyle({ stream: host.stdout, env, color: kind === 'colour' })
    const status = JSON.parse(JSON.stringify(await loadStatus(home, host)).replaceAll(home, '/home/ana'))
    const text = renderStatusSummary(status, { style, signs: toSigns(env), width })
    await expect(text).toMatchFileSnapshot(`golden/status-${width}-${kind}.txt`)
    const lines = withoutEscapes(text).split('\n')
    expect(lines.filter(line => textWidth(line) > width)).toEqual([])
  })
})

test.each<[string, World, string]>([
  ['all is fresh', {}, '✓ all 9 registries are fresh, synced 12 seconds ago'],
  [
    'one is old',
    { states: { tools: { ...good, last_success: ago(2000) } } },
    '! 1 of 9 registries is stale, synced 12 seconds ago',
  ],
  [
    'a file is gone',
    { files: { plugins: undefined } },
    '✗ 1 of 9 registries is missing, synced 12 seconds ago',
  ],
])('on a terminal, where %s', async (_, world, verdict) => {
  const { host, home } = await lay(world, 80)
  await run(['status', '--home', home, '--no-color'], { ...host, env: { ...host.env, LANG: 'C.UTF-8' } })
  expect(host.written.stdout.split('\n')[0]).toBe(verdict)
})

test('on a terminal, --all is the table of a pipe', async () => {
  const { host, home } = await lay({}, 120)
  await run(['status', '--all', '--home', home, '--no-color'], host)
  expect(host.written.stdout).toMatch(/^registry +status /)
})
