import { createHmac } from 'node:crypto'
import { chmod, lstat, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/platform/host.ts'
import { clock } from '../../src/platform/node/clock.ts'
import { createHost } from '../../src/platform/node/create-host.ts'
import { registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { createOwnerLink, findOwnerServer, publishOwnerServer } from '../../src/security/owner-link.ts'
import { createSignInGuard, identifyCaller } from '../../src/server/identify-caller.ts'
import { createOwnerSessions } from '../../src/server/owner-sessions.ts'
import { routes } from '../../src/server/routes/index.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { type ServedHome, startServedHome } from '../support/homes/served-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { openEventStream } from '../support/servers/event-stream.ts'
import { mintLink, openSession, signIn, tokenOf } from '../support/servers/owner-link.ts'

const texts = soundTexts
const hour = 60 * 60 * 1000

/** A server whose clock is moved by the test. Its timers are real. */
async function startTimedHome() {
  const { now, elapsed, pass } = createFakeClock()
  const served = await startServedHome({ texts, host: { clock: { now, elapsed } } })
  return { served, pass }
}

const statusOf = async (served: ServedHome, session: string, path = '/registries/hyper') =>
  (await served.ask(path, { token: session })).status

async function problemOf(response: Response) {
  const { detail, hint } = JSON.parse(await response.text())
  return { status: response.status, detail, hint }
}

const newLink = 'nexus-registry dashboard --web prints a new link'

describe('a link', () => {
  test('is for the server that prints it', async () => {
    const links: (string | undefined)[] = []
    const served = await startServedHome({ texts, request: { onListening: (_, link) => links.push(link) } })
    const [link = ''] = links
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=\d{13}\.[\w-]{22}\.[\da-f]{64}$/)
    expect(link.startsWith(`${served.url}/#`)).toBe(true)
    expect((await signIn(served.url, tokenOf(link))).status).toBe(201)
  })

  test('is traded for a session once', async () => {
    const served = await startServedHome({ texts })
    const token = tokenOf(await mintLink(served))
    const response = await signIn(served.url, token)
    const { session, expires_at: end } = JSON.parse(await response.text())
    expect([response.status, response.headers.get('cache-control')]).toEqual([201, 'no-store'])
    expect(session).toMatch(/^nxs_[\w-]{43}$/)
    expect(Date.parse(end) - Date.now()).toBeCloseTo(12 * hour, -5)
    expect(await statusOf(served, session)).toBe(200)
    expect(await problemOf(await signIn(served.url, token))).toEqual({
      status: 401,
      detail: 'this link was used before',
      hint: newLink,
    })
  })

  test('is traded for one session, however many requests come at once', async () => {
    const served = await startServedHome({ texts })
    const token = tokenOf(await mintLink(served))
    const responses = await Promise.all(Array.from({ length: 8 }, () => signIn(served.url, token)))
    expect(responses.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(401)])
  })

  test.each([
    ['one millisecond before it expires', 59_999, 201],
    ['when it expires', 60_000, 401],
  ])('%s', async (_, ms, status) => {
    const { served, pass } = await startTimedHome()
    const token = tokenOf(await mintLink(served))
    pass(ms)
    const response = await signIn(served.url, token)
    expect(response.status).toBe(status)
    if (status === 401) expect((await problemOf(response)).detail).toBe('this link has expired')
  })

  test('that was used is not valid again when the clock is set back', async () => {
    const clock = createFakeClock()
    const host = { ...createHost({ interrupted: new AbortController().signal }), clock }
    const sessions = createOwnerSessions(host)
    const mint = () => tokenOf(createOwnerLink({ url: 'http://127.0.0.1:1', secret: sessions.secret }, host))
    const first = mint()
    expect(sessions.open(first)).toHaveProperty('session')
    clock.pass(61_000)
    expect(sessions.open(mint())).toHaveProperty('session')
    clock.jump(-50_000)
    expect(sessions.open(first)).toBe('expired')
  })

  test('that was used is not valid again after a thousand others', () => {
    const clock = createFakeClock()
    const host = { ...createHost({ interrupted: new AbortController().signal }), clock }
    const sessions = createOwnerSessions(host)
    const mint = () => tokenOf(createOwnerLink({ url: 'http://127.0.0.1:1', secret: sessions.secret }, host))
    const tokens = Array.from({ length: 1100 }, () => {
      clock.pass(1)
      return mint()
    })
    expect(tokens.map(token => sessions.open(token)).filter(opened => typeof opened === 'string')).toEqual([])
    expect(tokens.map(token => sessions.open(token)).filter(opened => typeof opened !== 'string')).toEqual([])
  })
})

describe('another process of this machine gains nothing', () => {
  const sign = (secret: string, expires: number, nonce: string) =>
    createHmac('sha256', secret).update(`nexus-registry link 1 ${expires} ${nonce}`).digest('hex')
  const nonce = 'a'.repeat(22)
  const forge = (secret: string, ms = 30_000) => {
    const expires = Date.now() + ms
    return `${expires}.${nonce}.${sign(secret, expires, nonce)}`
  }

  test('without the secret', async () => {
    const [served, other] = await Promise.all([startServedHome({ texts }), startServedHome({ texts })])
    const valid = tokenOf(await mintLink(served))
    const [expires = '', , mac = ''] = valid.split('.')
    const secret = (await findOwnerServer(served.home, served.host))?.secret ?? ''
    const tokens = [
      '',
      'a',
      nonce,
      forge(''),
      forge('a secret of its own'),
      tokenOf(await mintLink(other)),
      `${expires}.${nonce}.${mac}`,
      `${expires}.${nonce}.${'0'.repeat(64)}`,
      `${valid}0`,
      valid.slice(0, -1),
      valid.replace(/^\d/, '9'),
      valid.replace(/.$/, last => (last === '0' ? '1' : '0')),
      // Signed, but for longer than a link lasts.
      forge(secret, 120_000),
    ]
    for (const token of tokens)
      expect({ token, ...(await problemOf(await signIn(served.url, token))) }).toEqual({
        token,
        status: 401,
        detail: 'this link is not of this server',
        hint: newLink,
      })
    expect((await signIn(served.url, forge(secret))).status).toBe(201)
    expect((await signIn(served.url, valid)).status).toBe(201)
  })

  test('by guessing, which the owner does not notice', async () => {
    const served = await startServedHome({ texts })
    const session = await openSession(served)
    const statuses: number[] = []
    for (let number = 0; number < 22; number++)
      statuses.push((await signIn(served.url, forge(`guess ${number}`))).status)
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429])
    expect(await statusOf(served, `nxs_${'a'.repeat(43)}`)).toBe(429)
    expect(await statusOf(served, session)).toBe(200)
    expect(await statusOf(served, await openSession(served))).toBe(200)
  })

  test.each([
    ['of another type', { 'content-type': 'text/plain' }, 415],
    ['from a page of another server', { origin: 'http://evil.example' }, 403],
    ['from a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('with a request %s', async (_, headers, status) => {
    const served = await startServedHome({ texts })
    const token = tokenOf(await mintLink(served))
    expect((await signIn(served.url, token, headers)).status).toBe(status)
    expect((await signIn(served.url, token)).status).toBe(201)
  })

  test.each([
    ['no JSON', 'token', 400],
    ['an array', '[]', 400],
    ['a number as token', '{"token":1}', 400],
    ['nothing', '', 400],
    ['much', JSON.stringify({ token: 'a'.repeat(5000) }), 413],
  ])('with a body that has %s', async (_, body, status) => {
    const served = await startServedHome({ texts })
    const headers = { 'content-type': 'application/json' }
    const response = await served.ask('/session', { method: 'POST', headers, body })
    expect(response.status).toBe(status)
  })

  const foreign = ['192.0.2.1', '10.0.0.1', '::ffff:192.0.2.1', 'fe80::1', undefined]

  test.each(foreign)('with a link or a session at %s', async remoteAddress => {
    const host = createHost({ interrupted: new AbortController().signal })
    const sessions = createOwnerSessions(host)
    const token = tokenOf(createOwnerLink({ url: 'http://127.0.0.1:1', secret: sessions.secret }, host))
    const opened = sessions.open(token)
    const session = typeof opened === 'string' ? '' : opened.session
    const request = (address: string | undefined) => ({
      method: 'POST',
      target: '/session',
      param: () => undefined,
      query: () => undefined,
      header: (name: string) =>
        ({
          'content-type': 'application/json',
          'content-length': '10',
          authorization: `Bearer ${session}`,
        })[name],
      body: () => new Uint8Array(),
      remoteAddress: address,
      onClosed: () => () => undefined,
    })
    const known = {
      sessions,
      signIns: createSignInGuard(host),
      tokens: { find: () => Promise.reject(new Error('a session is never looked up among tokens')) },
    }
    const route = routes.find(({ method, path }) => method === 'POST' && path === '/session')
    const admit = route?.access === 'open' ? route.admit : undefined
    expect(await identifyCaller(request(remoteAddress), known)).toMatchObject({ refusal: { status: 401 } })
    expect(admit?.(request(remoteAddress))).toMatchObject({ status: 403 })
    expect(await identifyCaller(request('127.0.0.1'), known)).toMatchObject({ kind: 'owner' })
    expect(await identifyCaller(request('::1'), known)).toMatchObject({ kind: 'owner' })
    expect(admit?.(request('::ffff:127.0.0.1'))).toBeUndefined()
  })
})

describe('a session', () => {
  test('reads every registry, also those that access_control hides from all but admin', async () => {
    const served = await startServedHome({ texts })
    await served.write('hyper', { ...JSON.parse(texts.hyper), access_control: {} })
    const session = await openSession(served)
    await expect.poll(async () => (await served.ask('/registries/tools')).status).toBe(401)
    for (const name of registryNames)
      expect([name, await statusOf(served, session, `/registries/${name}`)]).toEqual([name, 200])
    const health = JSON.parse(await (await served.ask('/health', { token: session })).text())
    expect(health.registries).toHaveLength(registryNames.length)
  })

  test('writes nothing', async () => {
    const served = await startServedHome({ texts })
    const session = await openSession(served)
    const headers = { 'content-type': 'application/json', 'if-match': '*' }
    const writes = registryNames.flatMap(name => [
      ['PUT', `/registries/${registryFiles[name]}`],
      ['PUT', `/registries/${name}/docker`],
      ['PATCH', `/registries/${name}/docker`],
      ['DELETE', `/registries/${name}/docker`],
    ])
    for (const [method = '', path = ''] of writes) {
      const body = method === 'DELETE' ? null : '{}'
      const response = await served.ask(path, { method, token: session, headers, body })
      expect([method, path, response.status]).toEqual([method, path, 403])
      expect((await problemOf(response)).detail).toBe("the owner's page reads only")
    }
    const files = await Promise.all(
      registryNames.map(name => readFile(nodePath.join(served.home, registryFiles[name]), 'utf8')),
    )
    expect(files).toEqual(registryNames.map(name => texts[name]))
    const refused = served.told.filter(({ event }) => event === 'written')
    expect(refused).toHaveLength(writes.length)
    expect(refused[0]).toMatchObject({ token: null, role: 'owner', outcome: 'denied' })
  })

  test.each([
    ['by the clock', 12 * hour, 401],
    ['and not before', 12 * hour - 1, 200],
  ])('ends after twelve hours %s', async (_, ms, status) => {
    const { served, pass } = await startTimedHome()
    const session = await openSession(served)
    pass(ms)
    expect(await statusOf(served, session)).toBe(status)
  })

  test('ends when it signs out, with its streams at once', async () => {
    // The check of all streams, every 2.5 seconds, never comes.
    const sleep: Clock['sleep'] = (ms, signal) => clock.sleep(ms === 2500 ? 2 ** 31 - 1 : ms, signal)
    const served = await startServedHome({ texts, host: { clock: { sleep } } })
    const [session, other] = [await openSession(served), await openSession(served)]
    const [stream, kept] = await Promise.all(
      [session, other].map(each =>
        openEventStream(`${served.url}/events`, { authorization: `Bearer ${each}` }),
      ),
    )
    const response = await served.ask('/session', { method: 'DELETE', token: session })
    expect(response.status).toBe(204)
    expect((await stream?.next('goodbye'))?.data).toEqual({ reason: 'the session has ended' })
    await stream?.ended
    expect(await problemOf(await served.ask('/registries/hyper', { token: session }))).toEqual({
      status: 401,
      detail: 'the session has ended',
      hint: newLink,
    })
    expect(await statusOf(served, other)).toBe(200)
    await served.write('tools', {
      ...JSON.parse(texts.tools),
      helm: { detection: 'which helm', env_var: 'NEXUS_HAS_HELM' },
    })
    expect((await kept?.next('change'))?.data).toMatchObject({ created: ['helm'] })
  })

  test('that ends by its time takes its streams with it', async () => {
    const { served, pass } = await startTimedHome()
    const headers = { authorization: `Bearer ${await openSession(served)}` }
    const stream = await openEventStream(`${served.url}/events`, headers)
    pass(12 * hour)
    expect((await stream.next('goodbye')).data).toEqual({ reason: 'the session has ended' })
    await stream.ended
  })

  test('ends for the fifty-first after it', async () => {
    const served = await startServedHome({ texts })
    const sessions: string[] = []
    for (let count = 0; count < 51; count++) sessions.push(await openSession(served))
    expect(await statusOf(served, sessions[0] ?? '')).toBe(401)
    expect(await statusOf(served, sessions[1] ?? '')).toBe(200)
    expect(await statusOf(served, sessions[50] ?? '')).toBe(200)
  })

  test('is of one server', async () => {
    const [served, other] = await Promise.all([startServedHome({ texts }), startServedHome({ texts })])
    expect(await statusOf(other, await openSession(served))).toBe(401)
  })

  test('is ended by nobody without it', async () => {
    const served = await startServedHome({ texts })
    const session = await openSession(served)
    const admin = await served.token('admin')
    for (const token of [undefined, admin])
      expect((await served.ask('/session', { method: 'DELETE', token })).status).toBe(204)
    expect(await statusOf(served, session)).toBe(200)
  })

  test('and its link are in no log', async () => {
    const served = await startServedHome({ texts })
    const link = await mintLink(served)
    const session = await openSession(served)
    const used = tokenOf(link)
    await signIn(served.url, used)
    await signIn(served.url, used)
    const headers = { 'content-type': 'application/json', 'if-match': '*' }
    await served.ask('/registries/tools/docker', { method: 'PUT', token: session, headers, body: '{}' })
    await served.ask('/session', { method: 'DELETE', token: session })
    await served.ask('/registries/tools/docker', { method: 'PUT', token: session, headers, body: '{}' })
    await served.stop()
    const state = nodePath.join(served.host.directory, 'state')
    const files = await readdir(state, { recursive: true, withFileTypes: true })
    const logs = await Promise.all(
      files
        .filter(file => file.isFile())
        .map(file => readFile(nodePath.join(file.parentPath, file.name), 'utf8')),
    )
    expect(logs.some(text => text.includes('"owner"'))).toBe(true)
    const all = [JSON.stringify(served.told), ...logs].join('\n')
    for (const secret of [used, session, used.split('.')[2] ?? '']) expect(all).not.toContain(secret)
  })
})

describe('the file of a server', () => {
  const directoryOf = (host: ServedHome['host']) =>
    nodePath.join(host.directory, 'state', 'nexus-registry', 'servers')

  async function findFile({ host }: ServedHome): Promise<string> {
    const [name = ''] = await readdir(directoryOf(host))
    return nodePath.join(directoryOf(host), name)
  }

  test('can be read by its user alone, and is gone at the end', async () => {
    const served = await startServedHome({ texts })
    const file = await findFile(served)
    const [info, directory] = await Promise.all([lstat(file), lstat(directoryOf(served.host))])
    expect([info.mode & 0o777, directory.mode & 0o777]).toEqual([0o600, 0o700])
    await served.stop()
    expect(await readdir(directoryOf(served.host))).toEqual([])
    expect(await findOwnerServer(served.home, served.host)).toBeUndefined()
  })

  test('has a new secret for every start, and stays when it is that of a later server', async () => {
    const served = await startServedHome({ texts })
    const file = await findFile(served)
    const earlier = JSON.parse(await readFile(file, 'utf8'))
    const later = JSON.stringify({ ...earlier, secret: 'that of a later server' })
    await writeFile(file, later)
    await served.stop()
    expect(await readFile(file, 'utf8')).toBe(later)
    const next = await startServedHome({ texts })
    expect((await findOwnerServer(next.home, next.host))?.secret).not.toBe(earlier.secret)
  })

  test('replaces a link in its place, and does not follow it', async () => {
    const served = await startServedHome({ texts })
    const { host, home } = served
    const file = await findFile(served)
    const content = await readFile(file, 'utf8')
    const target = nodePath.join(host.directory, 'planted.json')
    await rename(file, target)
    await symlink(target, file)
    expect(await findOwnerServer(home, host)).toBeUndefined()
    const remove = await publishOwnerServer(home, { url: 'http://127.0.0.1:1', secret: 'new' }, host)
    expect([(await lstat(file)).isFile(), await readFile(target, 'utf8')]).toEqual([true, content])
    expect(await findOwnerServer(home, host)).toMatchObject({ secret: 'new' })
    await remove()
    expect(await readdir(directoryOf(host))).toEqual([])
  })

  test.each([
    ['that others can read', async (file: string) => chmod(file, 0o644)],
    ['that others can write', async (file: string) => chmod(file, 0o620)],
    ['in a directory that others can write', async (file: string) => chmod(nodePath.dirname(file), 0o777)],
    ['that is no JSON', async (file: string) => writeFile(file, '{')],
    ['of another form', async (file: string) => writeFile(file, '{"schema":"nexus-registry server 1"}')],
    [
      'of a process that has ended',
      async (file: string) => {
        const server = JSON.parse(await readFile(file, 'utf8'))
        await writeFile(file, JSON.stringify({ ...server, start_time: 'earlier' }))
      },
    ],
  ])('%s is not used', async (_, change) => {
    const served = await startServedHome({ texts })
    expect(await findOwnerServer(served.home, served.host)).toBeDefined()
    await change(await findFile(served))
    expect(await findOwnerServer(served.home, served.host)).toBeUndefined()
  })

  test('of another user is not used', async () => {
    const served = await startServedHome({ texts })
    const uid = (process.getuid?.() ?? 0) + 12_345
    // Root may change everything anyway, so a file of root counts as the user's own.
    const file = await findFile(served)
    const info = await lstat(file)
    const fs = {
      ...served.host.fs,
      lstat: async (path: string) => {
        const found = await served.host.fs.lstat(path)
        return found && path === file ? { ...found, uid: uid + 1 } : found
      },
    }
    expect(info.uid).toBe(process.getuid?.())
    expect(await findOwnerServer(served.home, { ...served.host, fs, uid })).toBeUndefined()
  })

  test('that cannot be written leaves a server without a link', async () => {
    const links: (string | undefined)[] = []
    const served = await startServedHome({
      texts,
      host: { env: { XDG_STATE_HOME: '/dev/null/state' } },
      request: { onListening: (_, link) => links.push(link) },
    })
    await expect.poll(() => links).toEqual([undefined])
    expect(served.told.find(({ event }) => event === 'unlinked')).toMatchObject({
      error: expect.stringContaining('/dev/null/state'),
    })
    expect((await served.ask('/health')).status).toBe(200)
  })

  test.each([
    ['on all addresses', { kind: 'port', host: '0.0.0.0', port: 0 }, /^http:\/\/127\.0\.0\.1:\d+\/#token=/],
    ['by name', { kind: 'port', host: 'localhost', port: 0 }, /^http:\/\/localhost:\d+\/#token=/],
  ] as const)('leads to a server %s', async (_, address, pattern) => {
    const links: (string | undefined)[] = []
    const request = { address, onListening: (_url: string, link?: string) => links.push(link) }
    await startServedHome({ texts, request })
    expect(links).toEqual([expect.stringMatching(pattern)])
  })
})
