import { expect, test } from 'vitest'
import { loadLatencies } from '../../../src/detection/services/targets.ts'
import { provider, service } from '../../support/homes/target-home.ts'
import { createUpstreamHome } from '../../support/homes/upstream-home.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import { startHealthServer } from '../../support/servers/health-server.ts'
import { document, startUpstream } from '../../support/servers/upstream.ts'

async function createUser(services: object, providers: object) {
  const there = await startUpstream(document(services))
  const providersThere = await startUpstream(document({ ...JSON.parse(soundTexts.providers), ...providers }))
  const user = await createUpstreamHome(
    { microservices: there.url, providers: providersThere.url },
    { env: { PATH: '', SOME_KEY: 'k' } },
  )
  return { ...user, there, providersThere }
}

const localServices = JSON.parse(soundTexts.microservices)

test('what an upstream brings of services and providers is looked at in the same sync', async () => {
  const server = await startHealthServer('up')
  const user = await createUser(
    { ...localServices, fresh: service(server.url) },
    { some: provider(server.url) },
  )
  const { report } = await user.sync(undefined)
  const { fresh } = await user.entries('microservices')
  expect(fresh?.detected).toMatchObject({
    status: 'unknown',
    reason: expect.stringMatching(/^its address came over the network \(http:.*\), and gets no request$/),
  })
  expect((await user.entries('providers')).some?.detected).toMatchObject({
    status: 'configured',
    key_env: 'SOME_KEY',
    reachable: null,
  })
  expect(report.detections).toMatchObject({
    microservices: { fresh: { status: 'unknown' } },
    providers: { some: { status: 'configured' } },
  })
  expect(report.changes).toContainEqual({
    ref: 'providers/some',
    field: 'status',
    from: null,
    to: 'configured',
  })
  expect(server.asked).toEqual([])
  expect([await user.isSound('microservices'), await user.isSound('providers')]).toEqual([true, true])
})

test('what it changes there is looked at anew, as it is now', async () => {
  const user = await createUser(localServices, { some: provider('http://127.0.0.1:1') })
  await user.sync(undefined)
  const changed = { ...provider('http://127.0.0.1:1'), key_env: 'OTHER_KEY' }
  user.providersThere.answer(document({ ...JSON.parse(soundTexts.providers), some: changed }))
  await user.sync(undefined)
  expect((await user.entries('providers')).some?.detected).toMatchObject({
    status: 'unconfigured',
    reason: 'OTHER_KEY is not set',
  })
})

test('a deep sync asks none of them on this machine, whatever the configuration allows', async () => {
  const server = await startHealthServer('up')
  const user = await createUser(
    { ...localServices, fresh: service(server.url) },
    { some: provider(server.url, { base_url: server.url }) },
  )
  await user.sync(['microservices', 'providers'], { mode: 'deep' })
  expect((await user.entries('providers')).some?.detected).toMatchObject({
    reachable: null,
    reason: expect.stringContaining('no request was sent'),
  })
  expect(server.asked).toEqual([])
})

test('a dry sync looks at nothing that is not here', async () => {
  const user = await createUser(localServices, { some: provider('http://127.0.0.1:1') })
  const { report } = await user.sync(undefined, { isDryRun: true })
  expect(report.registries.providers.upstream?.created).toEqual(['some'])
  expect(report.detections.providers).not.toHaveProperty('some')
  expect(await user.read('providers')).toBe(soundTexts.providers)
})

test('a service of this home alone is asked once, and how long it took is not forgotten', async () => {
  const server = await startHealthServer('up')
  const user = await createUser({ ...localServices, fresh: service('http://127.0.0.1:1') }, {})
  await user.write('microservices', JSON.stringify({ own: { ...service(server.url), 'x-local': true } }))
  await user.sync(undefined)
  expect(server.asked).toEqual(['/health'])
  expect((await loadLatencies(user.home.directory, user.host)).get(`${server.url}/health`)).toHaveLength(1)
  expect((await user.entries('microservices')).own?.detected).toMatchObject({ status: 'up' })
})
