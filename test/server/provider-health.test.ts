import { expect, test } from 'vitest'
import { withAccess } from '../support/homes/access-texts.ts'
import { startServedHome } from '../support/homes/served-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'

const { acme } = JSON.parse(soundTexts.providers)
const detected = {
  status: 'configured',
  key_env: 'ACME_KEY',
  reachable: true,
  latency_ms: 12.5,
  reason: null,
  checked_at: '2026-11-23T08:00:00.000Z',
}

function serveProvider(found: object | undefined, access: 'public_read' | 'auth_read' = 'public_read') {
  const providers = {
    acme: found ? { ...acme, detected: { ...detected, ...found } } : acme,
    broken: { nonsense: 1 },
  }
  return startServedHome({
    texts: { ...withAccess({ providers: access }), providers: JSON.stringify(providers) },
  })
}

test.each([
  [
    'has a key and answers',
    {},
    200,
    { status: 'ready', configured: true, reachable: true, latency_ms: 12.5 },
  ],
  [
    'has a key and was not asked',
    { reachable: null, latency_ms: null },
    200,
    { status: 'ready', reachable: null },
  ],
  [
    'has a key and does not answer',
    { reachable: false, latency_ms: null, reason: 'it did not answer' },
    503,
    { status: 'not ready', configured: true, reachable: false, reason: 'it did not answer' },
  ],
  [
    'has no key',
    { status: 'unconfigured', key_env: null, reason: 'ACME_API_KEY is not set' },
    503,
    { status: 'not set up', configured: false, reason: 'ACME_API_KEY is not set' },
  ],
  ['nobody has looked at', undefined, 203, { status: 'unknown', configured: null, checked_at: null }],
])('a provider that %s', async (_, found, status, expected) => {
  const { url } = await serveProvider(found)
  const answer = await fetch(`${url}/health/acme`)
  expect(answer.status).toBe(status)
  const body: object = JSON.parse(await answer.text())
  expect(body).toMatchObject({ provider: 'acme', models: ['large', 'medium', 'small', 'embed'], ...expected })
  expect(Object.keys(body)).toEqual([
    'provider',
    'status',
    'configured',
    'reachable',
    'latency_ms',
    'models',
    'checked_at',
    'reason',
  ])
})

test.each([
  ['a misspelt one', 'acmee', 404, { detail: 'there is no provider "acmee"', hint: 'Did you mean "acme"?' }],
  ['another one', 'nowhere', 404, { hint: 'GET /registries/providers returns all of them' }],
  ['one that every object has', 'constructor', 404, { detail: 'there is no provider "constructor"' }],
  ['one that is broken', 'broken', 503, { detail: 'the entry "broken" is broken, and left out' }],
])('asked for %s it says so', async (_, id, status, expected) => {
  const { url } = await serveProvider({})
  const answer = await fetch(`${url}/health/${id}`)
  expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining(expected)])
})

test('whoever may not read providers is told nothing of one, whether it is there or not', async () => {
  const served = await serveProvider({}, 'auth_read')
  const ask = (id: string, headers = {}) => fetch(`${served.url}/health/${id}`, { headers })
  const [there, elsewhere] = [await ask('acme'), await ask('nowhere')]
  expect([there.status, elsewhere.status]).toEqual([401, 401])
  expect(await there.text()).toBe(await elsewhere.text())
  const { token } = await served.makeToken('adapter')
  expect((await ask('acme', { authorization: `Bearer ${token}` })).status).toBe(200)
})

test('the places below /health stay what they are', async () => {
  const { url } = await serveProvider({})
  expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ registries: [{ name: 'providers' }] })
  expect(await (await fetch(`${url}/health/registry/providers`)).json()).toMatchObject({ name: 'providers' })
})

test('the path that a card names as its status_endpoint leads to its provider', async () => {
  const dashboard = soundTexts.dashboard.replace('["large"]', '["large"], "status_endpoint": "/health/main"')
  const providers = JSON.stringify({ acme: { ...acme, detected } })
  const { url } = await startServedHome({
    texts: { ...withAccess({ providers: 'public_read', dashboard: 'public_read' }), providers, dashboard },
  })
  for (const name of ['main', 'acme']) {
    expect(await (await fetch(`${url}/health/${name}`)).json()).toMatchObject({ provider: 'acme' })
  }
  expect((await fetch(`${url}/health/other-main`)).status).toBe(404)
})
