import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { addRegistryMetrics } from '../../src/server/metrics.ts'
import { withAccess } from '../support/homes/access-texts.ts'
import { type ServedHome, startServedHome } from '../support/homes/served-home.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { hazards } from '../support/hostile-strings.ts'
import { type Metric, parseMetrics } from '../support/servers/parse-metrics.ts'
import { createTestHost } from '../support/test-host.ts'

const looked = {
  path: null,
  version: null,
  evidence: null,
  reason: 'x',
  checked_at: '2026-11-23T08:00:00.000Z',
}

function withDetected(text: string, statuses: Record<string, object>): string {
  const entries = JSON.parse(text)
  for (const [id, detected] of Object.entries(statuses)) entries[id].detected = detected
  return JSON.stringify(entries)
}

const texts = {
  ...withAccess({ tools: 'public_read', microservices: 'auth_read' }),
  tools: withDetected(soundTexts.tools, {
    docker: { ...looked, status: 'present', path: '/x', evidence: 'path', reason: null },
    podman: { ...looked, status: 'absent' },
  }),
  microservices: withDetected(soundTexts.microservices, {
    metrics: { status: 'up', latency_ms: 1, reason: null, checked_at: looked.checked_at },
  }),
}

async function scrape({ url }: ServedHome, token?: string) {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const answer = await fetch(`${url}/metrics`, { headers })
  const text = await answer.text()
  return { answer, text, metrics: parseMetrics(text) }
}

function valuesOf(metrics: ReadonlyMap<string, Metric>, name: string) {
  return metrics.get(name)?.samples.map(({ labels, value }) => [labels, value])
}

describe('GET /metrics', () => {
  test('is the text format of Prometheus, with a word of help for everything', async () => {
    const { answer, metrics } = await scrape(await startServedHome({ texts }))
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const own = [...metrics.values()].filter(({ name }) => name.startsWith('nexus_'))
    expect(own.map(({ name }) => name).sort()).toMatchInlineSnapshot(`
      [
        "nexus_registry_age_seconds",
        "nexus_registry_build_info",
        "nexus_registry_capability",
        "nexus_registry_entries",
        "nexus_registry_entries_broken",
        "nexus_registry_entries_expected",
        "nexus_registry_event_streams",
        "nexus_registry_event_streams_dropped_total",
        "nexus_registry_fresh",
        "nexus_registry_http_request_duration_seconds",
        "nexus_registry_http_requests_total",
        "nexus_registry_provider_configured",
        "nexus_registry_service_up",
        "nexus_registry_sync_failures",
      ]
    `)
    expect(own.filter(({ help }) => !/^[A-Z].+\.$/.test(help))).toEqual([])
    expect([...metrics.keys()]).toEqual(
      expect.arrayContaining(['process_cpu_seconds_total', 'process_resident_memory_bytes']),
    )
    const counters = [...metrics.values()].filter(({ type }) => type === 'counter')
    expect(counters.filter(({ name }) => !name.endsWith('_total'))).toEqual([])
  })

  test('tells the public what is public, and of nothing else that it is there', async () => {
    const served = await startServedHome({ texts })
    const { text, metrics } = await scrape(served)
    expect(valuesOf(metrics, 'nexus_registry_entries')).toEqual([[{ registry: 'tools' }, 3]])
    expect(valuesOf(metrics, 'nexus_registry_fresh')).toEqual([[{ registry: 'tools' }, 0]])
    expect(valuesOf(metrics, 'nexus_registry_sync_failures')).toEqual([[{ registry: 'tools' }, 0]])
    expect(valuesOf(metrics, 'nexus_registry_age_seconds')).toEqual([])
    expect(valuesOf(metrics, 'nexus_registry_entries_expected')).toEqual([])
    expect(valuesOf(metrics, 'nexus_registry_service_up')).toEqual([])
    expect(valuesOf(metrics, 'nexus_registry_capability')).toEqual([
      [{ id: 'docker', registry: 'tools' }, 1],
      [{ id: 'podman', registry: 'tools' }, 0],
    ])
    expect(text).not.toMatch(/microservices|plugins|models|providers|hyper|acme|pytorch/)
    expect(text).not.toContain(served.home)
  })

  test('tells those with a token what they may see', async () => {
    const served = await startServedHome({ texts })
    const member = await scrape(served, (await served.makeToken('adapter')).token)
    expect(valuesOf(member.metrics, 'nexus_registry_service_up')).toEqual([[{ id: 'metrics' }, 1]])
    expect(valuesOf(member.metrics, 'nexus_registry_entries')).toHaveLength(2)
    const admin = await scrape(served, (await served.makeToken('admin')).token)
    expect(valuesOf(admin.metrics, 'nexus_registry_entries')).toHaveLength(9)
    expect(valuesOf(admin.metrics, 'nexus_registry_entries_expected')).toEqual([
      [{ registry: 'tools' }, 3],
      [{ registry: 'providers' }, 2],
      [{ registry: 'models' }, 5],
    ])
    expect((await fetch(`${served.url}/metrics`, { headers: { authorization: 'Bearer x' } })).status).toBe(
      401,
    )
  })

  test('counts requests by the patterns of routes, whatever is asked for', async () => {
    const served = await startServedHome({ texts })
    const hidden = [
      '/registries/tools/docker',
      '/registries/plugins/secret',
      '/nowhere/secret',
      '/health/secret',
    ]
    for (const path of hidden) await fetch(`${served.url}${path}`)
    await fetch(`${served.url}/registries/tools`, { method: 'DELETE' })
    const { text, metrics } = await scrape(served)
    expect(valuesOf(metrics, 'nexus_registry_http_requests_total')).toEqual(
      expect.arrayContaining([
        [{ method: 'GET', route: '/registries/:registry/:id', status: '200' }, 1],
        [{ method: 'GET', route: '/registries/:registry/:id', status: '401' }, 1],
        [{ method: 'GET', route: 'none', status: '404' }, 1],
        [{ method: 'GET', route: '/health/:provider', status: '401' }, 1],
        [{ method: 'DELETE', route: '/registries/:registry', status: '405' }, 1],
      ]),
    )
    const counts = metrics.get('nexus_registry_http_request_duration_seconds')?.samples
    expect(
      counts?.find(({ name, labels }) => name.endsWith('_count') && labels.route === 'none')?.value,
    ).toBe(1)
    expect(text).not.toContain('secret')
  })

  test('is counted for each server by itself', async () => {
    const first = await startServedHome({ texts })
    await scrape(first)
    const { metrics } = await scrape(await startServedHome({ texts }))
    expect(valuesOf(metrics, 'nexus_registry_http_requests_total')).toEqual([])
  })
})

test('names that are no names anywhere else do no harm', async () => {
  const host = await createTestHost()
  const snapshot = await loadSnapshot(await writeHome(host.directory), host)
  const ids = [...new Set(['a"} 1\nb{x="', '\\', '\\n', '__proto__', 'a,registry:tools', ...hazards])]
  const entry = snapshot.registries.tools.content?.docker
  if (entry === undefined) throw new Error('the sound home has a docker')
  const found = { ...looked, status: 'present' } as const
  const content = Object.fromEntries(ids.map(id => [id, { ...entry, detected: found }]))
  const hostile = {
    ...snapshot,
    registries: { ...snapshot.registries, tools: { ...snapshot.registries.tools, content } },
  }
  const register = new Registry()
  await addRegistryMetrics(register, { snapshot: hostile, statuses: [] })
  const told = parseMetrics(await register.metrics()).get('nexus_registry_capability')?.samples
  expect(told?.map(({ labels }) => labels.id).sort()).toEqual(Object.keys(content).sort())
})
