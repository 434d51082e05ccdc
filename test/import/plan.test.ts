import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { litellm } from '../../src/import/formats/litellm.ts'
import { importStrategies } from '../../src/import/merge-record.ts'
import {
  compareImport,
  type ImportRequest,
  importRegistryNames,
  planImport,
} from '../../src/import/plan-import.ts'
import { type ImportCall, prepareImport } from '../../src/import/prepare-import.ts'
import { commitEdit, previewEdit } from '../../src/journal/commit-edit.ts'
import type { HomeContent } from '../../src/registry/home/update-home.ts'
import { type RegistryName, registryFiles, registryNames } from '../../src/registry/schema/names.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { type HomeTexts, soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

type Fields = Readonly<Record<string, unknown>>

const today = '2026-11-23'
const oldDay = '2026-10-01'
const url = 'https://example.test/models.json'

interface ImportOptions extends Partial<Omit<ImportCall, 'from'>> {
  /** Day of the last change of the file. */
  readonly day?: string
  /** Versions of a model that were ever shipped. */
  readonly shipped?: readonly Fields[]
}

async function createWorld(texts: Partial<HomeTexts> = {}) {
  const clock = { now: () => Date.parse(`${today}T12:00:00Z`) }
  const host = await createTestHost({ clock })
  const home = host.directory
  await writeHome(home, { ...soundTexts, ...texts })
  const read = (name: RegistryName) => readFile(`${home}/${registryFiles[name]}`, 'utf8')

  const prepare = async (document: unknown, { day = today, shipped, ...call }: ImportOptions = {}) => {
    const file = `${home}/source.json`
    await host.fs.remove(file)
    await host.fs.createFile(file, JSON.stringify(document), 0o644)
    await host.fs.setModified(file, Date.parse(`${day}T10:00:00Z`))
    const request = await prepareImport(
      {
        source: 'litellm',
        from: file,
        providers: [],
        only: [],
        since: undefined,
        limit: undefined,
        strategy: undefined,
        isForced: false,
        network: { allowPrivate: [], upstreams: {} },
        mirrors: {},
        ...call,
      },
      home,
      host,
    )
    return shipped ? { ...request, shipped: () => shipped } : request
  }
  const take = async (document: unknown, options?: ImportOptions) => {
    const request = await prepare(document, options)
    const plan = async (content: Parameters<typeof planImport>[0]) => planImport(content, request)
    const done = await commitEdit(home, { command: 'import', names: importRegistryNames, plan }, host)
    return { ...done.plan, changed: done.changes.map(({ name }) => name) }
  }
  const compare = async (document: unknown, options?: ImportOptions) => {
    const request = await prepare(document, options)
    const plan = async (content: Parameters<typeof planImport>[0]) => ({
      texts: new Map<RegistryName, string>(),
      found: compareImport(content, request),
    })
    const names = importRegistryNames
    return (await previewEdit(home, { command: 'import', names, plan }, host)).plan.found
  }
  return {
    host,
    read,
    readAll: () => Promise.all(registryNames.map(read)),
    entry: async (id: string, name: RegistryName = 'models') => JSON.parse(await read(name))[id],
    diagnose: async () => {
      const { diagnostics } = await validateHome(home, host)
      return diagnostics.map(({ rule, message }) => `${rule}: ${message}`)
    },
    take,
    compare,
  }
}

/** A document of LiteLLM with a model of `acme`. */
const toDocument = (entry: Fields = {}, key = 'acme-9'): Fields => ({
  [key]: { litellm_provider: 'acme', mode: 'chat', max_input_tokens: 1000, ...entry },
})

/** Texts of a home that has one model of `acme` more. */
function withModel(entry: Fields, id = 'acme-9'): Partial<HomeTexts> {
  const models = JSON.parse(soundTexts.models)
  const model = { provider: 'acme', context_tokens: 1000, capabilities: [], ...entry }
  return { models: JSON.stringify({ ...models, [id]: model }) }
}

const toModelsDev = (models: Fields, provider: Fields = {}) => ({ zeta: { id: 'zeta', ...provider, models } })

describe('an import', () => {
  test('creates a model with all that belongs to it, and changes nothing else', async () => {
    const world = await createWorld({
      hyper: soundTexts.hyper.replace(
        '"entries_count_expected": 5',
        '"entries_count_expected": 5, "capabilities": ["streaming", "embeddings"]',
      ),
    })
    const entry = { input_cost_per_token: 2e-7, supports_vision: true, supports_pdf_input: false }
    const plan = await world.take(toDocument(entry, 'acme/acme-9'), { day: oldDay })
    expect(plan).toMatchObject({ created: ['models/acme-9'], updated: [], unchanged: 0, refused: [] })
    const mark = { url: litellm.url, retrieved_on: oldDay }
    expect(await world.entry('acme-9')).toEqual({
      provider: 'acme',
      context_tokens: 1000,
      capabilities: ['vision'],
      cost_per_1k_input: 0.0002,
      'x-source': {
        ...mark,
        fields: {
          context_tokens: { ...mark, value: 1000 },
          capabilities: { ...mark, value: ['vision'] },
          cost_per_1k_input: { ...mark, value: 0.0002 },
        },
      },
    })
    expect((await world.entry('acme', 'providers')).models).toEqual([
      'large',
      'medium',
      'small',
      'embed',
      'acme-9',
    ])
    const { models } = (await world.entry('sub_registries', 'hyper')) ?? {}
    expect(models).toMatchObject({
      entries_count_expected: 6,
      capabilities: ['streaming', 'embeddings', 'vision'],
    })
    expect(plan.changed.toSorted()).toEqual(['hyper', 'models', 'providers'])
    expect((await world.read('models')).startsWith(soundTexts.models.trimEnd().slice(0, -2))).toBe(true)
    expect(await world.diagnose()).toEqual([])
  })

  test('changes nothing the second time', async () => {
    const world = await createWorld()
    const document = {
      ...toDocument({ input_cost_per_token: 2e-7, supports_vision: true, deprecation_date: '2999-01-14' }),
      ...toDocument({ mode: 'embedding', output_vector_size: 3 }, 'acme-embed'),
      ...toDocument({ litellm_provider: 'other' }, 'acme-10'),
    }
    await world.take(document)
    const before = await world.readAll()
    expect(await world.take(document)).toMatchObject({
      created: [],
      updated: [],
      unchanged: 3,
      refused: [],
      changed: [],
    })
    expect(await world.readAll()).toEqual(before)
  })

  test('updates fields that an import wrote, with where they were read', async () => {
    const world = await createWorld()
    await world.take(toDocument({ input_cost_per_token: 2e-6, max_output_tokens: 500 }), { day: oldDay })
    const document = toDocument({ input_cost_per_token: 3e-6, max_output_tokens: 500 })
    expect((await world.take(document)).updated).toEqual([
      { ref: 'models/acme-9', fields: ['cost_per_1k_input'] },
    ])
    expect(await world.entry('acme-9')).toMatchObject({
      cost_per_1k_input: 0.003,
      'x-source': {
        retrieved_on: oldDay,
        fields: {
          output_tokens: { url: litellm.url, retrieved_on: oldDay, value: 500 },
          cost_per_1k_input: { url: litellm.url, retrieved_on: today, value: 0.003 },
        },
      },
      'x-price-history': [
        { on: today, field: 'cost_per_1k_input', from: 0.002, to: 0.003, url: litellm.url },
      ],
    })
  })

  test('leaves what the source does not say, and removes only capabilities that it denies', async () => {
    const world = await createWorld()
    await world.take(toDocument({ supports_vision: true, supports_reasoning: true, max_output_tokens: 5 }))
    await world.take(toDocument({ supports_vision: false, supports_video_input: true }))
    expect(await world.entry('acme-9')).toMatchObject({
      capabilities: ['reasoning', 'video'],
      output_tokens: 5,
    })
  })

  test('keeps the last 20 changes of prices', async () => {
    const change = { on: oldDay, field: 'cost_per_1k_output', from: 0.001, to: 0.002, url }
    const before = Array.from({ length: 20 }, (_, index) => ({ ...change, from: index / 1000 }))
    const world = await createWorld(
      withModel({
        cost_per_1k_output: 0.002,
        'x-price-history': before,
        'x-source': {
          url,
          retrieved_on: oldDay,
          fields: { cost_per_1k_output: { url, retrieved_on: oldDay, value: 0.002 } },
        },
      }),
    )
    await world.take(toDocument({ output_cost_per_token: 3e-6 }))
    expect((await world.entry('acme-9'))['x-price-history']).toEqual([
      ...before.slice(1),
      { on: today, field: 'cost_per_1k_output', from: 0.002, to: 0.003, url: litellm.url },
    ])
  })

  test('counts what kind of prices it took', async () => {
    const world = await createWorld(withModel({}, 'tiny-2'))
    const document = {
      ...toDocument({ input_cost_per_token: 2e-7 }),
      ...toDocument({}, 'tiny-2'),
      ...toDocument({ output_cost_per_image: 0.02 }, 'image'),
      ...toDocument({ input_cost_per_token: 0 }, 'acme-9:free'),
    }
    expect((await world.take(document)).prices).toEqual({ priced: 1, free: 1, unpriced: 1, unknown: 1 })
  })

  test('marks a new model as local where the registry of models has an upstream', async () => {
    const hyper = soundTexts.hyper.replace(
      '"path": "model_registry.json"',
      '"path": "model_registry.json", "url": "https://registry.example.test/models"',
    )
    const world = await createWorld({ hyper })
    await world.take(toDocument())
    expect((await world.entry('acme-9'))['x-local']).toBe(true)
  })

  test('is refused for a registry that is no JSON, and changes nothing', async () => {
    const world = await createWorld({ models: '{ "a": ' })
    await expect(world.take(toDocument())).rejects.toThrow('model_registry.json is no JSON object')
    expect(await world.read('models')).toBe('{ "a": ')
  })
})

describe('any document', () => {
  const ids = fc.constantFrom('a', 'b', 'tiny', 'large', 'large-latest', 'acme/a', 'other/a', 'acme/other/a')
  const prices = fc.constantFrom(undefined, 0, 1e-6, 2e-5, 5e-3, '3e-7')
  const entries = fc.record({
    litellm_provider: fc.constantFrom('acme', 'other', 'nobody'),
    mode: fc.constantFrom('chat', 'embedding'),
    max_input_tokens: fc.constantFrom(undefined, 1000, 2000),
    input_cost_per_token: prices,
    output_cost_per_token: prices,
    supports_vision: fc.constantFrom(undefined, true, false),
  })
  const documents = fc.dictionary(ids, entries, { minKeys: 1 })
  const before: HomeContent = new Map(importRegistryNames.map(name => [name, soundTexts[name]]))

  test.each([undefined, ...importStrategies])(
    'changes nothing the second time, with strategy %s',
    async strategy => {
      await fc.assert(
        fc.asyncProperty(documents, async document => {
          const request: ImportRequest = {
            ...litellm.parse(document, today),
            known: new Set(),
            source: { url, retrieved_on: today },
            strategy,
            isForced: false,
            shipped: () => [],
          }
          const first = await planImport(before, request)
          const again = await planImport(new Map([...before, ...first.texts]), request)
          const { created, updated, held, refused, texts } = again
          expect({ created, updated, held, texts }).toEqual({
            created: [],
            updated: [],
            held: first.held,
            texts: new Map(),
          })
          expect(refused.map(({ id }) => id)).toEqual(first.refused.map(({ id }) => id))
        }),
      )
    },
  )
})

describe('the value of a field', () => {
  const here = 0.02
  const toSource = (value: number, day = oldDay) => ({
    'x-source': {
      url,
      retrieved_on: day,
      fields: { cost_per_1k_output: { url, retrieved_on: day, value } },
    },
  })
  const price = { cost_per_1k_output: here }
  const origins = {
    empty: { entry: {}, shipped: [] },
    shipped: { entry: { ...price, 'x-source': { url, retrieved_on: oldDay } }, shipped: [{}, price] },
    imported: { entry: { ...price, ...toSource(here) }, shipped: [] },
    edited: { entry: { ...price, ...toSource(0.03) }, shipped: [{ cost_per_1k_output: 0.03 }] },
    yours: { entry: price, shipped: [] },
    removed: { entry: toSource(here), shipped: [] },
    'removed from shipped data': { entry: {}, shipped: [price, price] },
    'shipped before, and no more': { entry: {}, shipped: [price, {}] },
  } satisfies Record<string, { entry: Fields; shipped: readonly Fields[] }>

  const rows: readonly (readonly [keyof typeof origins, string, string | undefined, string])[] = [
    ['empty', 'the source', undefined, today],
    ['empty', 'the source', 'ours', today],
    ['empty', 'the source', 'theirs', today],
    ['empty', 'the source', 'newest', '2026-09-01'],
    ['shipped', 'the source', undefined, '2026-09-01'],
    ['shipped', 'this one', 'ours', today],
    ['shipped', 'the source', 'theirs', '2026-09-01'],
    ['shipped', 'the source', 'newest', today],
    ['shipped', 'this one', 'newest', oldDay],
    ['shipped', 'this one', 'newest', '2026-09-01'],
    ['imported', 'the source', undefined, '2026-09-01'],
    ['imported', 'this one', 'ours', today],
    ['imported', 'the source', 'theirs', '2026-09-01'],
    ['imported', 'the source', 'newest', today],
    ['imported', 'this one', 'newest', '2026-09-01'],
    ['edited', 'this one', undefined, today],
    ['edited', 'this one', 'ours', today],
    ['edited', 'the source', 'theirs', today],
    ['edited', 'this one', 'newest', today],
    ['yours', 'this one', undefined, today],
    ['yours', 'the source', 'theirs', today],
    ['yours', 'this one', 'newest', today],
    ['removed', 'this one', undefined, today],
    ['removed', 'this one', 'ours', today],
    ['removed', 'the source', 'theirs', today],
    ['removed', 'this one', 'newest', today],
    ['removed from shipped data', 'this one', undefined, today],
    ['removed from shipped data', 'the source', 'theirs', today],
    ['shipped before, and no more', 'the source', undefined, today],
  ]

  test.each(rows)(
    'that is %s is that of %s with strategy %s on %s',
    async (origin, winner, strategy, day) => {
      const { entry, shipped } = origins[origin]
      const world = await createWorld(withModel(entry))
      const before = await world.readAll()
      await world.take(toDocument({ output_cost_per_token: 4e-5 }), { strategy, day, shipped })
      if (winner === 'the source') expect((await world.entry('acme-9')).cost_per_1k_output).toBe(0.04)
      else expect(await world.readAll()).toEqual(before)
    },
  )

  test('that was shipped by this program is not edited', async () => {
    const models = await readFile('registries/model_registry.json', 'utf8')
    const providers = await readFile('registries/provider_registry.json', 'utf8')
    const world = await createWorld({ models, providers })
    const { context_tokens } = JSON.parse(models)['gpt-4o-mini']
    const document = toDocument({ litellm_provider: 'openai', max_input_tokens: 77_777 }, 'gpt-4o-mini')
    expect(context_tokens).not.toBe(77_777)
    expect((await world.take(document)).updated).toEqual([
      { ref: 'models/gpt-4o-mini', fields: expect.arrayContaining(['context_tokens']) },
    ])
  })

  const offPeak = {
    cost_per_1k_input: 0.002,
    cost_off_peak: { peak_hours: [{ from: '08:00', to: '20:00' }], cost_per_1k_input: 0.001 },
  }

  test.each([
    [undefined, 0.002],
    ['newest', 0.002],
    ['theirs', 0.003],
  ])('that has hours is with strategy %s %d after a source without hours', async (strategy, cost) => {
    const world = await createWorld(withModel(offPeak))
    const document = toDocument({ input_cost_per_token: 3e-6, max_output_tokens: 50 })
    await world.take(document, { strategy, shipped: [offPeak] })
    expect(await world.entry('acme-9')).toMatchObject({ cost_per_1k_input: cost, output_tokens: 50 })
  })
})

describe('a price', () => {
  test.each<[number, number, boolean]>([
    [0.001, 0.01, true],
    [0.01, 0.001, true],
    [0.00003, 0.0003, true],
    [0.0003, 0.00003, true],
    [0.0007, 0.007, true],
    [0.001, 0.5, true],
    [0, 0.001, true],
    [0.001, 0.00999, false],
    [0.01, 0.00101, false],
    [0.001, 0.002, false],
  ])('of %d that becomes %d is held back: %j', async (from, to, isHeld) => {
    const shipped = [{ cost_per_1k_input: from }]
    const [world, other] = await Promise.all([
      createWorld(withModel({ cost_per_1k_input: from })),
      createWorld(withModel({ cost_per_1k_input: from })),
    ])
    const document = toDocument({ input_cost_per_token: `${to}e-3`, max_output_tokens: 50 })
    const { held, updated } = await world.take(document, { shipped })
    const difference = { ref: 'models/acme-9', field: 'cost_per_1k_input', here: from, there: to }
    expect(held).toEqual(isHeld ? [difference] : [])
    expect(updated[0]?.fields).toEqual(['output_tokens', ...(isHeld ? [] : ['cost_per_1k_input'])])
    expect((await world.entry('acme-9')).cost_per_1k_input).toBe(isHeld ? from : to)
    expect((await other.take(document, { shipped, isForced: true })).held).toEqual([])
    expect((await other.entry('acme-9')).cost_per_1k_input).toBe(to)
  })

  test('of a tier is held back as well', async () => {
    const tier = { input_tokens_above: 200_000, cost_per_1k_input: 0.001 }
    const world = await createWorld(withModel({ cost_tiers: [tier] }))
    const document = toDocument({ input_cost_per_token_above_200k_tokens: 1e-5 })
    const { held } = await world.take(document, { shipped: [{ cost_tiers: [tier] }] })
    expect(held).toMatchObject([{ field: 'cost_tiers', here: [tier] }])
    expect((await world.entry('acme-9')).cost_tiers).toEqual([tier])
  })
})

describe('a record', () => {
  const upstreamModel = withModel({ 'x-upstream': 'https://registry.example.test' })
  test.each<[string, Partial<HomeTexts>, Fields, string]>([
    ['has no context size', {}, toDocument({ max_input_tokens: null }), 'no context size'],
    ['is of an upstream', upstreamModel, toDocument(), 'an upstream keeps models/acme-9'],
    ['is an alias here', {}, toDocument({}, 'large-latest'), 'another name of models/large here'],
    [
      'has an id that the schema does not accept',
      {},
      toDocument({}, 'acme/@cf/acme-9'),
      expect.stringContaining('an id like docker'),
    ],
    [
      'is of a provider that the catalog knows',
      {},
      toDocument({ litellm_provider: 'perplexity' }),
      'no provider perplexity here: add it with nexus-registry add perplexity',
    ],
    [
      'is of an unknown provider',
      {},
      toDocument({ litellm_provider: 'nobody' }),
      'no provider nobody here: the source has no endpoint and key variable',
    ],
    [
      'is no object here',
      { models: soundTexts.models.replace(/\}\s*$/, ', "tiny": 5, "acme/tiny": 5 }') },
      toDocument({}, 'tiny'),
      'models/acme/tiny is no object here',
    ],
    [
      'has both of its ids taken',
      withModel({ provider: 'other' }, 'acme/tiny'),
      toDocument({}, 'tiny'),
      'models/acme/tiny is of another provider here',
    ],
  ])('that %s is refused, and nothing changes', async (_, texts, document, reason) => {
    const world = await createWorld(texts)
    const before = await world.readAll()
    const plan = await world.take(document)
    expect(plan).toMatchObject({ created: [], updated: [], unchanged: 0, refused: [{ reason }] })
    expect(await world.readAll()).toEqual(before)
  })

  test('that stands twice is taken once', async () => {
    const world = await createWorld()
    const document = { ...toDocument(), ...toDocument({ max_input_tokens: 5 }, 'acme/acme-9') }
    expect(await world.take(document)).toMatchObject({
      created: ['models/acme-9'],
      refused: [
        { id: 'acme/acme-9', provider: 'acme', reason: 'the source has models/acme-9 a second time' },
      ],
    })
    expect((await world.entry('acme-9')).context_tokens).toBe(1000)
  })

  test('that stands twice is taken where it has a context size', async () => {
    const world = await createWorld()
    const document = { ...toDocument({ max_input_tokens: null }), ...toDocument({}, 'acme/acme-9') }
    for (const created of [['models/acme-9'], []]) {
      expect(await world.take(document)).toMatchObject({ created, updated: [], refused: [{ id: 'acme-9' }] })
    }
  })

  test('without a context size is refused, also where the model is here', async () => {
    const world = await createWorld(withModel({}))
    const { updated, refused } = await world.take(toDocument({ max_input_tokens: null }))
    expect({ updated, refused }).toMatchObject({ updated: [], refused: [{ reason: 'no context size' }] })
  })

  test.each([
    ['the id of another provider', 'tiny', 'acme/tiny'],
    ['an alias of another provider', 'little', 'acme/little'],
  ])('with %s gets its provider before it, also the second time', async (_, key, id) => {
    const models = soundTexts.models.replace('"tiny": {', '"tiny": {\n    "aliases": ["little"],')
    const world = await createWorld({ models })
    expect((await world.take(toDocument({}, key))).created).toEqual([`models/${id}`])
    expect((await world.entry('acme', 'providers')).models).toContain(id)
    expect(await world.take(toDocument({}, key))).toMatchObject({ created: [], updated: [], unchanged: 1 })
    expect(await world.diagnose()).toEqual([])
  })

  test('of the first provider here gets an id that several have', async () => {
    const world = await createWorld()
    const document = {
      ...toDocument({ litellm_provider: 'other' }, 'other/acme-9'),
      ...toDocument({}, 'acme/acme-9'),
    }
    await world.take(document)
    expect((await world.entry('acme-9')).provider).toBe('acme')
    expect((await world.entry('other/acme-9')).provider).toBe('other')
    expect((await world.take(document)).unchanged).toBe(2)
  })
})

describe('a provider that is not here', () => {
  const zeta = {
    name: 'Zeta',
    npm: '@ai-sdk/openai-compatible',
    api: 'https://api.zeta.example/v1',
    env: ['ZETA_API_KEY'],
  }
  const models = { 'zeta-1': { limit: { context: 1000 } }, 'zeta-2': { limit: { context: 2000 } } }
  const source = 'models.dev'

  test('is created with its card, its counts and the list of its models', async () => {
    const world = await createWorld()
    const plan = await world.take(toModelsDev(models, zeta), { source })
    expect(plan.created).toEqual(['providers/zeta', 'models/zeta-1', 'models/zeta-2'])
    expect(await world.entry('zeta', 'providers')).toEqual({
      display_name: 'Zeta',
      endpoint: 'https://api.zeta.example/v1/chat/completions',
      base_url: 'https://api.zeta.example/v1',
      auth_type: 'bearer',
      key_env: 'ZETA_API_KEY',
      models: ['zeta-1', 'zeta-2'],
      'x-source': { url: 'https://models.dev/api.json', retrieved_on: today },
    })
    expect((await world.entry('sections', 'dashboard')).providers.entries.zeta).toMatchObject({
      display_name: 'Zeta',
    })
    const { providers, models: counted } = await world.entry('sub_registries', 'hyper')
    expect([providers.entries_count_expected, counted.entries_count_expected]).toEqual([3, 7])
    expect((await world.entry('universal', 'adapters')).providers).toBe(3)
    expect(await world.diagnose()).toEqual([])
  })

  test.each<[string, Fields]>([
    ['an endpoint', { ...zeta, api: undefined }],
    ['the variable of its key', { ...zeta, env: [] }],
  ])('is not created without %s', async (_, provider) => {
    const world = await createWorld()
    const plan = await world.take(toModelsDev(models, provider), { source })
    expect(plan).toMatchObject({ created: [], changed: [] })
    expect(plan.refused.map(({ id }) => id)).toEqual(['zeta/zeta-1', 'zeta/zeta-2'])
  })

  test('is not created for models that are refused', async () => {
    const world = await createWorld()
    const plan = await world.take(toModelsDev({ 'zeta-1': {} }, zeta), { source })
    expect(plan).toMatchObject({ created: [], changed: [], refused: [{ reason: 'no context size' }] })
  })
})

describe('a filter', () => {
  const document = {
    acme: {
      models: {
        'acme-1': { limit: { context: 1000 }, release_date: '2026-01-01' },
        'acme-2': { limit: { context: 1000 }, release_date: '2026-07-01' },
        'labs/acme-3': { limit: { context: 1000 }, release_date: '2026-08' },
        'acme-dear': { cost: { input: 5000 } },
      },
    },
    azure: { models: { 'gpt-9': { limit: { context: 1000 }, release_date: '2026-08-01' } } },
    other: { models: { 'other-1': { limit: { context: 1000 }, release_date: '2026-07-02' } } },
  }
  const providers = soundTexts.providers.replace(
    '"other": {',
    '"azure-openai": { "endpoint": "https://a.example/v1", "auth_type": "none", "models": [] },\n  "other": {',
  )
  const acme = ['acme-1', 'acme-2', 'labs/acme-3']

  test.each<[Partial<ImportCall>, string[], string[]]>([
    [{}, [...acme, 'gpt-9', 'other-1'], ['acme/acme-dear']],
    [{ providers: ['acme'] }, acme, ['acme/acme-dear']],
    [{ providers: ['other', 'azure'] }, ['gpt-9', 'other-1'], []],
    [{ providers: ['azure-openai'] }, ['gpt-9'], []],
    [{ only: ['acme-*'] }, ['acme-1', 'acme-2'], ['acme/acme-dear']],
    [{ only: ['*acme-3', 'gpt-9'] }, ['labs/acme-3', 'gpt-9'], []],
    [{ only: ['acme/*'] }, acme, ['acme/acme-dear']],
    [{ only: ['acme.1', 'acme-[12]'] }, [], []],
    [{ since: '2026-07-01' }, ['acme-2', 'gpt-9', 'other-1'], ['acme/acme-dear']],
    [{ limit: 2 }, ['acme-1', 'acme-2'], ['acme/acme-dear']],
    [{ providers: ['acme'], since: '2026-02-01', only: ['*'], limit: 5 }, ['acme-2'], ['acme/acme-dear']],
  ])('%j takes %j', async (filter, taken, refused) => {
    const world = await createWorld({ providers })
    const plan = await world.take(document, { source: 'models.dev', ...filter })
    expect(plan.created).toEqual(taken.map(id => `models/${id}`))
    expect(plan.refused.map(({ id }) => id)).toEqual(refused)
  })

  test.each<[ImportOptions, string, string]>([
    [{ source: 'litelm' }, 'there is no source "litelm"', 'Did you mean "litellm"?'],
    [{ source: 'zzz' }, 'there is no source "zzz"', 'Sources are models.dev, litellm, '],
    [{ strategy: 'newst' }, '--strategy: there is no strategy "newst"', 'Did you mean "newest"?'],
    [{ providers: ['acmee'] }, '--provider: models.dev has no models of "acmee"', 'Did you mean "acme"?'],
    [{ providers: ['toString'] }, 'no models of "toString"', 'Leave --provider out'],
    [{ since: '2026-07' }, '--since: "2026-07" is no day', 'Write it like 2026-07-01'],
    [{ since: '2026-02-30' }, '--since: "2026-02-30" is no day', 'Write it like 2026-07-01'],
    [{ only: ['*a*b*c*d*e*f*g*h*i*j'] }, 'has too many stars', 'Use at most 9'],
  ])('%j is refused', async (options, message, hint) => {
    const world = await createWorld()
    const rejected = expect(world.take(document, { source: 'models.dev', ...options })).rejects
    await rejected.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  test('by the day of release is refused for a source without such days', async () => {
    const world = await createWorld()
    await expect(world.take(toDocument(), { since: '2026-07-01' })).rejects.toThrow(
      '--since: litellm does not say when models were released',
    )
  })
})

describe('a comparison', () => {
  test('lists what differs, with where the value here comes from', async () => {
    const world = await createWorld(withModel({ cost_per_1k_input: 0.002, capabilities: ['vision'] }))
    const before = await world.readAll()
    const entry = { input_cost_per_token: 2e-5, supports_vision: false, max_output_tokens: 50 }
    const document = { ...toDocument(entry), ...toDocument({}, 'unknown-here') }
    const shipped = [{ capabilities: ['vision'] }]
    const ref = 'models/acme-9'
    expect(await world.compare(document, { shipped })).toEqual([
      { ref, field: 'output_tokens', here: undefined, there: 50, origin: 'none' },
      { ref, field: 'capabilities', here: ['vision'], there: [], origin: 'shipped' },
      { ref, field: 'cost_per_1k_input', here: 0.002, there: 0.02, origin: 'edited' },
    ])
    expect(await world.readAll()).toEqual(before)
  })

  test.each<[string, Fields, Fields]>([
    [
      'what a prompt may have, and the window',
      { context_tokens: 5000, input_tokens_max: 1000 },
      { limit: undefined },
    ],
    ['a model that is retired, and deprecated', { status: 'retired' }, { status: 'deprecated' }],
    ['a day, and its month', { knowledge_cutoff: '2026-02-16' }, { knowledge: '2026-02' }],
    [
      'another order of modalities',
      { modalities: { input: ['image', 'text'], output: ['text'] } },
      { modalities: { input: ['text', 'image'], output: ['text'] } },
    ],
  ])('finds no difference between %s', async (_, here, there) => {
    const capabilities = here.modalities === undefined ? [] : ['vision']
    const world = await createWorld(withModel({ capabilities, ...here }))
    const found =
      'limit' in there
        ? await world.compare(toDocument())
        : await world.compare(
            { acme: { models: { 'acme-9': { limit: { context: 1000 }, ...there } } } },
            { source: 'models.dev' },
          )
    expect(found).toEqual([])
  })

  test.each<[string, Fields, Fields, string]>([
    ['the window', { context_tokens: 5000 }, { limit: { context: 6000 } }, 'context_tokens'],
    ['a status', { status: 'active' }, { status: 'deprecated' }, 'status'],
    [
      'a month, and its day',
      { knowledge_cutoff: '2026-02' },
      { knowledge: '2026-02-16' },
      'knowledge_cutoff',
    ],
  ])('finds a difference in %s', async (_, here, there, field) => {
    const world = await createWorld(withModel(here))
    const document = { acme: { models: { 'acme-9': { limit: { context: 1000 }, ...there } } } }
    const found = await world.compare(document, { source: 'models.dev' })
    expect(found.map(difference => difference.field)).toEqual([field])
  })
})
