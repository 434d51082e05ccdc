import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkRuntimes } from '../../src/detection/runtimes/check-runtimes.ts'
import { sendRequest } from '../../src/platform/node/send-request.ts'
import type { LocalModel } from '../../src/registry/schema/detected.ts'
import { type RuntimeName, runtimeNames } from '../../src/registry/schema/provider.ts'
import { createPeerHome, type PeerHomeOptions } from '../support/homes/target-home.ts'
import { findFreePort, startHealthServer } from '../support/servers/health-server.ts'
import { json, modelList, type RuntimeReply, startRuntimeServer } from '../support/servers/runtime-server.ts'

/** An entry of a local runtime at an address. */
function local(runtime: string, url: string, more: object = {}): object {
  return {
    endpoint: `${url}/v1/chat/completions`,
    kind: 'local',
    runtime,
    base_url: url,
    auth_type: 'none',
    models: [],
    ...more,
  }
}

/** Lets no time run out: many servers in one process are slow. */
const patience: PeerHomeOptions = {
  clock: {
    sleep: (_, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  },
  overrides: { sendRequest: request => sendRequest({ ...request, timeoutMs: 60_000 }) },
}

interface ProbeOptions extends PeerHomeOptions {
  /** Whether the time for requests runs out. */
  readonly isTimed?: boolean
  readonly allowPrivate?: readonly string[]
  readonly checkCredentials?: readonly string[]
}

/** What the probe says of each provider of a home. */
async function probe({ allowPrivate = [], checkCredentials, isTimed = false, ...options }: ProbeOptions) {
  const { home, host, snapshot } = await createPeerHome({ ...(isTimed ? {} : patience), ...options })
  const checks = await checkRuntimes(
    { home, snapshot: await snapshot(), allowPrivate, checkCredentials },
    host,
  )
  return Object.fromEntries([...checks].map(([id, { detected }]) => [id, detected]))
}

/** What the probe says of one runtime, whose server responds so. */
async function probeOne(
  runtime: string,
  routes: Readonly<Record<string, RuntimeReply>>,
  { isTimed, ...more }: Readonly<Record<string, unknown>> & { readonly isTimed?: boolean } = {},
) {
  const server = await startRuntimeServer(routes)
  const found = await probe({
    providers: { one: local(runtime, server.url, more) },
    isTimed: isTimed ?? false,
  })
  return { detected: found.one, server }
}

const model = (id: string, more: Partial<LocalModel> = {}): LocalModel => ({
  id,
  size_bytes: null,
  quantization: null,
  context_tokens: null,
  loaded: null,
  vram_bytes: null,
  ...more,
})

interface Row {
  readonly runtime: RuntimeName
  readonly what?: string
  readonly routes: Readonly<Record<string, RuntimeReply>>
  readonly version: string | null
  readonly models: readonly LocalModel[]
  readonly reason?: string
  /** Paths, in order: nothing else is requested. */
  readonly paths: readonly string[]
}

const llama = {
  name: 'llama3.2:latest',
  model: 'llama3.2:latest',
  size: 2019393189,
  digest: 'a80c4f17',
  details: { format: 'gguf', family: 'llama', parameter_size: '3.2B', quantization_level: 'Q4_K_M' },
}

// Replies as each runtime documents them.
const rows: readonly Row[] = [
  {
    runtime: 'ollama',
    routes: {
      '/': { body: 'Ollama is running' },
      '/api/version': json({ version: '0.5.1' }),
      '/api/tags': json({
        models: [
          llama,
          { ...llama, name: 'mistral:latest', model: 'mistral:latest', size: 4113301824 },
          { ...llama, name: 'gpt-oss:120b-cloud', model: 'gpt-oss:120b-cloud', remote_model: 'gpt-oss:120b' },
        ],
      }),
      '/api/ps': json({
        models: [{ ...llama, size: 3000000000, size_vram: 2500000000, context_length: 4096 }],
      }),
    },
    version: '0.5.1',
    models: [
      model('llama3.2:latest', {
        size_bytes: 2019393189,
        quantization: 'Q4_K_M',
        context_tokens: 4096,
        loaded: true,
        vram_bytes: 2500000000,
      }),
      model('mistral:latest', { size_bytes: 4113301824, quantization: 'Q4_K_M', loaded: false }),
    ],
    paths: ['/', '/api/version', '/api/tags', '/api/ps'],
  },
  {
    runtime: 'lmstudio',
    routes: {
      '/api/v1/models': json({
        models: [
          {
            type: 'llm',
            key: 'google/gemma-4-26b-a4b',
            quantization: { name: 'Q4_K_M', bits_per_weight: 4 },
            size_bytes: 17990911801,
            loaded_instances: [],
            max_context_length: 262144,
          },
          {
            type: 'embedding',
            key: 'nomic',
            size_bytes: 84106624,
            loaded_instances: [{ id: 'nomic', config: { context_length: 2048 } }],
            max_context_length: 8192,
          },
        ],
      }),
    },
    version: null,
    models: [
      model('google/gemma-4-26b-a4b', {
        size_bytes: 17990911801,
        quantization: 'Q4_K_M',
        context_tokens: 262144,
        loaded: false,
      }),
      model('nomic', { size_bytes: 84106624, context_tokens: 2048, loaded: true }),
    ],
    paths: ['/api/v1/models'],
  },
  {
    runtime: 'lmstudio',
    what: 'before 0.4',
    routes: {
      '/api/v0/models': json({
        object: 'list',
        data: [
          { id: 'qwen', type: 'llm', quantization: '4bit', state: 'loaded', max_context_length: 32768 },
          { id: 'bge', type: 'embeddings', state: 'not-loaded', max_context_length: 512 },
        ],
      }),
    },
    version: null,
    models: [
      model('bge', { context_tokens: 512, loaded: false }),
      model('qwen', { quantization: '4bit', context_tokens: 32768, loaded: true }),
    ],
    paths: ['/api/v1/models', '/api/v0/models'],
  },
  {
    runtime: 'llama.cpp',
    routes: {
      '/v1/models': modelList({
        id: '../models/Llama-3.1-8B-Q4_K_M.gguf',
        owned_by: 'llamacpp',
        meta: { n_ctx_train: 131072, n_params: 8030261312, size: 4912898304 },
      }),
      '/props': json({ build_info: 'b6123-a1b2c3d', default_generation_settings: { n_ctx: 8192 } }),
    },
    version: 'b6123-a1b2c3d',
    models: [
      model('../models/Llama-3.1-8B-Q4_K_M.gguf', {
        size_bytes: 4912898304,
        context_tokens: 8192,
        loaded: true,
      }),
    ],
    paths: ['/v1/models', '/props'],
  },
  {
    runtime: 'llama.cpp',
    what: 'as a router',
    routes: {
      '/v1/models': modelList(
        { id: 'a', owned_by: 'llamacpp', status: { value: 'unloaded' } },
        { id: 'b', owned_by: 'llamacpp', status: { value: 'loaded' }, meta: { n_ctx_train: 4096 } },
      ),
      '/props': json({ default_generation_settings: { n_ctx: 0 } }),
    },
    version: null,
    models: [model('a', { loaded: false }), model('b', { loaded: true, context_tokens: 4096 })],
    paths: ['/v1/models', '/props'],
  },
  {
    runtime: 'llama.cpp',
    what: 'while it loads',
    routes: {
      '/v1/models': {
        status: 503,
        body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
      },
    },
    version: null,
    models: [],
    reason: 'it is still loading its model',
    paths: ['/v1/models'],
  },
  {
    runtime: 'llamafile',
    routes: {
      '/v1/models': {
        ...modelList({ id: 'Qwen3-0.6B', owned_by: 'llamacpp' }),
        headers: { server: 'llamafile/0.9.3' },
      },
    },
    version: null,
    models: [model('Qwen3-0.6B', { loaded: true })],
    paths: ['/v1/models', '/props'],
  },
  {
    runtime: 'vllm',
    routes: {
      '/v1/models': modelList({ id: 'meta-llama/Llama-3-8B', owned_by: 'vllm', max_model_len: 8192 }),
      '/version': json({ version: '0.10.2' }),
    },
    version: '0.10.2',
    models: [model('meta-llama/Llama-3-8B', { context_tokens: 8192, loaded: true })],
    paths: ['/v1/models', '/version'],
  },
  {
    runtime: 'sglang',
    routes: {
      '/v1/models': modelList({ id: 'qwen', owned_by: 'sglang', root: 'qwen', max_model_len: 40960 }),
      '/get_server_info': json({ version: '0.5.3', api_key: 'secret' }),
    },
    version: '0.5.3',
    models: [model('qwen', { context_tokens: 40960, loaded: true })],
    paths: ['/v1/models', '/server_info', '/get_server_info'],
  },
  {
    runtime: 'tgi',
    routes: {
      '/info': json({
        model_id: 'HuggingFaceH4/zephyr-7b-beta',
        max_total_tokens: 2048,
        router: 'text-generation-router',
        version: '3.3.6',
      }),
    },
    version: '3.3.6',
    models: [model('HuggingFaceH4/zephyr-7b-beta', { context_tokens: 2048, loaded: true })],
    paths: ['/info'],
  },
  {
    runtime: 'docker-model-runner',
    routes: {
      '/': { body: 'Docker Model Runner is running' },
      '/version': json({ version: 'v1.0.3' }),
      '/models': json([
        {
          id: 'sha256:1',
          tags: ['ai/smollm2:latest'],
          config: { quantization: 'IQ2_XXS/Q4_K_M', size: '256 MiB' },
        },
        { id: 'sha256:2', tags: [], config: { format: 'gguf' } },
      ]),
      '/engines/ps': json([
        { backend_name: 'llama.cpp', model_name: 'ai/smollm2:latest', mode: 'completion' },
      ]),
    },
    version: '1.0.3',
    models: [
      model('ai/smollm2:latest', { quantization: 'IQ2_XXS/Q4_K_M', loaded: true }),
      model('sha256:2', { loaded: false }),
    ],
    paths: ['/', '/version', '/models', '/engines/ps'],
  },
  {
    runtime: 'localai',
    routes: {
      '/.well-known/localai.json': json({ version: 'v3.5.0 (abc)', endpoints: { models: '/v1/models' } }),
      '/version': json({ version: 'v3.5.0 (abc)' }),
      '/v1/models': modelList({ id: 'gpt-4' }, { id: 'whisper' }),
      '/system': json({ backends: ['llama-cpp'], loaded_models: [{ id: 'gpt-4' }] }),
    },
    version: '3.5.0',
    models: [model('gpt-4', { loaded: true }), model('whisper', { loaded: false })],
    paths: ['/.well-known/localai.json', '/version', '/v1/models', '/system'],
  },
  {
    runtime: 'koboldcpp',
    routes: {
      '/api/extra/version': json({ result: 'KoboldCpp', version: '1.76', protected: false }),
      '/v1/models': modelList({ id: 'koboldcpp/model', created: 1, owned_by: 'koboldcpp' }),
      '/api/tags': json({ models: [llama] }),
    },
    version: '1.76',
    models: [model('koboldcpp/model', { loaded: true })],
    paths: ['/api/extra/version', '/v1/models'],
  },
  {
    runtime: 'text-generation-webui',
    routes: {
      '/v1/internal/health': json({ status: 'ok' }),
      '/v1/internal/model/info': json({ model_name: 'a.gguf', lora_names: [], loader: 'llama.cpp' }),
      '/v1/internal/model/list': json({ model_names: ['a.gguf', 'b.gguf'] }),
    },
    version: null,
    models: [model('a.gguf', { loaded: true }), model('b.gguf', { loaded: false })],
    paths: ['/v1/internal/health', '/v1/internal/model/info', '/v1/internal/model/list'],
  },
  {
    runtime: 'tabbyapi',
    routes: {
      '/.well-known/serviceinfo': json({ version: 0.1, software: { name: 'TabbyAPI' } }),
      '/v1/models': modelList({ id: 'a' }, { id: 'b' }),
      '/v1/model': json({ id: 'a', parameters: { max_seq_len: 4096 } }),
    },
    version: null,
    models: [model('a', { context_tokens: 4096, loaded: true }), model('b', { loaded: false })],
    paths: ['/.well-known/serviceinfo', '/v1/models', '/v1/model'],
  },
  {
    runtime: 'mlx-lm',
    routes: { '/v1/models': modelList({ id: 'mlx-community/Llama-3.2-3B-4bit', created: 1719581274 }) },
    version: null,
    models: [model('mlx-community/Llama-3.2-3B-4bit')],
    paths: ['/v1/models'],
  },
  {
    runtime: 'jan',
    routes: { '/v1/models': modelList({ id: 'jan-v3-4b-base-instruct' }) },
    version: null,
    models: [model('jan-v3-4b-base-instruct')],
    paths: ['/v1/models'],
  },
  {
    runtime: 'gpt4all',
    routes: { '/v1/models': modelList({ id: 'Llama 3 8B Instruct', created: 0, owned_by: 'humanity' }) },
    version: null,
    models: [model('Llama 3 8B Instruct')],
    paths: ['/v1/models'],
  },
  {
    runtime: 'exo',
    routes: {
      '/node_id': json('12D3KooW'),
      '/ollama/api/version': json({ version: '1.0.0' }),
      '/ollama/api/tags': json({
        models: [
          {
            name: 'mlx-community/Q',
            model: 'mlx-community/Q',
            size: 1e9,
            details: { quantization_level: '4bit' },
          },
        ],
      }),
      '/ollama/api/ps': json({ models: [{ name: 'mlx-community/Q', model: 'mlx-community/Q', size: 0 }] }),
    },
    version: null,
    models: [model('mlx-community/Q', { size_bytes: 1e9, quantization: '4bit', loaded: true })],
    paths: ['/node_id', '/ollama/api/version', '/ollama/api/tags', '/ollama/api/ps'],
  },
  {
    runtime: 'litellm-proxy',
    routes: {
      '/health/liveliness': json("I'm alive!"),
      '/health/readiness': json({ status: 'healthy', litellm_version: '1.79.1' }),
      '/v1/models': modelList({ id: 'gpt-4o', created: 1, owned_by: 'openai' }),
    },
    version: '1.79.1',
    models: [model('gpt-4o')],
    paths: ['/health/liveliness', '/v1/models', '/health/readiness'],
  },
  {
    runtime: 'open-webui',
    routes: { '/api/config': json({ status: true, name: 'Lab (Open WebUI)', version: '0.6.32' }) },
    version: '0.6.32',
    models: [],
    reason: 'its models are those of the runtimes behind it, and are not listed here',
    paths: ['/api/config'],
  },
]

describe('a runtime that is up', () => {
  test.each(rows.map(row => [`${row.runtime} ${row.what ?? ''}`.trim(), row] as const))(
    '%s',
    async (_, { runtime, routes, version, models, reason = null, paths }) => {
      const { detected, server } = await probeOne(runtime, routes)
      expect(detected).toEqual({
        status: 'up',
        version,
        latency_ms: expect.any(Number),
        models,
        last_up_at: detected?.checked_at,
        reason,
        checked_at: expect.stringMatching(/^\d{4}-.*Z$/),
      })
      expect(server.requests).toEqual(paths.map(path => `GET ${path}`))
    },
  )

  test('every runtime has a row', () => {
    expect([...new Set(rows.map(({ runtime }) => runtime))].sort()).toEqual([...runtimeNames].sort())
  })

  test('gets only requests that the guide lists', () => {
    const guide = readFileSync('docs/local-inference.md', 'utf8').split('## What is requested')[1] ?? ''
    const lines = guide.split('\n').filter(line => line.startsWith('| `'))
    const unlisted = rows.flatMap(({ runtime, paths }) => {
      const line = lines.find(text => text.split('|')[1]?.includes(`\`${runtime}\``))
      return paths.filter(path => !line?.includes(`\`${path}\``)).map(path => `${runtime} ${path}`)
    })
    expect(unlisted).toEqual([])
  })

  test('is taken for no other one', async () => {
    // Jan has nothing of its own: it is recognized by its port.
    const strangers = (row: Row) => runtimeNames.filter(name => name !== row.runtime && name !== 'jan')
    const all = await Promise.all(
      rows.map(async (row, index) => {
        const { url } = await startRuntimeServer(row.routes)
        return strangers(row).map(name => [`${index} ${row.runtime}/${name}`, local(name, url)] as const)
      }),
    )
    const ids = all.flat().map(([id]) => id.replace(/^(\d+) /, 'r$1-'))
    const providers = Object.fromEntries(all.flat().map(([, entry], index) => [ids[index], entry]))
    const found = await probe({ providers })
    expect(ids.filter(id => found[id]?.status !== 'down')).toEqual([])
  })
})

const hang = () => undefined

function isHanging({ handle }: RuntimeReply): boolean {
  return handle === hang
}

/** Whatever a path is. */
const everywhere = async (reply: RuntimeReply) => (await startRuntimeServer({}, reply)).url

const flood: RuntimeReply = {
  handle: (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      response.once('drain', write)
    }
    write()
  },
}

describe('another program at the address', () => {
  const html = { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Hello</title>' }
  const strangers: [what: string, reply: RuntimeReply, reason: RegExp][] = [
    ['a web page', html, /^another program responds at URL$/],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' } }, /^another program responds at URL$/],
    ['JSON of another service', json({ status: 'ok', version: '7.1' }), /^another program responds at URL$/],
    ['an empty list', json([]), /^another program responds at URL$/],
    ['an empty object', json({}), /^another program responds at URL$/],
    [
      'a page that wants a user',
      { ...html, status: 401 },
      /^(another program responds at URL|URL responds with 401: GPT4All .*)$/,
    ],
    ['an error', { status: 500, body: 'oops' }, /^another program responds at URL$/],
    ['deep JSON', { body: '['.repeat(1_000_000) }, /^another program responds at URL$/],
    [
      'what is not HTTP',
      { handle: request => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n') },
      /^URL does not speak HTTP as expected: /,
    ],
    [
      'what breaks off',
      {
        handle: (_, response) =>
          response.writeHead(200, { 'content-length': 9 }).write('x', () => response.destroy()),
      },
      /^URL does not speak HTTP as expected: /,
    ],
  ]
  test.each(strangers)('is down at a default port: %s', async (_, reply, reason) => {
    const url = await everywhere(reply)
    const names = runtimeNames.filter(name => name !== 'jan')
    const found = await probe({
      providers: Object.fromEntries(names.map(name => [name, local(name, url)])),
    })
    for (const name of names) {
      const { status, reason: said, models } = found[name] ?? {}
      expect([name, status, models]).toEqual([name, 'down', []])
      expect(said?.replace(url, 'URL')).toMatch(reason)
    }
  })

  test('is named where it is known', async () => {
    const { url } = await startRuntimeServer({ '/v1/models': modelList({ id: 'a', owned_by: 'vllm' }) })
    const found = await probe({ providers: { one: local('llama.cpp', url) } })
    expect(found.one).toMatchObject({ status: 'down', reason: `vLLM responds at ${url}`, models: [] })
  })

  test('is unknown where a variable names the address', async () => {
    const { port, url } = await startRuntimeServer({}, json({}))
    const providers = {
      one: local('ollama', `http://127.0.0.1:${await findFreePort()}`, { host_env: 'OLLAMA_HOST' }),
    }
    const found = await probe({ providers, env: { OLLAMA_HOST: `127.0.0.1:${port}` } })
    const reason = `another program responds at ${url}, which OLLAMA_HOST names`
    expect(found.one).toMatchObject({ status: 'unknown', reason })
  })

  test('that hangs is unknown, and costs the others nothing', async () => {
    const hanging = await everywhere({ handle: hang })
    const dripping = await startHealthServer('dripping')
    const { url } = await startRuntimeServer({
      '/': { body: 'Ollama is running' },
      '/api/tags': json({ models: [] }),
    })
    const found = await probe({
      isTimed: true,
      providers: {
        one: local('ollama', hanging),
        two: local('ollama', dripping.url),
        three: local('ollama', url),
      },
    })
    const reason = (at: string) => `${at} did not respond within 250 ms`
    expect(found.one).toMatchObject({ status: 'unknown', reason: reason(hanging), latency_ms: null })
    expect(found.two).toMatchObject({ status: 'unknown', reason: reason(dripping.url) })
    expect(found.three).toMatchObject({ status: 'up', reason: null })
  })

  test('shares a port with a runtime: the runtimes that it is not are down', async () => {
    const { url, requests } = await startRuntimeServer({
      '/v1/models': modelList({ id: 'mlx-community/a', created: 1 }),
    })
    const names = ['llama.cpp', 'llamafile', 'mlx-lm', 'localai', 'open-webui']
    const found = await probe({ providers: Object.fromEntries(names.map(name => [name, local(name, url)])) })
    expect(names.map(name => found[name]?.status)).toEqual(['down', 'down', 'up', 'down', 'down'])
    expect(found['llama.cpp']?.reason).toBe(`MLX LM responds at ${url}`)
    // One chain, in which no path comes twice.
    expect(new Set(requests).size).toBe(requests.length)
  })
})

describe('a runtime that says', () => {
  const about = (routes: Readonly<Record<string, RuntimeReply>>) => ({
    '/': { body: 'Ollama is running' },
    '/api/version': json({ version: '0.5.1' }),
    '/api/ps': json({ models: [] }),
    ...routes,
  })
  const one = (name: unknown, more: object = {}) => ({ name, model: name, ...more })
  const many = (count: number) => Array.from({ length: count }, (_, index) => one(`m${index}`))
  const texts: [what: string, tags: RuntimeReply, ids: string[] | number, reason: string | RegExp | null][] =
    [
      ['5,000 models', json({ models: many(5000) }), 500, 'it lists 5000 models, of which 500 are recorded'],
      ['500 models', json({ models: many(500) }), 500, null],
      [
        'names with control characters',
        json({
          models: [one('a\u001b[31m'), one('b\nc'), one('\u202eevil'), one('fine:latest'), one(''), one(7)],
        }),
        ['fine:latest'],
        '5 models without an id that can be shown left out',
      ],
      [
        'a name without an end',
        json({ models: [one('x'.repeat(100_000)), one('b')] }),
        ['b'],
        /^1 model without/,
      ],
      ['a name twice', json({ models: [one('b'), one('a'), one('b', { size: 1 })] }), ['a', 'b'], null],
      ['no models', json({ models: [] }), [], null],
      [
        'something else than a list',
        json({ models: { a: 1 } }),
        [],
        'its models are not known: /api/tags responds with something else than a list',
      ],
      [
        'items that are no objects',
        json({ models: [null, 1, 'a', [], one('b')] }),
        ['b'],
        /^4 models without/,
      ],
      [
        'an error',
        { status: 500, body: 'oops' },
        [],
        'its models are not known: /api/tags responds with 500',
      ],
      [
        'a redirect',
        { status: 302, headers: { location: 'http://evil.example' } },
        [],
        'its models are not known: /api/tags responds with 302',
      ],
      ['no end', flood, [], 'its models are not known: /api/tags responds with more than 4 MiB'],
      ['nothing', { handle: hang }, [], 'its models are not known: /api/tags did not respond within 250 ms'],
      ['a web page', { body: '<html>' }, [], /^its models are not known/],
      ['deep JSON', { body: `{"models":${'['.repeat(1_000_000)}` }, [], /^its models are not known/],
      [
        'keys of prototypes',
        { body: '{"__proto__":{"models":[{"model":"a"}]}}' },
        [],
        /^its models are not known/,
      ],
    ]
  test.each(texts)('%s is up', async (_, tags, ids, reason) => {
    const { detected } = await probeOne('ollama', about({ '/api/tags': tags }), {
      isTimed: isHanging(tags),
    })
    expect(detected?.status).toBe('up')
    if (typeof ids === 'number') expect(detected?.models).toHaveLength(ids)
    else expect(detected?.models.map(({ id }) => id)).toEqual(ids)
    if (typeof reason === 'string' || reason === null) expect(detected?.reason).toBe(reason)
    else expect(detected?.reason).toMatch(reason)
  })

  test.each([['big'], [-1], [1.5], [null], [1e300], [{}], ['1']])('a size of %j has none', async size => {
    const tags = json({
      models: [one('a', { size, details: { quantization_level: size, context_length: size } })],
    })
    const ps = json({ models: [one('a', { size_vram: size })] })
    const { detected } = await probeOne('ollama', about({ '/api/tags': tags, '/api/ps': ps }))
    const quantization = typeof size === 'string' ? size : null
    expect(detected?.models).toEqual([model('a', { quantization, loaded: true })])
  })

  test('a version that cannot be shown has none', async () => {
    const version = json({ version: '1\u001b]0;x\u0007' })
    const { detected } = await probeOne(
      'ollama',
      about({ '/api/version': version, '/api/tags': json({ models: [] }) }),
    )
    expect(detected).toMatchObject({ status: 'up', version: null })
  })

  test('first the models in memory, where there are too many', async () => {
    const tags = json({ models: many(600) })
    const ps = json({ models: [one('m599')] })
    const { detected } = await probeOne('ollama', about({ '/api/tags': tags, '/api/ps': ps }))
    expect(detected?.models.filter(({ loaded }) => loaded)).toHaveLength(1)
  })
})

describe('a runtime that wants a key', () => {
  const refused = { status: 401, body: { error: 'Unauthorized' } }
  const key = { auth_type: 'bearer', key_env: 'VLLM_API_KEY' }
  const routes = { '/version': json({ version: '0.10.2' }), '/v1/models': refused }
  const needs = 'it lists its models only with a key'

  test.each([
    ['none is set', {}, [], `${needs}, and VLLM_API_KEY is not set`],
    [
      'it may not be sent',
      { VLLM_API_KEY: 'secret-of-vllm' },
      ['other'],
      `${needs}: VLLM_API_KEY is set, and is sent when check_credentials of your configuration lists one`,
    ],
  ])('is up where %s, and gets none', async (_, env, checkCredentials, reason) => {
    const server = await startRuntimeServer(routes)
    const providers = { one: local('vllm', server.url, key) }
    const found = await probe({ providers, env, checkCredentials })
    expect(found.one).toMatchObject({ status: 'up', version: '0.10.2', models: [], reason })
    expect(server.keys).toEqual([])
  })

  test('gets its own where the configuration says so, and no other program does', async () => {
    const withKey: RuntimeReply = {
      handle: ({ headers }, response) => {
        if (headers.authorization !== 'Bearer secret-of-vllm') return response.writeHead(401).end('{}')
        return response.end('{"data":[{"id":"a","owned_by":"vllm","max_model_len":1}]}')
      },
    }
    const [server, other] = [
      await startRuntimeServer({ ...routes, '/v1/models': withKey }),
      await startRuntimeServer({}, refused),
    ]
    const found = await probe({
      providers: { one: local('vllm', server.url, key), two: local('vllm', other.url, key) },
      env: { VLLM_API_KEY: 'secret-of-vllm' },
      checkCredentials: ['one', 'two'],
    })
    expect(found.one).toMatchObject({ status: 'up', models: [{ id: 'a' }], reason: null })
    expect(found.two).toMatchObject({ status: 'down' })
    expect([server.keys, other.keys]).toEqual([['Bearer secret-of-vllm'], []])
  })

  test.each([
    [
      'lmstudio',
      {
        '/api/v1/models': { status: 401, body: { error: { message: 'An LM Studio API token is required' } } },
      },
    ],
    ['jan', { '/v1/models': { status: 401, body: 'Unauthorized' } }],
    ['sglang', { '/v1/models': refused, '/health': {} }],
    [
      'tabbyapi',
      { '/.well-known/serviceinfo': json({ software: { name: 'TabbyAPI' } }), '/v1/models': refused },
    ],
    ['litellm-proxy', { '/health/liveliness': json("I'm alive!"), '/v1/models': refused }],
  ])('%s is up without it', async (runtime, routes) => {
    const { detected } = await probeOne(runtime, routes, { auth_type: 'bearer' })
    expect(detected).toMatchObject({
      status: 'up',
      reason: `${needs}, and its entry names no variable in key_env`,
    })
  })

  test('GPT4All responds with 401 while its server is off', async () => {
    const { detected, server } = await probeOne('gpt4all', { '/v1/models': { status: 401 } })
    const reason = `${server.url} responds with 401: GPT4All responds so while its local API server is switched off in the settings`
    expect(detected).toMatchObject({ status: 'down', reason })
  })
})
