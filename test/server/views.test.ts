import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { createHost } from '../../src/platform/node/create-host.ts'
import type { WorkerPool } from '../../src/platform/worker-task.ts'
import { loadShipped } from '../registries/shipped-files.ts'
import { fileOf, readJson, startServedHome } from '../support/homes/served-home.ts'

const shipped = loadShipped()

describe('a filter', () => {
  test.each([
    ['models', 'keys | length', 'application/json', `${Object.keys(shipped.models).length}\n`],
    ['model_registry.json', '.["gpt-4o"].provider', 'application/json', '"openai"\n'],
    [
      'tools',
      '.docker, .podman | .env_var',
      'application/x-ndjson',
      '"NEXUS_HAS_DOCKER"\n"NEXUS_HAS_PODMAN"\n',
    ],
    ['tools', 'empty', 'application/x-ndjson', ''],
    [
      'all',
      'keys',
      'application/json',
      '["dashboard","ml_frameworks","models","plugins","providers","tools"]\n',
    ],
  ])('over %s: %s', async (name, filter, type, body) => {
    const { ask } = await startServedHome()
    const answer = await ask(`/query/${name}?filter=${encodeURIComponent(filter)}`)
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([type, body])
  })

  test.each([
    ['does not parse', 'keys(', 400, /^the filter does not parse/],
    ['fails', '.docker | keys | .[0].x', 422, /^the filter failed: /],
    ['never ends', 'last(range(1e12))', 422, 'the filter took longer than 2 s, and was ended'],
    ['takes all memory', '[range(1e9)] | length', 422, /memory|longer than 2 s/],
    ['is too long', `"${'x'.repeat(5000)}"`, 414, 'the filter has more than 4096 characters'],
    ['reads files', 'input_filename, (input | keys)', 422, /^the filter failed: /],
  ])('that %s is a sentence, and the next one works', async (_, filter, status, detail) => {
    const { ask } = await startServedHome()
    const answer = await ask(`/query/tools?filter=${encodeURIComponent(filter)}`)
    expect(answer.status).toBe(status)
    const problem: { detail: string } = await readJson(answer)
    if (typeof detail === 'string') expect(problem.detail).toBe(detail)
    else expect(problem.detail).toMatch(detail)
    expect(await (await ask('/query/tools?filter=length')).text()).toBe(
      `${Object.keys(shipped.tools).length}\n`,
    )
  })

  test('that prints without end is a sentence, however long that took, and the next one works', async () => {
    const { workers } = createHost({ interrupted: new AbortController().signal })
    const patient: WorkerPool = {
      ...workers,
      runJq: (request, options) => workers.runJq(request, { ...options, timeoutMs: 100_000 }),
    }
    const { ask } = await startServedHome({ host: { overrides: { workers: patient } } })
    const filter = encodeURIComponent('repeat("some text that is not short at all")')
    const answer = await ask(`/query/tools?filter=${filter}`)
    expect(answer.status).toBe(422)
    expect((await readJson<{ detail: string }>(answer)).detail).toMatch(/printed more than 8 MiB/)
    expect(await (await ask('/query/tools?filter=length')).text()).toBe(
      `${Object.keys(shipped.tools).length}\n`,
    )
  })

  test('sees no variable of the server', async () => {
    const { ask } = await startServedHome({ host: { env: { SECRET_KEY: 's3cret' } } })
    expect(await (await ask('/query/tools?filter=env,$ENV')).text()).toBe('{}\n{}\n')
  })

  test('keeps nobody else waiting', async () => {
    const { ask } = await startServedHome()
    const slow = ask('/query/tools?filter=last(range(1e12))')
    const order: string[] = []
    const quick = ask('/health').then(() => order.push('health'))
    await Promise.all([slow.then(() => order.push('filter')), quick])
    expect(order).toEqual(['health', 'filter'])
  })
})

describe('the graph', () => {
  test('as JSON has what is ready here', async () => {
    const { ask } = await startServedHome()
    const { nodes } = await readJson<{ nodes: object[] }>(await ask('/graph.json'))
    expect(nodes).toContainEqual(
      expect.objectContaining({ id: 'tools/docker', kind: 'tool', status: 'unknown' }),
    )
  })

  test.each([
    ['svg', 'image/svg+xml', /^<svg /],
    ['mmd', 'text/vnd.mermaid; charset=utf-8', /^flowchart /],
    ['dot', 'text/vnd.graphviz; charset=utf-8', /^digraph /],
  ])('comes as %s, and a client that has it gets it once', async (extension, type, start) => {
    const { ask } = await startServedHome()
    const answer = await ask(`/graph.${extension}`)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(await answer.text()).toMatch(start)
    const again = await ask(`/graph.${extension}`, {
      headers: { 'if-none-match': answer.headers.get('etag') ?? '' },
    })
    expect(again.status).toBe(304)
  })

  test('has what the hyper registry declares for those alone who may read that', async () => {
    const { ask, token } = await startServedHome()
    const idsFor = async (role?: 'admin') => {
      const answer = await ask('/graph.json', { token: role && (await token(role)) })
      const { nodes } = await readJson<{ nodes: { id: string }[] }>(answer)
      return nodes.map(({ id }) => id)
    }
    expect(await idsFor()).not.toContain('provider_adapters')
    expect(await idsFor('admin')).toContain('provider_adapters')
  })
})

describe('an explanation', () => {
  test('says what is in the way, by what the last sync found', async () => {
    const { ask } = await startServedHome()
    expect(await (await ask('/explain/tools/docker')).json()).toMatchObject({
      ref: 'tools/docker',
      status: 'unknown',
      causes: [{ ref: 'tools/docker', reason: 'it has not been detected yet' }],
    })
  })

  test('of something that needs what may not be seen says so, and no more', async () => {
    const { ask, token } = await startServedHome()
    const [seen, whole] = await Promise.all(
      [undefined, await token('admin')].map(async each =>
        (await ask('/explain/models/gpt-4o', { token: each })).json(),
      ),
    )
    expect(JSON.stringify(seen)).not.toContain('microservices/')
    expect(JSON.stringify(whole)).toContain('microservices/')
  })

  test.each([
    ['/explain/tools/nothing', 404],
    ['/explain/dashboard/sections', 404],
    ['/explain/microservices/aefa', 401],
  ])('%s answers %i', async (path, status) => {
    const { ask } = await startServedHome()
    expect((await ask(path)).status).toBe(status)
  })
})

describe('variables', () => {
  const found = { status: 'present', path: '/usr/bin/it', version: '1.2.3', evidence: 'path', reason: null }

  test('are what the last sync found', async () => {
    const { ask, home, host } = await startServedHome()
    const tools = JSON.parse(await readFile(fileOf(home, 'tools'), 'utf8'))
    tools.docker.detected = { ...found, checked_at: new Date(host.clock.now()).toISOString() }
    await host.fs.remove(fileOf(home, 'tools'))
    await host.fs.createFile(fileOf(home, 'tools'), JSON.stringify(tools), 0o644)
    await expect
      .poll(async () => (await readJson<Record<string, string>>(await ask('/env.json'))).NEXUS_HAS_DOCKER)
      .toBe('1')
    const script = await (await ask('/env.sh')).text()
    const shell = execFileSync('sh', ['-c', `${script}printf %s "$NEXUS_HAS_DOCKER$NEXUS_HAS_PODMAN"`])
    expect(shell.toString()).toBe('10')
  })
})
