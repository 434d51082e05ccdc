import { expect, test } from 'vitest'
import { rememberDuration, slowestFirst } from '../../src/detection/detect.ts'
import { openProbeCache } from '../../src/detection/probe-cache.ts'
import { createTestHost } from '../support/test-host.ts'

const plan = (['tools/quick', 'tools/new', 'tools/slow'] as const).map(ref => ({ ref }))

test('what took long is started first next time, also when caches are ignored; what never ran may take long', async () => {
  const host = await createTestHost()
  const cache = await openProbeCache({ ignore: false }, host)
  rememberDuration('tools/quick', 5, cache)
  rememberDuration('tools/slow', 900, cache)
  await cache.save()
  const forced = await openProbeCache({ ignore: true }, host)
  expect(slowestFirst(plan, forced).map(({ ref }) => ref)).toEqual(['tools/slow', 'tools/new', 'tools/quick'])
})
