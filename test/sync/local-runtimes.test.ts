import { setTimeout } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { toExportResult } from '../../src/env/exports.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import type { WebRequest, WebResponse } from '../../src/platform/http.ts'
import { renderSyncReport, toSyncView } from '../../src/sync/render-report.ts'
import { createPeerHome, type PeerHomeOptions, service } from '../support/homes/target-home.ts'
import { findFreePort } from '../support/servers/health-server.ts'
import { json, type RuntimeReply, startRuntimeServer } from '../support/servers/runtime-server.ts'

const llama = { name: 'llama3.2:latest', model: 'llama3.2:latest', size: 5 }

const ollamaRoutes: Readonly<Record<string, RuntimeReply>> = {
  '/': { body: 'Ollama is running' },
  '/api/version': json({ version: '0.5.1' }),
  '/api/tags': json({ models: [llama] }),
  '/api/ps': json({ models: [{ ...llama, size_vram: 4, context_length: 4096 }] }),
}

const ollama = {
  endpoint: 'http://127.0.0.1:11434/v1/chat/completions',
  kind: 'local',
  runtime: 'ollama',
  host_env: 'OLLAMA_HOST',
  base_url: 'http://127.0.0.1:11434',
  auth_type: 'none',
  models: [],
}

/** A home with Ollama, at the address that a variable names. */
function createOllamaHome(
  address: string,
  { more = {}, ...options }: PeerHomeOptions & { more?: object } = {},
) {
  return createPeerHome({
    ...options,
    providers: { ollama: { ...ollama, ...more } },
    env: { OLLAMA_HOST: address },
  })
}

const found = {
  id: 'llama3.2:latest',
  size_bytes: 5,
  quantization: null,
  context_tokens: 4096,
  loaded: true,
  vram_bytes: 4,
}

async function exportedBy(home: Awaited<ReturnType<typeof createPeerHome>>): Promise<string | undefined> {
  const { variables } = await toExportResult(await home.snapshot(), home.host)
  return variables.find(({ name }) => name === 'NEXUS_HAS_OLLAMA')?.value
}

describe('a sync', () => {
  test('writes what a runtime says, and later that it is down, with what was known', async () => {
    const server = await startRuntimeServer(ollamaRoutes)
    const home = await createOllamaHome(server.url)
    const { report } = await home.sync()
    const { ollama: up } = await home.detected('providers')
    expect(up).toMatchObject({ status: 'up', version: '0.5.1', models: [found], reason: null })
    expect(report.detections.providers).toEqual({ ollama: up })
    expect(report.changes).toContainEqual({ ref: 'providers/ollama', field: 'status', from: null, to: 'up' })
    expect(await home.findings('providers')).toEqual([])
    expect(await exportedBy(home)).toBe('1')

    const address = `127.0.0.1:${await findFreePort()}`
    await home.sync({}, { env: { ...home.host.env, OLLAMA_HOST: address } })
    const { ollama: down } = await home.detected('providers')
    expect(down).toMatchObject({
      status: 'down',
      version: null,
      latency_ms: null,
      models: [{ ...found, loaded: false, vram_bytes: null }],
      reason: `nothing listens at http://${address}, which OLLAMA_HOST names`,
      last_up_at: Object(up).checked_at,
    })
    expect(await home.findings('providers')).toEqual([])
    expect(await exportedBy(home)).toBe('0')
  })

  test('that is quick sends no request, and leaves what is known', async () => {
    const server = await startRuntimeServer(ollamaRoutes)
    const home = await createOllamaHome(server.url)
    await home.sync()
    const [before, count] = [await home.read('providers'), server.requests.length]
    const { report } = await home.sync({ mode: 'quick' })
    expect(server.requests).toHaveLength(count)
    expect(await home.read('providers')).toBe(before)
    expect(report.detections.providers).toEqual({})
    expect(await exportedBy(home)).toBe('1')
  })

  const refusals: [what: string, options: PeerHomeOptions & { more?: object }, reason: RegExp][] = [
    ['of a home that is not trusted', { isTrusted: false }, /a home that is not trusted are not checked$/],
    [
      'from an upstream',
      { more: { 'x-upstream': 'https://far.example/x' } },
      /^its address came over the network \(https:\/\/far\.example\/x\), and gets no request$/,
    ],
  ]
  test.each(refusals)('sends no request to a runtime %s', async (_, options, reason) => {
    const server = await startRuntimeServer(ollamaRoutes)
    const home = await createOllamaHome(server.url, options)
    await home.sync()
    expect(server.requests).toEqual([])
    const { ollama: detected } = await home.detected('providers')
    expect(detected).toMatchObject({ status: 'unknown', reason: expect.stringMatching(reason), models: [] })
  })

  const elsewhere =
    /^http:\/\/10\.0\.0\.5:11434, which OLLAMA_HOST names, leads to another machine, which allow_private/

  test('sends no request to another machine', async () => {
    const home = await createOllamaHome('10.0.0.5')
    await home.sync()
    const { ollama: detected } = await home.detected('providers')
    expect(detected).toMatchObject({ status: 'unknown', reason: expect.stringMatching(elsewhere) })
  })

  test('queries another machine that the configuration lists, and nothing by a proxy', async () => {
    const home = await createOllamaHome('10.0.0.5')
    const sent: WebRequest[] = []
    const sendRequest = async (request: WebRequest): Promise<WebResponse> => {
      sent.push(request)
      return { outcome: 'refused' }
    }
    await home.sync({ network: { allowPrivate: ['10.0.0.0/8'], upstreams: {} } }, { sendRequest })
    const toRuntime = sent.filter(({ url }) => url.includes(':11434'))
    expect(toRuntime.map(({ url, reach, method }) => ({ url, reach, method }))).toEqual([
      { url: 'http://10.0.0.5:11434/', reach: { kind: 'listed', addresses: ['localhost', '10.0.0.0/8'] } },
    ])
    const { ollama: detected } = await home.detected('providers')
    expect(detected).toMatchObject({ status: 'down' })
  })

  test('that is interrupted while a service does not respond yet rejects only to its caller', async () => {
    const services = { slow: service('http://127.0.0.1:9') }
    const home = await createOllamaHome('127.0.0.1', { services })
    const interruption = new AbortController()
    let start = () => {}
    const started = new Promise<void>(resolve => {
      start = resolve
    })
    const unhandled: unknown[] = []
    const listen = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', listen)
    onTestFinished(() => void process.off('unhandledRejection', listen))
    const sendRequest = async ({ url }: WebRequest): Promise<WebResponse> => {
      if (url.includes(':9/')) {
        start()
        await setTimeout(10)
      } else {
        await started
        interruption.abort(new Error('interrupted'))
      }
      return { outcome: 'refused' }
    }
    const interrupted = { sendRequest, interrupted: interruption.signal }
    await expect(home.sync({}, interrupted)).rejects.toThrow('interrupted')
    expect(unhandled).toEqual([])
  })

  test('prints which runtimes are up', async () => {
    const server = await startRuntimeServer(ollamaRoutes)
    const home = await createOllamaHome(server.url)
    const { report, snapshot } = await home.sync()
    const view = { ...toSyncView(report, snapshot), isWritten: true }
    const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
    const text = await renderSyncReport(view, { style, width: undefined })
    expect(text).toContain('1 of 1 local runtime up (ollama: 1 model)')
    expect(text).not.toContain('configured')
  })
})
