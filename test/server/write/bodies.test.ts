import { expect, test } from 'vitest'
import { serveWritableHome, writableTexts } from '../../support/homes/writable-home.ts'
import { hazards, randomStrings } from '../../support/hostile-strings.ts'

const there = { 'if-match': '*' }
const deep = `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`

test.each<[string, body: string | Uint8Array, status: number, told: RegExp]>([
  ['nothing', '', 400, /the body is empty/],
  ['no JSON', '{"a": 1,}', 400, /line 1, column 9: a comma before/],
  ['half of it', '{"a": "b', 400, /column 9: a string is not closed before the end of the body/],
  ['two documents', '{} {}', 400, /expected the end of the body/],
  ['a key twice', '{"description": "a",\n "description": "b"}', 400, /line 2, column 2: .* a second time/],
  ['a key that reaches into prototypes', '{"__proto__": {"x": 1}}', 400, /"__proto__\\" is not allowed/],
  ['such a key deep inside', '{"x-a": [{"constructor": 1}]}', 400, /constructor/],
  ['too deep a nesting', deep, 400, /nested deeper than 64/],
  ['a number out of range', '{"x-a": 1e999}', 400, /1e999 is out of range/],
  ['no number', '{"x-a": NaN}', 400, /expected a value/],
  ['a byte order mark', '\ufeff{}', 400, /byte order mark/],
  ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, /not UTF-8/],
  ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), 400, /not UTF-8/],
  ['a list', '[]', 422, /expected an object/],
  ['null', 'null', 422, /expected an object/],
  ['a text', '"x"', 422, /expected an object/],
  ['a key that is not known', '{"detction": "which a"}', 422, /Did you mean/],
  ['a command for a shell', '{"detection": "a | b"}', 422, /shell/],
  ['a variable that is no export', '{"env_var": "PATH"}', 422, /NEXUS_HAS_DOCKER/],
  ['a pattern without end', '{"version_pattern": "(a)(?=b)"}', 422, /cannot be used/],
  ['an entry of a megabyte', JSON.stringify({ 'x-a': 'x'.repeat(1024 * 1024 - 20) }), 200, /updated/],
  ['a byte more than a megabyte', JSON.stringify({ 'x-a': 'x'.repeat(1024 * 1024) }), 413, /too large/],
])('a body of %s', async (_, body, status, told) => {
  const { ask, read } = await serveWritableHome()
  const answer = await ask('PATCH', '/registries/tools/docker', { role: 'admin', headers: there, body })
  expect(answer.status).toBe(status)
  expect(answer.text).toMatch(told)
  expect(answer.text).not.toMatch(/nexus-registry-test|\/tmp\//)
  if (status !== 200) expect(await read('tools')).toBe(writableTexts.tools)
  expect((await ask('GET', '/registries/tools')).status).toBe(200)
})

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
  'a body of type %s is not taken',
  async type => {
    const { ask } = await serveWritableHome()
    const headers = { ...there, 'content-type': type }
    expect(
      (await ask('PUT', '/registries/tools/docker', { role: 'admin', headers, body: '{}' })).status,
    ).toBe(415)
  },
)

test('hostile texts are kept as they are, and come back as they are', async () => {
  const { ask } = await serveWritableHome()
  const body = {
    'x-hostile': [...hazards, ...randomStrings({ seed: 1, count: 200 })].map(text => text.toWellFormed()),
  }
  expect(
    (await ask('PATCH', '/registries/tools/docker', { role: 'admin', headers: there, body })).status,
  ).toBe(200)
  expect((await ask('GET', '/registries/tools/docker')).json).toMatchObject(body)
})

test('a patch is a JSON Merge Patch', async () => {
  const { ask, read } = await serveWritableHome()
  const answer = await ask('PATCH', '/registries/tools/docker', {
    role: 'admin',
    headers: { ...there, 'content-type': 'application/merge-patch+json' },
    body: { min_version: null, install: { apt: 'docker.io', brew: null }, 'x-a': 1, $schema: null },
  })
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)])
  const { min_version: _, ...rest } = JSON.parse(writableTexts.tools).docker
  expect(JSON.parse(await read('tools')).docker).toEqual({ ...rest, install: { apt: 'docker.io' }, 'x-a': 1 })
})

test.each<[string, broken: string, single: number]>([
  ['that is no JSON', '{"docker": ', 409],
  ['that is no object', '[]', 409],
  ['that has an id twice', '{"docker": {"detection": 1}, "docker": 2}', 200],
  ['that has two broken entries', '{"docker": {"detection": 1}, "podman": {}}', 422],
])('a whole registry %s can be put right', async (_, broken, status) => {
  const { ask, read } = await serveWritableHome({ texts: { tools: broken } })
  const body = JSON.parse(writableTexts.tools)
  const fresh = { 'if-none-match': '*' }
  const single = await ask('PUT', '/registries/tools/docker', {
    role: 'admin',
    headers: fresh,
    body: body.docker,
  })
  expect([single.status, single.text]).toEqual([status, expect.any(String)])
  const whole = await ask('PUT', '/registries/tools', { role: 'admin', headers: there, body })
  expect([whole.status, whole.text]).toEqual([200, expect.any(String)])
  expect(Object.keys(JSON.parse(await read('tools'))).toSorted()).toEqual([
    '$schema',
    'docker',
    'gpu',
    'podman',
  ])
})

test('$schema stays when it is left out, and is written when it is not', async () => {
  const { ask, read } = await serveWritableHome()
  const { $schema, ...body } = JSON.parse(writableTexts.tools)
  const put = (value: object) =>
    ask('PUT', '/registries/tools', { role: 'admin', headers: there, body: value })
  await put(body)
  expect(await read('tools')).toBe(writableTexts.tools)
  await put({ ...body, $schema: './s.json' })
  expect(await read('tools')).toBe(writableTexts.tools.replace($schema, './s.json'))
})
