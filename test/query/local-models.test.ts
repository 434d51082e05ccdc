import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import { renderWords, toWords } from '../../src/completion/words.ts'
import { graphFormats } from '../../src/graph/formats/index.ts'
import { findNode, loadGraph, withRequestedNode } from '../../src/graph/load-graph.ts'
import { planView } from '../../src/graph/plan-view.ts'
import { has } from '../../src/has/has.ts'
import { parseHasNames } from '../../src/has/has-names.ts'
import { createStyle } from '../../src/lib/terminal/style.ts'
import { renderTable } from '../../src/lib/terminal/table.ts'
import { parseCondition } from '../../src/query/condition.ts'
import { listHome, listNamedEntry } from '../../src/query/list.ts'
import { queryByFilter, queryByFlags } from '../../src/query/query.ts'
import { parseSortKeys } from '../../src/query/query-entries.ts'
import { validateHome } from '../../src/validate/validate.ts'
import { localProvider, runtimeModel, upWith, wasUpWith } from '../support/homes/local-home.ts'
import { createPeerHome, provider } from '../support/homes/target-home.ts'
import { parseXml } from '../support/parse-xml.ts'

const usual = [
  runtimeModel('llama3.2:latest', { loaded: true, vram_bytes: 2_600_000_000 }),
  runtimeModel('nomic-embed-text:v1.5', { size_bytes: 274_302_450, quantization: 'F16' }),
  runtimeModel('hf.co/a/b:Q4_K_M', { size_bytes: null, context_tokens: null, loaded: null }),
]
const hostile = [
  "x'; rm -rf ~ #",
  '$(id)',
  '"><img src=x>',
  'a|b]--{c}',
  'end',
  '__proto__',
  '-rf',
  '<b>',
  'a;b',
]

async function layOut(detected: object = upWith(usual)) {
  const home = await createPeerHome({
    providers: {
      acme: provider('https://api.example.com/v1', {
        models: ['large', 'medium', 'small', 'embed'],
      }),
      other: provider('https://api.example.com/v1', { models: ['tiny'] }),
      ollama: localProvider('ollama', 11_434, detected),
    },
  })
  const { directory } = home.home
  const place = { directory, host: home.host }
  const flags = { conditions: [], sortKeys: [], limit: undefined, selected: undefined }
  const query = async (conditions: readonly string[], sort?: string) => {
    const found = await queryByFlags(
      'models',
      { ...flags, conditions: conditions.map(parseCondition), sortKeys: sort ? parseSortKeys(sort) : [] },
      place,
    )
    return found.entries.map(({ id }) => id)
  }
  return { ...home, directory, place, query }
}

describe('list models', () => {
  test('shows the source of local models, and what their runtime says of them', async () => {
    const { directory, host } = await layOut()
    const { columns, rows } = await listHome({ directory, registry: 'models' }, host)
    expect(columns.map(({ heading }) => heading).slice(0, 7)).toEqual([
      'id',
      'provider',
      'source',
      'ready',
      'loaded',
      'size',
      'quantization',
    ])
    expect(rows.map(row => row.slice(0, 8)).slice(-4)).toEqual([
      ['tiny', 'other', '–', 'not set up', '–', '–', '–', '4000'],
      ['ollama/llama3.2:latest', 'ollama', 'local', 'ready', 'true', '1.9 GiB', 'Q4_K_M', '131072'],
      ['ollama/nomic-embed-text:v1.5', 'ollama', 'local', 'ready', 'false', '0.3 GiB', 'F16', '131072'],
      ['ollama/hf.co/a/b:Q4_K_M', 'ollama', 'local', 'ready', '–', '–', 'Q4_K_M', '–'],
    ])
  })

  test('has no column for them where there are none', async () => {
    const { directory, host } = await layOut(upWith([]))
    const { columns } = await listHome({ directory, registry: 'models' }, host)
    expect(columns.map(({ heading }) => heading)).not.toContain('source')
  })

  test.each(['models/ollama/llama3.2', 'ollama/llama3.2', 'ollama/llama3.2:latest'])(
    'finds one by %s',
    async name => {
      const { directory, host } = await layOut()
      const { data } = await listNamedEntry({ directory, name }, host)
      expect(data).toMatchObject([{ id: 'ollama/llama3.2:latest', source: 'local', readiness: 'ready' }])
    },
  )

  test('counts the entries of the files', async () => {
    const { directory, host } = await layOut()
    const { data } = await listHome({ directory, registry: undefined }, host)
    expect(data).toContainEqual(expect.objectContaining({ registry: 'models', entries: 5 }))
  })
})

describe('query models', () => {
  const rows: [conditions: readonly string[], sort: string | undefined, ids: readonly string[]][] = [
    [['loaded = true'], undefined, ['ollama/llama3.2:latest']],
    [
      ['source = local', 'readiness = ready'],
      'size_bytes',
      ['ollama/nomic-embed-text:v1.5', 'ollama/llama3.2:latest', 'ollama/hf.co/a/b:Q4_K_M'],
    ],
    [['size_bytes > 1000000000'], undefined, ['ollama/llama3.2:latest']],
    [
      ['context_tokens > 100000'],
      'id',
      ['large', 'medium', 'ollama/llama3.2:latest', 'ollama/nomic-embed-text:v1.5'],
    ],
    [['quantization = F16'], undefined, ['ollama/nomic-embed-text:v1.5']],
    [['source != local'], undefined, ['large', 'medium', 'small', 'embed', 'tiny']],
  ]
  test.each(rows)('--where %j --sort %s', async (conditions, sort, ids) => {
    expect(await (await layOut()).query(conditions, sort)).toEqual(ids)
  })

  test.each([
    ['source = local', []],
    ['loaded = true', []],
    ['size_bytes > 5', []],
  ])('knows the fields where no model has them: %s', async (condition, ids) => {
    expect(await (await layOut(upWith([]))).query([condition])).toEqual(ids)
  })

  test.each([
    ['source = lokal', '--where: source is never "lokal"'],
    ['loaded = maybe', '--where: loaded is true or false, and "maybe" is not'],
    ['sorce = local', 'there is no field "sorce"'],
  ])('refuses %s', async (condition, message) => {
    await expect((await layOut(upWith([]))).query([condition])).rejects.toThrow(message)
  })

  test('finds none of a stopped runtime that is ready or loaded', async () => {
    const { query } = await layOut(wasUpWith(usual))
    expect(await query(['source = local', 'readiness = ready'])).toEqual([])
    expect(await query(['loaded = true'])).toEqual([])
    expect(await query(['source = local', 'readiness = "not ready"'])).toHaveLength(3)
  })

  test('says how old what it shows of a runtime is', async () => {
    const { place } = await layOut(upWith(usual, { checked_at: '2020-01-01T00:00:00.000Z' }))
    const ageOf = async (condition: string) => {
      const query = {
        conditions: [parseCondition(condition)],
        sortKeys: [],
        limit: undefined,
        selected: undefined,
      }
      return (await queryByFlags('models', query, place)).staleAge
    }
    expect(await ageOf('loaded = true')).toEqual({ ms: expect.any(Number) })
    expect(await ageOf('id = large')).toBeUndefined()
  })

  test('by a jq filter reads the files, and validate checks them', async () => {
    const { place, directory, host } = await layOut()
    const request = {
      filter: 'length',
      options: { flags: [], texts: [], values: [], files: [], rawFiles: [] },
    }
    expect((await queryByFilter('models', request, place)).output).toBe('5\n')
    const { diagnostics } = await validateHome(directory, host)
    expect(diagnostics.filter(({ file }) => nodePath.basename(file) === 'model_registry.json')).toEqual([])
  })
})

test.each([
  ['models/ollama/llama3.2', '+ models/ollama/llama3.2:latest ready null'],
  ['ollama/llama3.2:latest', '+ models/ollama/llama3.2:latest ready null'],
  ['models/ollama/qwen3', '- models/ollama/qwen3 not ready ollama does not have it'],
  ['providers/ollama', '+ providers/ollama ready null'],
])('has %s', async (name, line) => {
  const { home, host } = await layOut()
  const { items } = await has({ home, names: await parseHasNames([name]) }, host)
  expect(
    items.map(
      each => 'error' in each || `${each.isReady ? '+' : '-'} ${each.ref} ${each.status} ${each.reason}`,
    ),
  ).toEqual([line])
})

test('completion offers them as refs, and to jq what the files have', async () => {
  const { snapshot } = await layOut()
  const lines = renderWords(toWords(await snapshot())).split('\n')
  expect(lines).toContain('ref\tmodels/ollama/llama3.2:latest\t')
  expect(lines).toContain('field:models\tsize_bytes\t')
  expect(lines.filter(line => line.startsWith('jq:models\t') && line.includes('ollama'))).toEqual([])
})

describe('the graph', () => {
  test('leads from a model to its provider, with or without its tag', async () => {
    const { directory, host } = await layOut()
    const loaded = await loadGraph(directory, host)
    const node = findNode('models/ollama/llama3.2', loaded.graph, loaded.snapshot)
    expect(planView(node, loaded.graph, {}).graph.edges).toEqual([
      { from: 'models/ollama/llama3.2:latest', to: 'providers/ollama', type: 'requires' },
    ])
    expect(withRequestedNode('models/ollama/llama3.2', loaded)).toBe(loaded)
    const { graph, snapshot } = withRequestedNode('models/ollama/qwen3', loaded)
    expect(findNode('models/ollama/qwen3', graph, snapshot).kind).toBe('model')
  })

  test('and the table survive any id', async () => {
    const { directory, host } = await layOut(upWith(hostile.map(id => runtimeModel(id))))
    const { graph, snapshot } = await loadGraph(directory, host)
    for (const id of hostile)
      expect(findNode(`models/ollama/${id}`, graph, snapshot).id).toBe(`models/ollama/${id}`)
    const style = await createStyle({ stream: { isTerminal: false }, env: {}, color: false })
    const view = planView(findNode('providers/ollama', graph, snapshot), graph, { isReverse: true })
    const options = { style, width: undefined }
    const svg = await graphFormats.svg(view)
    expect(() => parseXml(svg)).not.toThrow()
    expect(svg).not.toContain('<img')
    const mermaid = await graphFormats.mermaid(view, options)
    expect(mermaid).not.toContain('<img')
    expect(mermaid.split('\n').filter(line => /^\s*end$/.test(line))).toHaveLength(
      mermaid.split('\n').filter(line => line.includes('subgraph')).length,
    )
    const listing = await listHome({ directory, registry: 'models' }, host)
    expect(await renderTable(listing, { style, width: 80 })).toContain('$(id)')
  })
})
