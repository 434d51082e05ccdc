import type {
  Card,
  DashboardModel,
  DashboardView,
  GpuReading,
} from '../../../src/dashboard/model/dashboard-view.ts'
import { cardOf, factsOf, metricCardOf, providerOf } from './dashboard-cards.ts'

const gib = 2 ** 30

/** Values over ten minutes that go up and down between two bounds; the same each time. */
function wave(least: number, most: number, count = 120): number[] {
  return Array.from({ length: count }, (_, at) => {
    const share = (Math.sin(at / 9) + Math.sin(at / 23) + 2) / 4
    return Math.round((least + (most - least) * share) * 10) / 10
  })
}

function tool(id: string, name: string, version: string | null, more: Partial<Card> = {}): Card {
  const facts = {
    ...factsOf(null, version),
    path: version && `/home/ana/bin/${id}`,
    evidence: 'path' as const,
  }
  const common = { ref: `dashboard/tools/${id}`, subject: `tools/${id}`, name, icon: '🐳' }
  const variables = [{ name: `NEXUS_HAS_${id.toUpperCase()}`, value: version === null ? '0' : '1' }]
  const absent = {
    state: 'off' as const,
    facts: factsOf(`${id} was not found on PATH`),
    fix: { text: `Install ${name}`, command: `apt install ${id}` },
  }
  return cardOf({ ...common, state: 'on', facts, variables, ...(version === null ? absent : {}), ...more })
}

const present: readonly [id: string, name: string, version: string][] = [
  ['python', 'Python', '3.12.7'],
  ['nodejs', 'Node.js', '20.20.2'],
  ['git', 'Git', '2.51.0'],
  ['jq', 'jq', '1.7.1'],
  ['curl', 'curl', '8.5.0'],
  ['aws', 'AWS CLI', '2.27.1'],
  ['gcloud', 'Google Cloud CLI', '528.0.0'],
  ['terraform', 'Terraform', '1.11.4'],
  ['pytorch', 'PyTorch', '2.9.1+cu128'],
  ['transformers', 'Transformers', '4.57.1'],
  ['scikit_learn', 'scikit-learn', '1.7.2'],
  ['helm', 'Helm', '3.16.2'],
  ['go', 'Go', '1.24.0'],
  ['rust', 'Rust', '1.85.0'],
  ['ffmpeg', 'FFmpeg', '7.1'],
  ['psql', 'PostgreSQL client', '17.2'],
]

const absent: readonly [id: string, name: string][] = [
  ['podman', 'Podman'],
  ['tpu', 'TPU'],
  ['azure', 'Azure CLI'],
  ['tensorflow', 'TensorFlow'],
  ['jax', 'JAX'],
  ['keras', 'Keras'],
  ['xgboost', 'XGBoost'],
  ['lightgbm', 'LightGBM'],
  ['onnxruntime', 'ONNX Runtime'],
  ['ansible', 'Ansible'],
]

/** 30 tools: one of them the cluster, two broken, one that nobody could tell. */
function listTools(): Card[] {
  const broken = { state: 'broken' as const }
  const cluster = {
    component: 'cluster_status_card' as const,
    variables: [
      { name: 'NEXUS_HAS_KUBERNETES', value: '1' },
      { name: 'NEXUS_K8S_CONTEXT', value: 'prod-eu' },
    ],
  }
  return [
    tool('docker', 'Docker', '28.2.2', { ...broken, facts: factsOf(dockerReason, '28.2.2') }),
    tool('vllm', 'vLLM', '0.11.0', { ...broken, facts: factsOf(vllmReason, '0.11.0') }),
    tool('kubernetes', 'Kubernetes', '1.32.4', cluster),
    ...present.map(each => tool(...each)),
    tool('slow', 'Slow', null, {
      state: 'unknown',
      facts: factsOf('`slow --version` did not end within 2 s'),
    }),
    ...absent.map(([id, name]) => tool(id, name, null)),
  ].slice(0, 30)
}

const dockerReason = 'nothing listens at unix:///var/run/docker.sock'
const vllmReason = 'libcudart.so.12: cannot open shared object file: No such file or directory'

function provider(id: string, name: string, more: Partial<Card> = {}): Card {
  return cardOf({
    ref: `dashboard/providers/${id}`,
    subject: `providers/${id}`,
    component: 'provider_card',
    name,
    state: 'on',
    facts: factsOf(null),
    provider: providerOf({ variables: [`${id.toUpperCase()}_API_KEY`] }),
    ...more,
  })
}

function unset(id: string, name: string): Card {
  return provider(id, name, {
    state: 'off',
    facts: factsOf(`${id.toUpperCase()}_API_KEY is not set`),
    provider: providerOf({ is_key_set: false, is_reachable: null, latency_ms: null }),
    fix: { text: `Set ${id.toUpperCase()}_API_KEY to your key`, command: null },
  })
}

function listProviders(): Card[] {
  const responds = (latency_ms: number, models: string[]) =>
    providerOf({ latency_ms, models, latency_history: wave(latency_ms * 0.6, latency_ms * 1.2, 48) })
  return [
    provider('openai', 'OpenAI', { provider: responds(182, ['gpt-6.1', 'gpt-6-luna', 'gpt-5']) }),
    provider('anthropic', 'Anthropic', { provider: responds(214, ['claude-opus-5-5', 'claude-haiku-5-5']) }),
    provider('mistral', 'Mistral', { provider: responds(97, ['mistral-large-latest']) }),
    provider('ollama', 'Ollama', {
      provider: providerOf({
        variables: ['OLLAMA_HOST'],
        latency_ms: 3,
        model_count: 2,
        runtime: {
          models: [
            { id: 'qwen3:14b', size_bytes: 9.3 * gib, loaded: true, vram_bytes: 10.1 * gib },
            { id: 'llama3.2:3b', size_bytes: 1.9 * gib, loaded: false, vram_bytes: null },
          ],
        },
      }),
    }),
    unset('google', 'Google Gemini'),
    unset('groq', 'Groq'),
    unset('deepseek', 'DeepSeek'),
  ]
}

function listMetrics(): Card[] {
  const bounds = { threshold_warning: 75, threshold_critical: 90 }
  const cpu = [...wave(20, 70), 84]
  const line = { component: 'sparkline_chart', state: null } as const
  const gauge = { component: 'gauge_meter', state: null } as const
  return [
    metricCardOf(
      'cpu_usage',
      { ...line, name: 'Processors' },
      { ...bounds, value: 84, history: cpu, level: 'warning' },
    ),
    metricCardOf('memory_usage', { ...gauge, name: 'Memory' }, { ...bounds, value: 41 }),
    metricCardOf('disk_usage', { ...gauge, name: 'Disk' }, { ...bounds, value: 92, level: 'critical' }),
    metricCardOf(
      'network_receive',
      { ...line, name: 'Network In' },
      { unit: 'MB/s', value: 3.4, history: wave(0, 5) },
    ),
    metricCardOf(
      'load_average',
      { ...line, name: 'Load' },
      { unit: null, value: 13.1, history: wave(4, 14) },
    ),
    metricCardOf('gpu_utilization', { ...gauge, name: 'GPU Utilization' }, { value: 38 }),
    metricCardOf(
      'pod_count',
      { component: 'number_badge' },
      { unit: null, ...waiting('http://127.0.0.1:9004/pods') },
    ),
  ]
}

function waiting(address: string) {
  return { value: null, history: [null], reason: `${address} does not respond: nothing listens there` }
}

const gpu: GpuReading = {
  id: 'GPU-1',
  name: 'RTX 4090',
  driver: '570.86',
  memory_total_bytes: 24 * gib,
  memory_used_bytes: 10.8 * gib,
  utilization: 38,
  history: wave(5, 60),
  temperature_c: 61,
  power_w: 187.4,
  power_limit_w: 450,
  reason: null,
  read_at: '2026-11-23T08:02:00.000Z',
}

/** 40 models, of which 17 can be called. */
function listModels(): DashboardModel[] {
  return Array.from({ length: 40 }, (_, at): DashboardModel => {
    const id = `model-${at + 1}`
    return {
      ref: `models/${id}`,
      id,
      provider: 'openai',
      provider_name: 'OpenAI',
      readiness: at < 17 ? 'ready' : 'not set up',
      is_local: false,
      context_tokens: 400_000,
      input_price: 1.25,
      output_price: 10,
      capabilities: [],
      status: 'active',
      retires_on: at < 4 ? '2027-01-08' : null,
      successor: null,
      loaded: null,
      size_bytes: null,
    }
  })
}

/** A machine as the design shows it: 40 models, 30 tools, one GPU and two problems. */
export function createLargeDashboard(more: Partial<DashboardView> = {}): DashboardView {
  const models = listModels()
  const gpuCard = tool('gpu', 'GPU', '570.86', {
    component: 'gauge_meter',
    readings: listGpuReadings(),
  })
  const orchestrator = Array.from({ length: 7 }, (_, at) =>
    metricCardOf(`orchestrated_${at}`, {}, waiting('http://127.0.0.1:9005/v1/metrics')),
  )
  return {
    generated_at: '2026-11-23T08:00:12.000Z',
    sections: [
      { id: 'compute', title: 'Compute', cards: [gpuCard] },
      { id: 'tools', title: 'Tools', cards: listTools() },
      { id: 'providers', title: 'Providers', cards: listProviders() },
      { id: 'system', title: 'This machine', cards: listMetrics() },
      { id: 'orchestrator', title: 'Orchestrator', cards: orchestrator },
    ],
    problems: [
      {
        ref: 'tools/vllm',
        name: 'vLLM',
        status: 'not ready',
        reason: vllmReason,
        since: '2026-11-23T05:00:00.000Z',
        fix: {
          text: 'Install it again',
          command: '/home/ana/ml/.venv/bin/python -m pip install --upgrade --force-reinstall vllm',
        },
        blocks: ['plugins/nexus_infer'],
        blocks_count: 1,
      },
      {
        ref: 'tools/docker',
        name: 'Docker',
        status: 'not ready',
        reason: dockerReason,
        since: null,
        fix: { text: 'Start its engine', command: 'sudo systemctl start docker' },
        blocks: [],
        blocks_count: 0,
      },
    ],
    models: {
      total: 40,
      ready: 17,
      not_set_up: 20,
      retired: 3,
      through: [
        { ref: 'providers/openai', name: 'OpenAI', ready: 6, is_local: false },
        { ref: 'providers/mistral', name: 'Mistral', ready: 5, is_local: false },
        { ref: 'providers/anthropic', name: 'Anthropic', ready: 4, is_local: false },
        { ref: 'providers/ollama', name: 'Ollama', ready: 2, is_local: true },
      ],
      retiring: models.filter(({ retires_on: end }) => end !== null),
      entries: models,
    },
    machine: { name: 'forge', system: 'Debian GNU/Linux 12 (bookworm)', cores: 16 },
    gpus: [gpu],
    changes: [
      {
        time: '2026-11-23T07:12:00.000Z',
        ref: 'tools/vllm',
        kind: 'detected',
        change: 'broke',
        from: null,
        to: null,
      },
      {
        time: '2026-11-23T07:12:00.000Z',
        ref: 'tools/pytorch',
        kind: 'detected',
        change: 'version',
        from: '2.8.0',
        to: '2.9.1',
      },
      {
        time: '2026-11-23T06:31:00.000Z',
        ref: 'models/gpt-6.1',
        kind: 'edit',
        change: 'added',
        by: 'import',
        fields: [],
      },
      {
        time: '2026-11-21T06:31:00.000Z',
        ref: 'tools/jq',
        kind: 'detected',
        change: 'came',
        from: null,
        to: null,
      },
    ],
    changes_last_day: 3,
    hidden: [],
    warnings: [],
    ...more,
  }
}

function listGpuReadings() {
  return ['gpu_memory_percent', 'gpu_utilization'].flatMap(
    id => metricCardOf(id, {}, { value: 45, threshold_warning: 85, threshold_critical: 95 }).readings,
  )
}

/** The same GPU in another state. */
export function gpuOf(more: Partial<GpuReading>): GpuReading {
  return { ...gpu, ...more }
}
