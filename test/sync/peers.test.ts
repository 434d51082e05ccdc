import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createGraph } from '../../src/graph/load-graph.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { parseCondition } from '../../src/query/condition.ts'
import { listHome } from '../../src/query/list.ts'
import { findDetectionTimes, findStaleAge, queryByFlags } from '../../src/query/query.ts'
import { explainAll } from '../../src/readiness/explain.ts'
import { renderSyncReport, toSyncView } from '../../src/sync/render-report.ts'
import { createPeerHome, provider, service } from '../support/homes/target-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { startHealthServer } from '../support/servers/health-server.ts'

const network = { allowPrivate: ['localhost'], upstreams: {} }
const free = 'http://127.0.0.1:1'

async function createOne() {
  const server = await startHealthServer('up')
  const services = { one: service(server.url), two: service(free) }
  const home = await createPeerHome({
    services,
    providers: { some: provider(server.url) },
    env: { SOME_KEY: 'k' },
  })
  return { server, ...home }
}

const withoutTimes = (text: string) =>
  text.replaceAll(/"(checked_at|last_up_at|latency_ms)": [^\n,]+/g, '"$1": …')

describe('a sync', () => {
  test('writes into the files how services and providers are, and these stay sound', async () => {
    const home = await createOne()
    const { report } = await home.sync()
    const one = { status: 'up', latency_ms: expect.any(Number), reason: null, checked_at: expect.any(String) }
    const two = { status: 'down', latency_ms: null, reason: `nothing listens at ${free}/health` }
    expect(await home.detected('microservices')).toMatchObject({ one, two })
    const some = { status: 'configured', key_env: 'SOME_KEY', reachable: null }
    expect(await home.detected('providers')).toMatchObject({ some })
    expect(await home.findings('microservices')).toEqual([])
    expect(await home.findings('providers')).toEqual([])
    expect(report.detections).toMatchObject({ microservices: { one, two }, providers: { some } })
    expect(report.registries).toMatchObject({
      microservices: { source: 'detection' },
      providers: { source: 'detection' },
      models: { source: 'file' },
    })
  })

  test('that finds nothing new changes nothing but times', async () => {
    const home = await createOne()
    await home.sync()
    const before = [await home.read('microservices'), await home.read('providers')]
    const { report } = await home.sync()
    const after = [await home.read('microservices'), await home.read('providers')]
    expect(after.map(withoutTimes)).toEqual(before.map(withoutTimes))
    expect(report.changes).toEqual([])
  })

  test('tells what is up or configured since the last time', async () => {
    const home = await createOne()
    await home.sync()
    await home.write('microservices', {
      ...JSON.parse(await home.read('microservices')),
      one: {
        ...JSON.parse(await home.read('microservices')).one,
        url: free,
      },
    })
    const { report } = await home.sync({}, { env: { ...home.host.env, SOME_KEY: '' } })
    expect(report.changes).toEqual([
      { ref: 'providers/some', field: 'status', from: 'configured', to: 'unconfigured' },
      { ref: 'microservices/one', field: 'status', from: 'up', to: 'down' },
    ])
  })

  test('that is quick asks nobody, and leaves services as they were; which keys are set costs nothing', async () => {
    const home = await createOne()
    await home.sync()
    const before = await home.read('microservices')
    await home.sync({ mode: 'quick' }, { env: { ...home.host.env, SOME_KEY: '' } })
    expect(home.server.asked).toEqual(['/health'])
    expect(await home.read('microservices')).toBe(before)
    expect(await home.detected('providers')).toMatchObject({ some: { status: 'unconfigured' } })
  })

  test('that is deep asks providers too', async () => {
    const home = await createOne()
    await home.sync({ mode: 'deep', network })
    expect(home.server.asked.toSorted()).toEqual(['/', '/health'])
    expect(await home.detected('providers')).toMatchObject({ some: { reachable: true } })
  })

  test('tells how long each look took, and nothing of those that were not asked', async () => {
    const home = await createOne()
    const probesOf = async (changes: Parameters<typeof home.sync>[0]) => {
      const { timings = [] } = (await home.sync(changes)).report
      const ofPeers = timings.filter(({ ref }) => /^(?:microservices|providers)/.test(ref))
      for (const { duration_ms } of ofPeers) expect(duration_ms).toEqual(expect.any(Number))
      return ofPeers.map(({ ref, probe, cached }) => `${ref} ${probe} ${cached}`)
    }
    const services = ['microservices/one health false', 'microservices/two health false']
    expect(await probesOf({})).toEqual(['providers/some key false', ...services])
    expect(await probesOf({ mode: 'deep', network })).toEqual(['providers/some address false', ...services])
    expect(await probesOf({ mode: 'quick' })).toEqual(['providers/some key false'])
    await home.write('microservices', { far: service(free, { 'x-upstream': 'https://far.example/x' }) })
    expect(await probesOf({ only: ['microservices'] })).toEqual([])
  })

  test('of single registries looks at these', async () => {
    const home = await createOne()
    const { report } = await home.sync({ only: ['providers'] })
    expect(home.server.asked).toEqual([])
    expect(report.detections).toMatchObject({ tools: {}, microservices: {}, providers: { some: {} } })
    expect(await home.read('tools')).toBe(soundTexts.tools)
    await home.sync({ only: ['microservices'] })
    expect(await home.detected('microservices')).toMatchObject({ one: { status: 'up' } })
    expect(await home.read('tools')).toBe(soundTexts.tools)
  })

  test('that is dry writes nothing', async () => {
    const home = await createOne()
    const before = [await home.read('microservices'), await home.read('providers')]
    const { report } = await home.sync({ isDryRun: true })
    expect([await home.read('microservices'), await home.read('providers')]).toEqual(before)
    expect(report.detections.microservices).toMatchObject({ one: { status: 'up' } })
  })

  test('of a home that is not trusted asks nobody, and says so', async () => {
    const server = await startHealthServer('up')
    const home = await createPeerHome({
      services: { one: service(server.url) },
      providers: { some: provider(server.url) },
      isTrusted: false,
    })
    await home.sync({ mode: 'deep', network })
    expect(server.asked).toEqual([])
    const reason = expect.stringContaining('not trusted')
    expect(await home.detected('microservices')).toMatchObject({ one: { status: 'unknown', reason } })
    expect(await home.detected('providers')).toMatchObject({ some: { reachable: null, reason } })
  })

  test('keeps sync_enabled: false', async () => {
    const server = await startHealthServer('up')
    const hyper = JSON.parse(soundTexts.hyper)
    hyper.sub_registries.microservices.sync_enabled = false
    const home = await createPeerHome({ services: { one: service(server.url) } })
    await home.write('hyper', hyper)
    await home.sync()
    expect(server.asked).toEqual([])
  })

  test('warns of versions that do not fit together', async () => {
    const home = await createPeerHome()
    expect((await home.sync()).report.incompatible).toEqual([])
    const hyper = JSON.parse(soundTexts.hyper)
    hyper.version_compatibility = { core: '>=2.0.0', router: '^1.0.0', dashboard: 'newest' }
    await home.write('hyper', hyper)
    expect((await home.sync()).report.incompatible).toEqual([
      'core is 1.0.0, which >=2.0.0 leaves out',
      '"newest" is no version range',
    ])
  })
})

test('what a sync found is listed and queried, with its age', async () => {
  const home = await createOne()
  await home.sync()
  const hour = 3_600_000
  const later = { ...home.host, clock: { ...home.host.clock, now: () => Date.now() + 2 * hour } }
  const { rows, columns } = await listHome(
    { directory: home.home.directory, registry: 'microservices' },
    later,
  )
  const cells = Object.fromEntries(columns.map(({ heading }, index) => [heading, rows[1]?.[index]]))
  expect(cells).toMatchObject({
    id: 'two',
    status: 'down',
    ms: '–',
    checked: '2 hours ago',
    'why not': `nothing listens at ${free}/health`,
  })
  const condition = parseCondition('detected.status = up')
  const place = { directory: home.home.directory, host: later }
  const flags = { conditions: [condition], sortKeys: [], limit: undefined, selected: ['detected.latency_ms'] }
  const answer = await queryByFlags('microservices', flags, place)
  expect(answer.entries.map(({ id }) => id)).toEqual(['one'])
  expect(answer.staleAge?.ms).toBeGreaterThanOrEqual(2 * hour)
  const looks = findDetectionTimes(new TextEncoder().encode(await home.read('providers')))
  expect(looks).toHaveLength(1)
  expect(await findStaleAge(looks, { directory: home.home.directory, host: home.host })).toBeUndefined()
})

test('a key is in no file, no output and no request', { timeout: 120_000 }, async () => {
  const key = fc.stringMatching(/^[ -~]{0,5}sk-[A-Za-z0-9]{12}["\\ -~]{0,8}$/)
  await fc.assert(
    fc.asyncProperty(key, fc.constantFrom('up', 'signingIn', 'breaking'), async (secret, behaviour) => {
      const server = await startHealthServer(behaviour)
      const home = await createPeerHome({
        services: { one: service(server.url) },
        providers: { some: provider(server.url, { base_url: server.url }), odd: provider(free) },
        env: { SOME_KEY: secret },
      })
      const { report, notes } = await home.sync({ mode: 'deep', network })
      const snapshot = await home.snapshot()
      const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
      const shown = [
        await renderSyncReport(
          { ...toSyncView(report, snapshot), isWritten: true },
          { style, width: undefined },
        ),
        await listHome({ directory: home.home.directory, registry: 'providers' }, home.host),
        await explainAll({ home: home.home, snapshot, graph: createGraph(snapshot) }, home.host),
        report,
        notes,
        server.headers,
        server.asked,
      ]
      const everything = `${JSON.stringify(shown)}\n${await home.allTexts()}`
      expect(report.detections.providers.some).toMatchObject({ status: 'configured', key_env: 'SOME_KEY' })
      expect(everything).toContain('SOME_KEY')
      const core = /sk-[A-Za-z0-9]{12}/.exec(secret)?.[0]
      expect(everything).not.toContain(core)
    }),
    { numRuns: 15 },
  )
})
