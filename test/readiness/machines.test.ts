import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { createGraph } from '../../src/graph/load-graph.ts'
import type { WebResponse } from '../../src/platform/http.ts'
import { assess, explain, explainAll } from '../../src/readiness/explain.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { writeScript } from '../support/processes/script.ts'
import { createTestHost } from '../support/test-host.ts'

const now = '2026-11-29T12:00:00.000Z'
const registries = nodePath.resolve(import.meta.dirname, '../../registries')

interface Machine {
  readonly env?: Readonly<Record<string, string>>
  /** Programs on PATH, with what they print. */
  readonly programs?: Readonly<Record<string, string>>
  readonly platform?: NodeJS.Platform
  /** Whether the files of the platform are here. */
  readonly hasPlatform?: boolean
  /** Services that are up now, and those that have been up before. */
  readonly up?: 'all' | readonly string[]
  readonly wereUp?: 'all'
  /** What the last `sync --deep` wrote into providers. */
  readonly providers?: Readonly<Record<string, object>>
}

/** Lays a machine out with the shipped registries. */
async function createMachine(machine: Machine) {
  const { env, programs = {}, platform = 'linux', hasPlatform, up = [], wereUp, providers = {} } = machine
  const place = await createTestHost({ platform })
  const home = nodePath.join(place.directory, 'home')
  await cp(registries, home, { recursive: true, filter: source => !source.endsWith('history.json') })
  const bin = nodePath.join(place.directory, 'bin')
  await mkdir(bin)
  for (const [name, text] of Object.entries(programs))
    await writeScript(nodePath.join(bin, name), `echo '${text}'`)
  const change = async (file: string, toChange: (entries: Record<string, object>) => object) => {
    const path = nodePath.join(home, file)
    await writeFile(path, JSON.stringify(toChange(JSON.parse(await readFile(path, 'utf8')))))
  }
  if (wereUp)
    await change('microservice_registry.json', entries =>
      Object.fromEntries(
        Object.entries(entries).map(([id, entry]) => [
          id,
          {
            ...entry,
            detected: { status: 'up', latency_ms: 1, last_up_at: now, reason: null, checked_at: now },
          },
        ]),
      ),
    )
  await change('provider_registry.json', entries => {
    const detected = Object.entries(providers).map(([id, found]) => [id, { ...entries[id], detected: found }])
    return { ...entries, ...Object.fromEntries(detected) }
  })
  const host = {
    ...place,
    env: { HOME: place.directory, PATH: bin, ...env },
    clock: { ...place.clock, now: () => Date.parse(now) },
    sendRequest: async ({ url }: { readonly url: string }): Promise<WebResponse> => {
      const isUp = up === 'all' || up.some(port => url.includes(`:${port}/`))
      return isUp
        ? { outcome: 'answered', status: 200, headers: {}, body: new Uint8Array() }
        : { outcome: 'refused' }
    },
  }
  const snapshot = await loadSnapshot(home, host)
  const platformRoot = hasPlatform ? nodePath.join(place.directory, 'platform') : undefined
  const files = ['plugins', 'adapters'] as const
  if (platformRoot)
    for (const { path } of files.flatMap(name => Object.values(snapshot.registries[name].content ?? {})))
      await writeScript(nodePath.join(platformRoot, path), '')
  const graph = createGraph(snapshot)
  const request = { home: { directory: home, origin: 'default' } as const, snapshot, graph, platformRoot }
  return {
    statuses: await assess(request, host),
    overview: await explainAll(request, host),
    pathOf: async (ref: string) => {
      const node = graph.nodes.find(({ id }) => id === ref)
      if (node === undefined) throw new Error(`nothing is called ${ref}`)
      return (await explain(node, request, host)).explanation.via_platform?.status
    },
  }
}

const keys = Object.fromEntries(
  [
    'OPENAI_API_KEY',
    'ANTHROPIC_API_KEY',
    'GEMINI_API_KEY',
    'MISTRAL_API_KEY',
    'GROQ_API_KEY',
    'DEEPSEEK_API_KEY',
    'XAI_API_KEY',
    'CO_API_KEY',
    'COHERE_API_KEY',
    'OPENROUTER_API_KEY',
    'AZURE_OPENAI_API_KEY',
    'AZURE_OPENAI_ENDPOINT',
    'AWS_BEARER_TOKEN_BEDROCK',
    'GOOGLE_VERTEX_API_KEY',
  ].map(name => [name, 'x']),
)
const tools = { jq: 'jq-1.7.1', curl: 'curl 8.5.0', git: 'git version 2.43.0', node: 'v20.20.2' }
const unreachable = {
  status: 'configured',
  key_env: 'OPENAI_API_KEY',
  reachable: false,
  latency_ms: null,
  reason: 'https://api.openai.com/v1 does not answer',
  checked_at: now,
}
const mac = JSON.stringify({
  SPDisplaysDataType: [
    {
      _name: 'Apple M3 Pro',
      sppci_model: 'Apple M3 Pro',
      spdisplays_vendor: 'sppci_vendor_Apple',
      sppci_cores: '18',
    },
  ],
})

/** Written by hand from the rules of readiness. The last column has the refs of all problems. */
const machines: [
  name: string,
  machine: Machine,
  statuses: Record<string, string>,
  path: string,
  problems: string[],
][] = [
  [
    'a bare machine',
    {},
    {
      'tools/docker': 'not set up',
      'ml_frameworks/pytorch': 'not set up',
      'providers/openai': 'not set up',
      'models/gpt-6-luna': 'not set up',
      'models/gpt-4-turbo': 'not ready',
      'microservices/aefa': 'not set up',
      'adapters/openai_adapter': 'not set up',
      'plugins/nexus_hyper_core': 'not set up',
      'plugins/nexus_registry_hook_zsh': 'not set up',
      'dashboard/tools/docker': 'not set up',
      tools: 'ready',
    },
    'not set up',
    [],
  ],
  [
    'a CI runner',
    { env: { CI: 'true', GITHUB_TOKEN: 'x' }, programs: { ...tools, docker: 'Docker version 28.0.4' } },
    {
      'tools/docker': 'ready',
      'tools/git': 'ready',
      'tools/podman': 'not set up',
      container_runtime: 'ready',
      'providers/openai': 'not set up',
      'models/gpt-6-luna': 'not set up',
      'plugins/api_manager': 'not set up',
    },
    'not set up',
    [],
  ],
  [
    'a laptop with keys',
    { env: { OPENAI_API_KEY: 'x', ANTHROPIC_API_KEY: 'x', MISTRAL_API_KEY: '' }, programs: tools },
    {
      'providers/openai': 'ready',
      'providers/mistral': 'not set up',
      'models/gpt-6-luna': 'ready',
      'models/gpt-4o': 'ready',
      'models/gpt-4-turbo': 'not ready',
      'models/claude-opus-5-5': 'ready',
      'models/gemini-3.8-flash': 'not set up',
      'microservices/aefa': 'not set up',
    },
    'not set up',
    [],
  ],
  [
    'general cloud credentials',
    {
      env: {
        AWS_PROFILE: 'work',
        GOOGLE_APPLICATION_CREDENTIALS: '/nowhere/adc.json',
        AZURE_OPENAI_API_KEY: 'x',
      },
    },
    {
      'providers/amazon-bedrock': 'unknown',
      'providers/google-vertex': 'not set up',
      'providers/azure-openai': 'not set up',
      'dashboard/providers/amazon-bedrock': 'unknown',
    },
    'not set up',
    [],
  ],
  [
    'an air-gapped machine',
    { env: { OPENAI_API_KEY: 'x', ANTHROPIC_API_KEY: 'x' }, providers: { openai: unreachable } },
    {
      'providers/openai': 'not ready',
      'models/gpt-6-luna': 'not ready',
      'providers/anthropic': 'ready',
      'models/claude-opus-5-5': 'ready',
    },
    'not set up',
    ['providers/openai'],
  ],
  [
    'a platform that runs',
    { env: keys, programs: tools, hasPlatform: true, up: 'all' },
    {
      'microservices/aefa': 'ready',
      'adapters/openai_adapter': 'ready',
      'adapters/universal_adapter': 'ready',
      'plugins/nexus_hyper_core': 'ready',
      'plugins/nexus_dashboard': 'ready',
      'models/gpt-6-luna': 'ready',
    },
    'ready',
    [],
  ],
  [
    'a platform that is half down',
    { env: keys, programs: tools, hasPlatform: true, up: ['9003', '9004', '9005'], wereUp: 'all' },
    {
      'microservices/aefa': 'ready',
      'microservices/multi_llm_service': 'not ready',
      'microservices/multi_llm_orchestrator': 'not ready',
      'plugins/nexus_llm_router': 'not ready',
      'plugins/nexus_dashboard': 'ready',
      'models/gpt-6-luna': 'ready',
    },
    'not ready',
    ['microservices/multi_llm_service', 'microservices/multi_llm_orchestrator'],
  ],
  [
    'a Mac',
    {
      platform: 'darwin',
      env: { OPENAI_API_KEY: 'x' },
      programs: { ...tools, brew: 'Homebrew 5.0.3', system_profiler: mac },
    },
    {
      'tools/gpu': 'ready',
      'tools/git': 'ready',
      'tools/docker': 'not set up',
      'models/gpt-6-luna': 'ready',
    },
    'not set up',
    [],
  ],
]

describe('the readiness of', () => {
  test.each(machines)('%s', async (_, machine, statuses, path, problems) => {
    const { statuses: found, overview, pathOf } = await createMachine(machine)
    expect(Object.fromEntries(Object.keys(statuses).map(ref => [ref, found.get(ref)]))).toEqual(statuses)
    expect(await pathOf('models/gpt-6-luna')).toBe(path)
    expect(overview.problems.map(({ ref }) => ref)).toEqual(problems)
  })
})
