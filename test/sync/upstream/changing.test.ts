import dns from 'node:dns'
import { describe, expect, test } from 'vitest'
import { sendRequest } from '../../../src/platform/node/send-request.ts'
import { loadStatus } from '../../../src/sync/status.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createUpstreamHome, type UpstreamHomeOptions } from '../../support/homes/upstream-home.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import {
  type Behaviour,
  document,
  startUpstream,
  status,
  type Upstream,
} from '../../support/servers/upstream.ts'

const models = JSON.parse(soundTexts.models)
const sized = (tokens: number) => ({ ...models, tiny: { ...models.tiny, context_tokens: tokens } })

async function createUser(upstream: Upstream, url = upstream.url, options: UpstreamHomeOptions = {}) {
  const user = await createUpstreamHome({ models: url }, { protocol: { retry_attempts: 0 }, ...options })
  return {
    ...user,
    tokens: async () => (await user.entries('models')).tiny?.context_tokens,
    own: async () => (await user.entries('models')).own,
    status: async () => {
      const { registries } = await loadStatus(user.home.directory, user.host)
      return registries.find(({ registry }) => registry === 'models')
    },
  }
}

/** Does something first. */
function afterwards(act: () => Promise<unknown>, behaviour: Behaviour): Behaviour {
  return async (request, response) => {
    await act()
    behaviour(request, response)
  }
}

const own = { provider: 'acme', context_tokens: 9, capabilities: [], 'x-local': true }

describe('a document that changes', () => {
  test('while it is sent is not taken, and the next poll reads it', async () => {
    const [older = '', newer = ''] = [sized(1), sized(2)].map(each => JSON.stringify(each))
    const torn = older.slice(0, older.indexOf('"tiny"')) + newer.slice(newer.indexOf('tiny"'))
    const upstream = await startUpstream(document(sized(1)), document(torn), document(sized(2)))
    const user = await createUser(upstream)
    await user.sync(['models'])
    await user.sync(['models'])
    expect(await user.tokens()).toBe(1)
    expect(await user.status()).toMatchObject({ freshness: 'stale', consecutive_failures: 1 })
    await user.sync(['models'])
    expect(await user.tokens()).toBe(2)
    expect(await user.status()).toMatchObject({ freshness: 'fresh', consecutive_failures: 0 })
  })

  test('before it is asked for again is taken as it is then', async () => {
    const clock = createFakeClock()
    const upstream = await startUpstream(status(503), document(sized(2), { etag: '"2"' }))
    const user = await createUser(upstream, upstream.url, {
      protocol: { retry_attempts: 3 },
      overrides: { clock },
    })
    await user.sync(['models'])
    expect(await user.tokens()).toBe(2)
    expect(await user.status()).toMatchObject({ freshness: 'fresh', cache_misses: 1 })
  })

  test('is taken with its own tag, also when its health tells of another', async () => {
    const upstream = await startUpstream(document(sized(1), { etag: '"1"' }))
    upstream.answerHealth(
      afterwards(
        async () => upstream.answer(document(sized(2), { etag: '"2"' })),
        document({ status: 'stale' }, { etag: '"2"' }),
      ),
    )
    const user = await createUser(upstream)
    await user.sync(['models'])
    await user.sync(['models'])
    expect(await user.tokens()).toBe(2)
    expect(await user.state('models')).toMatchObject({ etag: '"2"', error: null })
  })
})

describe('a file that is edited while its upstream is asked', () => {
  const edit = async (user: Awaited<ReturnType<typeof createUser>>) =>
    user.write('models', JSON.stringify({ ...JSON.parse(await user.read('models')), own }))

  test('keeps the edit, and takes what is there', async () => {
    const upstream = await startUpstream(document(sized(1)))
    const user = await createUser(upstream)
    upstream.answer(afterwards(() => edit(user), document(sized(2))))
    await user.sync(['models'])
    expect([await user.tokens(), await user.own()]).toEqual([2, own])
    expect(await user.isSound('models')).toBe(true)
  })

  test('is not counted as what the upstream has when that says that nothing has changed', async () => {
    const upstream = await startUpstream(document(sized(1), { etag: '"1"' }))
    const user = await createUser(upstream)
    await user.sync(['models'])
    const spoil = async () =>
      user.write(
        'models',
        (await user.read('models')).replace('"context_tokens": 1,', '"context_tokens": 7,'),
      )
    upstream.answer(
      afterwards(spoil, document(sized(1), { etag: '"1"' })),
      document(sized(1), { etag: '"1"' }),
    )
    await user.sync(['models'])
    expect(await user.tokens()).toBe(7)
    await user.sync(['models'])
    expect(upstream.calls[2]?.headers['if-none-match']).toBeUndefined()
    expect(await user.tokens()).toBe(1)
    expect(await user.status()).toMatchObject({ freshness: 'fresh', consecutive_failures: 0 })
  })
})

describe('a name that leads elsewhere', () => {
  /** Answers that a server of names gives, one to each question; the last one goes on. */
  const createNames = (...script: string[]) => {
    const asked: string[] = []
    const lookup = (name: string, _: unknown, callback: (...args: unknown[]) => void) => {
      asked.push(name)
      const address = script[Math.min(asked.length, script.length) - 1]
      callback(null, [{ address, family: 4 }])
    }
    return { asked, lookup: Object.assign(lookup, dns.lookup) }
  }

  test('between two questions is not followed there, and followed back', async () => {
    const upstream = await startUpstream(document(sized(1)))
    // Each poll asks for its document and for its health, and each connection for the name once.
    const near = '127.0.0.1'
    const { asked, lookup } = createNames(near, near, '169.254.169.254', '10.0.0.1', near)
    const user = await createUser(upstream, upstream.url.replace('127.0.0.1', 'changing.example'), {
      overrides: { sendRequest: request => sendRequest(request, lookup) },
    })
    await user.sync(['models'])
    expect(await user.tokens()).toBe(1)

    upstream.answer(document(sized(2)))
    const { report } = await user.sync(['models'])
    expect(report.registries.models.upstream?.error).toMatch(/leads to this machine or a network near it/)
    expect([await user.tokens(), upstream.calls.length]).toEqual([1, 1])
    expect(await user.status()).toMatchObject({ freshness: 'stale', consecutive_failures: 1 })
    expect(asked).toHaveLength(4)

    await user.sync(['models'])
    expect(await user.tokens()).toBe(2)
    expect(await user.status()).toMatchObject({ freshness: 'fresh', consecutive_failures: 0 })
  })
})
