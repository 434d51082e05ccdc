import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exportFormats } from '../../src/import/export-models.ts'
import { importFormats } from '../../src/import/formats/index.ts'
import {
  compareImport,
  type ImportRequest,
  importRegistryNames,
  planImport,
} from '../../src/import/plan-import.ts'
import { toObject } from '../../src/import/source-values.ts'
import type { HomeContent } from '../../src/registry/home/update-home.ts'
import { type Model, modelSchema } from '../../src/registry/schema/model.ts'
import { registryFiles } from '../../src/registry/schema/names.ts'
import { type Provider, providerSchema } from '../../src/registry/schema/provider.ts'

type Models = Readonly<Record<string, Model>>
type FormatName = 'litellm' | 'models.dev'

const shippedTexts: HomeContent = new Map(
  importRegistryNames.map(name => [name, readFileSync(`registries/${registryFiles[name]}`, 'utf8')]),
)

function readShipped<T>(name: 'models' | 'providers', parse: (value: unknown) => T): Record<string, T> {
  const { $schema: _, ...entries } = toObject(JSON.parse(shippedTexts.get(name) ?? ''))
  return Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, parse(entry)]))
}

const shippedModels: Models = readShipped('models', value => modelSchema.parse(value))
const providers: Readonly<Record<string, Provider>> = readShipped('providers', value =>
  providerSchema.parse(value),
)

const formatNames: readonly FormatName[] = ['litellm', 'models.dev']

function toExported(name: FormatName, models: Models): Readonly<Record<string, unknown>> {
  const document = exportFormats[name]?.({ models, providers })
  // As a file has it.
  return JSON.parse(JSON.stringify(document))
}

/** What an import of a document of a format would change in a home with these models. */
async function importInto(name: FormatName, document: unknown, models: Models) {
  const format = importFormats.find(each => each.name === name)
  if (!format?.matches(document)) throw new Error(`not of the format of ${name}`)
  const texts = new Map([...shippedTexts, ['models', JSON.stringify(models)] as const])
  const request: ImportRequest = {
    ...format.parse(document, '2026-11-23'),
    known: new Set(),
    source: { url: 'https://example.test/models.json', retrieved_on: '2026-11-23' },
    strategy: 'theirs',
    isForced: true,
    shipped: () => [],
  }
  const { created, updated, unchanged, refused, texts: changed } = await planImport(texts, request)
  const reasons = refused.map(({ reason }) => reason)
  return { created, updated, unchanged, reasons, changed, differences: compareImport(texts, request) }
}

/** An import without a change. What has no context size, like some that draw, is refused. */
const nothing = (models: Models) => {
  const [sized, unsized] = [true, false].map(isSized =>
    Object.values(models).filter(({ context_tokens: tokens }) => tokens > 0 === isSized),
  )
  return {
    created: [],
    updated: [],
    unchanged: sized?.length,
    reasons: unsized?.map(() => 'no context size'),
    changed: new Map(),
    differences: [],
  }
}

describe('models that are exported and imported again are the same', () => {
  test.each(formatNames)('in %s, for those that are shipped', async name => {
    const document = toExported(name, shippedModels)
    expect(await importInto(name, document, shippedModels)).toEqual(nothing(shippedModels))
  })

  test.each(formatNames)(
    'in %s, for one id with and without its provider, and no context size',
    async name => {
      const base: Model = { provider: 'openai', context_tokens: 1000, capabilities: [] }
      const models: Models = {
        'acme-9': base,
        'openai/acme-9': { ...base, context_tokens: 2000 },
        'groq/acme-9': { ...base, provider: 'groq', context_tokens: 3000 },
        'groq/groq/acme-9': { ...base, provider: 'groq', context_tokens: 4000 },
        'xai/acme-8': base,
        'acme-8': { ...base, provider: 'xai', context_tokens: 5000 },
        'acme-image': { ...base, context_tokens: 0, output_tokens: 500 },
      }
      expect(await importInto(name, toExported(name, models), models)).toEqual(nothing(models))
    },
  )

  test.each(formatNames)('in %s, for any', async name => {
    await fc.assert(
      fc.asyncProperty(registries, async models => {
        expect(await importInto(name, toExported(name, models), models)).toEqual(nothing(models))
      }),
    )
  })
})

const price = fc
  .tuple(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 6, max: 9 }))
  .map(([digits, scale]) => Number(`${digits}e-${scale}`))
const tokens = fc.integer({ min: 1, max: 10_000_000 })
const day = fc.constantFrom('2026-01-31', '2027-02-28', '2028-02-29')
const prices = {
  cost_per_1k_input: price,
  cost_per_1k_output: price,
  cost_per_1k_cache_read: price,
  cost_per_1k_cache_write: price,
}
const above = fc.oneof(tokens, fc.constantFrom(128_000, 200_000, 272_000))
const tiers = fc
  .uniqueArray(
    fc.record(
      { input_tokens_above: above, ...prices },
      { requiredKeys: ['input_tokens_above', 'cost_per_1k_input'] },
    ),
    {
      minLength: 1,
      maxLength: 3,
      selector: tier => tier.input_tokens_above,
    },
  )
  .map(list => list.toSorted((left, right) => left.input_tokens_above - right.input_tokens_above))

const generated = fc.record(
  {
    provider: fc.constantFrom(...Object.keys(providers)),
    context_tokens: fc.oneof(tokens, fc.constant(0)),
    capabilities: fc.uniqueArray(
      fc.constantFrom('streaming', 'code', 'function_calling', 'structured_output', 'reasoning'),
    ),
    display_name: fc.constantFrom('Acme 9', 'Acme: 9'),
    output_tokens: tokens,
    ...prices,
    cost_tiers: tiers,
    status: fc.constantFrom('active' as const, 'preview', 'deprecated', 'retired'),
    released_on: day,
    retires_on: day,
    knowledge_cutoff: fc.constantFrom('2026-02', '2026-02-16'),
    open_weights: fc.boolean(),
  },
  { requiredKeys: ['provider', 'context_tokens', 'capabilities'] },
)

/** What a model is made for: each decides what it reads, writes and can do. */
const kinds: readonly (Pick<Model, 'capabilities'> & Partial<Model>)[] = [
  { capabilities: [] },
  { capabilities: ['vision', 'pdf'], modalities: { input: ['text', 'image', 'pdf'], output: ['text'] } },
  { capabilities: ['audio', 'video'], modalities: { input: ['text', 'audio', 'video'], output: ['text'] } },
  { capabilities: ['image_generation'], modalities: { input: ['text'], output: ['image'] } },
  { capabilities: ['image_generation'], modalities: { input: ['text'], output: ['text', 'image'] } },
  { capabilities: ['speech'], modalities: { input: ['text'], output: ['audio'] } },
  { capabilities: ['audio', 'speech'], modalities: { input: ['audio'], output: ['text'] } },
  { capabilities: ['embeddings'], embedding_dimensions: 1536 },
]

const generatedModel = fc
  .record({ model: generated, kind: fc.constantFrom(...kinds), isSmaller: fc.boolean() })
  .map(({ model, kind, isSmaller }): Model => {
    // Catalogues show that a model has a cache by the price of its cache.
    const more = model.cost_per_1k_cache_read === undefined ? [] : ['prompt_caching']
    return {
      ...model,
      ...kind,
      capabilities: [...model.capabilities, ...kind.capabilities, ...more],
      ...(isSmaller && model.context_tokens > 1 && { input_tokens_max: model.context_tokens - 1 }),
    }
  })

const ids = fc.oneof(
  fc.constantFrom('acme-9', 'labs/acme-9', 'acme-9:free', 'toString', '9'),
  fc.constantFrom(...Object.keys(providers)).map(provider => `${provider}/acme-9`),
)
const registries = fc.dictionary(ids, generatedModel, { minKeys: 1, maxKeys: 6 })

describe('an export', () => {
  const model: Model = { provider: 'openai', context_tokens: 1000, capabilities: [] }

  test.each<[string, string, string, string]>([
    ['gpt-9', 'openai', 'gpt-9', 'openai'],
    ['openai/gpt-9', 'openai', 'gpt-9', 'openai'],
    ['claude-9', 'anthropic', 'claude-9', 'anthropic'],
    ['mistral-9', 'mistral', 'mistral/mistral-9', 'mistral'],
    ['command-9', 'cohere', 'cohere/command-9', 'cohere'],
    ['llama-9', 'ollama', 'ollama/llama-9', 'ollama'],
    ['gemini-9', 'google', 'gemini/gemini-9', 'gemini'],
    ['gpt-9', 'azure-openai', 'azure/gpt-9', 'azure'],
    ['claude-9', 'amazon-bedrock', 'bedrock/claude-9', 'bedrock'],
    ['openai/gpt-9', 'groq', 'groq/openai/gpt-9', 'groq'],
    ['acme-9', 'nobody', 'nobody/acme-9', 'nobody'],
  ])('to litellm has %s of %s as %s of %s', (id, provider, key, litellm_provider) => {
    expect(toExported('litellm', { [id]: { ...model, provider } })).toMatchObject({
      [key]: { litellm_provider },
    })
  })

  test('to litellm has prices per token, exactly', () => {
    const entry: Model = {
      ...model,
      context_tokens: 1_050_000,
      input_tokens_max: 922_000,
      output_tokens: 128_000,
      cost_per_1k_input: 0.00013,
      cost_per_1k_output: 0.0002,
      cost_tiers: [{ input_tokens_above: 200_000, cost_per_1k_input: 0.00026 }],
      capabilities: ['vision', 'streaming'],
      retires_on: '2027-01-14',
    }
    expect(toExported('litellm', { 'gpt-9': entry })).toEqual({
      'gpt-9': {
        litellm_provider: 'openai',
        mode: 'chat',
        max_input_tokens: 922_000,
        max_output_tokens: 128_000,
        max_tokens: 128_000,
        input_cost_per_token: 1.3e-7,
        output_cost_per_token: 2e-7,
        input_cost_per_token_above_200k_tokens: 2.6e-7,
        supports_vision: true,
        deprecation_date: '2027-01-14',
      },
    })
  })

  test('to models.dev has prices per million tokens, and the provider', () => {
    const entry: Model = {
      ...model,
      display_name: 'GPT-9',
      output_tokens: 128,
      cost_per_1k_input: 0.00013,
      cost_tiers: [{ input_tokens_above: 200_000, cost_per_1k_input: 0.00026 }],
      status: 'preview',
      released_on: '2026-07-09',
    }
    const document = toExported('models.dev', { 'gpt-9': entry })
    expect(document).toMatchObject({
      openai: {
        id: 'openai',
        name: providers.openai?.display_name,
        env: [providers.openai?.key_env].flat(),
        api: 'https://api.openai.com/v1',
        models: {
          'gpt-9': {
            id: 'gpt-9',
            name: 'GPT-9',
            attachment: false,
            release_date: '2026-07-09',
            limit: { context: 1000, output: 128 },
            cost: { input: 0.13, tiers: [{ input: 0.26, tier: { type: 'context', size: 200_000 } }] },
            status: 'beta',
          },
        },
      },
    })
  })

  test('to models.dev has providers under the names of models.dev', () => {
    const models = { a: { ...model, provider: 'dashscope' }, b: { ...model, provider: 'nobody' } }
    const document = toExported('models.dev', models)
    expect(Object.keys(document)).toEqual(['alibaba', 'nobody'])
    expect(document.nobody).toMatchObject({ id: 'nobody', name: 'nobody', env: [] })
  })
})
