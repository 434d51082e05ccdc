import { describe, expect, test } from 'vitest'
import { createGraph, findNode } from '../../src/graph/load-graph.ts'
import { assess, explain, explainAll } from '../../src/readiness/explain.ts'
import { withLocalModels, withRequestedModel } from '../../src/registry/local-models.ts'
import { localProvider, neverUp, runtimeModel, upWith, wasUpWith } from '../support/homes/local-home.ts'
import { createPeerHome, provider } from '../support/homes/target-home.ts'

const llama = runtimeModel('llama3.2:latest', { loaded: true, vram_bytes: 2_600_000_000 })
const nomic = runtimeModel('nomic-embed-text:v1.5', { size_bytes: 274_302_450, quantization: 'F16' })
const refused = 'nothing listens at http://127.0.0.1:11434'
const foreign = 'another program responds at http://127.0.0.1:8080'

/** Written by hand from the rules of readiness. The last column has the refs of all problems, with what they block. */
const machines: [
  name: string,
  providers: Record<string, object>,
  statuses: Record<string, string>,
  problems: Record<string, string[]>,
][] = [
  [
    'a machine on which Ollama is up',
    { ollama: localProvider('ollama', 11_434, upWith([llama, nomic])) },
    {
      'providers/ollama': 'ready',
      'models/ollama/llama3.2:latest': 'ready',
      'models/ollama/nomic-embed-text:v1.5': 'ready',
      'models/ollama/qwen3': 'not ready',
    },
    {},
  ],
  [
    'a machine on which Ollama is down',
    { ollama: localProvider('ollama', 11_434, wasUpWith([llama, nomic])) },
    {
      'providers/ollama': 'not ready',
      'models/ollama/llama3.2:latest': 'not ready',
      'models/ollama/nomic-embed-text:v1.5': 'not ready',
      'models/ollama/qwen3': 'not ready',
    },
    { 'providers/ollama': ['models/ollama/llama3.2:latest', 'models/ollama/nomic-embed-text:v1.5'] },
  ],
  [
    'a machine on which Ollama is gone',
    { ollama: localProvider('ollama', 11_434, neverUp(refused)) },
    { 'providers/ollama': 'not set up', 'models/ollama/qwen3': 'not set up' },
    {},
  ],
  [
    'a machine with several runtimes and a foreign program on their ports',
    {
      ollama: localProvider('ollama', 11_434, upWith([llama])),
      lmstudio: localProvider('lmstudio', 1234, upWith([runtimeModel('qwen/qwen3-4b', { loaded: true })])),
      'llama.cpp': localProvider('llama.cpp', 8080, neverUp(foreign)),
      localai: localProvider('localai', 8080, neverUp(foreign)),
      vllm: localProvider('vllm', 8000, wasUpWith([runtimeModel('Qwen/Qwen3-8B')], { reason: foreign })),
      sglang: localProvider(
        'sglang',
        30_000,
        neverUp('it did not respond within 250 ms', { status: 'unknown' }),
      ),
    },
    {
      'providers/ollama': 'ready',
      'models/ollama/llama3.2:latest': 'ready',
      'providers/lmstudio': 'ready',
      'models/lmstudio/qwen/qwen3-4b': 'ready',
      'models/lmstudio/qwen/qwen3-8b': 'not ready',
      'providers/llama.cpp': 'not set up',
      'models/llama.cpp/any': 'not set up',
      'providers/localai': 'not set up',
      'providers/vllm': 'not ready',
      'models/vllm/Qwen/Qwen3-8B': 'not ready',
      'providers/sglang': 'unknown',
      'models/sglang/any': 'unknown',
    },
    { 'providers/vllm': ['models/vllm/Qwen/Qwen3-8B'] },
  ],
  [
    'a machine with nothing, before its first sync',
    { ollama: localProvider('ollama', 11_434), vllm: localProvider('vllm', 8000) },
    {
      'providers/ollama': 'not set up',
      'providers/vllm': 'not set up',
      'models/ollama/qwen3': 'not set up',
    },
    {},
  ],
]

const cloud = {
  acme: provider('https://api.example.com/v1', { models: ['large', 'small'] }),
  other: provider('https://api.example.com/v1'),
}

async function layOut(providers: Readonly<Record<string, object>>) {
  const home = await createPeerHome({ providers: { ...providers, ...cloud } })
  const files = await home.snapshot()
  expect(files.registries.providers.diagnostics).toEqual([])
  const find = async (name: string) => {
    const snapshot = withRequestedModel(name, withLocalModels(files))
    const graph = createGraph(snapshot)
    const request = { home: home.home, snapshot, graph }
    return (await explain(findNode(name, graph, snapshot), request, home.host)).explanation
  }
  const snapshot = withLocalModels(files)
  const request = { home: home.home, snapshot, graph: createGraph(snapshot) }
  return { home, snapshot, request, find }
}

describe('the readiness of', () => {
  test.each(machines)('%s', async (_, providers, statuses, problems) => {
    const { home, request, find } = await layOut(providers)
    const found = await Promise.all(Object.keys(statuses).map(async ref => [ref, (await find(ref)).status]))
    expect(Object.fromEntries(found)).toEqual(statuses)
    const all = await assess(request, home.host)
    for (const [ref, status] of Object.entries(statuses))
      if (all.has(ref)) expect([ref, all.get(ref)]).toEqual([ref, status])
    const overview = await explainAll(request, home.host)
    expect(Object.fromEntries(overview.problems.map(({ ref, blocks }) => [ref, blocks]))).toMatchObject(
      problems,
    )
    expect(overview.problems.map(({ ref }) => ref)).toEqual(Object.keys(problems))
  })
})

/** What is wrong and what fixes it, as printed: the status, the cause, its reason, its fix and the command. */
const fixes: [
  name: string,
  runtime: string,
  detected: object | undefined,
  ref: string,
  cause: { ref: string; reason: string; text: string; command: string | null },
][] = [
  [
    'a model that is not installed',
    'ollama',
    upWith([llama]),
    'models/ollama/qwen3',
    {
      ref: 'models/ollama/qwen3',
      reason: 'ollama does not have it',
      text: 'Install it, then run nexus-registry sync providers',
      command: 'ollama pull qwen3',
    },
  ],
  [
    'a model whose name a shell would split',
    'ollama',
    upWith([llama]),
    'models/ollama/a; rm -rf $HOME',
    {
      ref: 'models/ollama/a; rm -rf $HOME',
      reason: 'ollama does not have it',
      text: 'Install it, then run nexus-registry sync providers',
      command: "ollama pull 'a; rm -rf $HOME'",
    },
  ],
  [
    'a model whose name a program would take for an option',
    'ollama',
    upWith([llama]),
    'models/ollama/--insecure',
    {
      ref: 'models/ollama/--insecure',
      reason: 'ollama does not have it',
      text: 'Install it, then run nexus-registry sync providers',
      command: null,
    },
  ],
  [
    'a model of a runtime that serves what it was started with',
    'vllm',
    upWith([runtimeModel('Qwen/Qwen3-8B')]),
    'models/vllm/Qwen/Qwen3-32B',
    {
      ref: 'models/vllm/Qwen/Qwen3-32B',
      reason: 'vllm does not have it',
      text: 'Install it, then run nexus-registry sync providers',
      command: null,
    },
  ],
  [
    'a runtime that was stopped',
    'ollama',
    wasUpWith([llama]),
    'models/ollama/llama3.2',
    {
      ref: 'providers/ollama',
      reason: refused,
      text: 'Start it, then run nexus-registry sync providers',
      command: 'ollama serve',
    },
  ],
  [
    'a runtime that was never here',
    'lmstudio',
    neverUp(refused),
    'providers/lmstudio',
    {
      ref: 'providers/lmstudio',
      reason: refused,
      text: 'Install and start it, then run nexus-registry sync providers',
      command: null,
    },
  ],
  [
    'a runtime that no sync has looked for',
    'jan',
    undefined,
    'providers/jan',
    {
      ref: 'providers/jan',
      reason: 'it was never up here',
      text: 'Install and start it, then run nexus-registry sync providers',
      command: null,
    },
  ],
  [
    'a model that may be one of those that were not recorded',
    'ollama',
    upWith(Array.from({ length: 500 }, (_, index) => runtimeModel(`m${index}`))),
    'models/ollama/qwen3',
    {
      ref: 'models/ollama/qwen3',
      reason: 'ollama has more models than are recorded, and it is none of those',
      text: 'Check it',
      command: 'nexus-registry sync providers',
    },
  ],
  [
    'a model of a runtime that did not list its models',
    'vllm',
    upWith([], { reason: 'it needs a key to list its models' }),
    'models/vllm/any',
    {
      ref: 'models/vllm/any',
      reason: 'it needs a key to list its models',
      text: 'Check it',
      command: 'nexus-registry sync providers',
    },
  ],
]

test.each(fixes)('the fix of %s', async (_, runtime, detected, ref, cause) => {
  const { find } = await layOut({ [runtime]: localProvider(runtime, 1234, detected) })
  const { causes } = await find(ref)
  expect(causes.map(({ ref, reason, fix }) => ({ ref, reason, ...fix }))).toEqual([cause])
})
