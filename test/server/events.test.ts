import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { clock as realClock } from '../../src/platform/node/clock.ts'
import { createSyncState, saveSyncState } from '../../src/registry/sync-state.ts'
import { revokeToken } from '../../src/security/tokens.ts'
import { sync } from '../../src/sync/sync.ts'
import { toHyper, withAccess } from '../support/homes/access-texts.ts'
import { type ServedHome, startServedHome } from '../support/homes/served-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { openEventStream } from '../support/servers/event-stream.ts'

/** What nobody tells of is looked at every few seconds. */
const eventually = <T>(read: () => T | Promise<T>) => expect.poll(read, { timeout: 60_000 })

const tools = JSON.parse(soundTexts.tools)
const plugins = JSON.parse(soundTexts.plugins)
const providers = JSON.parse(soundTexts.providers)
const usualAccess = { tools: 'public_read', providers: 'auth_read', plugins: 'admin_only' } as const
const texts = withAccess(usualAccess)

/** A tool more, by its id. */
const withTool = (...ids: string[]) => ({
  ...tools,
  ...Object.fromEntries(ids.map(id => [id, { detection: `which ${id}`, env_var: 'NEXUS_HAS_IT' }])),
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

async function openAll(served: ServedHome) {
  const [auth, admin] = await Promise.all([served.makeToken('adapter'), served.makeToken('admin')])
  const url = `${served.url}/events`
  const [anyone, member, chief] = await Promise.all([
    openEventStream(url),
    openEventStream(url, bearer(auth.token)),
    openEventStream(url, bearer(admin.token)),
  ])
  return { anyone, member, chief, auth, admin, url }
}

describe('a stream of events', () => {
  test('is one for browsers and proxies', async () => {
    const served = await startServedHome({ texts })
    const stream = await openEventStream(`${served.url}/events`, { connection: 'keep-alive' })
    expect(stream.status).toBe(200)
    expect(stream.headers).toMatchObject({
      connection: 'close',
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    })
    await eventually(stream.text).toMatch(/^retry: 2000\n\nid: [0-9a-f]{16}-0\n\n$/)
  })

  test('tells what has changed in a registry', async () => {
    const served = await startServedHome({ texts })
    const stream = await openEventStream(`${served.url}/events`)
    await served.write('tools', withTool('helm'))
    const { data, id } = await stream.next('change')
    expect(data).toMatchObject({ registry: 'tools', created: ['helm'], updated: [], removed: [] })
    expect(id).toMatch(/^[0-9a-f]{16}-1$/)
    const { headers } = await fetch(`${served.url}/registries/tools`, {
      headers: { 'accept-encoding': 'identity' },
    })
    expect(data.etag).toBe(headers.get('etag'))
  })

  test('is kept alive by a comment every 15 seconds', async () => {
    const clock = { sleep: (ms: number, signal?: AbortSignal) => realClock.sleep(ms / 100, signal) }
    const served = await startServedHome({ texts, host: { clock } })
    const stream = await openEventStream(`${served.url}/events`)
    await eventually(() => stream.text().match(/^:\n\n/gm)?.length).toBeGreaterThan(1)
    expect(stream.events).toEqual([])
  })

  test('is not begun by HEAD', async () => {
    const served = await startServedHome({ texts })
    const answer = await fetch(`${served.url}/events`, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
    expect(await (await fetch(`${served.url}/metrics`)).text()).toMatch(/^nexus_registry_event_streams 0$/m)
  })
})

describe('freshness', () => {
  test('is told when it is another one, without where the upstream is', async () => {
    const url = 'http://192.0.2.1/secret-place'
    const hyper = JSON.parse(toHyper({ tools: 'public_read', models: 'public_read' }))
    hyper.sub_registries.models.url = url
    const served = await startServedHome({ texts: { ...soundTexts, hyper: JSON.stringify(hyper) } })
    const { anyone, chief } = await openAll(served)
    const state = {
      ...createSyncState('2026-11-23T08:00:00.000Z'),
      url,
      consecutive_failures: 2,
      error: `${url}: it did not answer`,
    }
    await saveSyncState(served.home, 'adapters', { ...state, url: null }, served.host)
    await eventually(() => chief.events.map(({ data }) => data.registry)).toContain('adapters')
    await saveSyncState(served.home, 'models', state, served.host)
    const { data } = await anyone.next('freshness')
    expect(data).toMatchObject({ registry: 'models', status: 'failed', last_success: null })
    expect(JSON.stringify(data)).not.toContain('192.0.2.1')
    expect(anyone.events.map(({ data }) => data.registry)).toEqual(['models'])
    await eventually(() => chief.events.map(({ data }) => data.error)).toContain(state.error)
  })

  test('is told after each sync of the server itself', async () => {
    const options = { mode: 'quick', isForced: false, isDryRun: false, isPlain: true } as const
    const poller = { options, sync, reload: async () => ({ options, files: [] }) }
    const served = await startServedHome({ texts, request: { poller } })
    const stream = await openEventStream(`${served.url}/events`)
    const { data } = await stream.next('freshness')
    expect(data).toMatchObject({ registry: 'tools', status: 'fresh', age_seconds: 0 })
    const changed = stream.events.find(({ event }) => event === 'change') ?? (await stream.next('change'))
    expect(changed.data).toMatchObject({
      registry: 'tools',
      detected: [{ id: 'docker', from: null }, {}, {}],
    })
  })
})

describe('a reader who comes back', () => {
  test.each([
    ['with the header', (url: string, id: string) => openEventStream(url, { 'last-event-id': id })],
    ['with a parameter', (url: string, id: string) => openEventStream(`${url}?last_event_id=${id}`)],
    [
      'with both, of which the header is newer',
      (url: string, id: string) => openEventStream(`${url}?last_event_id=old`, { 'last-event-id': id }),
    ],
  ])('is told what it missed, once and in order, %s', async (_, comeBack) => {
    const served = await startServedHome({ texts })
    const url = `${served.url}/events`
    const [first, witness] = [await openEventStream(url), await openEventStream(url)]
    await served.write('tools', withTool('one'))
    await first.next('change')
    first.close()
    await witness.next('change')
    for (const id of ['two', 'three']) {
      await served.write('tools', withTool('one', id))
      await witness.next('change')
    }
    const second = await comeBack(url, first.lastId())
    await second.next('change')
    await served.write('tools', withTool('one', 'four'))
    await witness.next('change')
    await eventually(() => second.events.length).toBe(3)
    expect(second.events).toEqual(witness.events.slice(1))
    expect(second.events.map(({ event, data }) => [event, data.created])).toEqual([
      ['change', ['two']],
      ['change', ['three']],
      ['change', ['four']],
    ])
  })

  test('misses nothing even when it had been told nothing', async () => {
    const served = await startServedHome({ texts })
    const url = `${served.url}/events`
    const [first, witness] = [await openEventStream(url), await openEventStream(url)]
    await eventually(first.lastId).not.toBe('')
    first.close()
    await served.write('tools', withTool('one'))
    await witness.next('change')
    const second = await openEventStream(url, { 'last-event-id': first.lastId() })
    expect((await second.next('change')).data).toMatchObject({ created: ['one'] })
  })

  test.each([
    ['of another server', () => '0123456789abcdef-3'],
    ['that is still to come', (id: string) => id.replace(/\d+$/, '99')],
    ['that is none', () => 'x'],
    ['that is nearly one', (id: string) => `${id}.0`],
  ])('is told to load everything anew, with an id %s', async (_, toId) => {
    const served = await startServedHome({ texts })
    const url = `${served.url}/events`
    const first = await openEventStream(url)
    await eventually(first.lastId).not.toBe('')
    const second = await openEventStream(url, { 'last-event-id': toId(first.lastId()) })
    expect(await second.next('reset')).toEqual({ id: first.lastId(), event: 'reset', data: {} })
  })

  test('with the id of somebody who may see other things is told to load everything anew', async () => {
    const served = await startServedHome({ texts })
    const { anyone, chief, admin, url } = await openAll(served)
    await served.write('plugins', { core: plugins.core })
    await chief.next('change')
    expect(anyone.lastId()).not.toBe(chief.lastId())
    const asAdmin = await openEventStream(url, {
      ...bearer(admin.token),
      'last-event-id': anyone.lastId(),
    })
    await asAdmin.next('reset')
    const asAnyone = await openEventStream(url, { 'last-event-id': chief.lastId() })
    await asAnyone.next('reset')
  })
})

describe('rights', () => {
  test('decide what is told, and no number tells of the rest', async () => {
    const served = await startServedHome({ texts })
    const { anyone, member, chief } = await openAll(served)
    await served.write('plugins', { core: { ...plugins.core, description: 'a secret of plugins' } })
    await chief.next('change')
    await served.write('providers', { ...providers, acme: { ...providers.acme, description: 'new' } })
    await Promise.all([chief.next('change'), member.next('change')])
    await served.write('tools', withTool('helm'))
    await Promise.all([anyone, member, chief].map(stream => stream.next('change')))
    const told = [anyone, member, chief].map(({ events }) => events.map(({ data }) => data.registry))
    expect(told).toEqual([['tools'], ['providers', 'tools'], ['plugins', 'providers', 'tools']])
    expect([anyone, member, chief].map(stream => stream.lastId().split('-')[1])).toEqual(['1', '2', '3'])
  })

  test('that change are told, and hold from then on', async () => {
    const served = await startServedHome({ texts })
    const { anyone, chief, url } = await openAll(served)
    await served.write('tools', withTool('before'))
    const before = await anyone.next('change')
    await served.write('hyper', toHyper({ ...usualAccess, tools: 'admin_only', models: 'public_read' }))
    expect((await anyone.next('access')).data).toEqual({ readable: ['models'] })
    await served.write('tools', withTool('after'))
    await eventually(() => chief.events.map(({ data }) => data.registry)).toContain('hyper')
    await eventually(() => chief.events.filter(({ data }) => data.registry === 'tools').length).toBe(2)
    await served.write('models', {})
    expect((await anyone.next('change')).data).toMatchObject({ registry: 'models' })
    expect(anyone.events.map(({ event }) => event)).toEqual(['change', 'access', 'change'])
    // What it was told once it is not told again.
    const start = before.id.replace(/-\d+$/, '-0')
    const again = await openEventStream(url, { 'last-event-id': start })
    await again.next('change')
    expect(again.events).toEqual(anyone.events.slice(1))
    expect(again.text()).not.toContain('"tools"')
  })

  test('of a token that is revoked end with its streams, and with those of no other', async () => {
    const served = await startServedHome({ texts })
    const { anyone, member, chief, auth, url } = await openAll(served)
    const [other, twin] = await Promise.all([
      openEventStream(url, bearer((await served.makeToken('adapter')).token)),
      openEventStream(url, bearer(auth.token)),
    ])
    await revokeToken(served.home, auth.info.id, served.host)
    for (const stream of [member, twin]) {
      expect((await stream.next('goodbye')).data).toEqual({ reason: 'the token is no longer valid' })
      await stream.ended
    }
    await served.write('tools', withTool('helm'))
    await Promise.all([anyone, chief, other].map(stream => stream.next('change')))
    expect((await openEventStream(url, bearer(auth.token))).status).toBe(401)
  })

  test('of a token that expires end with it', async () => {
    const served = await startServedHome({ texts })
    const { token } = await served.makeToken('adapter', Date.now() + 1500)
    const stream = await openEventStream(`${served.url}/events`, bearer(token))
    expect(stream.status).toBe(200)
    await stream.next('goodbye')
    await stream.ended
  })
})

describe('the end', () => {
  test('is told to all, and the port is free', async () => {
    const served = await startServedHome({ texts })
    const { anyone, member, chief } = await openAll(served)
    expect(await served.stop()).toBe('SIGTERM')
    for (const stream of [anyone, member, chief]) {
      await stream.ended
      expect(stream.events.at(-1)).toMatchObject({ event: 'goodbye', data: { reason: 'the server stops' } })
    }
    await expect(fetch(`${served.url}/health`)).rejects.toThrow('fetch failed')
  })

  test('does not wait for who does not listen', async () => {
    const { url, port, stop } = await startServedHome({ texts })
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.write(`GET /events HTTP/1.1\r\nhost: ${new URL(url).host}\r\n\r\n`)
    await eventually(async () => (await fetch(`${url}/metrics`)).text()).toMatch(
      /^nexus_registry_event_streams 1$/m,
    )
    expect(await stop()).toBe('SIGTERM')
  })
})

test('a reader that is too slow is let go, and the others go on', async () => {
  const served = await startServedHome({ texts: withAccess({ dashboard: 'public_read' }) })
  const fast = await openEventStream(`${served.url}/events`)
  const slow = connect(served.port, '127.0.0.1')
  slow.on('error', () => undefined)
  slow.write(`GET /events HTTP/1.1\r\nhost: ${new URL(served.url).host}\r\n\r\n`)
  slow.pause()
  const counted = async (name: string) =>
    new RegExp(`^nexus_registry_event_streams${name} (\\d+)$`, 'm').exec(
      await (await fetch(`${served.url}/metrics`)).text(),
    )?.[1]
  await eventually(() => counted('')).toBe('2')
  const dashboard = JSON.parse(soundTexts.dashboard)
  // Each tells of 100 keys that came and 100 that went, of 1000 characters each.
  for (let round = 0; (await counted('')) === '2' && round < 150; round++) {
    const keys = Array.from({ length: 100 }, (_, index) => `x-${round}-${index}-`.padEnd(1000, 'x'))
    await served.write('dashboard', { ...dashboard, ...Object.fromEntries(keys.map(key => [key, 1])) })
    await fast.next('change')
  }
  expect(await counted('_dropped_total')).toBe('1')
  expect(await counted('')).toBe('1')
}, 60_000)
