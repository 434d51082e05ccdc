import { expect, test } from 'vitest'
import { withAccess } from '../support/homes/access-texts.ts'
import { localProvider, runtimeModel, upWith, wasUpWith } from '../support/homes/local-home.ts'
import { startServedHome } from '../support/homes/served-home.ts'
import { soundTexts } from '../support/homes/valid-home.ts'

type Read = 'public_read' | 'auth_read'

function serveRuntime(detected: object, access: Partial<Record<'providers' | 'models', Read>> = {}) {
  const providers = { ...JSON.parse(soundTexts.providers), ollama: localProvider('ollama', 1, detected) }
  const texts = withAccess({ providers: 'public_read', models: 'public_read', ...access })
  return startServedHome({ texts: { ...texts, providers: JSON.stringify(providers) } })
}

const up = upWith([runtimeModel('llama3.2:latest'), runtimeModel('a/b c')])
const readText = async (response: Promise<Response>) => (await response).text()

test('a model of a local runtime has an entry, an explanation and a node', async () => {
  const { ask } = await serveRuntime(up)
  const entry = await ask('/registries/models/ollama%2Fllama3.2:latest')
  expect(await entry.json()).toMatchObject({ provider: 'ollama', source: 'local', loaded: false })
  const rows = [
    ['ollama%2Fllama3.2', 'models/ollama/llama3.2:latest', 'ready', null],
    ['ollama%2Fa%2Fb%20c', 'models/ollama/a/b c', 'ready', null],
    ['ollama%2Fqwen3', 'models/ollama/qwen3', 'not ready', 'ollama pull qwen3'],
  ] as const
  for (const [id, ref, status, command] of rows) {
    const response = await ask(`/explain/models/${id}`)
    expect(await response.json()).toMatchObject({
      ref,
      status,
      causes: command === null ? [] : [{ fix: { command } }],
    })
  }
  expect(await readText(ask('/graph.json'))).toContain('models/ollama/llama3.2:latest')
  expect(await readText(ask('/query/models?filter=length'))).toBe('5\n')
  expect(await readText(ask('/registries/models'))).toBe(soundTexts.models)
})

test.each([
  ['providers', { providers: 'auth_read' }],
  ['models', { models: 'auth_read' }],
] as const)('who may not read %s sees no model of a local runtime', async (_, access) => {
  const { ask, token } = await serveRuntime(up, access)
  const paths = [
    '/graph.json',
    '/graph.mmd',
    '/dashboard.json',
    '/registries/models/ollama%2Fllama3.2:latest',
    '/explain/models/ollama%2Fllama3.2:latest',
    '/explain/models/ollama%2Fqwen3',
    '/health/ollama',
  ]
  for (const path of paths) {
    const text = await readText(ask(path))
    expect([
      path,
      /"models\/ollama\/|ollama pull|2019393189|llama3\.2:latest"[,\s]*[\]\n]/.test(text),
    ]).toEqual([path, false])
  }
  const response = await ask('/registries/models/ollama%2Fllama3.2:latest', { token: await token('admin') })
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'private, no-cache'])
})

test.each([
  ['up', up, 200, { status: 'ready', reachable: true, latency_ms: 3, models: ['llama3.2:latest', 'a/b c'] }],
  ['down', wasUpWith([]), 503, { status: 'not ready', reachable: false, latency_ms: null }],
  [
    'unknown',
    upWith([], { status: 'unknown', reason: 'it hung' }),
    203,
    { status: 'unknown', reachable: null },
  ],
] as const)('the health of a runtime that is %s', async (_, detected, status, body) => {
  const response = await (await serveRuntime(detected)).ask('/health/ollama')
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ provider: 'ollama', configured: true, ...body })
})
