import type { ChangeDocument } from '../../../src/dashboard/model/change-schema.ts'
import type {
  Card,
  DashboardModel,
  DashboardModels,
  DashboardView,
  GpuReading,
  ProviderFacts,
  Reading,
} from '../../../src/dashboard/model/dashboard-view.ts'
import type { Health } from '../../../src/sync/health-schema.ts'
import { cardOf, factsOf, readingOf } from './dashboard-cards.ts'

/** When the fixed dashboard was made. */
export const fullTime = '2026-11-29T12:00:00.000Z'

const gibibyte = 2 ** 30

/** A line that goes up and down, always the same. */
function wave(count: number, middle: number, height: number, speed = 0.35): number[] {
  return Array.from({ length: count }, (_, at) => {
    const value = middle + height * (0.7 * Math.sin(at * speed) + 0.3 * Math.sin(at * speed * 3.1))
    return Math.round(Math.max(0, value) * 10) / 10
  })
}

interface ModelOptions {
  readonly context?: number
  readonly prices?: readonly [number | null, number | null]
  readonly can?: readonly string[]
  readonly more?: Partial<DashboardModel>
}

const providerNames: Readonly<Record<string, string>> = {
  ollama: 'Ollama',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  mistral: 'Mistral',
  google: 'Google Gemini',
  groq: 'Groq',
}

export function modelOf(
  provider: string,
  id: string,
  { context = 128_000, prices = [1, 4], can = [], more = {} }: ModelOptions = {},
): DashboardModel {
  return {
    ref: `models/${id}`,
    id,
    provider,
    provider_name: providerNames[provider] ?? provider,
    readiness: 'ready',
    is_local: false,
    context_tokens: context,
    input_price: prices[0],
    output_price: prices[1],
    capabilities: can,
    status: 'active',
    retires_on: null,
    successor: null,
    loaded: null,
    size_bytes: null,
    ...more,
  }
}

const [vision, tools, json, thinks] = ['vision', 'function_calling', 'structured_output', 'reasoning']
const soon = { retires_on: '2027-01-14', successor: 'gpt-5.1' }
const local = { is_local: true, status: null } as const

/** Forty models, of which seventeen can be called. */
export const fullModels: readonly DashboardModel[] = [
  modelOf('ollama', 'ollama/qwen3:14b', {
    context: 40_960,
    prices: [0, 0],
    can: [tools, json, thinks],
    more: { ...local, loaded: true, size_bytes: 9.3 * gibibyte },
  }),
  modelOf('ollama', 'ollama/nomic-embed-text:latest', {
    context: 2048,
    prices: [0, 0],
    can: ['embeddings'],
    more: { ...local, loaded: false, size_bytes: 0.3 * gibibyte },
  }),
  modelOf('openai', 'gpt-5.1', {
    context: 400_000,
    prices: [1.25, 10],
    can: [vision, tools, json, thinks],
    more: { retires_on: '2027-04-01' },
  }),
  modelOf('openai', 'gpt-4.1', {
    context: 1_047_576,
    prices: [2, 8],
    can: [vision, tools, json],
    more: soon,
  }),
  modelOf('openai', 'gpt-4.1-mini', {
    context: 1_047_576,
    prices: [0.4, 1.6],
    can: [vision, tools, json],
    more: soon,
  }),
  modelOf('openai', 'gpt-4o', { prices: [2.5, 10], can: [vision, tools, json], more: soon }),
  modelOf('openai', 'gpt-4o-mini', { prices: [0.15, 0.6], can: [vision, tools, json], more: soon }),
  modelOf('openai', 'text-embedding-3-small', { context: 8192, prices: [0.02, null], can: ['embeddings'] }),
  modelOf('anthropic', 'claude-opus-4-6', {
    context: 1_000_000,
    prices: [5, 25],
    can: [vision, tools, thinks],
  }),
  modelOf('anthropic', 'claude-opus-4-5', {
    context: 200_000,
    prices: [5, 25],
    can: [vision, tools, thinks],
  }),
  modelOf('anthropic', 'claude-sonnet-4-6', {
    context: 1_000_000,
    prices: [3, 15],
    can: [vision, tools, thinks],
  }),
  modelOf('anthropic', 'claude-haiku-4-5', {
    context: 200_000,
    prices: [1, 5],
    can: [vision, tools, thinks],
  }),
  modelOf('mistral', 'mistral-large-latest', { context: 262_144, prices: [0.5, 1.5], can: [vision, tools] }),
  modelOf('mistral', 'mistral-medium-latest', {
    context: 262_144,
    prices: [1.5, 7.5],
    can: [vision, tools, json, thinks],
  }),
  modelOf('mistral', 'mistral-small-latest', {
    context: 256_000,
    prices: [0.15, 0.6],
    can: [vision, tools, thinks],
  }),
  modelOf('mistral', 'codestral-latest', { context: 256_000, prices: [0.3, 0.9], can: [tools] }),
  modelOf('mistral', 'mistral-embed', { context: 8192, prices: [0.1, null], can: ['embeddings'] }),
  ...Array.from({ length: 20 }, (_, index) =>
    modelOf(index % 2 === 0 ? 'google' : 'groq', `waiting-${index + 1}`, {
      more: { readiness: 'not set up' },
    }),
  ),
  ...['gpt-4-turbo', 'gpt-3.5-turbo', 'claude-2'].map(id =>
    modelOf(id.startsWith('gpt') ? 'openai' : 'anthropic', id, {
      more: { status: 'retired', readiness: 'not ready', retires_on: '2026-01-01' },
    }),
  ),
]

export function summaryOf(models: readonly DashboardModel[]): DashboardModels {
  const ready = models.filter(({ readiness }) => readiness === 'ready')
  const retired = models.filter(({ status }) => status === 'retired').length
  const providers = [...new Set(ready.map(({ provider }) => provider))]
  return {
    total: models.length,
    ready: ready.length,
    not_set_up: models.filter(({ readiness }) => readiness === 'not set up').length,
    retired,
    through: providers.map(provider => {
      const own = ready.filter(each => each.provider === provider)
      const [{ provider_name: name, is_local } = { provider_name: provider, is_local: false }] = own
      return { ref: `providers/${provider}`, name, ready: own.length, is_local }
    }),
    retiring: ready
      .filter(({ retires_on: end }) => end !== null)
      .toSorted((left, right) => ((left.retires_on ?? '') < (right.retires_on ?? '') ? -1 : 1)),
    entries: models.slice(0, 40),
  }
}

function providerOf(id: string, name: string, more: Partial<ProviderFacts>, card: Partial<Card> = {}): Card {
  return cardOf({
    ref: `dashboard/providers/${id}`,
    subject: `providers/${id}`,
    component: 'provider_card',
    name,
    state: 'on',
    facts: { ...factsOf(null), checked_at: '2026-11-29T11:59:48.000Z' },
    provider: {
      is_key_set: true,
      credential: null,
      is_reachable: true,
      latency_ms: null,
      latency_history: [],
      variables: [`${id.toUpperCase()}_API_KEY`],
      model_count: 0,
      is_health_checked: true,
      status_endpoint: `/health/${id}`,
      models: [],
      capabilities: [],
      ...more,
    },
    ...card,
  })
}

function hostedOf(id: string, name: string, latency: number, models: readonly string[]): Card {
  return providerOf(id, name, {
    latency_ms: latency,
    latency_history: [...wave(47, latency, latency * 0.25), latency],
    models,
    model_count: models.length,
  })
}

function waitingOf(id: string, name: string): Card {
  const variable = `${id.toUpperCase()}_API_KEY`
  return providerOf(
    id,
    name,
    { is_key_set: false, is_reachable: null, model_count: 10 },
    { state: 'off', fix: { text: `Set ${variable}`, command: `export ${variable}=…` } },
  )
}

function toolOf(id: string, name: string, version: string, more: Partial<Card> = {}): Card {
  return cardOf({
    ref: `dashboard/tools/${id}`,
    subject: `tools/${id}`,
    name,
    state: 'on',
    facts: { ...factsOf(null, version), path: `/usr/bin/${id}`, evidence: 'path' },
    variables: [{ name: `NEXUS_HAS_${id.toUpperCase()}`, value: '1' }],
    ...more,
  })
}

function absentOf(id: string, name: string, command: string | null): Card {
  const text = command === null ? 'There is no device of this kind' : 'Install it'
  return toolOf(id, name, '', {
    state: 'off',
    facts: factsOf(`${id} was not found on PATH`),
    fix: { text, command },
    variables: [{ name: `NEXUS_HAS_${id.toUpperCase()}`, value: '0' }],
  })
}

function metricOf(id: string, name: string, component: Card['component'], reading: Partial<Reading>): Card {
  return cardOf({
    ref: `dashboard/metrics/${id}`,
    component,
    name,
    readings: [readingOf({ id, name, read_at: fullTime, ...reading })],
  })
}

const amount = (used: number, total: number) => ({
  used_bytes: used * gibibyte,
  total_bytes: total * gibibyte,
})

const gpu: GpuReading = {
  id: 'GPU-5d3f',
  name: 'NVIDIA GeForce RTX 4090',
  driver: '570.86',
  memory_total_bytes: 24 * gibibyte,
  memory_used_bytes: 10.8 * gibibyte,
  utilization: 38,
  history: [...wave(119, 30, 25, 0.12), 38],
  temperature_c: 61,
  power_w: 187,
  power_limit_w: 450,
  reason: null,
  read_at: fullTime,
}

const changes: readonly ChangeDocument[] = [
  {
    time: '2026-11-29T09:12:00.000Z',
    kind: 'detected',
    ref: 'ml_frameworks/vllm',
    change: 'broke',
    from: 'present',
    to: 'broken',
  },
  {
    time: '2026-11-29T09:12:00.000Z',
    kind: 'detected',
    ref: 'ml_frameworks/pytorch',
    change: 'version',
    from: '2.8.0',
    to: '2.9.1',
  },
  {
    time: '2026-11-29T08:31:00.000Z',
    kind: 'detected',
    ref: 'tools/docker',
    change: 'broke',
    from: 'present',
    to: 'broken',
  },
  {
    time: '2026-11-28T18:40:00.000Z',
    kind: 'detected',
    ref: 'providers/mistral',
    change: 'came',
    from: 'absent',
    to: 'present',
  },
  {
    time: '2026-11-28T17:02:00.000Z',
    kind: 'detected',
    ref: 'providers/ollama',
    change: 'up',
    from: 'down',
    to: 'up',
  },
  {
    time: '2026-11-28T12:00:00.000Z',
    kind: 'edit',
    ref: 'models/gpt-5.1',
    change: 'changed',
    by: 'import',
    fields: ['retires_on'],
  },
  { time: '2026-11-27T08:00:00.000Z', kind: 'edit', ref: 'tools/uv', change: 'added', by: 'add', fields: [] },
]

/** A machine with forty models, thirty tools, one GPU and two problems. */
export const fullView: DashboardView = {
  generated_at: fullTime,
  machine: { name: 'forge', system: 'Ubuntu 24.04 LTS', cores: 16 },
  gpus: [gpu],
  hidden: [],
  warnings: [],
  problems: [
    {
      ref: 'ml_frameworks/vllm',
      name: 'vLLM',
      status: 'not ready',
      reason: 'its import fails: libcudart.so.12: cannot open shared object file',
      since: '2026-11-29T09:12:00.000Z',
      fix: { text: 'Install it again', command: '~/ml/.venv/bin/python -m pip install --upgrade vllm' },
      blocks: [],
      blocks_count: 0,
    },
    {
      ref: 'tools/docker',
      name: 'Docker',
      status: 'not ready',
      reason: 'nothing listens at unix:///var/run/docker.sock',
      since: '2026-11-29T08:31:00.000Z',
      fix: { text: 'Start its engine', command: 'sudo systemctl start docker' },
      blocks: ['plugins/nexus_sandbox'],
      blocks_count: 1,
    },
  ],
  models: summaryOf(fullModels),
  changes,
  changes_last_day: 6,
  sections: [
    {
      id: 'container',
      title: 'Containers',
      cards: [
        toolOf('docker', 'Docker', '28.2.2', {
          state: 'broken',
          facts: factsOf('nothing listens at unix:///var/run/docker.sock', '28.2.2'),
          fix: { text: 'Start its engine', command: 'sudo systemctl start docker' },
        }),
        absentOf('podman', 'Podman', 'sudo apt install podman'),
      ],
    },
    {
      id: 'orchestration',
      title: 'Orchestration',
      cards: [
        toolOf('kubernetes', 'Kubernetes', '1.32.4', {
          component: 'cluster_status_card',
          variables: [{ name: 'NEXUS_K8S_CONTEXT', value: 'prod-eu' }],
          readings: [
            readingOf({ id: 'pod_count', name: 'pods', unit: null, value: 42, read_at: fullTime }),
            readingOf({ id: 'node_count', name: 'nodes', unit: null, value: 3, read_at: fullTime }),
            readingOf({
              id: 'memory_usage',
              name: 'memory',
              value: 61,
              read_at: fullTime,
              threshold_warning: 80,
              threshold_critical: 95,
            }),
          ],
        }),
      ],
    },
    {
      id: 'compute',
      title: 'Compute',
      cards: [
        toolOf('gpu', 'GPU', '570.86', {
          component: 'gauge_meter',
          readings: [
            readingOf({ id: 'gpu_memory_percent', name: 'Memory', value: 45, amount: amount(10.8, 24) }),
            readingOf({ id: 'gpu_utilization', name: 'Utilization', value: 38 }),
          ],
        }),
        absentOf('tpu', 'TPU', null),
      ],
    },
    {
      id: 'ml_framework',
      title: 'ML frameworks',
      cards: [
        toolOf('vllm', 'vLLM', '0.11.0', {
          subject: 'ml_frameworks/vllm',
          state: 'broken',
          facts: factsOf('its import fails: libcudart.so.12: cannot open shared object file', '0.11.0'),
          fix: { text: 'Install it again', command: '~/ml/.venv/bin/python -m pip install --upgrade vllm' },
        }),
        toolOf('pytorch', 'PyTorch', '2.9.1+cu128', { subject: 'ml_frameworks/pytorch' }),
        toolOf('transformers', 'Transformers', '4.57.1', { subject: 'ml_frameworks/transformers' }),
        toolOf('scikit_learn', 'scikit-learn', '1.7.2', { subject: 'ml_frameworks/scikit_learn' }),
        ...['TensorFlow', 'JAX', 'Keras', 'XGBoost', 'LightGBM', 'ONNX Runtime'].map(name => {
          const id = name.toLowerCase().replace(' ', '')
          return absentOf(id, name, `python -m pip install ${id}`)
        }),
      ],
    },
    {
      id: 'runtime',
      title: 'Runtimes',
      cards: [toolOf('python', 'Python', '3.12.7'), toolOf('nodejs', 'Node.js', '20.20.2')],
    },
    { id: 'vcs', title: 'Version control', cards: [toolOf('git', 'Git', '2.51.0')] },
    {
      id: 'cloud',
      title: 'Clouds',
      cards: [
        toolOf('aws', 'AWS CLI', '2.27.1'),
        toolOf('gcloud', 'Google Cloud CLI', '528.0.0'),
        absentOf('azure', 'Azure CLI', 'sudo apt install azure-cli'),
      ],
    },
    { id: 'iac', title: 'Infrastructure as code', cards: [toolOf('terraform', 'Terraform', '1.11.4')] },
    {
      id: 'utility',
      title: 'Utilities',
      cards: [
        ...['curl', 'jq', 'ripgrep', 'fd', 'uv', 'bun', 'make', 'cmake'].map((name, index) =>
          toolOf(name, name, `1.${index}.2`),
        ),
        cardOf({
          ref: 'dashboard/tools/strange',
          component: null,
          name: 'strange',
          warning: 'ui_component: expected one of capability_badge, …, found "hologram"',
        }),
      ],
    },
    {
      id: 'providers',
      title: 'Providers',
      cards: [
        hostedOf('openai', 'OpenAI', 182, [
          'gpt-5.1',
          'gpt-4.1',
          'gpt-4o',
          'gpt-4.1-mini',
          'gpt-4o-mini',
          'text-embedding-3-small',
        ]),
        hostedOf('anthropic', 'Anthropic', 214, [
          'claude-opus-4-6',
          'claude-sonnet-4-6',
          'claude-opus-4-5',
          'claude-haiku-4-5',
        ]),
        hostedOf('mistral', 'Mistral', 97, [
          'mistral-large-latest',
          'codestral-latest',
          'mistral-medium-latest',
          'mistral-small-latest',
          'mistral-embed',
        ]),
        waitingOf('google', 'Google Gemini'),
        waitingOf('groq', 'Groq'),
      ],
    },
    {
      id: 'local_inference',
      title: 'Local inference',
      cards: [
        providerOf(
          'ollama',
          'Ollama',
          {
            is_key_set: null,
            variables: ['OLLAMA_HOST'],
            model_count: 2,
            latency_ms: 3,
            runtime: {
              models: [
                { id: 'qwen3:14b', size_bytes: 9.3 * gibibyte, loaded: true, vram_bytes: 10.1 * gibibyte },
                {
                  id: 'nomic-embed-text:latest',
                  size_bytes: 0.3 * gibibyte,
                  loaded: false,
                  vram_bytes: null,
                },
              ],
            },
          },
          { facts: { ...factsOf(null, '0.12.3'), checked_at: '2026-11-29T11:59:48.000Z' } },
        ),
      ],
    },
    {
      id: 'system',
      title: 'This machine',
      cards: [
        metricOf('cpu_usage', 'Processors', 'sparkline_chart', {
          value: 84,
          level: 'warning',
          history: [...wave(60, 50, 12, 0.2), ...wave(59, 85, 8, 0.2), 84],
          threshold_warning: 75,
          threshold_critical: 90,
        }),
        metricOf('memory_usage', 'Memory', 'gauge_meter', {
          value: 41,
          amount: amount(26.1, 62.7),
          threshold_warning: 80,
          threshold_critical: 95,
        }),
        metricOf('disk_usage', 'Disk', 'gauge_meter', {
          value: 72,
          amount: amount(1310, 1822),
          threshold_warning: 85,
          threshold_critical: 95,
        }),
        metricOf('network_receive', 'Network in', 'sparkline_chart', {
          unit: 'MB/s',
          value: 3.4,
          history: [...wave(59, 2.5, 1.4), 3.4],
        }),
        metricOf('load_average', 'Load', 'sparkline_chart', {
          unit: null,
          value: 13.1,
          history: [...wave(59, 9, 3), 13.1],
        }),
      ],
    },
    {
      id: 'orchestrator',
      title: 'Orchestrator',
      cards: [
        'AEFA confidence',
        'Active providers',
        'Requests',
        'Latency p95',
        'Error rate',
        'Tokens',
        'Cost today',
      ].map((name, index) =>
        metricOf(`orchestrator_${index}`, name, 'number_badge', {
          unit: null,
          value: null,
          reason: '127.0.0.1:9005 does not respond',
          history: [null],
        }),
      ),
    },
  ],
}

/** How fresh the registries of that machine are. */
export const fullHealth: Health = {
  status: 'ok',
  registries: (
    [
      ['hyper', 7, 'file'],
      ['dashboard', 48, 'file'],
      ['tools', 15, 'detection'],
      ['providers', 6, 'detection'],
      ['models', 25, 'upstream'],
      ['plugins', 8, 'file'],
      ['microservices', 5, 'detection'],
      ['adapters', 8, 'file'],
      ['ml_frameworks', 10, 'detection'],
    ] as const
  ).map(([name, entries, source]) => ({
    name,
    status: 'fresh',
    age_seconds: 12,
    ttl_seconds: 300,
    entries,
    entries_expected: entries,
    last_success: '2026-11-29T11:59:48.000Z',
    source,
    error: null,
  })),
}
