import { expect, test } from 'vitest'
import { toComponentSchemas } from '../../../src/server/api-schemas.ts'
import { toOpenApi } from '../../../src/server/docs/open-api.ts'
import { routes } from '../../../src/server/routes/index.ts'
import { soundTexts } from '../../support/homes/valid-home.ts'
import { serveWritableHome } from '../../support/homes/writable-home.ts'
import { createAnswerCheck } from '../../support/servers/api-responses.ts'

const entry = { detection: 'which git', env_var: 'NEXUS_HAS_GIT' }
const [whole, docker, git] = ['/registries/tools', '/registries/tools/docker', '/registries/tools/git']
const dockerEntry = JSON.parse(soundTexts.tools).docker
const [there, wrong] = [{ 'if-match': '*' }, { 'if-match': '"0123456789abcdef0123456789abcdef"' }]
const fresh = { 'if-none-match': '*' }

const server = { base: 'http://127.0.0.1:4780', options: [] }
const checkAnswer = createAnswerCheck(toOpenApi({ routes, schemas: toComponentSchemas(), server }))

test.each<[string, string, string, Record<string, string>, unknown, status: number]>([
  ['nothing said', 'PUT', docker, {}, dockerEntry, 428],
  ['nothing said of a new one', 'PUT', git, {}, entry, 428],
  ['nothing said', 'PATCH', docker, {}, {}, 428],
  ['nothing said', 'DELETE', docker, {}, undefined, 428],
  ['nothing said', 'PUT', whole, {}, {}, 428],
  ['a tag that it is not', 'PUT', docker, { 'if-none-match': '"a"' }, dockerEntry, 428],
  ['that it is new, and it is', 'PUT', git, fresh, entry, 201],
  ['that it is new, and it is not', 'PUT', docker, fresh, dockerEntry, 412],
  ['that all of it is new, and it is not', 'PUT', whole, fresh, {}, 412],
  ['whatever is there', 'PUT', docker, there, dockerEntry, 200],
  ['whatever is there, and nothing is', 'PUT', git, there, entry, 412],
  ['whatever is there, and nothing is', 'PATCH', git, there, {}, 404],
  ['whatever is there, and nothing is', 'DELETE', git, there, undefined, 404],
  ['another tag', 'PUT', docker, wrong, dockerEntry, 412],
  ['another tag', 'PATCH', docker, wrong, {}, 412],
  ['another tag', 'DELETE', docker, wrong, undefined, 412],
  ['another tag', 'PUT', whole, wrong, {}, 412],
  ['both, of which one does not hold', 'PUT', docker, { ...there, ...fresh }, dockerEntry, 412],
  ['an entry of a document', 'PUT', '/registries/dashboard/sections', there, {}, 404],
  ['an id that is none', 'PUT', '/registries/tools/%24schema', fresh, entry, 422],
  ['an id that reaches into prototypes', 'PUT', '/registries/tools/constructor', fresh, entry, 422],
  ['a registry that is none', 'PUT', '/registries/tols/git', fresh, entry, 404],
])('%s: %s %s %j', async (_, method, path, headers, body, status) => {
  const { ask, read } = await serveWritableHome()
  const answer = await ask(method, path, { role: 'admin', headers, body })
  expect([answer.status, answer.text]).toEqual([status, expect.any(String)])
  const route = path.split('/').length > 3 ? '/registries/{registry}/{id}' : '/registries/{registry}'
  const told = new Response(answer.text, { status, headers: answer.headers })
  expect(await checkAnswer({ method, path: route }, told)).toEqual([])
  if (status >= 400) {
    expect(answer.json).toMatchObject({ status, detail: expect.any(String), hint: expect.any(String) })
    expect(await read('tools')).toBe(soundTexts.tools)
  }
})

test.each(['identity', 'gzip', 'br'])(
  'a tag that came with %s is the tag of what is there',
  async encoding => {
    const { ask, read } = await serveWritableHome()
    for (const path of [whole, docker]) {
      const seen = await ask('GET', path, { headers: { 'accept-encoding': encoding } })
      const etag = seen.headers.get('etag') ?? ''
      const body = { ...seen.json, ...(path === docker ? { description: encoding } : {}) }
      const answer = await ask('PUT', path, { role: 'tool-detection', headers: { 'if-match': etag }, body })
      expect(answer.status).toBe(200)
      expect((await ask('GET', path)).headers.get('etag')).toBe(answer.headers.get('etag'))
    }
    expect(await read('tools')).toContain(`"description": "${encoding}"`)
  },
)

test('a weak tag never matches', async () => {
  const { ask } = await serveWritableHome()
  const etag = (await ask('GET', docker)).headers.get('etag')
  const headers = { 'if-match': `W/${etag}` }
  expect((await ask('PUT', docker, { role: 'admin', headers, body: dockerEntry })).status).toBe(412)
})

test('of twenty writers that have seen the same, one writes, and the others are told', async () => {
  const { ask, read, record } = await serveWritableHome()
  const etag = (await ask('GET', docker)).headers.get('etag') ?? ''
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      ask('PATCH', docker, {
        role: 'admin',
        headers: { 'if-match': etag },
        body: { description: `writer ${index}` },
      }),
    ),
  )
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(412)])
  const winner = answers.findIndex(({ status }) => status === 200)
  expect(await read('tools')).toContain(`"writer ${winner}"`)
  expect((await record()).filter(({ outcome }) => outcome === 'updated')).toHaveLength(1)
})

test('what was written is there for the next who asks', async () => {
  const { ask } = await serveWritableHome()
  for (let round = 0; round < 20; round++) {
    const body = { description: `round ${round}` }
    const headers = { 'if-match': '*' }
    const written = await ask('PATCH', docker, { role: 'admin', headers, body })
    const seen = await ask('GET', docker)
    expect(seen.json).toMatchObject(body)
    expect(seen.headers.get('etag')).toBe(written.headers.get('etag'))
  }
})

test('an entry comes and goes, and the file is as it was', async () => {
  const { ask, read } = await serveWritableHome()
  const created = await ask('PUT', '/registries/tool_registry.json/a%2Fb', {
    role: 'tool-detection',
    headers: fresh,
    body: entry,
  })
  expect([created.status, created.headers.get('location')]).toEqual([201, '/registries/tools/a%2Fb'])
  expect(created.json).toMatchObject({
    outcome: 'created',
    registry: 'tools',
    id: 'a/b',
    warnings: expect.any(Array),
  })
  const etag = created.headers.get('etag') ?? ''
  const location = created.headers.get('location') ?? ''
  expect((await ask('GET', location)).headers.get('etag')).toBe(etag)
  const gone = await ask('DELETE', location, { role: 'tool-detection', headers: { 'if-match': etag } })
  expect([gone.status, gone.json.outcome]).toEqual([200, 'removed'])
  expect((await ask('GET', location)).status).toBe(404)
  expect(await read('tools')).toBe(soundTexts.tools)
})

test('a write that changes nothing touches nothing', async () => {
  const { ask, read } = await serveWritableHome()
  const answer = await ask('PUT', docker, { role: 'admin', headers: there, body: dockerEntry })
  expect([answer.status, answer.json.outcome]).toEqual([200, 'unchanged'])
  expect(await read('tools')).toBe(soundTexts.tools)
})
