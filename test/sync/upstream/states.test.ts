import { readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type SubRegistryName, subRegistryNames } from '../../../src/registry/schema/names.ts'
import { loadStatus } from '../../../src/sync/status.ts'
import { createFakeClock, createJumpingClock } from '../../support/fake-clock.ts'
import { createUpstreamHome } from '../../support/homes/upstream-home.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import { type Behaviour, document, hanging, startUpstream, status } from '../../support/servers/upstream.ts'

const models = JSON.parse(soundTexts.models)
const hour = 3_600_000

describe('what is here after a poll that failed', () => {
  test.each<[string, seconds: number, status: 'stale' | 'failed', sentence: RegExp]>([
    ['is stale', 100, 'stale', /the local content is 100 s old$/],
    ['is stale to the last second', 300, 'stale', /the local content is 300 s old$/],
    ['does not stand in for long', 301, 'failed', /the local content is 301 s old$/],
    ['is stale when the clock was set back', -3600, 'stale', /the local content is of unknown age$/],
    ['does not stand in when the clock was set forward', 3700, 'failed', /the local content is 3700 s old$/],
  ])('%s', async (_, seconds, expected, sentence) => {
    const clock = createJumpingClock()
    const upstream = await startUpstream(document(models))
    const user = await createUpstreamHome({ models: upstream.url }, { clock })
    await user.sync(['models'])
    upstream.answer(status(400))
    clock.jump(seconds * 1000)
    const { report } = await user.sync(['models'])
    const { models: reported } = report.registries
    expect(reported).toMatchObject({ status: expected, source: 'cache', upstream: { age_seconds: seconds } })
    expect(reported.warnings[0]).toMatch(sentence)
    upstream.answer(document(models))
    const recovered = await user.sync(['models'])
    expect(recovered.report.registries.models).toMatchObject({ status: 'ok', upstream: { age_seconds: 0 } })
  })

  test('is failed when nothing ever came from there', async () => {
    const upstream = await startUpstream(status(400))
    const user = await createUpstreamHome({ models: upstream.url })
    const { report } = await user.sync(['models'])
    expect(report.registries.models).toMatchObject({
      status: 'failed',
      entries: 5,
      upstream: { age_seconds: null },
    })
    expect(report.registries.models.warnings[0]).toMatch(/the local content never came from there$/)
  })

  test.each([hour, -hour])(
    'a clock that jumps by %i ms in the middle of a poll hurts nothing',
    async jump => {
      const clock = createFakeClock()
      const jumping: Behaviour = (request, response) => {
        clock.jump(jump)
        status(503)(request, response)
      }
      const upstream = await startUpstream(jumping, document(models))
      const user = await createUpstreamHome({ models: upstream.url }, { overrides: { clock } })
      const { report } = await user.sync(['models'])
      expect(report.registries.models).toMatchObject({ status: 'ok', upstream: { age_seconds: 0 } })
      expect(clock.slept).toContain(1000)
      expect(await user.state('models')).toMatchObject({ last_success: new Date(clock.now()).toISOString() })
      const { registries } = await loadStatus(user.home.directory, user.host)
      expect(registries.find(({ registry }) => registry === 'models')).toMatchObject({
        freshness: 'fresh',
        age_seconds: 0,
      })
      expect(await user.isSound('models')).toBe(true)
    },
  )
})

describe('the health of an upstream', () => {
  const bad: Behaviour = (_, response) => response.writeHead(503).end('{"status": "failed"}')
  test.each<[string, Behaviour, string]>([
    ['is what it says', document({ status: 'stale' }), 'stale'],
    ['is what it says, with whatever status', bad, 'failed'],
    ['is bad when it only fails', status(503), 'failed'],
    ['is not known when it has no such place', status(404), 'unknown'],
    ['is not known when it says something else', document({ status: 'on fire' }), 'unknown'],
    ['is not known when it says what nobody understands', document('<p>fine'), 'unknown'],
    ['is not known when it does not answer', hanging, 'unknown'],
  ])('%s', async (_, health, expected) => {
    const upstream = await startUpstream(document(models))
    upstream.answerHealth(health)
    const user = await createUpstreamHome({ models: upstream.url })
    const { report } = await user.sync(['models'])
    expect(report.registries.models).toMatchObject({ status: 'ok', upstream: { health: expected } })
    expect((await user.state('models'))?.upstream_health).toBe(expected)
    expect(upstream.others.map(({ path }) => path)).toEqual(['/health/registry/models'])
  })
})

describe('a sync of several', () => {
  test('asks all upstreams at once', async () => {
    const waiting: (() => void)[] = []
    const together: Behaviour = (request, response) => {
      waiting.push(() => status(400)(request, response))
      if (waiting.length === subRegistryNames.length) for (const answer of waiting) answer()
    }
    const upstream = await startUpstream(together)
    const urls = Object.fromEntries(subRegistryNames.map(name => [name, upstream.url]))
    const user = await createUpstreamHome(urls, { protocol: { timeout_seconds: 5, retry_attempts: 0 } })
    const { report } = await user.sync(undefined)
    const errors = subRegistryNames.map(name => report.registries[name].upstream?.error)
    expect(errors).toEqual(subRegistryNames.map(() => `${upstream.url} responded with 400`))
  })

  test('writes what it found while an upstream takes its time', async () => {
    const upstream = await startUpstream(async (request, response) => {
      while (!(await user.read('tools')).includes('"checked_at"')) await delay(10)
      document(models)(request, response)
    })
    const user = await createUpstreamHome({ models: upstream.url })
    const { report } = await user.sync(undefined)
    expect(report.registries.models).toMatchObject({ status: 'ok', source: 'remote' })
    expect(report.registries.tools.source).toBe('detection')
  })

  test('takes the others when one of the files cannot be written', async () => {
    const upstream = await startUpstream(document(models))
    const providers = await startUpstream(document(JSON.parse(soundTexts.providers)))
    const user = await createUpstreamHome({ models: upstream.url, providers: providers.url })
    await rename(user.fileOf('models'), `${user.fileOf('models')}.real`)
    await symlink(`${user.fileOf('models')}.real`, user.fileOf('models'))
    const { report } = await user.sync(['models', 'providers'])
    expect(report.registries.providers).toMatchObject({ status: 'ok', source: 'remote' })
    expect(report.registries.models).toMatchObject({ status: 'failed' })
    expect(report.registries.models.upstream?.error).toMatch(/is a link: only real files are changed/)
    expect((await user.entries('providers')).acme?.['x-upstream']).toBe(providers.url)
  })

  test('makes a file that is missing, and repairs one that cannot be read', async () => {
    const upstream = await startUpstream(document(models))
    const user = await createUpstreamHome({ models: upstream.url })
    await rename(user.fileOf('models'), `${user.fileOf('models')}.old`)
    expect((await user.sync(['models'])).report.registries.models).toMatchObject({ status: 'ok', entries: 5 })
    await user.write('models', '{"tiny": ')
    const { report } = await user.sync(['models'])
    expect(report.registries.models).toMatchObject({ status: 'ok', entries: 5, warnings: [] })
  })
})

describe('of a home', () => {
  test('that is synced, how looking went is remembered too', async () => {
    const user = await createUpstreamHome({})
    await user.sync(undefined)
    const known = { url: null, consecutive_failures: 0, error: null, cache_hits: 0, upstream_health: null }
    expect(await user.state('tools')).toMatchObject(known)
    expect(await user.state('ml_frameworks')).toMatchObject(known)
    expect(await user.state('models')).toBeUndefined()
    const { last_success } = (await user.state('tools')) ?? {}
    await user.write('tools', '{')
    await user.sync(undefined)
    await user.sync(undefined)
    expect(await user.state('tools')).toMatchObject({
      consecutive_failures: 2,
      last_success,
      error: expect.stringContaining(`${user.fileOf('tools')}: `),
    })
  })

  test('that cannot be written, that is remembered too, and what is well again', async () => {
    const user = await createUpstreamHome({})
    await user.sync(undefined)
    const { last_success } = (await user.state('tools')) ?? {}
    const file = user.fileOf('tools')
    await rename(file, `${file}.real`)
    await symlink(`${file}.real`, file)
    for (const failures of [1, 2]) {
      await expect(user.sync(undefined)).rejects.toThrow(/is a link: only real files are changed/)
      for (const name of ['tools', 'ml_frameworks'] as const)
        expect(await user.state(name)).toMatchObject({
          consecutive_failures: failures,
          last_success,
          error: expect.stringMatching(/is a link/),
        })
    }
    await rename(`${file}.real`, file)
    await user.sync(undefined)
    expect(await user.state('tools')).toMatchObject({ consecutive_failures: 0, error: null })
  })

  test.each<[string, SubRegistryName, object, notes: RegExp[]]>([
    [
      'a registry that is not to be synced is left out, and the note says so',
      'models',
      { sync_enabled: false },
      [/^models stays as it is: its sync_enabled is false/],
    ],
    ['a registry without an upstream has a note', 'plugins', {}, [/^plugins stays as it is: it has no url/]],
    [
      'tools that are not to be synced are not looked for',
      'tools',
      { sync_enabled: false },
      [/^tools stays/],
    ],
  ])('%s', async (_, name, settings, notes) => {
    const upstream = await startUpstream(document(models))
    const user = await createUpstreamHome({ models: upstream.url }, { registries: { [name]: settings } })
    const before = await user.read(name)
    const named = await user.sync([name])
    expect(named.notes).toEqual(notes.map(note => expect.stringMatching(note)))
    const { notes: none } = await user.sync(name === 'tools' ? ['ml_frameworks'] : ['tools'])
    expect(none).toEqual([])
    expect(await user.read(name)).toBe(before)
    expect(upstream.calls).toEqual([])
  })

  test('a dry run tells what would change, and changes nothing', async () => {
    const { tiny: _, ...rest } = models
    const upstream = await startUpstream(document(rest, { etag: '"1"' }))
    const user = await createUpstreamHome({ models: upstream.url })
    const { report } = await user.sync(['models'], { isDryRun: true })
    expect(report.registries.models).toMatchObject({
      status: 'ok',
      entries: 5,
      upstream: { removed: ['tiny'] },
    })
    expect(await user.read('models')).toBe(soundTexts.models)
    expect(await user.state('models')).toBeUndefined()
  })

  test('that has another upstream now, what is known of the old one does not count', async () => {
    const [one, two] = [
      await startUpstream(document(models, { etag: '"1"' })),
      await startUpstream(status(400)),
    ]
    const user = await createUpstreamHome({ models: one.url })
    await user.sync(['models'])
    const hyper = await readFile(`${user.home.directory}/hyper_registry.json`, 'utf8')
    await writeFile(`${user.home.directory}/hyper_registry.json`, hyper.replace(one.url, two.url))
    const { report } = await user.sync(['models'])
    expect(two.calls[0]?.headers['if-none-match']).toBeUndefined()
    expect(report.registries.models).toMatchObject({ status: 'failed', upstream: { age_seconds: null } })
    expect(await user.state('models')).toMatchObject({ url: two.url, etag: null, last_success: null })
  })
})
