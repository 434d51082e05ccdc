import { describe, expect, test } from 'vitest'
import { parseRegistryName } from '../../src/registry/refs.ts'
import { registryNames } from '../../src/registry/schema/names.ts'
import { loadShipped, readShippedText } from './shipped-files.ts'
import { accessMatrix, categories, counts, dependencyTree, versionRanges } from './specification.ts'

const shipped = loadShipped()
const { hyper, dashboard, tools, providers, models, plugins, microservices, adapters } = shipped
const detectables = Object.entries({ ...tools, ...shipped.ml_frameworks })
const modelRows = Object.entries(models)

describe('every file', () => {
  test.each(registryNames)('%s is indented by two spaces, ends with a newline and names no schema', name => {
    const text = readShippedText(name)
    expect(text).toMatch(/^\{\n {2}"[^\n]*\n/)
    expect(text.endsWith('}\n')).toBe(true)
    // Homes are copied elsewhere, where a relative path to the schema would dangle.
    expect(JSON.parse(text)).not.toHaveProperty('$schema')
  })

  test.each(counts)('%s has %i entries, as the hyper registry expects', (name, count) => {
    expect(Object.keys(shipped[name])).toHaveLength(count)
    expect(hyper.sub_registries[name]?.entries_count_expected).toBe(count)
  })

  test('holds no ids twice across tools and ML frameworks', () => {
    expect(detectables).toHaveLength(Object.keys(tools).length + Object.keys(shipped.ml_frameworks).length)
  })
})

describe('tools and ML frameworks', () => {
  test('cover the eight categories', () => {
    expect(new Set(Object.values(tools).map(tool => tool.category))).toEqual(new Set(categories))
  })

  test('export each variable once, companions included', () => {
    const companions = Object.values(tools).flatMap(tool => Object.values(tool.companion_vars ?? {}))
    const names = [...detectables.map(([, entry]) => entry.env_var), ...companions]
    expect(names).toEqual([...new Set(names)])
  })

  test.each(detectables)('%s is shown on the dashboard by the variable that it exports', (id, entry) => {
    const shown = dashboard.sections.tools.entries[id]
    expect(shown?.env_var ?? shown?.env_vars?.[0]).toBe(entry.env_var)
  })

  test.each([
    ['kubernetes', { context: 'NEXUS_K8S_CONTEXT' }],
    ['gpu', { type: 'NEXUS_GPU_TYPE', count: 'NEXUS_GPU_COUNT' }],
  ])('%s exports its companions, and the dashboard shows them', (id, companions) => {
    const shown = dashboard.sections.tools.entries[id]
    const variables = [shown?.env_var, shown?.secondary_env, ...(shown?.env_vars ?? [])]
    expect(tools[id]?.companion_vars).toEqual(companions)
    expect(variables).toEqual(expect.arrayContaining(Object.values(companions)))
  })

  test.each(Object.entries(shipped.ml_frameworks))(
    '%s is found by importing its module',
    (_id, framework) => {
      expect(framework.detection).toBe(`python -c 'import ${framework.import_name}'`)
    },
  )

  test.each(Object.entries(tools))('what %s needs is provided', (_id, tool) => {
    const provided = Object.values(tools).flatMap(other => other.provides ?? [])
    expect([...provided, ...Object.keys(tools)]).toEqual(expect.arrayContaining(tool.dependency ?? []))
  })
})

describe('dashboard', () => {
  test('shows nothing that is not there', () => {
    expect(Object.keys(dashboard.sections.tools.entries).sort()).toEqual(detectables.map(([id]) => id).sort())
    expect(Object.keys(dashboard.sections.providers.entries)).toEqual(Object.keys(providers))
  })

  test.each(Object.entries(dashboard.sections.tools.entries))('the metrics of %s exist', (_id, entry) => {
    expect(Object.keys(dashboard.sections.metrics.system ?? {})).toEqual(
      expect.arrayContaining(entry.metrics ?? []),
    )
  })

  test.each(
    Object.entries({ ...dashboard.sections.metrics.system, ...dashboard.sections.metrics.orchestrator }),
  )('the metric %s comes from an endpoint of a microservice, or is measured here', (_id, metric) => {
    const { microservice, path } = metric.source ?? {}
    expect([undefined, ...(microservices[microservice ?? '']?.endpoints ?? [])]).toContain(path)
  })

  test.each(Object.entries(dashboard.sections.providers.entries))(
    '%s shows living models of its own',
    (id, card) => {
      const living = modelRows.filter(([, model]) => model.provider === id && model.status !== 'retired')
      expect(card.status_endpoint).toBe(`/health/${id}`)
      expect(card.models_display).not.toEqual([])
      expect(living.map(([model]) => model)).toEqual(expect.arrayContaining(card.models_display ?? []))
    },
  )
})

describe('providers and models', () => {
  test.each(Object.entries(providers))('%s lists exactly its models', (id, provider) => {
    expect(provider.models).not.toEqual([])
    expect(provider.models).toEqual(
      modelRows.filter(([, model]) => model.provider === id).map(([model]) => model),
    )
  })

  test.each([...Object.entries(providers), ...modelRows])(
    '%s says where its figures come from',
    (_id, entry) => {
      expect(entry['x-source']?.retrieved_on).toMatch(/^2026-/)
    },
  )

  test.each([
    ['openai', 'OPENAI_API_KEY'],
    ['google', ['GOOGLE_API_KEY', 'GEMINI_API_KEY']],
  ])('%s takes its key from what its own SDK reads', (id, variables) => {
    expect(providers[id]?.key_env).toEqual(variables)
  })

  test.each(modelRows)('%s is served by a provider of the registry', (_id, model) => {
    expect(Object.keys(providers)).toContain(model.provider)
  })

  test.each(modelRows.filter(([, model]) => model.successor))('the successor of %s lives', (_id, model) => {
    expect(models[model.successor ?? '']?.status).toBe('active')
  })

  test.each(modelRows.filter(([, model]) => model.retires_on))(
    '%s, which has an end, is not called active',
    (_id, model) => {
      expect(['deprecated', 'retired']).toContain(model.status)
    },
  )

  test('gpt-4o costs 0.0025 USD per 1000 input tokens', () => {
    expect(models['gpt-4o']?.cost_per_1k_input).toBe(0.0025)
  })

  test.each(modelRows)('the prices of %s are free of rounding noise', (_id, model) => {
    const prices = [model.cost_per_1k_input ?? 0, model.cost_per_1k_output ?? 0]
    expect(prices).toEqual(prices.map(price => Number(price.toPrecision(6))))
  })
})

describe('plug-ins, services and adapters', () => {
  const components = new Set([
    ...Object.keys(plugins),
    ...Object.keys(microservices),
    ...Object.keys(adapters),
  ])

  test.each(Object.entries(plugins))('%s calls tools of the registry', (_id, plugin) => {
    expect(Object.keys(tools)).toEqual(expect.arrayContaining(plugin.dependencies))
  })

  test.each(Object.entries({ ...plugins, ...microservices, ...adapters }))(
    'what %s requires exists',
    (_id, entry) => {
      expect([...components]).toEqual(expect.arrayContaining(entry.requires ?? []))
    },
  )

  test('services listen on loopback, each on a port of its own', () => {
    const urls = Object.values(microservices).map(service => service.url)
    expect(new Set(urls).size).toBe(urls.length)
    expect(urls.filter(url => !/^http:\/\/127\.0\.0\.1:\d+$/.test(url))).toEqual([])
  })

  test.each(Object.keys(providers))('%s has an adapter', id => {
    expect(adapters[`${id}_adapter`]).toMatchObject({ type: 'provider_adapter', provider: id })
  })
})

describe('hyper registry', () => {
  const { edges, nodes = [] } = hyper.dependency_graph

  test.each(dependencyTree)('%s depends on %s, as section 4 draws it', (from, to) => {
    const kind = parseRegistryName(to) ? 'references' : 'requires'
    expect(edges).toContainEqual({ from, to, type: kind })
  })

  test.each(edges)('the edge from $from to $to joins what exists', ({ from, to }) => {
    const ids = [plugins, microservices, adapters].flatMap(registry => Object.keys(registry))
    const known = [...ids, ...nodes.map(node => node.id)]
    const unknown = [from, to].filter(id => !known.includes(id) && !parseRegistryName(id))
    expect(unknown).toEqual([])
  })

  test('names the versions of section 5', () => {
    expect(hyper.version_compatibility).toEqual(versionRanges)
  })

  test.each(accessMatrix)(
    '%s is read by %s and written by %s, as section 6 says',
    (registry, read, write, admin) => {
      expect(hyper.access_control[registry]).toEqual({ read, write, admin })
    },
  )

  test('lets ML frameworks be written by whoever detects tools', () => {
    expect(hyper.access_control.ml_framework_registry).toEqual(hyper.access_control.tool_registry)
  })
})
