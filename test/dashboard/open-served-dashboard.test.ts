import http from 'node:http'
import { describe, expect, test } from 'vitest'
import { openServedDashboard } from '../../src/dashboard/model/open-served-dashboard.ts'
import { cardOf, factsOf, readingOf, viewOf } from '../support/homes/dashboard-cards.ts'
import { findFreePort, startHealthServer } from '../support/servers/health-server.ts'
import { listenOnLoopback } from '../support/servers/listen-on-loopback.ts'
import { createTestHost } from '../support/test-host.ts'

const sound = cardOf({ name: 'Docker', state: 'on', facts: factsOf(null, '28.2') })
const measured = readingOf({ amount: { used_bytes: 1, total_bytes: 2 } })
const gpu = {
  id: 'GPU-1',
  name: 'Some GPU',
  driver: '550.54.15',
  memory_total_bytes: 2,
  memory_used_bytes: 1,
  utilization: 3,
  history: [null, 3],
  temperature_c: 41,
  power_w: 62.5,
  power_limit_w: null,
  reason: null,
  read_at: '2026-11-23T08:01:00.000Z',
}
const view = viewOf([sound, cardOf({ component: 'gauge_meter', readings: [measured] })], {
  machine: { name: 'forge', system: 'Debian GNU/Linux 12 (bookworm)', cores: 8 },
  gpus: [gpu],
})

async function startServer(body: string, status = 200, headers: Record<string, string> = {}) {
  const asked: { path: string | undefined; token: string | undefined }[] = []
  const port = await listenOnLoopback(
    http.createServer((request, response) => {
      asked.push({ path: request.url, token: request.headers.authorization })
      response.writeHead(status, headers).end(body)
    }),
  )
  return { url: `http://127.0.0.1:${port}`, asked }
}

async function load(url: string, token?: string) {
  const host = await createTestHost()
  return openServedDashboard({ url: new URL(url), token, allowPrivate: [] }, host).load()
}

test('a dashboard comes as the server has it, by the address that serve prints', async () => {
  const { url, asked } = await startServer(JSON.stringify(view))
  expect(await load(url)).toEqual(view)
  expect(await load(`${url}/behind/a/proxy`, 'secret')).toEqual(view)
  expect(asked).toEqual([
    { path: '/dashboard.json', token: undefined },
    { path: '/behind/a/proxy/dashboard.json', token: 'Bearer secret' },
  ])
})

describe('of a server of another version', () => {
  const newer = { ...sound, component: 'hologram', name: 'New' }
  const cards: [what: string, card: unknown, name: string][] = [
    ['a component', newer, 'New'],
    ['a state', { ...sound, state: 'sleeping' }, 'Docker'],
    ['a value that is a text', { ...sound, readings: [{ ...readingOf(), value: '50' }] }, 'Docker'],
    ['a moment', { ...sound, facts: { ...factsOf(null), checked_at: 'yesterday' } }, 'Docker'],
    ['no card', 7, 'something'],
  ]
  test.each(cards)('%s that is not known is a sentence in its place', async (_, card, name) => {
    const { url } = await startServer(
      JSON.stringify({ ...view, sections: [{ id: 'a', title: 'A', cards: [card, sound] }] }),
    )
    const [broken, other] = (await load(url)).sections[0]?.cards ?? []
    expect(broken).toMatchObject({
      name,
      component: null,
      warning: expect.stringMatching(/does not understand$/),
    })
    expect(other).toEqual(sound)
  })

  test('what an older one does not send is empty', async () => {
    const { amount: _, ...reading } = measured
    const { machine: _machine, gpus: _gpus, ...older } = viewOf([])
    const runtime = { models: [{ id: 'a', size_bytes: 1, loaded: true }] }
    const provider = {
      is_key_set: null,
      is_reachable: true,
      latency_ms: null,
      is_health_checked: true,
      status_endpoint: null,
      models: [],
      capabilities: [],
    }
    const cards = [{ ...cardOf(), readings: [reading], provider: { ...provider, runtime } }]
    const { url } = await startServer(
      JSON.stringify({ ...older, sections: [{ id: 'a', title: 'A', cards }] }),
    )
    const loaded = await load(url)
    expect(loaded).toMatchObject({ machine: null, gpus: [] })
    expect(loaded.sections[0]?.cards[0]).toMatchObject({
      readings: [{ amount: null }],
      provider: { runtime: { models: [{ vram_bytes: null }] } },
    })
  })

  test('GPUs and a machine of another form are none, and a value that is missing is null', async () => {
    const { url } = await startServer(JSON.stringify({ ...view, machine: 'forge', gpus: [{ id: 'GPU-1' }] }))
    const { machine, gpus } = await load(url)
    expect(machine).toBe(null)
    expect(gpus).toMatchObject([{ id: 'GPU-1', utilization: null, history: [], temperature_c: null }])
    const other = await startServer(JSON.stringify({ ...view, gpus: [7] }))
    expect((await load(other.url)).gpus).toEqual([])
  })

  test('what is told besides is let be', async () => {
    const { url } = await startServer(JSON.stringify({ ...view, mood: 'good', warnings: undefined }))
    expect(await load(url)).toEqual(view)
  })
})

describe('it says why there is none', () => {
  const bodies: [when: string, body: string, status: number, message: RegExp][] = [
    ['it wants a token', '{}', 401, /requires a valid token \(it responds with 401\)$/],
    ['it may not be seen', '{}', 403, /requires a valid token/],
    ['it has none', '{}', 404, /responds with 404$/],
    ['it sends elsewhere', '', 302, /redirects \(it responds with 302\), which is not followed$/],
    ['it is a page', '<html>', 200, /something other than a dashboard$/],
    ['it is something else', '{"sections": 7}', 200, /something other than a dashboard$/],
    ['it is too much', JSON.stringify('x'.repeat(9 * 1024 * 1024)), 200, /more than 8 MiB$/],
  ]
  test.each(bodies)('%s', async (_, body, status, message) => {
    const { url, asked } = await startServer(body, status, { location: '/elsewhere' })
    await expect(load(url)).rejects.toThrow(message)
    expect(asked).toHaveLength(1)
  })

  test('nothing listens', async () => {
    await expect(load(`http://127.0.0.1:${await findFreePort()}`)).rejects.toThrow(/nothing listens there$/)
  })

  test('it hangs', { timeout: 10_000 }, async () => {
    const { url } = await startHealthServer('hanging')
    await expect(load(url)).rejects.toThrow(/did not respond within 5 s$/)
  })

  test.each(['http://10.0.0.1', 'http://169.254.169.254', 'http://[fe80::1]'])(
    'it is near by: %s',
    async url => {
      await expect(load(url)).rejects.toThrow(/private network, which is not allowed$/)
    },
  )
})
