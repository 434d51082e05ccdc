import { describe, expect, test } from 'vitest'
import { loadStatus } from '../../../src/sync/status.ts'
import { createJumpingClock } from '../../support/fake-clock.ts'
import { createUpstreamHome } from '../../support/homes/upstream-home.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import {
  type Behaviour,
  bomb,
  breakingOff,
  document,
  dripping,
  hanging,
  lying,
  packed,
  resetting,
  startUpstream,
  status,
} from '../../support/servers/upstream.ts'

const models = JSON.parse(soundTexts.models)
const { large, medium, tiny, ...others } = models
const date = (day: number) => `Mon, ${day} Nov 2026 08:00:00 GMT`
const taken = { etag: '"1"', 'last-modified': date(23) }

const type = (contentType: string) => ({ 'content-type': contentType })
const page = '<!doctype html><title>Sign in</title>'

describe('an upstream that', () => {
  test.each<[string, Behaviour, RegExp]>([
    ['resets the connection', resetting, /does not respond/],
    ['hangs', hanging, /did not respond within 1 s/],
    ['drips', dripping, /did not respond within 1 s/],
    ['breaks off', breakingOff, /does not respond: aborted/],
    ['says that it sends less than it does', lying, /does not respond: Parse Error|it is not JSON/],
    ['sends 400 MB in less than one', bomb, /sends more than 8 MiB/],
    ['sends 9 MiB', document(`"${' '.repeat(9 * 1024 ** 2)}"`), /sends more than 8 MiB/],
    ['fails', status(500), /responded with 500/],
    ['has enough', status(429, { 'retry-after': '3600' }), /responded with 429: it asks to wait for 3600 s/],
    [
      'leads elsewhere',
      status(301, { location: 'http://10.0.0.1/\u009b31m' }),
      /301: it leads to http:\/\/10\.0\.0\.1\/, and is not followed/,
    ],
    ['sends a page', document(page, type('text/html; charset=utf-8')), /it is a page for browsers/],
    ['sends a page and calls it JSON', document(page), /it is a page for browsers/],
    ['sends broken JSON', document('{"large": {'), /it is not JSON/],
    ['sends nothing', document(''), /it is not JSON/],
    ['sends what is not UTF-8', document(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])), /it is not UTF-8/],
    ['sends a list', document([large]), /it is not an object of entries/],
    [
      'sends something else',
      document({ message: 'not here', code: 404 }),
      /it has no valid entry: models\/message: expected an object/,
    ],
    [
      'sends a document that is nested deeply',
      document(`{"a":${'['.repeat(70)}${']'.repeat(70)}}`),
      /nested deeper than 64/,
    ],
    [
      'reaches for a prototype',
      document('{"__proto__": {"provider": "acme"}}'),
      /would reach into a prototype/,
    ],
    [
      'has half of the entries',
      document({ tiny, medium }),
      /would remove 3 of 5 entries, more than a third; sync --force uses/,
    ],
    ['has no entries any more', document({}), /would remove 5 of 5 entries/],
    [
      'has an older document',
      document({ ...models, tiny: { ...tiny, context_tokens: 1 } }, { 'last-modified': date(16) }),
      /older than the local one/,
    ],
    [
      'has a document that is too large together with what is here',
      document(toLargeDocument()),
      /too large to be read again/,
    ],
    ['answers with what was not asked for', status(206), /responded with 206/],
  ])('%s changes nothing, is reported, and recovers with the next poll', async (_, behaviour, sentence) => {
    const clock = createJumpingClock()
    const upstream = await startUpstream(document(models, taken))
    // Only for these the time has to run out; on a busy machine the others need more of it.
    const timeout_seconds = behaviour === hanging || behaviour === dripping ? 1 : 30
    const user = await createUpstreamHome(
      { models: upstream.url },
      { protocol: { timeout_seconds, retry_attempts: 0 }, clock },
    )
    await user.sync(['models'])
    const [before, known] = [await user.read('models'), await user.state('models')]

    upstream.answer(behaviour)
    const { report } = await user.sync(['models'])
    expect(report.registries.models).toMatchObject({ status: 'stale', source: 'cache', entries: 5 })
    expect(report.registries.models.upstream?.error).toMatch(sentence)
    expect(report.registries.models.warnings).toHaveLength(1)
    expect(await user.read('models')).toBe(before)
    expect(await user.state('models')).toMatchObject({
      consecutive_failures: 1,
      error: expect.stringMatching(sentence),
      is_refused: false,
      last_success: known?.last_success,
      etag: '"1"',
    })

    const { registries } = await loadStatus(user.home.directory, user.host)
    expect(registries.find(({ registry }) => registry === 'models')).toMatchObject({
      freshness: 'stale',
      entries: 5,
      last_success: known?.last_success,
      consecutive_failures: 1,
      error: expect.stringMatching(sentence),
    })
    expect(await user.isSound('models')).toBe(true)

    // One of them wants to be left alone until then.
    clock.jump(3_600_000)
    const fresh = { ...models, tiny: { ...tiny, context_tokens: 5000 } }
    upstream.answer(document(fresh, { etag: '"2"', 'last-modified': date(30) }))
    const recovered = await user.sync(['models'])
    expect(recovered.report.registries.models).toMatchObject({ status: 'ok', source: 'remote', warnings: [] })
    expect((await user.entries('models')).tiny?.context_tokens).toBe(5000)
    expect(await user.isSound('models')).toBe(true)
    expect(await user.state('models')).toMatchObject({ consecutive_failures: 0, error: null, etag: '"2"' })
  })

  test.each([401, 403, 404, 410])('refuses with %i is never masked by what is here', async code => {
    const upstream = await startUpstream(document(models))
    const user = await createUpstreamHome({ models: upstream.url })
    await user.sync(['models'])
    upstream.answer(status(code))
    const { report } = await user.sync(['models'])
    expect(report.registries.models).toMatchObject({ status: 'failed', source: 'cache', entries: 5 })
    expect(report.registries.models.warnings[0]).toMatch(
      /the local content is \d s old, and does not replace it/,
    )
    expect(await user.state('models')).toMatchObject({ is_refused: true })
    upstream.answer(document(models))
    await user.sync(['models'])
    expect(await user.state('models')).toMatchObject({ is_refused: false, consecutive_failures: 0 })
  })

  test('has broken entries: each is named, what is here of it stays, and the others are taken', async () => {
    const upstream = await startUpstream(
      document({
        ...others,
        large: { ...large, context_tokens: -1 },
        medium: { ...medium, context_tokens: 7 },
        tiny,
        bad: 1,
      }),
    )
    const user = await createUpstreamHome({ models: upstream.url })
    const { report } = await user.sync(['models'])
    expect(report.registries.models).toMatchObject({
      status: 'ok',
      upstream: { quarantined: ['large', 'bad'], updated: ['medium'], created: [], removed: [] },
      warnings: [
        `${upstream.url}: models/large.context_tokens: expected a number of tokens, found -1; the entry is left out`,
        `${upstream.url}: models/bad: expected an object, found 1; the entry is left out`,
      ],
    })
    const written = await user.entries('models')
    expect(written.large).toEqual(large)
    expect(written.medium?.context_tokens).toBe(7)
    expect(await user.isSound('models')).toBe(true)
  })

  test('changes between two polls is read anew', async () => {
    const upstream = await startUpstream(
      document(models, { etag: '"1"' }),
      document({ ...models, tiny: { ...tiny, context_tokens: 1 } }, { etag: '"2"' }),
      document({ ...models, tiny: { ...tiny, context_tokens: 2 } }, { etag: '"2"' }),
    )
    const user = await createUpstreamHome({ models: upstream.url })
    const seen: unknown[] = []
    for (const _ of [1, 2, 3]) {
      await user.sync(['models'])
      seen.push((await user.entries('models')).tiny?.context_tokens)
    }
    // The third one says that it is the second: that is what a tag is for.
    expect(seen).toEqual([tiny.context_tokens, 1, 1])
  })

  test('packs what it sends is understood', async () => {
    const upstream = await startUpstream(packed({ ...models, fresh: tiny }))
    const user = await createUpstreamHome({ models: upstream.url })
    await user.sync(['models'])
    expect(Object.keys(await user.entries('models'))).toContain('fresh')
    expect(upstream.calls[0]?.headers).toMatchObject({
      accept: 'application/json',
      'accept-encoding': 'gzip',
    })
  })
})

test('when half of the entries are meant to go, --force says so', async () => {
  const upstream = await startUpstream(document({ tiny, medium }, { etag: '"1"' }))
  const user = await createUpstreamHome({ models: upstream.url })
  await user.sync(['models'])
  expect(Object.keys(await user.entries('models'))).toHaveLength(5)
  const { report } = await user.sync(['models'], { isForced: true })
  expect(report.registries.models.upstream?.removed).toEqual(['large', 'small', 'embed'])
  expect(Object.keys(await user.entries('models'))).toEqual(['medium', 'tiny'])
})

test('the tag is not sent when the file is not what came with it', async () => {
  const upstream = await startUpstream(document(models, { etag: '"1"' }))
  const user = await createUpstreamHome({ models: upstream.url })
  await user.sync(['models'])
  await user.write('models', soundTexts.models.replace('128000', '1'))
  await user.sync(['models'])
  expect(upstream.calls.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined])
  expect((await user.entries('models')).large?.context_tokens).toBe(128_000)
  await user.sync(['models'], { isForced: true })
  expect(upstream.calls[2]?.headers['if-none-match']).toBeUndefined()
})

// A megabyte that is written closely, and thirty when it is laid out as the file here is.
function toLargeDocument(): string {
  const deep = `${'['.repeat(30)}${Array.from({ length: 2000 }, () => 1).join(',')}${']'.repeat(30)}`
  const entry = `${JSON.stringify(tiny).slice(0, -1)},"x-deep":${deep}}`
  const entries = Array.from({ length: 200 }, (_, index) => `"m${index}":${entry}`)
  return `${JSON.stringify(models).slice(0, -1)},${entries.join(',')}}`
}
