import { once } from 'node:events'
import http from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
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

  test.each([true, false])('keeps to a card that says health_check: %s', async isChecked => {
    const server = await startHealthServer('up')
    const { home, host, snapshot } = await createPeerHome({ providers: { one: provider(server.url) }, env })
    const whole = await snapshot()
    const { dashboard } = whole.registries
    const card = { display_name: 'One', ui_component: 'provider_card', health_check: isChecked } as const
    const sections = {
      tools: { entries: {} },
      providers: { entries: { one: card } },
      metrics: {},
    }
    const shown = { ...dashboard, content: { version: '1.0.0', sections } }
    const registries = { ...whole.registries, dashboard: shown }
    const request = { home, snapshot: { ...whole, registries }, isDeep: true, allowPrivate: here }
    const found = (await checkProviders(request, host)).get('one')?.detected
    expect(found?.reachable).toBe(isChecked ? true : null)
    expect(found?.reason ?? '').toMatch(isChecked ? /^$/ : /says health_check: false$/)
    expect(server.asked).toHaveLength(isChecked ? 1 : 0)
  })

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
    expect(broken).toMatchObject({ reachable: false, reason: expect.stringContaining('does not respond') })
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

describe('a credential check', () => {
  const secret = 'sk-secret-0123456789'

  /** A provider that accepts one key alone, as a bearer token or in X-Api-Key. */
  async function startProvider(status = 401) {
    const seen: (string | undefined)[] = []
    const server = http.createServer(({ headers, url }, response) => {
      const key = headers.authorization ?? headers['x-api-key']
      seen.push(`${url} ${key}`)
      response.writeHead(String(key).endsWith(secret) ? 200 : status).end('{}')
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    onTestFinished(() => {
      server.close()
    })
    const address = server.address()
    return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`, seen }
  }

  async function check(
    entry: object,
    { key = secret, allowed = ['one'], isDeep = true, status = 401, base = '' } = {},
  ) {
    const { url, seen } = await startProvider(status)
    const own = provider(base || url, { credential_check: { url: `${url}/v1/models` }, ...entry })
    const { home, host, snapshot } = await createPeerHome({ providers: { one: own }, env: { SOME_KEY: key } })
    const request = {
      home,
      snapshot: await snapshot(),
      isDeep,
      allowPrivate: here,
      checkCredentials: allowed,
    }
    const found = (await checkProviders(request, host)).get('one')?.detected
    return { found, sent: seen.filter(line => line?.includes('sk-')), seen }
  }

  const rows: [
    what: string,
    entry: object,
    options: object,
    credential: string | null | undefined,
    sent: number,
  ][] = [
    ['is valid when the provider accepts it', {}, {}, 'valid', 1],
    ['is valid in a header', { auth_type: 'header', auth_header: 'x-api-key' }, {}, 'valid', 1],
    ['is rejected when the provider says so', {}, { key: 'sk-wrong' }, 'rejected', 1],
    ['is not known after another status', {}, { key: 'sk-wrong', status: 403 }, null, 1],
    ['is not sent unless the configuration allows it', {}, { allowed: [] }, undefined, 0],
    ['is not sent unless the check is deep', {}, { isDeep: false }, undefined, 0],
    ['is not sent to another server', {}, { base: 'http://127.0.0.1:1' }, undefined, 0],
    ['is not sent for an entry from an upstream', { 'x-upstream': 'https://up.example' }, {}, undefined, 0],
    ['is not sent in an address', { auth_type: 'query', auth_query: 'key' }, {}, undefined, 0],
    ['is not sent when it is no header', {}, { key: 'sk-a\r\nx: y' }, undefined, 0],
  ]
  test.each(rows)('%s', async (_, entry, options, credential, sent) => {
    const result = await check(entry, options)
    expect(result.found?.credential).toBe(credential)
    expect(result.sent).toHaveLength(sent)
    expect(JSON.stringify(result.found)).not.toContain('sk-')
  })

  test('that is rejected makes the provider not ready, and says which variable holds it', async () => {
    const { found } = await check({}, { key: 'sk-wrong' })
    expect(found).toMatchObject({
      reachable: true,
      reason: 'the provider rejected the credential in SOME_KEY',
    })
  })
})
