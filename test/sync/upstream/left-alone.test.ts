import { describe, expect, test } from 'vitest'
import { createJumpingClock } from '../../support/fake-clock.ts'
import { createUpstreamHome } from '../../support/homes/upstream-home.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import { type Behaviour, document, startUpstream, status } from '../../support/servers/upstream.ts'

const models = JSON.parse(soundTexts.models)
const fresh = document({ ...models, fresh: models.tiny })
const busy = (after: string, code = 429) => status(code, { 'retry-after': after })

/** A user whose upstream has once said that. */
async function createUser(behaviour: Behaviour) {
  const clock = createJumpingClock()
  const upstream = await startUpstream(document(models))
  const user = await createUpstreamHome({ models: upstream.url }, { clock, protocol: { retry_attempts: 0 } })
  await user.sync(['models'])
  clock.jump(60_000)
  upstream.answer(behaviour)
  await user.sync(['models'])
  upstream.answer(fresh)
  return { ...user, clock, upstream }
}

describe('an upstream that wants to be left alone', () => {
  test.each<[string, Behaviour, seconds: number, isAsked: boolean]>([
    ['for two minutes is not asked before', busy('120'), 119, false],
    ['for two minutes is asked after them', busy('120'), 120, true],
    ['while it is down is not asked before', busy('120', 503), 119, false],
    ['until a moment is not asked before', busy('Mon, 23 Nov 2026 08:03:00 GMT'), 119, false],
    ['until a moment is asked then', busy('Mon, 23 Nov 2026 08:03:00 GMT'), 120, true],
    ['for a day is left alone for an hour', busy('86400'), 3599, false],
    ['for a day is asked after an hour', busy('86400'), 3600, true],
    ['for no time is asked', busy('0'), 0, true],
    ['and does not say how long is asked', status(429), 0, true],
    ['though the request was wrong is asked', busy('120', 400), 0, true],
    ['is asked when the clock was set back since', busy('120'), -3600, true],
  ])('%s', async (_, behaviour, seconds, isAsked) => {
    const { sync, entries, upstream, clock } = await createUser(behaviour)
    clock.jump(seconds * 1000)
    const { report } = await sync(['models'])
    expect(upstream.calls).toHaveLength(isAsked ? 3 : 2)
    expect(upstream.others).toHaveLength(upstream.calls.length)
    expect('fresh' in (await entries('models'))).toBe(isAsked)
    expect(report.registries.models.upstream?.error === null).toBe(isAsked)
  })

  test('is not counted as tried, and what is here gets older', async () => {
    const { sync, state, clock } = await createUser(busy('600'))
    const before = await state('models')
    clock.jump(100_000)
    const { report } = await sync(['models'])
    expect(await state('models')).toEqual(before)
    expect(report.registries.models).toMatchObject({ status: 'stale', upstream: { age_seconds: 160 } })
    expect(report.registries.models.warnings).toEqual([
      expect.stringMatching(
        /responded with 429: it asks to wait for 600 s; the next poll is in 500 s at the earliest, and sync --force polls now; the local content is 160 s old$/,
      ),
    ])
    clock.jump(200_000)
    expect((await sync(['models'])).report.registries.models.status).toBe('failed')
  })

  test('is asked when that is forced, and is free again', async () => {
    const { sync, state, upstream } = await createUser(busy('120'))
    const { report } = await sync(['models'], { isForced: true })
    expect(report.registries.models).toMatchObject({ status: 'ok', warnings: [] })
    expect(await state('models')).toMatchObject({ not_before: null, error: null })
    expect(upstream.calls).toHaveLength(3)
  })
})
