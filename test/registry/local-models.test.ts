import { describe, expect, test } from 'vitest'
import {
  isLocalModel,
  otherModelNames,
  withLocalModels,
  withRequestedModel,
} from '../../src/registry/local-models.ts'
import { localDetectedSchema } from '../../src/registry/schema/detected.ts'
import { maxLocalModels } from '../../src/registry/schema/names.ts'
import type { Snapshot } from '../../src/registry/snapshot.ts'
import { toVisibleSnapshot } from '../../src/security/access.ts'
import { localProvider, neverUp, runtimeModel, upWith, wasUpWith } from '../support/homes/local-home.ts'
import { createPeerHome, provider } from '../support/homes/target-home.ts'

const own = { context_tokens: 8000, capabilities: ['streaming'] }

async function layOut(models: object, providers: Readonly<Record<string, object>>): Promise<Snapshot> {
  const home = await createPeerHome({
    providers: { acme: provider('https://api.example.com/v1'), ...providers },
  })
  await home.write('models', models)
  const snapshot = await home.snapshot()
  expect(['models', 'providers'].flatMap(name => Object(snapshot.registries)[name].diagnostics)).toEqual([])
  return snapshot
}

const idsOf = ({ registries }: Snapshot) => Object.keys(registries.models.content ?? {})

const upOllama = (...ids: readonly string[]) => ({
  ollama: localProvider('ollama', 1, upWith(ids.map(id => runtimeModel(id)))),
})

describe('models of local runtimes', () => {
  const rows: [what: string, models: object, runtimeIds: readonly string[], ids: readonly string[]][] = [
    [
      'have the ids of their provider and runtime',
      {},
      ['llama3.2:latest', 'hf.co/a/b:Q4_K_M'],
      ['ollama/llama3.2:latest', 'ollama/hf.co/a/b:Q4_K_M'],
    ],
    [
      'come after the entries of the registry',
      { large: { ...own, provider: 'acme' } },
      ['a'],
      ['large', 'ollama/a'],
    ],
    [
      'are the entries that the registry has',
      { 'ollama/a:q4': { ...own, provider: 'ollama' } },
      ['a:q4'],
      ['ollama/a:q4'],
    ],
    [
      'are the entries that the registry has without :latest',
      { 'ollama/a': { ...own, provider: 'ollama' } },
      ['a:latest'],
      ['ollama/a'],
    ],
    [
      'are the entries that the registry has with :latest',
      { 'ollama/a:latest': { ...own, provider: 'ollama' } },
      ['a'],
      ['ollama/a:latest'],
    ],
    [
      'are the entries that the registry has without the provider',
      { a: { ...own, provider: 'ollama' } },
      ['a:latest'],
      ['a'],
    ],
    [
      'leave an entry of another provider alone',
      { 'ollama/a': { ...own, provider: 'acme' } },
      ['a'],
      ['ollama/a'],
    ],
    [
      'are two where one has another tag',
      { 'ollama/a': { ...own, provider: 'ollama' } },
      ['a:latest', 'a:q8'],
      ['ollama/a', 'ollama/a:q8'],
    ],
    ['are there once', {}, ['a', 'a', 'b'], ['ollama/a', 'ollama/b']],
    [
      'have ids that people can type and see',
      {},
      [
        'a b',
        'a\nb',
        'a\tb',
        '\x1b[31ma',
        'a\u202eb',
        'a\u200bb',
        'a\u2028b',
        ' a',
        'a\ud800',
        'x'.repeat(600),
        '__proto__',
      ],
      ['ollama/a b', 'ollama/__proto__'],
    ],
  ]
  test.each(rows)('%s', async (_, models, runtimeIds, ids) => {
    expect(idsOf(withLocalModels(await layOut(models, upOllama(...runtimeIds))))).toEqual(ids)
  })

  test('have the facts of the runtime beside those of the registry', async () => {
    const snapshot = withLocalModels(
      await layOut(
        { 'ollama/a': { ...own, provider: 'ollama', license: 'MIT' } },
        {
          ollama: localProvider(
            'ollama',
            1,
            upWith([
              runtimeModel('a', { context_tokens: 4096, loaded: true, vram_bytes: 7 }),
              runtimeModel('b', { size_bytes: null, quantization: null, context_tokens: null, loaded: null }),
            ]),
          ),
        },
      ),
    )
    expect(snapshot.registries.models.content).toEqual({
      'ollama/a': {
        provider: 'ollama',
        source: 'local',
        capabilities: ['streaming'],
        license: 'MIT',
        context_tokens: 4096,
        size_bytes: 2_019_393_189,
        quantization: 'Q4_K_M',
        loaded: true,
        vram_bytes: 7,
      },
      'ollama/b': {
        provider: 'ollama',
        source: 'local',
        capabilities: [],
        context_tokens: null,
        size_bytes: null,
        quantization: null,
        loaded: null,
        vram_bytes: null,
      },
    })
  })

  test.each([
    ['down', wasUpWith([runtimeModel('a', { loaded: true, vram_bytes: 7 })]), false],
    [
      'unknown',
      upWith([runtimeModel('a', { loaded: true })], { status: 'unknown', reason: 'it hung' }),
      null,
    ],
  ])('of a runtime that is %s are in no memory', async (_, detected, loaded) => {
    const snapshot = withLocalModels(await layOut({}, { ollama: localProvider('ollama', 1, detected) }))
    expect(snapshot.registries.models.content).toMatchObject({ 'ollama/a': { loaded, vram_bytes: null } })
  })

  test('are absent for who may not read models or providers', async () => {
    const files = await layOut({}, upOllama('a'))
    const shown = (...names: ('models' | 'providers')[]) =>
      withLocalModels(toVisibleSnapshot(files, new Set(names))).registries.models.content
    expect(Object.keys(shown('models', 'providers') ?? {})).toEqual(['ollama/a'])
    expect([shown('models'), shown('providers')]).toEqual([{}, undefined])
  })

  test('leave the files as they are, and are added once', async () => {
    const files = await layOut({}, upOllama('a'))
    const before = structuredClone(files)
    const once = withLocalModels(files)
    expect(files).toEqual(before)
    expect(withLocalModels(once)).toBe(once)
    expect(withLocalModels(files).registries.models).toBe(once.registries.models)
    const none = await layOut({}, { ollama: localProvider('ollama', 1, neverUp('no')) })
    expect(withLocalModels(none)).toBe(none)
  })

  test('are as many as a sync records', () => {
    const accepts = (count: number) =>
      localDetectedSchema.safeParse(upWith(Array.from({ length: count }, (_, at) => runtimeModel(`m${at}`))))
        .success
    expect([accepts(maxLocalModels), accepts(maxLocalModels + 1)]).toEqual([true, false])
  })
})

test.each([
  ['ollama/a:latest', ['ollama/a']],
  ['ollama/a', ['ollama/a:latest']],
  ['ollama/a:q4', []],
  ['a', ['ollama/a', 'ollama/a:latest']],
  ['ollama/host:5000/a', ['ollama/host:5000/a:latest']],
])('%s has the names %j too', (id, names) => {
  expect(otherModelNames(id, { provider: 'ollama', source: 'local' })).toEqual(names)
  expect(otherModelNames(id, { provider: 'ollama' })).toEqual([])
})

test.each([
  ['models/ollama/b', 'ollama/b'],
  ['ollama/b:q4', 'ollama/b:q4'],
  ['model/ollama/b', 'ollama/b'],
  // Nothing is added for these.
  ['models/ollama/a', undefined],
  ['models/ollama/a:latest', undefined],
  ['models/acme/b', undefined],
  ['models/ollama/', undefined],
  ['models/ollama', undefined],
  ['models/ollama/\x1b[31m', undefined],
  ['tools/ollama/b', undefined],
  ['b', undefined],
])('%j means the model %j that is not installed', async (name, id) => {
  const snapshot = withLocalModels(await layOut({}, upOllama('a:latest')))
  const requested = withRequestedModel(name, snapshot)
  expect(idsOf(requested)).toEqual(['ollama/a:latest', ...(id === undefined ? [] : [id])])
  if (id === undefined) expect(requested).toBe(snapshot)
  else expect(isLocalModel(Object(requested.registries.models.content)[id])).toBe(false)
})
