import { describe, expect, test } from 'vitest'
import { registryNames } from '../../src/registry/schema/names.ts'
import { loadShipped } from '../registries/shipped-files.ts'
import { soundTexts } from '../support/homes/valid-home.ts'
import { lineOf, shippedGraph, soundGraph } from './support.ts'

describe('the edges of a home', () => {
  test.each([
    ['plugins/core requires plugins/router', 'are those that the hyper registry declares'],
    ['plugins/router requires fusion', 'lead to components that nothing else knows'],
    ['hyper references tools', 'know registries by any of their names'],
    ['tools references models/large', 'keep their type'],
    ['models/large requires providers/acme', 'lead from models to their providers'],
    ['adapters/acme_adapter requires providers/acme', 'lead from adapters to their providers'],
    ['adapters/universal requires providers', 'lead from adapters to what they require'],
    ['plugins/core requires tools/docker', 'lead from plug-ins to the tools that they call'],
    ['plugins/core requires container_runtime', 'lead from plug-ins to capabilities'],
    ['tools/docker requires container_runtime', 'lead from tools to capabilities'],
    ['container_runtime provided_by tools/podman', 'lead from capabilities to what provides them'],
    ['dashboard/tools/docker shows tools/docker', 'lead from the dashboard to what it shows'],
    ['dashboard/tools/pytorch shows ml_frameworks/pytorch', 'know frameworks of the dashboard'],
    ['dashboard/tools/gpu shows dashboard/metrics/load', 'lead from entries of the dashboard to metrics'],
    ['dashboard/tools/docker requires container_runtime', 'know what an entry of the dashboard needs'],
    ['dashboard/providers/acme shows models/large', 'lead from cards to models'],
    ['dashboard/metrics/load requires microservices/metrics', 'lead from metrics to their sources'],
  ])('%s: %s', async line => {
    expect((await soundGraph()).edges.map(lineOf)).toContain(line)
  })

  test('mean a tool by what a plug-in calls, whatever else has that name', async () => {
    const plugins = soundTexts.plugins.replace('"core": {', '"docker": {')
    const { edges } = await soundGraph({ plugins })
    expect(edges.map(lineOf)).toContain('plugins/docker requires tools/docker')
  })

  test('lead to a missing node where nothing has the name', async () => {
    const { nodes } = await soundGraph({ plugins: soundTexts.plugins.replace('"docker"', '"dokcer"') })
    expect(nodes).toContainEqual(expect.objectContaining({ id: 'dokcer', kind: 'missing' }))
  })
})

describe('the nodes', () => {
  test('are all registries, entries, capabilities and components, once and sorted', async () => {
    const { tools, providers, models, plugins, microservices, adapters, ...rest } = loadShipped()
    const frameworks = rest.ml_frameworks
    const countKeys = (registry: object) => Object.keys(registry).length
    const { nodes } = await shippedGraph()
    const ids = nodes.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort())
    const count = (kind: string) => nodes.filter(node => node.kind === kind).length
    expect(['registry', 'tool', 'provider', 'model', 'plugin', 'microservice', 'adapter'].map(count)).toEqual(
      [registryNames.length, ...[tools, providers, models, plugins, microservices, adapters].map(countKeys)],
    )
    expect(['ml_framework', 'dashboard_entry', 'metric', 'component', 'missing'].map(count)).toEqual([
      countKeys(frameworks),
      countKeys({ ...tools, ...frameworks }) + countKeys(providers),
      17,
      1,
      0,
    ])
  })

  test('have an entry that is broken', async () => {
    const tools = soundTexts.tools.replace('"NEXUS_HAS_PODMAN"', '"PATH"')
    const { nodes } = await soundGraph({ tools })
    expect(nodes).toContainEqual(expect.objectContaining({ id: 'tools/podman', label: 'podman' }))
  })

  test('are there when every file is missing or broken', async () => {
    const { nodes, edges } = await soundGraph({ hyper: '{', tools: '[]', models: '', dashboard: 'null' })
    expect(nodes.filter(({ kind }) => kind === 'registry')).toHaveLength(9)
    expect(edges.map(lineOf)).toContain('adapters/acme_adapter requires providers/acme')
  })
})
