import { chmod, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { NetworkConfig } from '../../../src/config/config.ts'
import { allowed, createUpstreamHome } from '../../support/homes/upstream-home.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import { type Behaviour, document, startUpstream, status } from '../../support/servers/upstream.ts'

const models = JSON.parse(soundTexts.models)
const secret = 's3cr3t-of-the-upstream'

/** An upstream that wants a token, and a home that has one for the address that is made of its port. */
async function createSignedHome(
  toNetwork: (upstream: { origin: string; port: number }, directory: string) => Partial<NetworkConfig>,
  env: Record<string, string> = {},
) {
  const upstream = await startUpstream((request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${secret}`
    return (isKnown ? document(models) : status(401))(request, response)
  })
  const user = await createUpstreamHome({ models: upstream.url }, { env })
  const network = { ...allowed, ...toNetwork(upstream, user.host.directory) }
  return { upstream, user, sync: () => user.sync(['models'], { network }) }
}

const signIn = (config: Partial<NetworkConfig['upstreams'][string]>) => ({
  tokenEnv: undefined,
  tokenFile: undefined,
  ...config,
})

describe('an address', () => {
  test.each([
    ['of this machine', ''],
    ['of this machine by its name', 'localhost'],
  ])('%s is not asked unless the user allows it, and the sentence says how', async (_, name) => {
    const upstream = await startUpstream(document(models))
    const url = name === '' ? upstream.url : upstream.url.replace('127.0.0.1', name)
    const user = await createUpstreamHome({ models: url })
    const { report } = await user.sync(['models'], { network: { allowPrivate: [], upstreams: {} } })
    expect(report.registries.models.upstream?.error).toBe(
      `${name || '127.0.0.1'}:${upstream.port} leads to this machine or a network near it: ` +
        `allow it with "allow_private": ["${name || '127.0.0.1'}"] in your own configuration`,
    )
    expect([...upstream.calls, ...upstream.others]).toEqual([])
    expect(report.registries.models.status).toBe('failed')
  })
})

describe('a token', () => {
  test('from a variable is sent to its upstream, for the document and its health', async () => {
    const { upstream, sync } = await createSignedHome(
      ({ origin }) => ({ upstreams: { [origin]: signIn({ tokenEnv: 'UPSTREAM_TOKEN' }) } }),
      { UPSTREAM_TOKEN: secret },
    )
    const { report } = await sync()
    expect(report.registries.models).toMatchObject({ status: 'ok', source: 'remote' })
    const sent = [...upstream.calls, ...upstream.others].map(({ headers }) => headers.authorization)
    expect(sent).toEqual([`Bearer ${secret}`, `Bearer ${secret}`])
  })

  test('from a file is sent while nobody else can read that', async () => {
    const { user, sync } = await createSignedHome(({ origin }, directory) => ({
      upstreams: { [origin]: signIn({ tokenFile: nodePath.join(directory, 'token') }) },
    }))
    const file = nodePath.join(user.host.directory, 'token')
    await writeFile(file, `${secret}\n`, { mode: 0o600 })
    expect((await sync()).report.registries.models.status).toBe('ok')
    await chmod(file, 0o640)
    const { report } = await sync()
    expect(report.registries.models.upstream?.error).toMatch(
      /its token is not used: others may use .*chmod 600/,
    )
  })

  test.each<[string, Record<string, string>, RegExp]>([
    ['that is not set', {}, /its token is missing: UPSTREAM_TOKEN is not set/],
    ['of several words', { UPSTREAM_TOKEN: `${secret} two` }, /the content of UPSTREAM_TOKEN is not a token/],
    ['that would be a header of its own', { UPSTREAM_TOKEN: `${secret}\r\nx-a: b` }, /is not a token/],
    ['that is wrong', { UPSTREAM_TOKEN: `${secret}!` }, /responded with 401: it requires a token/],
  ])('%s is reported, and never printed', async (_, env, sentence) => {
    const { user, sync } = await createSignedHome(
      ({ origin }) => ({ upstreams: { [origin]: signIn({ tokenEnv: 'UPSTREAM_TOKEN' }) } }),
      env,
    )
    const { report } = await sync()
    expect(report.registries.models.upstream?.error).toMatch(sentence)
    expect(JSON.stringify([report, await user.state('models')])).not.toContain(secret)
  })

  test.each<[string, Behaviour]>([
    ['the address that it leads to', status(302, { location: `http://other.example/?token=${secret}` })],
    ['an entry that is broken', document({ ...models, bad: { context_tokens: secret } })],
    ['what is no JSON', document(`{"${secret}": `)],
  ])('that comes back in %s is redacted in reports and states', async (_, behaviour) => {
    const { upstream, user, sync } = await createSignedHome(
      ({ origin }, directory) => ({
        upstreams: { [origin]: signIn({ tokenFile: nodePath.join(directory, 'token') }) },
      }),
      {},
    )
    await writeFile(nodePath.join(user.host.directory, 'token'), secret, { mode: 0o600 })
    upstream.answer(behaviour)
    const result = await sync()
    expect(result.report.registries.models.warnings).not.toEqual([])
    const kept = [result, await user.state('models'), await user.read('models')]
    expect(JSON.stringify(kept)).not.toContain(secret)
  })

  test.each<[string, (port: number) => string]>([
    ['another port', port => `http://127.0.0.1:${port + 1}`],
    ['another name', port => `http://localhost:${port}`],
    ['https', port => `https://127.0.0.1:${port}`],
  ])('for %s is not sent', async (_, toOrigin) => {
    const { upstream, sync } = await createSignedHome(
      ({ port }) => ({ upstreams: { [toOrigin(port)]: signIn({ tokenEnv: 'UPSTREAM_TOKEN' }) } }),
      { UPSTREAM_TOKEN: secret },
    )
    expect((await sync()).report.registries.models.status).toBe('failed')
    expect(upstream.calls.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })

  test('is not sent without encryption to where the user has not allowed it', async () => {
    const user = await createUpstreamHome(
      { models: 'http://192.0.2.1/registry.json' },
      { env: { T: secret } },
    )
    const upstreams = { 'http://192.0.2.1': signIn({ tokenEnv: 'T' }) }
    const { report } = await user.sync(['models'], { network: { ...allowed, upstreams } })
    expect(report.registries.models.upstream?.error).toMatch(
      /^the token for http:\/\/192\.0\.2\.1\/registry\.json is not sent without encryption: .*"allow_private": \["192\.0\.2\.1"\]/,
    )
  })
})

test('no upstream is polled by a quick sync, nor by one without network options', async () => {
  const upstream = await startUpstream(document(models))
  const user = await createUpstreamHome({ models: upstream.url, tools: upstream.url })
  await user.sync(undefined, { mode: 'quick' })
  await user.sync(undefined, { network: undefined })
  expect([...upstream.calls, ...upstream.others]).toEqual([])
  expect(await user.state('models')).toBeUndefined()
})
