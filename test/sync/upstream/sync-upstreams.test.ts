import { describe, expect, test } from 'vitest'
import { createUpstreamHome } from '../../support/homes/upstream-home.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import { document, startUpstream, status } from '../../support/servers/upstream.ts'

const models = JSON.parse(soundTexts.models)
const fresh = {
  provider: 'acme',
  context_tokens: 1000,
  capabilities: ['streaming'],
  cost_per_1k_input: 0.001,
}

describe('a sync of a registry that has an upstream', () => {
  test('takes over what is there, marks it, and says what changed', async () => {
    const { tiny: _, ...rest } = models
    const content = { ...rest, large: { ...models.large, context_tokens: 256_000 }, fresh }
    const upstream = await startUpstream(
      document(content, { etag: '"1"', 'last-modified': 'Mon, 23 Nov 2026 08:00:00 GMT' }),
    )
    upstream.answerHealth(document({ status: 'fresh' }))
    const user = await createUpstreamHome({ models: upstream.url })
    const { report, notes } = await user.sync(['models'])
    expect(notes).toEqual([])
    expect(report.registries.models).toMatchObject({
      status: 'ok',
      source: 'remote',
      entries: 5,
      warnings: [],
      upstream: {
        url: upstream.url,
        created: ['fresh'],
        updated: ['large'],
        removed: ['tiny'],
        quarantined: [],
        health: 'fresh',
        age_seconds: 0,
        error: null,
      },
    })
    const written = await user.entries('models')
    expect(written.fresh).toEqual({ ...fresh, 'x-upstream': upstream.url })
    expect(Object.values(written).map(entry => entry['x-upstream'])).toEqual(Array(5).fill(upstream.url))
    expect(await user.isSound('models')).toBe(true)
    expect(await user.state('models')).toMatchObject({
      url: upstream.url,
      consecutive_failures: 0,
      error: null,
      etag: '"1"',
      last_modified: 'Mon, 23 Nov 2026 08:00:00 GMT',
      upstream_health: 'fresh',
      cache_hits: 0,
      cache_misses: 1,
    })
  })

  test('asks only for what has changed, and counts what had not', async () => {
    const upstream = await startUpstream(document(models, { etag: '"1"' }))
    const user = await createUpstreamHome({ models: upstream.url })
    await user.sync(['models'])
    const before = await user.read('models')
    const { report } = await user.sync(['models'])
    expect(upstream.calls.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"1"'])
    expect(report.registries.models).toMatchObject({
      status: 'ok',
      source: 'remote',
      upstream: { updated: [] },
    })
    expect(await user.read('models')).toBe(before)
    expect(await user.state('models')).toMatchObject({ etag: '"1"', cache_hits: 1, cache_misses: 1 })
  })

  test('that fails leaves the file, says how old it is, and recovers', async () => {
    const upstream = await startUpstream(document(models))
    const user = await createUpstreamHome({ models: upstream.url }, { protocol: { retry_attempts: 0 } })
    await user.sync(['models'])
    const before = await user.read('models')
    upstream.answer(status(500))
    const { report } = await user.sync(['models'])
    expect(report.registries.models).toMatchObject({
      status: 'stale',
      source: 'cache',
      warnings: [`models: ${upstream.url} responded with 500; the local content is 0 s old`],
    })
    expect(await user.read('models')).toBe(before)
    expect(await user.state('models')).toMatchObject({ consecutive_failures: 1, is_refused: false })
    upstream.answer(document({ ...models, fresh }))
    await user.sync(['models'])
    expect(await user.state('models')).toMatchObject({ consecutive_failures: 0, error: null })
    expect(Object.keys(await user.entries('models'))).toContain('fresh')
  })
})
