import { describe, expect, test } from 'vitest'
import { findRuntimePlace } from '../../src/detection/runtimes/address.ts'
import { runtimes } from '../../src/detection/runtimes/runtimes.ts'
import type { RuntimeName } from '../../src/registry/schema/provider.ts'

const ports: Readonly<Partial<Record<RuntimeName, number>>> = { ollama: 11434, 'llama.cpp': 8080, vllm: 8000 }

function placeOf(runtime: RuntimeName, hostEnv: string | undefined, env: Record<string, string>) {
  const base_url = `http://127.0.0.1:${ports[runtime] ?? 5000}`
  const entry = { endpoint: `${base_url}/v1`, base_url, ...(hostEnv && { host_env: hostEnv }) }
  const place = findRuntimePlace(entry, runtimes[runtime], env)
  return place.kind === 'urls' ? place.urls.join(' ') : `unusable ${place.variable}`
}

describe('OLLAMA_HOST as Ollama reads it', () => {
  test.each([
    ['', 'http://127.0.0.1:11434'],
    ['  ', 'http://127.0.0.1:11434'],
    ['127.0.0.1', 'http://127.0.0.1:11434'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    [':8080', 'http://127.0.0.1:8080'],
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:99', 'http://127.0.0.1:99'],
    ['::', 'http://[::1]:11434'],
    ['[::]:99', 'http://[::1]:99'],
    ['::1', 'http://[::1]:11434'],
    ['[::1]', 'http://[::1]:11434'],
    ['"0.0.0.0"', 'http://127.0.0.1:11434'],
    [" '127.0.0.1:1' ", 'http://127.0.0.1:1'],
    ['http://localhost', 'http://localhost'],
    ['http://localhost:99', 'http://localhost:99'],
    ['https://localhost', 'https://localhost'],
    ['HTTP://LOCALHOST:99', 'http://localhost:99'],
    ['https://box:11434/ollama/', 'https://box:11434/ollama'],
    ['box/ollama', 'http://box:11434/ollama'],
    ['127.0.0.1:65536', 'http://127.0.0.1:11434'],
    ['127.0.0.1:-1', 'http://127.0.0.1:11434'],
    ['127.0.0.1:abc', 'http://127.0.0.1:11434'],
    ['http://127.0.0.1:abc', 'http://127.0.0.1'],
    ['10.0.0.5', 'http://10.0.0.5:11434'],
    ['localhost?x=1#y', 'http://localhost:11434'],
    ['ftp://localhost', 'unusable OLLAMA_HOST'],
    ['http://user:secret@localhost', 'unusable OLLAMA_HOST'],
    ['two words', 'unusable OLLAMA_HOST'],
    ['http://[::1', 'unusable OLLAMA_HOST'],
    ['/run/ollama.sock', 'unusable OLLAMA_HOST'],
  ])('%j', (value, expected) => {
    expect(placeOf('ollama', 'OLLAMA_HOST', { OLLAMA_HOST: value })).toBe(expected)
  })
})

describe('variables of other runtimes', () => {
  const rows: [
    runtime: RuntimeName,
    hostEnv: string | undefined,
    env: Record<string, string>,
    url: string,
  ][] = [
    ['llama.cpp', 'LLAMA_ARG_HOST', {}, 'http://127.0.0.1:8080 http://127.0.0.1:9931'],
    ['llama.cpp', 'LLAMA_ARG_HOST', { LLAMA_ARG_PORT: '9000' }, 'http://127.0.0.1:9000'],
    [
      'llama.cpp',
      'LLAMA_ARG_HOST',
      { LLAMA_ARG_HOST: '0.0.0.0', LLAMA_ARG_PORT: '9000' },
      'http://127.0.0.1:9000',
    ],
    ['llama.cpp', 'LLAMA_ARG_HOST', { LLAMA_ARG_HOST: 'box' }, 'http://box:8080'],
    [
      'llama.cpp',
      'LLAMA_ARG_HOST',
      { LLAMA_ARG_PORT: '1', LLAMA_ARG_API_PREFIX: '/llama/' },
      'http://127.0.0.1:1/llama',
    ],
    ['llama.cpp', 'LLAMA_ARG_HOST', { LLAMA_ARG_HOST: '/tmp/llama.sock' }, 'unusable LLAMA_ARG_HOST'],
    ['llama.cpp', undefined, { LLAMA_ARG_PORT: '9000' }, 'http://127.0.0.1:8080 http://127.0.0.1:9931'],
    ['localai', 'LOCALAI_ADDRESS', { LOCALAI_ADDRESS: ':8081' }, 'http://127.0.0.1:8081'],
    ['docker-model-runner', 'MODEL_RUNNER_PORT', { MODEL_RUNNER_PORT: '13434' }, 'http://127.0.0.1:13434'],
    ['docker-model-runner', 'MODEL_RUNNER_PORT', { MODEL_RUNNER_PORT: 'x' }, 'http://127.0.0.1:5000'],
    ['text-generation-webui', 'OPENEDAI_PORT', { OPENEDAI_PORT: '5005' }, 'http://127.0.0.1:5005'],
    [
      'tabbyapi',
      'TABBY_NETWORK_HOST',
      { TABBY_NETWORK_HOST: '::1', TABBY_NETWORK_PORT: '5006' },
      'http://[::1]:5006',
    ],
    ['vllm', 'MY_VLLM', { MY_VLLM: '8001' }, 'http://127.0.0.1:8001'],
    ['vllm', 'MY_VLLM', { MY_VLLM: 'https://gpu.example/v' }, 'https://gpu.example/v'],
    ['vllm', 'constructor', {}, 'http://127.0.0.1:8000'],
  ]
  test.each(rows)('%s with %s and %j is at %s', (runtime, hostEnv, env, expected) => {
    expect(placeOf(runtime, hostEnv, env)).toBe(expected)
  })
})
