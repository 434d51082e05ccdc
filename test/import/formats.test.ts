import { describe, expect, test } from 'vitest'
import { importFormats } from '../../src/import/formats/index.ts'
import type { ParsedSource } from '../../src/import/import-record.ts'
import type { ImportFormatName } from '../../src/registry/schema/names.ts'

type Fields = Readonly<Record<string, unknown>>

/** Reads a document as the import does, which first checks its format. */
function parse(name: ImportFormatName, document: unknown, day = '2026-11-23'): ParsedSource {
  const format = importFormats.find(each => each.name === name)
  if (!format?.matches(document)) throw new Error(`not of the format of ${name}`)
  return format.parse(document, day)
}

/** The only record of a document. */
function parseOne(name: ImportFormatName, document: unknown, day?: string) {
  const { records, refused } = parse(name, document, day)
  expect([records.length, refused]).toEqual([1, []])
  const [record] = records
  if (record === undefined) throw new Error('no record')
  return record
}

const reasonsOf = ({ refused }: ParsedSource) =>
  refused.map(({ id, provider, reason }) => [id, provider, reason])

const limits = { max_input_tokens: 1000 }
const toLitellm = (entry: Fields, key = 'acme-9') => ({
  [key]: { litellm_provider: 'acme', mode: 'chat', ...entry },
})

describe('litellm', () => {
  test.each<[string, Fields, Fields, string]>([
    [
      'prices per token',
      { input_cost_per_token: 2e-7, output_cost_per_token: 2e-5 },
      { cost_per_1k_input: 0.0002, cost_per_1k_output: 0.02 },
      'priced',
    ],
    [
      'prices as texts',
      { input_cost_per_token: '2e-07', output_cost_per_token: ' 0.00000175 ' },
      { cost_per_1k_input: 0.0002, cost_per_1k_output: 0.00175 },
      'priced',
    ],
    [
      'prices of the cache',
      {
        input_cost_per_token: 3e-6,
        cache_read_input_token_cost: 3e-7,
        cache_creation_input_token_cost: 3.75e-6,
        cache_creation_input_token_cost_above_1hr: 6e-6,
      },
      { cost_per_1k_input: 0.003, cost_per_1k_cache_read: 0.0003, cost_per_1k_cache_write: 0.00375 },
      'priced',
    ],
    ['prose in a price', { input_cost_per_token: 'see the page' }, {}, 'unknown'],
    ['a price of -1', { input_cost_per_token: -1, output_cost_per_token: '-1' }, {}, 'unknown'],
    ['null', { input_cost_per_token: null, max_input_tokens: null, deprecation_date: null }, {}, 'unknown'],
    ['0, which may mean anything', { input_cost_per_token: 0, output_cost_per_token: 0 }, {}, 'unknown'],
    [
      '0 of an output that is not billed',
      { input_cost_per_token: 2e-8, output_cost_per_token: 0 },
      { cost_per_1k_input: 0.00002 },
      'priced',
    ],
    [
      '0 of a provider on the own machine',
      { litellm_provider: 'ollama', input_cost_per_token: 0, output_cost_per_token: 0 },
      { cost_per_1k_input: 0, cost_per_1k_output: 0 },
      'free',
    ],
    ['a price per image', { mode: 'image_edit', output_cost_per_image: 0.026 }, {}, 'unpriced'],
    ['a price per second', { input_cost_per_second: 3.083e-5, output_cost_per_second: 0 }, {}, 'unpriced'],
    ['prices by the image that are 0', { input_cost_per_pixel: 0 }, {}, 'unknown'],
    [
      'prices by the token and the image',
      { input_cost_per_token: 5e-6, input_cost_per_image_token: 1e-5 },
      { cost_per_1k_input: 0.005 },
      'priced',
    ],
    [
      'prices above a number of tokens, the lowest first',
      {
        input_cost_per_token: 1e-6,
        input_cost_per_token_above_272k_tokens: 4e-6,
        input_cost_per_token_above_200k_tokens: 2e-6,
        output_cost_per_token_above_200k_tokens: 1.5e-5,
        cache_read_input_token_cost_above_200k_tokens: 2.5e-7,
        cache_creation_input_token_cost_above_200k_tokens: 3e-7,
        input_cost_per_token_above_200k_tokens_priority: 9e-6,
        input_cost_per_token_priority: 8e-6,
        input_cost_per_token_batches: 5e-7,
      },
      {
        cost_per_1k_input: 0.001,
        cost_tiers: [
          {
            input_tokens_above: 200_000,
            cost_per_1k_input: 0.002,
            cost_per_1k_output: 0.015,
            cost_per_1k_cache_read: 0.00025,
            cost_per_1k_cache_write: 0.0003,
          },
          { input_tokens_above: 272_000, cost_per_1k_input: 0.004 },
        ],
      },
      'priced',
    ],
    [
      'tiered_pricing: its first range is the price',
      {
        tiered_pricing: [
          {
            input_cost_per_token: 4e-7,
            output_cost_per_token: 1.2e-6,
            output_cost_per_reasoning_token: 4e-6,
            range: [0, 256000.0],
          },
          { input_cost_per_token: 1.2e-6, output_cost_per_token: 3.6e-6, range: [256000.0, 1000000.0] },
        ],
      },
      {
        cost_per_1k_input: 0.0004,
        cost_per_1k_output: 0.0012,
        cost_tiers: [{ input_tokens_above: 256_000, cost_per_1k_input: 0.0012, cost_per_1k_output: 0.0036 }],
      },
      'priced',
    ],
    [
      'limits as floats',
      { max_input_tokens: '2000000.0', max_output_tokens: 30_000.0 },
      { context_tokens: 2_000_000, output_tokens: 30_000 },
      'unknown',
    ],
    ['the old limit', { max_tokens: 8192 }, { context_tokens: 8192 }, 'unknown'],
    [
      'limits that are prose, 0 or below',
      { max_input_tokens: 'max input tokens, if the provider says it', max_output_tokens: 0, max_tokens: -1 },
      {},
      'unknown',
    ],
    [
      'the length of a vector, and no output',
      { mode: 'embedding', max_input_tokens: 8191, max_output_tokens: 1536, output_vector_size: 1536 },
      { context_tokens: 8191, embedding_dimensions: 1536 },
      'unknown',
    ],
    ['the day of its end', { deprecation_date: '2027-01-14' }, { retires_on: '2027-01-14' }, 'unknown'],
    ['an end that is no day', { deprecation_date: '2027-02-30' }, {}, 'unknown'],
    ['an end that is a month', { deprecation_date: '2027-02' }, {}, 'unknown'],
    [
      'modalities, with PDF by its flag',
      {
        supported_modalities: ['image', 'text', 'smell'],
        supported_output_modalities: ['text'],
        supports_pdf_input: true,
      },
      { modalities: { input: ['text', 'image', 'pdf'], output: ['text'] } },
      'unknown',
    ],
    ['half of the modalities', { supported_modalities: ['text'] }, {}, 'unknown'],
  ])('reads %s', (_, entry, fields, price) => {
    const record = parseOne('litellm', toLitellm(entry))
    expect({ fields: record.fields, price: record.price }).toEqual({ fields, price })
  })

  test('reads what a model can, what it cannot, and nothing from a flag that is absent', () => {
    const entry = {
      mode: 'embedding',
      supports_vision: true,
      supports_pdf_input: true,
      supports_audio_input: false,
      supports_video_input: 'yes',
      supports_response_schema: true,
      supports_function_calling: null,
      supports_prompt_caching: false,
      supports_tool_choice: true,
    }
    expect(Object.fromEntries(parseOne('litellm', toLitellm(entry)).capabilities)).toEqual({
      vision: true,
      audio: false,
      pdf: true,
      structured_output: true,
      prompt_caching: false,
      embeddings: true,
    })
  })

  test.each([
    ['chat', []],
    ['embedding', ['embeddings']],
    ['image_generation', ['image_generation']],
    ['image_edit', ['image_generation']],
    ['audio_transcription', ['speech']],
    ['audio_speech', ['speech']],
    ['rerank', []],
    [undefined, []],
    ['constructor', []],
  ])('of mode %s can do %j', (mode, names) => {
    expect([...parseOne('litellm', toLitellm({ mode })).capabilities.keys()]).toEqual(names)
  })

  test.each([
    ['gemini/gemini-2.5-pro', 'gemini', 'google', 'gemini-2.5-pro'],
    ['gemini-2.5-pro', 'vertex_ai-language-models', 'google-vertex', 'gemini-2.5-pro'],
    ['vertex_ai/claude-9', 'vertex_ai-anthropic_models', 'google-vertex', 'claude-9'],
    ['cohere_chat/command-9', 'cohere_chat', 'cohere', 'command-9'],
    ['azure/gpt-9', 'azure', 'azure-openai', 'gpt-9'],
    ['together_ai/meta-llama/llama-9', 'together_ai', 'togetherai', 'meta-llama/llama-9'],
    ['groq/openai/gpt-9', 'groq', 'groq', 'openai/gpt-9'],
    ['openai/gpt-9', 'groq', 'groq', 'openai/gpt-9'],
    ['1024-x-1024/acme-image', 'openai', 'openai', '1024-x-1024/acme-image'],
    ['acme/acme-9', 'acmeother', 'acmeother', 'acme/acme-9'],
    ['toString', 'toString', 'toString', 'toString'],
  ])('names %s of %s: %s %s', (key, litellm_provider, provider, id) => {
    const record = parseOne('litellm', toLitellm({ litellm_provider }, key))
    expect(record).toMatchObject({ provider, id, key })
  })

  test('says whether the context is what a prompt may have', () => {
    expect(parseOne('litellm', toLitellm(limits)).isInputLimit).toBe(true)
    expect(parseOne('litellm', toLitellm({ max_tokens: 1000 })).isInputLimit).toBeUndefined()
  })

  test('refuses what is no model, with the reason, and reads the others', () => {
    const document = {
      sample_spec: {
        litellm_provider: 'one of https://docs.litellm.ai/docs/providers',
        max_tokens: 'LEGACY',
      },
      fallback_generalizations: { rules: [] },
      list: [],
      nameless: { litellm_provider: '' },
      ...toLitellm({ litellm_provider: 'bedrock' }, 'bedrock/*/1-month-commitment/acme.text-v1'),
      ...toLitellm({ input_cost_per_token: 0.135 }, 'acme/dear'),
      ...toLitellm({ input_cost_per_token_above_200k_tokens: 0.0015 }, 'acme/dear-tier'),
      ...toLitellm({ cache_read_input_token_cost: 0.002 }, 'acme/dear-cache'),
      ...toLitellm({ input_cost_per_token: 0.001, output_cost_per_token: 0.0006 }, 'acme/dearest'),
    }
    const parsed = parse('litellm', document)
    expect(parsed.records.map(({ id }) => id)).toEqual(['dear-cache', 'dearest'])
    expect(reasonsOf(parsed)).toEqual([
      ['sample_spec', undefined, 'documentation, no model'],
      ['fallback_generalizations', undefined, 'no litellm_provider, so no model'],
      ['list', undefined, 'no litellm_provider, so no model'],
      ['nameless', undefined, 'no litellm_provider, so no model'],
      ['bedrock/*/1-month-commitment/acme.text-v1', 'amazon-bedrock', 'a pattern, no model'],
      ['acme/dear', 'acme', 'a price of 135000 USD per million tokens: its unit is wrong'],
      ['acme/dear-tier', 'acme', 'a price of 1500 USD per million tokens: its unit is wrong'],
    ])
  })
})

const toModelsDev = (model: Fields, id = 'acme-9', provider: Fields = {}) => ({
  acme: { id: 'acme', ...provider, models: { [id]: { id, ...model } } },
})

describe('models.dev', () => {
  test.each<[string, Fields, Fields, string]>([
    [
      'prices per million tokens',
      { cost: { input: 0.13, output: 20, cache_read: 0.4, cache_write: 3.75, reasoning: 9 } },
      {
        cost_per_1k_input: 0.00013,
        cost_per_1k_output: 0.02,
        cost_per_1k_cache_read: 0.0004,
        cost_per_1k_cache_write: 0.00375,
      },
      'priced',
    ],
    ['prices as texts', { cost: { input: '0.29' } }, { cost_per_1k_input: 0.00029 }, 'priced'],
    ['prose in a price', { cost: { input: 'ask sales', output: true } }, {}, 'unknown'],
    ['a price of -1', { cost: { input: -1, output: -1 } }, {}, 'unknown'],
    ['no cost', {}, {}, 'unknown'],
    ['0, which may mean anything', { cost: { input: 0, output: 0 } }, {}, 'unknown'],
    [
      'tiers, and not what repeats the first',
      {
        cost: {
          input: 4,
          output: 20,
          tiers: [
            { input: 8, output: 30, cache_read: 0.8, tier: { type: 'context', size: 272000 } },
            { input: 6, tier: { size: 128000 } },
            { input: 9 },
          ],
          context_over_200k: { input: 8, output: 30 },
        },
      },
      {
        cost_per_1k_input: 0.004,
        cost_per_1k_output: 0.02,
        cost_tiers: [
          { input_tokens_above: 128_000, cost_per_1k_input: 0.006 },
          {
            input_tokens_above: 272_000,
            cost_per_1k_input: 0.008,
            cost_per_1k_output: 0.03,
            cost_per_1k_cache_read: 0.0008,
          },
        ],
      },
      'priced',
    ],
    [
      'the window, and what a prompt may have',
      { limit: { context: 1_050_000, input: 922_000, output: 128_000 } },
      { context_tokens: 1_050_000, input_tokens_max: 922_000, output_tokens: 128_000 },
      'unknown',
    ],
    [
      'no limit of a prompt that is the window',
      { limit: { context: 1000, input: 1000 } },
      { context_tokens: 1000 },
      'unknown',
    ],
    ['limits of 0, which do not apply', { limit: { context: 0, output: 0 } }, {}, 'unknown'],
    [
      'the length of a vector, and no output',
      { family: 'text-embedding', limit: { context: 8191, output: 1536 } },
      { context_tokens: 8191, embedding_dimensions: 1536 },
      'unknown',
    ],
    [
      'a length of 1, which is no length',
      { name: 'Acme Embed', limit: { context: 2048, output: 1 } },
      { display_name: 'Acme Embed', context_tokens: 2048 },
      'unknown',
    ],
    ['a name that is its id', { name: 'acme-9' }, {}, 'unknown'],
    ['a name with a line break', { name: 'Acme\n9 ' }, { display_name: 'Acme 9' }, 'unknown'],
    [
      'days and months',
      { release_date: '2026-07-09', last_updated: '2026-08-01', knowledge: '2026-02' },
      { released_on: '2026-07-09', knowledge_cutoff: '2026-02' },
      'unknown',
    ],
    ['a release in a month, which is no day', { release_date: '2026-04', knowledge: '' }, {}, 'unknown'],
    ['the status alpha', { status: 'alpha' }, { status: 'preview' }, 'unknown'],
    ['the status beta', { status: 'beta' }, { status: 'preview' }, 'unknown'],
    ['the status deprecated', { status: 'deprecated' }, { status: 'deprecated' }, 'unknown'],
    ['a status without a meaning here', { status: 'toString' }, {}, 'unknown'],
    ['weights', { open_weights: false }, { open_weights: false }, 'unknown'],
    [
      'modalities',
      { modalities: { input: ['pdf', 'text', 'image'], output: ['text'] } },
      { modalities: { input: ['text', 'image', 'pdf'], output: ['text'] } },
      'unknown',
    ],
  ])('reads %s', (_, model, fields, price) => {
    const record = parseOne('models.dev', toModelsDev(model))
    expect({ fields: record.fields, price: record.price }).toEqual({ fields, price })
  })

  test('takes 0 from a model that is marked as free', () => {
    const record = parseOne('models.dev', toModelsDev({ cost: { input: 0, output: 0 } }, 'acme-9:free'))
    expect(record).toMatchObject({
      fields: { cost_per_1k_input: 0, cost_per_1k_output: 0 },
      price: 'free',
    })
  })

  test.each<[string, Fields, Fields]>([
    ['nothing', {}, {}],
    [
      'flags',
      { tool_call: true, structured_output: false, reasoning: 'yes', attachment: true },
      { function_calling: true, structured_output: false },
    ],
    [
      'modalities',
      { modalities: { input: ['text', 'image'], output: ['text', 'image'] } },
      { vision: true, audio: false, video: false, pdf: false, image_generation: true },
    ],
    [
      'what only listens',
      { modalities: { input: ['audio'], output: ['text'] } },
      { vision: false, audio: true, video: false, pdf: false, speech: true },
    ],
    [
      'what reads text and hears',
      { modalities: { input: ['text', 'audio'], output: ['text'] } },
      { vision: false, audio: true, video: false, pdf: false },
    ],
    ['a price of the cache', { cost: { input: 1, cache_read: 0.1 } }, { prompt_caching: true }],
    ['a price of the cache that is 0', { cost: { input: 1, cache_read: 0 } }, {}],
    ['an embedding', { family: 'text-embedding' }, { embeddings: true }],
  ])('reads capabilities from %s', (_, model, capabilities) => {
    expect(Object.fromEntries(parseOne('models.dev', toModelsDev(model)).capabilities)).toEqual(capabilities)
  })

  test('maps providers, keeps paths in ids, and describes each provider', () => {
    const model = { limit: { context: 1000 } }
    const document = {
      'fireworks-ai': { env: ['FIREWORKS_API_KEY'], models: { 'acme/acme-9': model } },
      acme: {
        name: 'Acme',
        npm: '@ai-sdk/openai-compatible',
        api: 'https://api.acme.test/v1/',
        env: ['ACME_ACCOUNT', 'ACME_API_KEY', 'not a name'],
        doc: 'https://acme.test/models',
        models: { '@cf/acme/acme-9': model },
      },
      other: {
        npm: '@ai-sdk/anthropic',
        api: 'https://api.other.test',
        env: ['OTHER'],
        doc: 'see there',
        models: {},
      },
      variable: { api: 'https://${REGION}.example.test', models: {} },
      plain: { api: 'http://plain.example.test', models: {} },
    }
    const { records, providers } = parse('models.dev', document)
    expect(records).toMatchObject([
      { provider: 'fireworks', id: 'acme/acme-9', key: 'fireworks/acme/acme-9' },
      { provider: 'acme', id: '@cf/acme/acme-9' },
    ])
    expect(providers.get('acme')).toEqual({
      name: 'Acme',
      endpoint: 'https://api.acme.test/v1/chat/completions',
      baseUrl: 'https://api.acme.test/v1',
      authHeader: undefined,
      keyEnv: ['ACME_API_KEY'],
      requiredEnv: ['ACME_ACCOUNT'],
      docs: 'https://acme.test/models',
    })
    expect(providers.get('other')).toMatchObject({
      name: 'other',
      endpoint: 'https://api.other.test/messages',
      authHeader: 'x-api-key',
      keyEnv: ['OTHER'],
      docs: undefined,
    })
    expect(['variable', 'plain', 'fireworks'].map(id => providers.get(id)?.endpoint)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('refuses what is no model, with the reason, and reads the others', () => {
    const document = {
      acme: { models: { text: 'prose', dear: { cost: { input: 1500 } }, fine: { cost: { input: 600 } } } },
      azure: { models: ['a list'] },
    }
    const parsed = parse('models.dev', document)
    expect(parsed.records.map(({ id }) => id)).toEqual(['fine'])
    expect(reasonsOf(parsed)).toEqual([
      ['acme/text', 'acme', 'no object'],
      ['acme/dear', 'acme', 'a price of 1500 USD per million tokens: its unit is wrong'],
      ['azure', 'azure-openai', 'its models are no object by id'],
    ])
  })
})

const toOpenrouter = (model: Fields, id = 'acme/acme-9') => ({ data: [{ id, pricing: {}, ...model }] })

describe('openrouter', () => {
  test.each<[string, Fields, Fields, string]>([
    [
      'prices per token as texts',
      {
        pricing: {
          prompt: '0.00000175',
          completion: '0.000014',
          input_cache_read: '0.000000175',
          input_cache_write: '0.00000375',
          input_cache_write_1h: '0.000006',
          web_search: '0.01',
          internal_reasoning: '0.00001',
        },
      },
      {
        cost_per_1k_input: 0.00175,
        cost_per_1k_output: 0.014,
        cost_per_1k_cache_read: 0.000175,
        cost_per_1k_cache_write: 0.00375,
      },
      'priced',
    ],
    ['"-1", a price of the routed model', { pricing: { prompt: '-1', completion: '-1' } }, {}, 'unknown'],
    ['"0", which may mean anything', { pricing: { prompt: '0', completion: '0' } }, {}, 'unknown'],
    ['prose', { pricing: { prompt: 'varies', completion: '' } }, {}, 'unknown'],
    ['a price per image', { pricing: { prompt: '0', image: '0.04' } }, {}, 'unpriced'],
    [
      'a price of a request that is 0',
      { pricing: { prompt: '0', request: '0', image: '-1' } },
      {},
      'unknown',
    ],
    [
      'prices of long prompts',
      {
        pricing: {
          prompt: '0.000003',
          overrides: [
            {
              min_prompt_tokens: 200_000,
              prompt: '0.000006',
              completion: '0.0000225',
              input_cache_read: '0.0000006',
            },
            { min_prompt_tokens: 100_000, audio: '0.1' },
          ],
        },
      },
      {
        cost_per_1k_input: 0.003,
        cost_tiers: [
          {
            input_tokens_above: 200_000,
            cost_per_1k_input: 0.006,
            cost_per_1k_output: 0.0225,
            cost_per_1k_cache_read: 0.0006,
          },
        ],
      },
      'priced',
    ],
    [
      'limits',
      { context_length: 128_000, top_provider: { context_length: 9, max_completion_tokens: 16_384 } },
      { context_tokens: 128_000, output_tokens: 16_384 },
      'unknown',
    ],
    [
      'limits that are null',
      { context_length: null, top_provider: { max_completion_tokens: null } },
      {},
      'unknown',
    ],
    ['the name without its maker', { name: 'Acme: Acme 9' }, { display_name: 'Acme 9' }, 'unknown'],
    ['a name without a maker', { name: 'Auto Router' }, { display_name: 'Auto Router' }, 'unknown'],
    [
      'days, and no day of release',
      { created: 1_783_555_200, expiration_date: '2026-08-10', knowledge_cutoff: '2026-02-16' },
      { retires_on: '2026-08-10', knowledge_cutoff: '2026-02-16' },
      'unknown',
    ],
    ['an end in 2098, which means never', { expiration_date: '2098-12-31' }, {}, 'unknown'],
    [
      'modalities, where file means PDF',
      { architecture: { input_modalities: ['text', 'image', 'file'], output_modalities: ['text'] } },
      { modalities: { input: ['text', 'image', 'pdf'], output: ['text'] } },
      'unknown',
    ],
  ])('reads %s', (_, model, fields, price) => {
    const record = parseOne('openrouter', toOpenrouter(model))
    expect({ fields: record.fields, price: record.price }).toEqual({ fields, price })
  })

  test('is the provider of all its models, and keeps their paths and marks', () => {
    const pricing = { prompt: '0', completion: '0' }
    expect(parseOne('openrouter', toOpenrouter({ pricing }, 'acme/acme-9:free'))).toMatchObject({
      provider: 'openrouter',
      id: 'acme/acme-9:free',
      fields: { cost_per_1k_input: 0, cost_per_1k_output: 0 },
      price: 'free',
    })
  })

  test.each<[string, Fields, Fields]>([
    ['nothing', {}, {}],
    [
      'a list of parameters',
      { supported_parameters: ['tools', 'max_tokens', 'structured_outputs'] },
      { function_calling: true, structured_output: true, reasoning: false },
    ],
    [
      'modalities',
      { architecture: { input_modalities: ['text', 'audio'], output_modalities: ['text', 'audio'] } },
      { vision: false, audio: true, video: false, pdf: false, speech: true },
    ],
    [
      'embeddings as output',
      { architecture: { input_modalities: ['text'], output_modalities: ['embeddings'] } },
      { embeddings: true },
    ],
    [
      'a price of the cache',
      { pricing: { prompt: '0.1e-6', input_cache_read: '0.01e-6' } },
      { prompt_caching: true },
    ],
  ])('reads capabilities from %s', (_, model, capabilities) => {
    expect(Object.fromEntries(parseOne('openrouter', toOpenrouter(model)).capabilities)).toEqual(capabilities)
  })

  test('refuses what is no model, with the reason, and reads the others', () => {
    const pricing = { prompt: '0.000004' }
    const data = [
      { id: 'acme/fine', pricing },
      { id: '~acme/acme-latest', pricing, alias_target: { slug: 'acme/acme-9' } },
      { name: 'nameless' },
      null,
      { id: 'acme/dear', pricing: { prompt: '4' } },
    ]
    const parsed = parse('openrouter', { data })
    expect(parsed.records.map(({ id }) => id)).toEqual(['acme/fine'])
    expect(reasonsOf(parsed)).toEqual([
      ['~acme/acme-latest', 'openrouter', 'a moving alias, no model'],
      ['data[2]', 'openrouter', 'no id'],
      ['data[3]', 'openrouter', 'no id'],
      ['acme/dear', 'openrouter', 'a price of 4000000 USD per million tokens: its unit is wrong'],
    ])
  })
})

const toGenaiPrices = (prices: unknown, model: Fields = {}) => [
  { id: 'acme', models: [{ id: 'acme-9', match: { equals: 'acme-9' }, prices, ...model }] },
]

describe('genai-prices', () => {
  const night = { start_time: '00:30:00Z', end_time: '16:30:00Z' }
  const peak = { cost_per_1k_input: 0.00027, cost_per_1k_output: 0.0011 }
  const cheap = { cost_per_1k_input: 0.000135, cost_per_1k_output: 0.00055 }
  const dear = { input_mtok: 0.27, output_mtok: 1.1 }
  const low = { input_mtok: 0.135, output_mtok: 0.55 }

  test.each<[string, unknown, Fields, string]>([
    [
      'prices per million tokens',
      { input_mtok: 0.13, output_mtok: 20, cache_read_mtok: 0.4, cache_write_mtok: 5, input_audio_mtok: 9 },
      {
        cost_per_1k_input: 0.00013,
        cost_per_1k_output: 0.02,
        cost_per_1k_cache_read: 0.0004,
        cost_per_1k_cache_write: 0.005,
      },
      'priced',
    ],
    ['prices as texts', { input_mtok: '0.075' }, { cost_per_1k_input: 0.000075 }, 'priced'],
    ['no price', {}, {}, 'unknown'],
    ['prose', 'see the page', {}, 'unknown'],
    ['-1', { input_mtok: -1 }, {}, 'unknown'],
    ['0, which may mean anything', { input_mtok: 0, output_mtok: 0 }, {}, 'unknown'],
    ['a price per 1000 requests', { requests_kcount: 5 }, {}, 'unpriced'],
    [
      'tiers of single prices',
      {
        input_mtok: {
          base: 4,
          tiers: [
            { start: 272_000, price: 8 },
            { start: 128_000, price: 6 },
          ],
        },
        output_mtok: { base: 20, tiers: [{ start: 272_000, price: 30 }] },
        cache_read_mtok: 0.4,
      },
      {
        cost_per_1k_input: 0.004,
        cost_per_1k_output: 0.02,
        cost_per_1k_cache_read: 0.0004,
        cost_tiers: [
          { input_tokens_above: 128_000, cost_per_1k_input: 0.006 },
          { input_tokens_above: 272_000, cost_per_1k_input: 0.008, cost_per_1k_output: 0.03 },
        ],
      },
      'priced',
    ],
    [
      'the last price whose start has passed',
      [
        { prices: { input_mtok: 2 } },
        { constraint: { start_date: '2026-09-01' }, prices: { input_mtok: 3 } },
        { constraint: { start_date: '2026-11-24' }, prices: { input_mtok: 4 } },
        { constraint: { region: 'us' }, prices: { input_mtok: 5 } },
      ],
      { cost_per_1k_input: 0.003 },
      'priced',
    ],
    [
      'a higher price at some hours',
      [{ prices: low }, { constraint: night, prices: dear }],
      { ...peak, cost_off_peak: { peak_hours: [{ from: '00:30', to: '16:30' }], ...cheap } },
      'priced',
    ],
    [
      'a lower price at some hours',
      [
        { constraint: null, prices: dear },
        { constraint: night, prices: low },
      ],
      { ...peak, cost_off_peak: { peak_hours: [{ from: '16:30', to: '00:30' }], ...cheap } },
      'priced',
    ],
    [
      'hours that are none',
      [{ prices: low }, { constraint: { start_time: '25:00', end_time: 'noon' }, prices: dear }],
      cheap,
      'priced',
    ],
  ])('reads %s', (_, prices, fields, price) => {
    const record = parseOne('genai-prices', toGenaiPrices(prices))
    expect({ fields: record.fields, price: record.price }).toEqual({ fields, price })
  })

  test('takes a dated price from its day on', () => {
    const dated = [
      { prices: { input_mtok: 2 } },
      { constraint: { start_date: '2026-09-01' }, prices: { input_mtok: 3 } },
    ]
    const costOn = (day: string) =>
      parseOne('genai-prices', toGenaiPrices(dated), day).fields.cost_per_1k_input
    expect(['2026-08-31', '2026-09-01'].map(costOn)).toEqual([0.002, 0.003])
  })

  test('reads what else it says of a model', () => {
    const model = { name: 'Acme 9', context_window: 1_000_000, deprecated: true }
    const record = parseOne('genai-prices', toGenaiPrices({ input_mtok: 1, cache_read_mtok: 0.1 }, model))
    expect(record).toMatchObject({
      provider: 'acme',
      id: 'acme-9',
      key: 'acme/acme-9',
      fields: { display_name: 'Acme 9', context_tokens: 1_000_000, status: 'deprecated' },
      capabilities: new Map([['prompt_caching', true]]),
    })
  })

  test('takes 0 from a model that is marked as free', () => {
    const free = toGenaiPrices({ input_mtok: 0, output_mtok: 0 }, { id: 'acme-mini:free' })
    expect(parseOne('genai-prices', free)).toMatchObject({ fields: { cost_per_1k_input: 0 }, price: 'free' })
  })

  test('maps providers, and refuses with the reason what is no model', () => {
    const document = [
      { id: 'x-ai', models: [{ id: 'grok-9' }, { name: 'nameless' }] },
      { id: 'acme' },
      'text',
      { id: 'aws', models: [{ id: 'acme.*' }, { id: 'dear', prices: { output_mtok: 5000 } }] },
    ]
    const parsed = parse('genai-prices', document)
    expect(parsed.records).toMatchObject([{ provider: 'xai', id: 'grok-9' }])
    expect(reasonsOf(parsed)).toEqual([
      ['x-ai[1]', 'xai', 'no id'],
      ['[1]', undefined, 'no provider with an id and a list of models'],
      ['[2]', undefined, 'no provider with an id and a list of models'],
      ['amazon-bedrock/acme.*', 'amazon-bedrock', 'a pattern, no model'],
      ['amazon-bedrock/dear', 'amazon-bedrock', 'a price of 5000 USD per million tokens: its unit is wrong'],
    ])
  })
})

describe('formats', () => {
  const documents = {
    'models.dev': toModelsDev({}),
    litellm: toLitellm({}),
    openrouter: toOpenrouter({}),
    'genai-prices': toGenaiPrices({}),
  }

  test.each(importFormats.map(({ name }) => name))('only %s matches its document', name => {
    const matching = importFormats.filter(format => format.matches(documents[name]))
    expect(matching.map(format => format.name)).toEqual([name])
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'acme'],
    ['an empty list', []],
    ['an empty object', {}],
    ['numbers', [1, 2]],
    ['a registry of models', { large: { provider: 'acme', context_tokens: 1000, capabilities: [] } }],
    ['data of pi-ai', { 'acme-responses': { 'chat:acme-9': { id: 'acme-9', cost: { input: 4 } } } }],
    ['data without prices', { data: [{ id: 'acme' }] }],
  ])('none matches %s', (_, document) => {
    expect(importFormats.filter(format => format.matches(document))).toEqual([])
  })
})
