import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderWords, saveWords, toWords, wordCachePath } from '../../src/completion/words.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { soundTexts, writeHome } from '../support/homes/valid-home.ts'
import { createTestHost } from '../support/test-host.ts'

describe('the words of a home', () => {
  test.each([
    ['registries', 'registry\ttools\t'],
    ['ids of what is detected', 'id\tdocker\t'],
    ['refs of what is detected', 'id\tml_frameworks/pytorch\t'],
    ['refs of anything', 'ref\tmodels/large\t'],
    ['ids of anything', 'ref\tlarge\t'],
    ['fields of entries', 'field:models\tcontext_tokens\t'],
    ['fields of all registries together', 'field:all\tcontext_tokens\t'],
    ['names as descriptions', 'ref\tmicroservices/metrics\tMetrics'],
    ['entries as jq paths', 'jq:tools\t.docker\t'],
    ['fields with their values', 'jq:tools\t.docker.detection\twhich docker'],
    ['lists by their length', 'jq:providers\t.acme.models\tlist of 4'],
    ['paths of documents', 'jq:dashboard\t.sections.tools.entries.gpu\tGPU'],
    ['conditions on words of the vocabulary', 'where:models\tcapabilities=vision\t'],
    ['keys that are not identifiers in quotes', 'jq:hyper\t.dependency_graph.edges\tlist of 4'],
  ])('are %s', async (_, line) => {
    expect((await linesOf({})).filter(each => each === line)).toEqual([line])
  })

  test('have the words that the hyper registry adds, instead of those of the specification', async () => {
    const hyper = soundTexts.hyper.replace(
      '"entries_count_expected": 3',
      '"entries_count_expected": 3, "categories": ["vector_store", "two words"]',
    )
    const lines = await linesOf({ hyper })
    const words = lines.filter(line => line.startsWith('where:dashboard\tcategory=')).sort()
    expect(words.map(line => line.split('\t')[1])).toEqual([
      'category=compute',
      'category=container',
      'category=ml_framework',
      'category=vector_store',
    ])
  })

  test('have no id that two registries have', async () => {
    const lines = await linesOf({ tools: toTools({}).replace('"docker"', '"large"') })
    expect(lines.filter(line => line.startsWith('ref\t') && line.includes('large'))).toEqual([
      'ref\ttools/large\t',
      'ref\tmodels/large\t',
    ])
  })

  test('end at the fourth key', async () => {
    const lines = await linesOf({})
    expect(lines.filter(line => line.includes('.sections.tools.entries.gpu.'))).toEqual([])
  })

  test.each([
    ['a key with a dash', 'x-a', '.docker."x-a"'],
    ['a key with quotes', 'x-"a', '.docker."x-\\"a"'],
    ['a key that jq would interpolate', 'x-\\(1)', '.docker."x-\\\\(1)"'],
    ['a key with a tab: its quotes spell it out', 'x-a\tb', '.docker."x-a\\tb"'],
  ])('quote %s', async (_, key, path) => {
    expect(await jqWords(key)).toContain(path)
  })

  test.each([
    ['a bidi override', 'x-\u202e'],
    ['a zero-width space', 'x-\u200b'],
    ['DEL', 'x-\x7f'],
    ['a no-break space', 'x-\u00a0'],
  ])('leave out what has %s', async (_, key) => {
    expect(await jqWords(key)).toEqual(['.docker', '.docker.detection', '.docker.env_var'])
  })

  test('clean descriptions, and cut them', async () => {
    const tools = toTools({ display_name: 'a\tb\n\x1b[31mred\u202e$(x)', description: 'z'.repeat(100) })
    const lines = await linesOf({ tools })
    expect(lines).toContain('id\tdocker\ta b red$(x)')
    expect(lines).toContain(`jq:tools\t.docker.description\t${'z'.repeat(60)}`)
  })

  test('of a huge home are 5000, and every registry has some', async () => {
    const entry = { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' }
    const models = Object.fromEntries(
      Array.from({ length: 1500 }, (_, index) => [`m${index}`, JSON.parse(soundTexts.models).large]),
    )
    const lines = await linesOf({ models: JSON.stringify(models), tools: JSON.stringify({ docker: entry }) })
    expect(lines).toHaveLength(5000)
    expect(new Set(lines.map(line => line.split('\t')[0])).size).toBe(27)
  })

  test('of a home without files are the registries', async () => {
    expect(
      await linesOf(Object.fromEntries(Object.keys(soundTexts).map(name => [name, undefined]))),
    ).toHaveLength(9)
  })
})

describe('the file of words', () => {
  test('is named after the home, private, and holds the words', async () => {
    const { host, home, snapshot } = await createHome()
    await saveWords(home, snapshot, host)
    const path = nodePath.join(
      host.directory,
      'cache/nexus-registry/words',
      home.directory.replaceAll('/', '%'),
    )
    expect(wordCachePath(home.directory, host)).toBe(path)
    expect(await readFile(path, 'utf8')).toBe(renderWords(toWords(snapshot)))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  test.each([
    ['has a % in it', '/homes/a%b'],
    ['is longer than 200 bytes', `/${'é'.repeat(100)}`],
  ])('is not there for a home whose path %s', async (_, directory) => {
    expect(wordCachePath(directory, await createTestHost())).toBeUndefined()
  })

  test('is not there without a cache directory', async () => {
    const { host, home, snapshot } = await createHome()
    await saveWords(home, snapshot, { ...host, env: {}, userHome: undefined })
    expect(await readdir(host.directory)).toEqual(['home'])
  })

  test('is dropped when a registry was changed meanwhile', async () => {
    const { host, home, snapshot } = await createHome()
    await saveWords(home, snapshot, host)
    await writeFile(nodePath.join(home.directory, 'tool_registry.json'), '{}')
    await saveWords(home, snapshot, host)
    expect(await readdir(nodePath.join(host.directory, 'cache/nexus-registry/words'))).toEqual([])
  })

  test('of the default home is dropped when the configuration names another', async () => {
    const { host, home, snapshot } = await createHome()
    const standard = nodePath.join(host.directory, 'data/nexus-registry')
    const file = wordCachePath(standard, host) ?? ''
    await saveWords(home, snapshot, host)
    await writeFile(file, '')
    await saveWords({ ...home, origin: 'config' }, snapshot, host)
    expect(await host.fs.stat(file)).toBeUndefined()
    expect(await host.fs.stat(wordCachePath(home.directory, host) ?? '')).toBeDefined()
  })
})

function toTools(fields: Record<string, unknown>): string {
  return JSON.stringify({ docker: { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER', ...fields } })
}

async function jqWords(key: string): Promise<string[]> {
  const lines = await linesOf({ tools: toTools({ [key]: 1 }) })
  return lines.filter(line => line.startsWith('jq:tools\t')).map(line => line.split('\t')[1] ?? '')
}

async function linesOf(
  texts: Partial<Record<keyof typeof soundTexts, string | undefined>>,
): Promise<string[]> {
  const { snapshot } = await createHome(texts)
  return renderWords(toWords(snapshot)).trimEnd().split('\n')
}

async function createHome(texts: Partial<Record<keyof typeof soundTexts, string | undefined>> = {}) {
  const host = await createTestHost()
  const directory = nodePath.join(host.directory, 'home')
  await mkdir(directory, { mode: 0o700 })
  const present = Object.entries({ ...soundTexts, ...texts }).filter(([, text]) => text !== undefined)
  await writeHome(directory, Object.fromEntries(present))
  // Without notes of what was sound: nothing but words is in the cache.
  const snapshot = await loadSnapshot(directory, { ...host, env: {}, userHome: undefined })
  return { host, home: { directory, origin: 'flag' } as const, snapshot }
}
