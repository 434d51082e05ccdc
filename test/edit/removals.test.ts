import { describe, expect, test } from 'vitest'
import { planRemoval } from '../../src/edit/plan-removal.ts'
import type { HomeContent } from '../../src/registry/home/update-home.ts'
import { registryNames } from '../../src/registry/schema/names.ts'
import { createTextValidation } from '../../src/validate/validate-content.ts'
import { type HomeTexts, soundDay, soundTexts } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

const toTexts = (changed: Partial<HomeTexts> = {}): HomeContent =>
  new Map(Object.entries({ ...soundTexts, ...changed }).map(([name, text]) => [nameOf(name), text]))

const nameOf = (text: string) => {
  const name = registryNames.find(each => each === text)
  if (name === undefined) throw new Error(`${text} is no registry`)
  return name
}

const remove = (names: string, { cascade = false, texts = toTexts() } = {}) =>
  planRemoval(texts, { names: names.split(' '), isCascade: cascade })

const describeDependents = ({ dependents }: ReturnType<typeof remove>) =>
  dependents.map(({ ref, field, isRemoved }) => `${isRemoved ? '-' : '~'} ${ref} ${field}`.trim())

/** What validate finds after a plan and not before. */
async function findNew(texts: HomeContent, plan: ReturnType<typeof remove>) {
  const host = await createTestHost({ clock: { now: () => Date.parse(soundDay) } })
  const { validate } = createTextValidation(host)
  const before = new Set((await validate(texts)).map(({ rule, message }) => `${rule}: ${message}`))
  const after = await validate(new Map([...texts, ...plan.texts]))
  return after.map(({ rule, message }) => `${rule}: ${message}`).filter(found => !before.has(found))
}

describe('remove', () => {
  test.each([
    ['podman', [], ['tools/podman']],
    ['gpu', [], ['tools/gpu']],
    ['pytorch', [], ['ml_frameworks/pytorch']],
    ['tools/docker', ['~ plugins/core dependencies'], ['tools/docker']],
    ['docker podman', ['~ plugins/core dependencies'], ['tools/docker', 'tools/podman']],
    ['models/embed', [], ['models/embed']],
    ['models/medium', ['~ models/small successor'], ['models/medium']],
    [
      'large',
      [
        '~ plugins/router requires',
        '~ dashboard/providers/acme models_display',
        '- edge tool_registry.json → models/large to',
      ],
      ['models/large'],
    ],
    [
      'acme',
      [
        '- models/large provider',
        '- models/medium provider',
        '- models/small provider',
        '- models/embed provider',
        '- adapters/acme_adapter provider',
        '~ plugins/router requires',
        '- edge tool_registry.json → models/large to',
      ],
      ['providers/acme'],
    ],
    [
      'microservices/metrics',
      ['- dashboard/metrics/load source.microservice', '~ dashboard/tools/gpu metrics'],
      ['microservices/metrics'],
    ],
    ['load', ['~ dashboard/tools/gpu metrics'], ['dashboard/metrics/load']],
    ['router', ['~ plugins/core requires', '- edge core → router to'], ['plugins/router']],
    ['core router', [], ['plugins/core', 'plugins/router']],
    ['universal', ['~ plugins/router requires'], ['adapters/universal']],
  ])('%s', async (names, dependents, removed) => {
    const refused = remove(names)
    const plan = remove(names, { cascade: true })
    expect(describeDependents(plan)).toEqual(dependents)
    expect(plan.removed).toEqual(removed)
    expect(refused.isRefused).toBe(dependents.length > 0)
    if (refused.isRefused) expect(refused.texts.size).toBe(0)
    expect(await findNew(toTexts(), plan)).toEqual([])
  })
})

describe('what is removed', () => {
  test('leaves every other byte as it is', () => {
    const { texts } = remove('gpu')
    const dashboard = soundTexts.dashboard.replace(/ {8}"gpu": \{[^}]*\},\n/, '')
    expect(Object.fromEntries(texts)).toEqual({
      hyper: soundTexts.hyper.replace('"entries_count_expected": 3', '"entries_count_expected": 2'),
      tools: soundTexts.tools.replace(/,\n {2}"gpu": [\s\S]*\n {2}\}/, ''),
      dashboard,
    })
  })

  test('takes names out of lists, and keeps how the others are written', () => {
    const { texts } = remove('docker core', { cascade: true })
    expect(texts.get('hyper')).toContain(
      `"edges": [\n      { "from": "router", "to": "fusion", "type": "requires" },\n      { "from": "hyper_registry"`,
    )
    expect(texts.get('hyper')).not.toContain('"core"')
    expect(remove('medium', { cascade: true }).texts.get('providers')).toContain(
      '"models": ["large", "small", "embed"]',
    )
  })

  test('keeps the numbers of entries right, those of adapters too', () => {
    const { texts } = remove('acme', { cascade: true })
    expect(JSON.parse(texts.get('hyper') ?? '')).toMatchObject({
      sub_registries: { providers: { entries_count_expected: 1 }, models: { entries_count_expected: 1 } },
    })
    expect(JSON.parse(texts.get('adapters') ?? '')).toEqual({
      universal: expect.objectContaining({ providers: 1 }),
    })
  })

  test('keeps the variable of a local runtime whose tool goes', () => {
    const tools = soundTexts.tools
      .replaceAll('podman', 'ollama')
      .replace('NEXUS_HAS_PODMAN', 'NEXUS_HAS_OLLAMA')
    const runtime =
      '"ollama": { "endpoint": "http://127.0.0.1:11434/v1", "auth_type": "none", "kind": "local", "models": [] }'
    const providers = soundTexts.providers.replace('{\n', `{\n  ${runtime},\n`)
    const plan = remove('tools/ollama', { texts: toTexts({ tools, providers }) })
    expect(JSON.parse(plan.texts.get('providers') ?? '').ollama.env_var).toBe('NEXUS_HAS_OLLAMA_API')
    expect(() => remove('ollama', { texts: toTexts({ tools, providers }) })).toThrow(
      '"ollama" means several: tools/ollama, providers/ollama',
    )
  })

  test('takes an entry out that is broken', () => {
    const tools = soundTexts.tools.replace('"env_var": "NEXUS_HAS_PODMAN"', '"env_var": "PATH"')
    expect(remove('podman', { texts: toTexts({ tools }) }).texts.get('tools')).not.toContain('podman')
  })
})

describe('what is refused', () => {
  const upstream = soundTexts.hyper.replace(
    '"path": "model_registry.json"',
    '"path": "model_registry.json", "url": "https://registry.example/models.json"',
  )

  test.each([
    ['dokcer', {}, 'nothing is called "dokcer"'],
    ['tools/podmna', {}, 'nothing is called "tools/podmna"'],
    ['dashboard/tools/docker', {}, 'goes with the entry that it shows'],
    ['podman', { models: '{ "a": ' }, 'model_registry.json is no JSON object'],
    ['podman', { tools: '{ "podman": {}, "podman": {} }' }, 'tool_registry.json cannot be changed: '],
    [
      'embed',
      { hyper: upstream },
      'models/embed would come back: the next sync takes models from https://registry.example',
    ],
  ])('%s in %j', (name, changed, message) => {
    expect(() => remove(name, { cascade: true, texts: toTexts(changed) })).toThrow(message)
  })

  test.each([
    [
      'an entry of this home alone',
      soundTexts.models.replace('"context_tokens": 8000', '"context_tokens": 8000, "x-local": true'),
      upstream,
    ],
    [
      'an upstream that is not synced',
      soundTexts.models,
      upstream.replace('"url"', '"sync_enabled": false, "url"'),
    ],
  ])('not %s', (_, models, hyper) => {
    expect(remove('embed', { texts: toTexts({ models, hyper }) }).texts.has('models')).toBe(true)
  })
})
