import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseRegistryName } from '../../src/registry/refs.ts'
import { registryNames } from '../../src/registry/schema/names.ts'
import { loadShipped, readShippedText } from './shipped-files.ts'
import { accessMatrix, categories, counts, dependencyTree, versionRanges } from './specification.ts'

const shipped = loadShipped()
const { hyper, dashboard, tools, providers, models, plugins, microservices, adapters } = shipped
const detectables = Object.entries({ ...tools, ...shipped.ml_frameworks })
const modelRows = Object.entries(models)
const hostedIds = Object.keys(providers).filter(id => providers[id]?.kind !== 'local')

function pricesOf(levels: readonly object[]): number[] {
  return levels
    .flatMap(level => Object.entries(level))
    .flatMap(([key, value]) => (key.startsWith('cost_per_1k_') && typeof value === 'number' ? [value] : []))
}

describe('every file', () => {
  test.each(registryNames)('%s is indented by two spaces, ends with a newline and names no schema', name => {
    const text = readShippedText(name)
    expect(text).toMatch(/^\{\n {2}"[^\n]*\n/)
    expect(text.endsWith('}\n')).toBe(true)
    // Homes are copied elsewhere, where a relative path to the schema would dangle.
    expect(JSON.parse(text)).not.toHaveProperty('$schema')
  })

  test.each(counts)('%s has at least %i entries, as many as the hyper registry expects', (name, least) => {
    const count = Object.keys(shipped[name]).length
    expect(count).toBeGreaterThanOrEqual(least)
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
    '%s shows active models of its own, and what they can do',
    (id, card) => {
      const own = modelRows.filter(([, model]) => model.provider === id)
      const active = own.filter(([, { status, legacy }]) => status === 'active' && !legacy)
      const shown = card.models_display ?? []
      expect(card.status_endpoint).toBe(`/health/${id}`)
      expect(shown.length > 0).toBe(own.length > 0)
      expect(active.map(([model]) => model)).toEqual(expect.arrayContaining(shown))
      const possible = shown.flatMap(model => models[model]?.capabilities ?? [])
      expect(possible).toEqual(expect.arrayContaining(card.capabilities ?? []))
    },
  )
})

describe('providers and models', () => {
  test.each(Object.entries(providers))('%s lists exactly its models', (id, provider) => {
    expect(provider.models).toEqual(
      modelRows.filter(([, model]) => model.provider === id).map(([model]) => model),
    )
  })

  test.each([...Object.entries(providers), ...modelRows])(
    '%s says where its figures come from',
    (_id, entry) => {
      const source = entry['x-source']
      expect(source?.retrieved_on).toMatch(/^2026-/)
      expect(Object.keys(entry)).toEqual(expect.arrayContaining(Object.keys(source?.fields ?? {})))
    },
  )

  test('at most twelve providers are remote', () => {
    const remote = Object.values(providers).filter(({ kind }) => kind !== 'local')
    expect(remote.length).toBeLessThanOrEqual(12)
  })

  test.each([
    ['openai', 'OPENAI_API_KEY'],
    ['anthropic', ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN']],
    ['google', ['GOOGLE_API_KEY', 'GEMINI_API_KEY']],
    ['cohere', ['CO_API_KEY', 'COHERE_API_KEY']],
    ['azure-openai', ['AZURE_OPENAI_AD_TOKEN', 'AZURE_OPENAI_API_KEY']],
    ['amazon-bedrock', 'AWS_BEARER_TOKEN_BEDROCK'],
  ])('%s takes its key from what its own SDK reads', (id, variables) => {
    expect(providers[id]?.key_env).toEqual(variables)
  })

  test.each(modelRows)('%s is served by a provider of the registry', (_id, model) => {
    expect(Object.keys(providers)).toContain(model.provider)
  })

  test.each(Object.values(providers).flatMap(provider => [provider.key_env ?? []].flat()))(
    '%s is the key of one provider, and a general credential of none',
    name => {
      const all = Object.values(providers)
      expect(all.filter(({ key_env: own }) => [own].flat().includes(name))).toHaveLength(1)
      expect(all.flatMap(({ general_env: general = [] }) => general)).not.toContain(name)
    },
  )

  test.each(modelRows.filter(([, { status, legacy }]) => status !== 'active' || legacy))(
    '%s has an active successor of the same provider',
    (_id, model) => {
      const successor = models[model.successor ?? '']
      expect(successor).toMatchObject({ status: 'active', provider: model.provider })
      expect(successor?.legacy).toBeUndefined()
    },
  )

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
    const prices = pricesOf([model, ...(model.cost_tiers ?? []), model.cost_off_peak ?? {}])
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

  test.each(hostedIds)('%s has an adapter that passes on what its models can do', id => {
    const adapter = adapters[`${id.replaceAll('-', '_')}_adapter`]
    expect(adapter).toMatchObject({ type: 'provider_adapter', provider: id })
    expect(new Set(adapter?.capabilities_enum ?? [])).toEqual(capabilitiesOf(id))
  })

  test('the universal adapter counts the providers, and passes on what all models can do', () => {
    const { universal_adapter: universal } = adapters
    expect(universal?.providers).toBe(Object.keys(providers).length)
    expect(new Set(universal?.capabilities_enum)).toEqual(capabilitiesOf())
    expect(hyper.sub_registries.models?.capabilities).toEqual(universal?.capabilities_enum)
  })

  function capabilitiesOf(provider?: string): ReadonlySet<string> {
    const own = Object.values(models).filter(model => provider === undefined || model.provider === provider)
    return new Set(own.flatMap(({ status, capabilities }) => (status === 'retired' ? [] : capabilities)))
  }

  const described = Object.entries({ ...plugins, ...microservices, ...adapters })

  test.each(described)('what %s assumes is a field of it', (_id, entry) => {
    expect(Object.keys(entry)).toEqual(expect.arrayContaining(entry['x-assumed'] ?? []))
  })

  test.each(Object.entries(microservices))(
    '%s has an address of the specification, or an assumed one',
    (id, entry) => {
      const fields = ['url', 'health_endpoint', 'endpoints'].filter(field =>
        entry['x-assumed']?.includes(field),
      )
      expect(fields).toHaveLength(id === 'multi_llm_orchestrator' ? 0 : 3)
    },
  )

  const own = Object.entries(plugins).filter(([, { root }]) => root === 'program')

  test.each(own)('%s is a file of this project that defines its functions', (_id, { path, functions }) => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
    const source = path.endsWith('.plugin.zsh')
      ? readFileSync(new URL('../../shell/hook.zsh', import.meta.url), 'utf8')
      : text
    const missing = functions.filter(
      name => !new RegExp(`^(?:function )?${name}(?:\\(\\)|$)`, 'm').test(source),
    )
    expect(missing).toEqual([])
  })

  test('every file that shells source is a plug-in', () => {
    const files = readdirSync(new URL('../../shell', import.meta.url)).map(name => `shell/${name}`)
    expect(own.map(([, { path }]) => path).sort()).toEqual(['nexus-registry.plugin.zsh', ...files].sort())
  })

  test.each(Object.entries(plugins).filter(([, { root }]) => root !== 'program'))(
    '%s is named by the specification',
    id => {
      expect(dependencyTree.flat()).toContain(id)
    },
  )
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
