import { readFile, rm, writeFile } from 'node:fs/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { fileOf, readJson, startServedHome } from '../support/homes/served-home.ts'

const path = '/registries/tool_registry.json'

describe('a registry', () => {
  test.each(['tool_registry.json', 'tool_registry', 'tool', 'tools'])(
    'is found as %s, and is its file',
    async name => {
      const { ask, home } = await startServedHome()
      const answer = await ask(`/registries/${name}`, { headers: { 'accept-encoding': 'identity' } })
      expect(await answer.text()).toBe(await readFile(fileOf(home, 'tools'), 'utf8'))
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'application/json',
        'cache-control': 'no-cache',
        vary: 'Accept-Encoding, Authorization',
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      })
    },
  )

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
    ['GZIP', gunzipSync],
  ])('comes packed with %s, under a tag of its own', async (accepted, unpack) => {
    const encoding = accepted.toLowerCase()
    const { url, ask, home } = await startServedHome()
    const plain = await ask(path, { headers: { 'accept-encoding': 'identity' } })
    const packed = await askRaw(`${url}${path}`, { 'accept-encoding': accepted })
    expect(packed.headers['content-encoding']).toBe(encoding)
    expect(unpack(packed.body).toString()).toBe(await readFile(fileOf(home, 'tools'), 'utf8'))
    expect(packed.headers.etag).toBe(plain.headers.get('etag')?.replace(/"$/, `-${encoding}"`))
    expect(packed.body.length).toBeLessThan((await plain.text()).length / 3)
  })

  test.each<[string, (etag: string) => string, number]>([
    ['its tag', etag => etag, 304],
    ['a weak form of it', etag => `W/${etag}`, 304],
    ['it among others', etag => `"other", ${etag}`, 304],
    ['anything', () => '*', 304],
    ['another tag', () => '"other"', 200],
  ])('is not sent again to a client that has %s', async (_, toTag, status) => {
    const { ask } = await startServedHome()
    const first = await ask(path, { headers: { 'accept-encoding': 'identity' } })
    const headers = { 'accept-encoding': 'identity', 'if-none-match': toTag(first.headers.get('etag') ?? '') }
    const second = await ask(path, { headers })
    expect(second.status).toBe(status)
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'))
    expect((await second.text()) === '').toBe(status === 304)
  })

  test('that is edited is served as it is then, at once', async () => {
    const { ask, home } = await startServedHome()
    const before = (await ask(path)).headers.get('etag')
    const text = (await readFile(fileOf(home, 'tools'), 'utf8')).replace('"Docker"', '"Whale"')
    await writeFile(fileOf(home, 'tools'), text)
    await expect.poll(async () => (await ask(path)).text()).toBe(text)
    expect((await ask(path)).headers.get('etag')).not.toBe(before)
  })

  test('in which an entry is broken is served without it', async () => {
    const { ask, home } = await startServedHome()
    const tools = JSON.parse(await readFile(fileOf(home, 'tools'), 'utf8'))
    await writeFile(fileOf(home, 'tools'), JSON.stringify({ ...tools, docker: { detection: 1 } }))
    await expect
      .poll(async () => Object.keys(await readJson<object>(await ask(path))))
      .not.toContain('docker')
  })

  test('of which there is no file and no copy is not there for now, and says what to do', async () => {
    const { ask, home } = await startServedHome()
    await rm(fileOf(home, 'tools'))
    await expect.poll(async () => (await ask(path)).status).toBe(503)
    expect(await (await ask(path)).json()).toMatchObject({ status: 503, hint: expect.any(String) })
  })

  test('answers HEAD with the headers alone', async () => {
    const { ask } = await startServedHome()
    const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })]
    expect(await head.text()).toBe('')
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
  })
})

test.each([
  ['/registries/models/gpt-4o', 200, { provider: 'openai' }],
  ['/registries/models/gpt-9', 404, { detail: 'models has no entry "gpt-9"' }],
  ['/registries/models/constructor', 404, { detail: 'models has no entry "constructor"' }],
  ['/registries/dashboard/sections', 404, { detail: 'dashboard is a document, and has no entries' }],
  ['/registries/modles', 404, { detail: 'there is no registry "modles"' }],
  ['/registries/models/openai%2Fgpt-oss-120b', 200, { provider: 'groq' }],
  ['/registries/models/openai/gpt-oss-120b', 404, { hint: 'A slash in an id is written as %2F' }],
  ['/explain/models/openai/gpt-oss-120b', 404, { hint: 'A slash in an id is written as %2F' }],
  ['/nowhere?token=x', 404, { detail: 'there is nothing at "/nowhere"' }],
])('%s answers %i', async (place, status, body) => {
  const { ask } = await startServedHome()
  const answer = await ask(place)
  expect(answer.status).toBe(status)
  expect(await answer.json()).toMatchObject(body)
})

/** What was sent, as it was sent: fetch unpacks. */
async function askRaw(url: string, headers: Record<string, string>) {
  const { get } = await import('node:http')
  return new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    get(url, { headers }, response => {
      const parts: Buffer[] = []
      response.on('data', part => parts.push(part))
      response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(parts) }))
    }).on('error', reject)
  })
}

test.each([
  ['halt_error', /"docker"/],
  ['"no" | halt_error', /: no$/],
  ['"no" | halt_error(0)', /: no$/],
  ['"no" | halt_error(1)', /: no$/],
  ['"no" | halt_error(4)', /: no$/],
  ['"no" | halt_error(256)', /: no$/],
  ['1, ("no" | halt_error(1))', /: no$/],
  ['"" | halt_error(1)', /without a message$/],
  ['error("no")', /: no$/],
  ['error(null)', /null/],
  ['{} | halt_error("x")', /number required$/],
  ['input', /No more inputs|break/],
])('%s is an error over HTTP', async (filter, detail) => {
  const { ask } = await startServedHome()
  const answer = await ask(`/query/tools?filter=${encodeURIComponent(filter)}`)
  expect(answer).toMatchObject({ status: 422, headers: expect.any(Headers) })
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(await answer.json()).toMatchObject({ detail: expect.stringMatching(detail) })
})

test.each([
  ['halt', ''],
  ['empty', ''],
  ['debug | empty', ''],
  ['"x" | stderr | empty', ''],
  ['"x" | stderr', '"x"\n'],
  ['env, $ENV', '{}\n{}\n'],
  ['[limit(0; 1, 2)]', '[]\n'],
  ['input_filename', '"<stdin>"\n'],
  ['"a b" | @sh', `"'a b'"\n`],
])('%s is no error over HTTP', async (filter, body) => {
  const { ask } = await startServedHome()
  const answer = await ask(`/query/tools?filter=${encodeURIComponent(filter)}`)
  expect({ status: answer.status, body: await answer.text() }).toEqual({ status: 200, body })
})

test('a filter that fails with all that it was given does not send that back', async () => {
  const { ask } = await startServedHome()
  const answer = await ask('/query/tools?filter=halt_error')
  expect(answer.status).toBe(422)
  expect((await answer.text()).length).toBeLessThan(1000)
})
