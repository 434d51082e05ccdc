import { describe, expect, test } from 'vitest'
import { checkProviders } from '../../src/detection/services/providers.ts'
import { createPeerHome, type PeerHomeOptions, provider } from '../support/homes/target-home.ts'
import { type behaviours, findFreePort, startHealthServer } from '../support/servers/health-server.ts'

const here = ['localhost']

async function look(
  options: PeerHomeOptions,
  { isDeep = false, allowPrivate = here }: { isDeep?: boolean; allowPrivate?: readonly string[] } = {},
) {
  const { home, host, snapshot } = await createPeerHome(options)
  const found = await checkProviders({ home, snapshot: await snapshot(), isDeep, allowPrivate }, host)
  return found.get('one')?.detected
}

describe('a provider', () => {
  const rows: [
    is: string,
    entry: object,
    env: Record<string, string>,
    found: { status: string; key_env: string | null; reason: RegExp | null },
  ][] = [
    [
      'configured when its variable is set',
      {},
      { SOME_KEY: 'k' },
      { status: 'configured', key_env: 'SOME_KEY', reason: null },
    ],
    [
      'configured by the first of several that is set',
      { key_env: ['A_KEY', 'B_KEY', 'C_KEY'] },
      { A_KEY: '', B_KEY: 'k', C_KEY: 'k' },
      { status: 'configured', key_env: 'B_KEY', reason: null },
    ],
    [
      'configured when it needs no key',
      { auth_type: 'none', key_env: undefined },
      {},
      { status: 'configured', key_env: null, reason: null },
    ],
    [
      'not when it is empty',
      {},
      { SOME_KEY: '' },
      { status: 'unconfigured', key_env: null, reason: /^SOME_KEY is not set$/ },
    ],
    [
      'not when none of several is set',
      { key_env: ['A_KEY', 'B_KEY'] },
      {},
      { status: 'unconfigured', key_env: null, reason: /^neither A_KEY nor B_KEY is set$/ },
    ],
    [
      'unknown when its entry names no variable',
      { key_env: undefined },
      { SOME_KEY: 'k' },
      { status: 'unknown', key_env: null, reason: /names no variable with the key/ },
    ],
    [
      'not by what every object has',
      { key_env: ['constructor', '__proto__', 'toString'] },
      {},
      { status: 'unconfigured', key_env: null, reason: /is set$/ },
    ],
  ]
  test.each(rows)('is %s', async (_, entry, env, { reason, ...found }) => {
    const server = await startHealthServer('up')
    expect(await look({ providers: { one: provider(server.url, entry) }, env })).toEqual({
      ...found,
      reachable: null,
      latency_ms: null,
      reason: reason && expect.stringMatching(reason),
      checked_at: expect.stringMatching(/^\d{4}-.*Z$/),
    })
    expect(server.asked).toEqual([])
  })
})

describe('a deep check', () => {
  const env = { SOME_KEY: 'secret-of-some' }

  test.each<keyof typeof behaviours>(['up', 'signingIn', 'failing', 'redirecting', 'huge'])(
    'finds a provider reachable that is %s',
    async behaviour => {
      const server = await startHealthServer(behaviour)
      const found = await look({ providers: { one: provider(server.url) }, env }, { isDeep: true })
      expect(found).toMatchObject({ reachable: true, latency_ms: expect.any(Number), reason: null })
      expect(server.asked).toEqual(['/'])
    },
  )

  test('finds one not reachable that breaks off, or is not there', async () => {
    const server = await startHealthServer('breaking')
    const broken = await look({ providers: { one: provider(server.url) }, env }, { isDeep: true })
    expect(broken).toMatchObject({ reachable: false, reason: expect.stringContaining('does not answer') })
    const url = `http://127.0.0.1:${await findFreePort()}`
    const away = await look({ providers: { one: provider(url) } }, { isDeep: true })
    expect(away).toMatchObject({
      status: 'unconfigured',
      reachable: false,
      reason: `SOME_KEY is not set; nothing listens at ${url}/`,
    })
  })

  test.each([
    ['its base', { base_url: '/v1?key=k#x' }, '/v1'],
    ['the root where its endpoint is', {}, '/'],
  ])(
    'requests %s, with no key and nothing that an entry says',
    async (_, { base_url: base }: { base_url?: string }, path) => {
      const server = await startHealthServer('up')
      const entry = provider(`${server.url}/v1/chat?token=t`, {
        ...(base === undefined ? {} : { base_url: `${server.url}${base}` }),
        headers: { 'x-organisation': 'mine' },
      })
      await look({ providers: { one: entry }, env }, { isDeep: true })
      expect(server.asked).toEqual([path])
      const names = server.headers.flat().filter((_, index) => index % 2 === 0)
      expect(names.map(name => name.toLowerCase()).sort()).toEqual(['accept-encoding', 'connection', 'host'])
      expect(JSON.stringify(server.headers)).not.toContain('secret')
    },
  )

  const refusals: [
    what: string,
    options: Partial<PeerHomeOptions>,
    more: object,
    allowed: string[],
    reason: RegExp,
  ][] = [
    ['this machine where it is not allowed', {}, {}, [], /allow_private does not list/],
    ['of a home that is not trusted', { isTrusted: false }, {}, here, /not trusted/],
    [
      'an upstream that leads to this machine',
      {},
      { 'x-upstream': 'https://far.example/x' },
      here,
      /allow_private/,
    ],
  ]
  test.each(refusals)('sends no request to %s', async (_, options, more, allowPrivate, reason) => {
    const server = await startHealthServer('up')
    const providers = { one: provider(server.url, more) }
    const found = await look({ ...options, providers, env }, { isDeep: true, allowPrivate })
    expect(found).toMatchObject({
      status: 'configured',
      reachable: null,
      reason: expect.stringMatching(reason),
    })
    expect(server.asked).toEqual([])
  })
})

test('an address that differs by account is not queried', async () => {
  const entry = provider('https://{resource}.example.com')
  expect(await look({ providers: { one: entry } }, { isDeep: true })).toMatchObject({
    reachable: null,
    reason: expect.stringContaining('its address differs by account, so it was not queried'),
  })
})
