import type { RegistryName } from '../../../src/registry/schema/names.ts'
import type { HomeTexts } from './valid-home.ts'

const marks = /zq[-_][a-z_]+[-_]\d+[-_]qz/gi

/** The marks in a text, each once. */
export function listMarks(text: string): string[] {
  return [...new Set(text.match(marks))]
}

/**
 * Texts of a home in which everything that can hold a text holds a mark of its own: ids, names, addresses, what was found,
 * extensions, and entries that are broken. A mark tells of which registry it is; ids are named by other registries too.
 */
export function createMarkedTexts(): HomeTexts {
  let count = 0
  const mark = (name: RegistryName) => `zq-${name}-${++count}-qz`
  const variable = (name: RegistryName) => `NEXUS_${mark(name).replaceAll('-', '_').toUpperCase()}`
  const common = (name: RegistryName) => ({
    display_name: mark(name),
    description: mark(name),
    tags: [mark(name)],
    'x-note': { [mark(name)]: [mark(name)] },
  })
  const broken = (name: RegistryName) => ({ [mark(name)]: { description: mark(name), colour: mark(name) } })
  const detected = (name: RegistryName, status: string) => ({
    status,
    path: `/${mark(name)}`,
    version: `1.2.3-${mark(name)}`,
    evidence: 'path',
    reason: mark(name),
    checked_at: '2026-11-23T08:42:00.000Z',
    details: { type: mark(name), [mark(name)]: mark(name) },
  })

  const [docker, podman, gpu, torch] = [mark('tools'), mark('tools'), mark('tools'), mark('ml_frameworks')]
  const [capability, toolVariable, metric] = [mark('tools'), variable('tools'), mark('dashboard')]
  const program = mark('tools')
  const [acme, free] = [mark('providers'), mark('providers')]
  const [large, small] = [mark('models'), mark('models')]
  const [core, router, idle] = [mark('plugins'), mark('plugins'), mark('plugins')]
  const [gateway, monitor] = [mark('microservices'), mark('microservices')]
  const [universal, own] = [mark('adapters'), mark('adapters')]
  const [fusion, hub] = [mark('hyper'), mark('hyper')]
  const listed = (path: string) => ({
    path: `./${path}_registry.json`,
    url: `https://${mark('hyper')}.example/${path}`,
    version: `1.0.0-${mark('hyper')}`,
    description: mark('hyper'),
    categories: [mark('hyper')],
    capabilities: [mark('hyper')],
  })

  const contents: Readonly<Record<RegistryName, unknown>> = {
    hyper: {
      version: `2.0.0-${mark('hyper')}`,
      name: mark('hyper'),
      registry_type: 'hyper',
      metadata: { sync_interval_seconds: 61, cache_ttl_seconds: 4321 },
      sub_registries: {
        tools: listed('tool'),
        providers: listed('provider'),
        models: listed('model'),
        plugins: listed('plugin'),
        microservices: listed('microservice'),
        adapters: listed('adapter'),
        ml_frameworks: listed('ml_framework'),
      },
      dependency_graph: {
        nodes: [
          { id: fusion, label: mark('hyper'), description: mark('hyper') },
          { id: hub },
          { id: mark('hyper'), colour: mark('hyper') },
        ],
        edges: [
          { from: core, to: fusion, type: 'requires' },
          { from: fusion, to: gateway, type: 'requires' },
          { from: gateway, to: hub, type: 'requires' },
          { from: hub, to: own, type: 'requires' },
          { from: 'hyper_registry', to: 'tools', type: 'references' },
          { from: router, to: mark('hyper'), type: 'references' },
        ],
      },
      sync_protocol: { type: 'polling', interval_seconds: 60, retry_attempts: 3, timeout_seconds: 30 },
      version_compatibility: {
        [idle]: `>=2.0.0-${mark('hyper')}`,
        [core]: '>=1.0.0-0',
        [mark('hyper')]: '^1.0.0',
      },
      access_control: { [mark('hyper')]: 'public_read' },
      'x-note': mark('hyper'),
    },
    dashboard: {
      version: `1.0.0-${mark('dashboard')}`,
      description: mark('dashboard'),
      sections: {
        tools: {
          entries: {
            [docker]: {
              display_name: mark('dashboard'),
              category: 'container',
              ui_component: 'capability_badge',
              env_var: toolVariable,
              dependency: [capability],
              metrics: [metric],
            },
            [mark('dashboard')]: { display_name: mark('dashboard'), category: mark('dashboard') },
          },
        },
        providers: {
          entries: {
            [acme]: {
              display_name: mark('dashboard'),
              ui_component: 'provider_card',
              models_display: [large],
            },
          },
        },
        metrics: {
          system: {
            [metric]: {
              display_name: mark('dashboard'),
              ui_component: 'gauge_meter',
              source: { microservice: monitor, path: `/${mark('dashboard')}`, pointer: '/load' },
            },
          },
        },
      },
      'x-note': mark('dashboard'),
    },
    tools: {
      [docker]: {
        ...common('tools'),
        category: 'container',
        detection: `which ${program}`,
        version_check: `${program} --version`,
        env_var: toolVariable,
        min_version: '1.0.0',
        provides: [capability],
        install: { apt: mark('tools'), brew: mark('tools') },
        detected: detected('tools', 'present'),
      },
      [podman]: {
        ...common('tools'),
        detection: `which ${mark('tools')}`,
        env_var: variable('tools'),
        provides: [capability, mark('tools')],
        dependency: [gpu],
        detected: detected('tools', 'absent'),
      },
      [gpu]: {
        ...common('tools'),
        detection: `which ${mark('tools')}`,
        env_var: variable('tools'),
        companion_vars: { type: variable('tools') },
        detected: detected('tools', 'broken'),
      },
      ...broken('tools'),
    },
    providers: {
      [acme]: {
        ...common('providers'),
        endpoint: `https://${mark('providers')}.example/v1`,
        auth_type: 'bearer',
        key_env: ['ACME_KEY', mark('providers').replaceAll('-', '_')],
        models: [large],
      },
      [free]: {
        ...common('providers'),
        endpoint: `https://${mark('providers')}.example/v1`,
        auth_type: 'none',
        models: [small],
      },
      ...broken('providers'),
    },
    models: {
      [large]: {
        ...common('models'),
        provider: acme,
        context_tokens: 1000,
        capabilities: ['streaming'],
        cost_per_1k_input: 0.01,
        aliases: [mark('models')],
      },
      [small]: {
        ...common('models'),
        provider: free,
        context_tokens: 1000,
        capabilities: ['streaming'],
        cost_per_1k_input: 0.01,
        status: 'deprecated',
        deprecated_on: '2026-01-01',
        successor: large,
      },
      ...broken('models'),
    },
    plugins: {
      [core]: {
        ...common('plugins'),
        type: mark('plugins'),
        path: `${mark('plugins')}.zsh`,
        version: `1.0.0-${mark('plugins')}`,
        dependencies: [docker, capability],
        requires: [router, 'tools'],
        functions: [mark('plugins')],
      },
      [router]: {
        ...common('plugins'),
        type: mark('plugins'),
        path: `${mark('plugins')}.zsh`,
        version: '1.0.0',
        dependencies: [],
        requires: [universal, gateway, `models/${large}`, `${own}@>=1.0.0`],
        functions: [mark('plugins')],
      },
      [idle]: {
        ...common('plugins'),
        type: mark('plugins'),
        path: `${mark('plugins')}.zsh`,
        version: '1.0.0',
        dependencies: [torch],
        requires: [`${own}@>=2.0.0-${mark('plugins')}`],
        functions: [],
      },
      // What a plug-in calls is a tool, even where a plug-in has the same name.
      [podman]: {
        ...common('plugins'),
        type: mark('plugins'),
        path: `${mark('plugins')}.zsh`,
        dependencies: [podman],
        functions: [],
      },
      ...broken('plugins'),
    },
    microservices: {
      [gateway]: {
        ...common('microservices'),
        name: mark('microservices'),
        type: mark('microservices'),
        url: `http://127.0.0.1:9001/${mark('microservices')}`,
        version: `1.0.0-${mark('microservices')}`,
        requires: [own],
        health_endpoint: `/${mark('microservices')}`,
        endpoints: [`/${mark('microservices')}`],
      },
      [monitor]: {
        ...common('microservices'),
        name: mark('microservices'),
        type: mark('microservices'),
        url: 'http://127.0.0.1:9002',
        health_endpoint: '/down',
        endpoints: [],
      },
      ...broken('microservices'),
    },
    adapters: {
      [universal]: {
        ...common('adapters'),
        path: `${mark('adapters')}.py`,
        type: 'universal_adapter',
        requires: ['provider_registry', router],
        providers: 2,
      },
      [own]: {
        ...common('adapters'),
        path: `${mark('adapters')}.py`,
        type: 'provider_adapter',
        version: '1.0.0',
        provider: acme,
      },
      ...broken('adapters'),
    },
    ml_frameworks: {
      [torch]: {
        ...common('ml_frameworks'),
        import_name: 'torch',
        detection: "python -c 'import torch'",
        env_var: variable('ml_frameworks'),
        provides: [mark('ml_frameworks')],
        install: { pip: mark('ml_frameworks') },
        detected: detected('ml_frameworks', 'broken'),
      },
      ...broken('ml_frameworks'),
    },
  }
  const textOf = (name: RegistryName) => JSON.stringify(contents[name], null, 2)
  return {
    hyper: textOf('hyper'),
    dashboard: textOf('dashboard'),
    tools: textOf('tools'),
    providers: textOf('providers'),
    models: textOf('models'),
    plugins: textOf('plugins'),
    microservices: textOf('microservices'),
    adapters: textOf('adapters'),
    ml_frameworks: textOf('ml_frameworks'),
  }
}
