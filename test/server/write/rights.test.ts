import { expect, test } from 'vitest'
import type { Role } from '../../../src/registry/schema/access.ts'
import { serveWritableHome, writableTexts } from '../../support/homes/writable-home.ts'

const there = { 'if-match': '*' }
const hyper = JSON.parse(writableTexts.hyper)
const { access_control: control, ...withoutControl } = hyper
const more = { ...control, tools: { read: 'public', write: 'orchestrator', admin: 'admin' } }

test.each<[string, Role, body: object, status: number]>([
  [
    'a role that writes the hyper registry may not write access_control',
    'orchestrator',
    { ...hyper, access_control: more },
    403,
  ],
  ['nor empty it', 'orchestrator', { ...hyper, access_control: {} }, 403],
  [
    'nor rename what it grants',
    'orchestrator',
    { ...hyper, access_control: { ...control, 'hyper.json': 'public_read' } },
    403,
  ],
  ['it may send it as it is', 'orchestrator', { ...hyper, name: 'x' }, 204],
  ['or leave it out', 'orchestrator', { ...withoutControl, name: 'x' }, 204],
  ['admin may write it', 'admin', { ...hyper, access_control: more }, 200],
])('%s', async (_, role, body, status) => {
  const { ask, read } = await serveWritableHome()
  const answer = await ask('PUT', '/registries/hyper', { role, headers: there, body })
  expect([answer.status, answer.text]).toEqual([status, expect.any(String)])
  const now = JSON.parse(await read('hyper'))
  expect(now.access_control).toEqual(status === 200 ? more : control)
  expect(now.name).toBe(status === 204 ? 'x' : undefined)
})

test('who may not read what he writes gets neither a body nor a tag', async () => {
  const { ask } = await serveWritableHome()
  for (const body of [hyper, { ...withoutControl, name: 'x' }]) {
    const answer = await ask('PUT', '/registries/hyper', { role: 'orchestrator', headers: there, body })
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([204, '', null])
  }
  const wrong = { 'if-match': '"0123456789abcdef0123456789abcdef"' }
  const refused = await ask('PUT', '/registries/hyper', { role: 'orchestrator', headers: wrong, body: hyper })
  expect([refused.status, refused.headers.get('etag')]).toEqual([412, null])
  const seen = await ask('PUT', '/registries/hyper', { role: 'admin', headers: wrong, body: hyper })
  expect(seen.headers.get('etag')).toBe(
    (await ask('GET', '/registries/hyper', { role: 'admin' })).headers.get('etag'),
  )
})

test('what does not fit to a registry that the writer may not see is told without a word of it', async () => {
  const secret = { id: 'secret-node', label: 'secret label' }
  const graph = { ...hyper.dependency_graph, nodes: [...hyper.dependency_graph.nodes, secret] }
  const edges = [...graph.edges, { from: 'tools/git', to: 'secret-node', type: 'requires' }]
  const git = '"git": { "detection": "which git", "env_var": "NEXUS_HAS_GIT" },'
  const texts = {
    hyper: JSON.stringify({ ...hyper, dependency_graph: { ...graph, edges } }, null, 2),
    tools: writableTexts.tools.replace('"docker"', `${git}\n  "docker"`),
  }
  const { ask, read } = await serveWritableHome({ texts })
  const asTool = await ask('DELETE', '/registries/tools/git', { role: 'tool-detection', headers: there })
  expect([asTool.status, asTool.json.diagnostics]).toEqual([422, []])
  expect(asTool.text).not.toContain('secret')
  const asAdmin = await ask('DELETE', '/registries/tools/git', { role: 'admin', headers: there })
  expect(asAdmin.status).toBe(422)
  expect(asAdmin.json.diagnostics).toEqual([
    expect.objectContaining({
      registry: 'hyper',
      rule: 'dangling-edge',
      message: expect.stringContaining('tools/git'),
    }),
  ])
  expect(await read('tools')).toBe(texts.tools)
})

test('who may not read what he writes is told what is wrong with what he sends, and with nothing else', async () => {
  const { ask } = await serveWritableHome()
  const body = { ...withoutControl, registry_type: 'hyperr', metadata: {} }
  const answer = await ask('PUT', '/registries/hyper', { role: 'orchestrator', headers: there, body })
  expect(answer.status).toBe(422)
  expect(JSON.stringify(answer.json.diagnostics)).toContain('/registry_type')
  expect(answer.text).not.toContain('tool-detection')
})

test('a hint never names what the writer may not see', async () => {
  const hidden = { ...control, adapters: { read: 'admin', write: 'adapter-deploy', admin: 'admin' } }
  const texts = { hyper: JSON.stringify({ ...hyper, access_control: hidden }, null, 2) }
  const { ask } = await serveWritableHome({ texts })
  // "acme_adapter" is near enough to be suggested to whoever may see it.
  const body = {
    type: 'core',
    path: 'a',
    version: '1.0.0',
    requires: ['acme_adapte'],
    dependencies: [],
    functions: [],
  }
  const headers = { 'if-none-match': '*' }
  const asPlugin = await ask('PUT', '/registries/plugins/new', { role: 'plugin-loader', headers, body })
  expect(asPlugin.status).toBe(422)
  expect(asPlugin.text).not.toContain('acme_adapter')
  const asAdmin = await ask('PUT', '/registries/plugins/new', { role: 'admin', headers, body })
  expect(asAdmin.text).toContain('acme_adapter')
})

test('warnings come with what was done', async () => {
  const { ask } = await serveWritableHome()
  const headers = { 'if-none-match': '*' }
  const body = { detection: 'which git', env_var: 'NEXUS_HAS_GIT' }
  const asTool = await ask('PUT', '/registries/tools/git', { role: 'tool-detection', headers, body })
  expect(asTool.json.warnings).toEqual([
    expect.objectContaining({
      registry: 'tools',
      rule: 'missing-ui-mapping',
      severity: 'warning',
      pointer: '/git',
    }),
  ])
  const asAdmin = await ask('PUT', '/registries/tools/hg', {
    role: 'admin',
    headers,
    body: { ...body, env_var: 'NEXUS_HAS_HG' },
  })
  // The number that the hyper registry expects.
  expect(JSON.stringify(asAdmin.json.warnings)).toContain('entry-count')
})

test('a right that is taken away while a writer waits is gone', async () => {
  const { ask, read, host, write } = await serveWritableHome()
  const closed = writableTexts.hyper.replace('"write": "tool-detection"', '"write": "admin"')
  await ask('GET', '/registries/tools', { role: 'tool-detection' })
  const { realPath } = host.fs
  // Asked when access was judged by what was served, and before the files are read under the lock.
  Object.assign(host.fs, {
    realPath: async (path: string) => {
      await write('hyper', closed)
      return realPath(path)
    },
  })
  const body = { description: 'x' }
  const answer = await ask('PATCH', '/registries/tools/docker', {
    role: 'tool-detection',
    headers: there,
    body,
  })
  Object.assign(host.fs, { realPath })
  expect(answer.status).toBe(403)
  expect(await read('tools')).toBe(writableTexts.tools)
})

test('an upstream has the last word on its entries, and this home on its own', async () => {
  const upstream = { ...hyper.sub_registries.tools, url: 'https://secret.example/tools.json' }
  const texts = {
    hyper: JSON.stringify(
      { ...hyper, sub_registries: { ...hyper.sub_registries, tools: upstream } },
      null,
      2,
    ),
    tools: writableTexts.tools.replace('"docker": {', '"docker": {\n    "x-local": true,'),
  }
  const { ask } = await serveWritableHome({ texts })
  const patch = (id: string) =>
    ask('PATCH', `/registries/tools/${id}`, {
      role: 'tool-detection',
      headers: there,
      body: { description: 'x' },
    })
  const refused = await patch('podman')
  expect([refused.status, refused.json.hint]).toEqual([409, expect.stringContaining('x-local')])
  expect(refused.text).not.toContain('secret')
  expect((await patch('docker')).status).toBe(200)
})
