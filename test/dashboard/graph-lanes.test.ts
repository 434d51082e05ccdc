import { describe, expect, test } from 'vitest'
import type {
  Card,
  DashboardModel,
  DashboardProblem,
  DashboardView,
  ProviderFacts,
} from '../../src/dashboard/model/dashboard-view.ts'
import { noModels } from '../../src/dashboard/model/dashboard-view.ts'
import type { GraphDocument } from '../../src/dashboard/web/live/server.ts'
import {
  type GraphFilter,
  type GraphLanes,
  parseGraphFilter,
  toGraphAddress,
  toGraphLanes,
} from '../../src/dashboard/web/state/graph-lanes.ts'
import { type OutlineItem, toOutline } from '../../src/dashboard/web/state/graph-outline.ts'
import type { GraphEdgeType, NodeKind, Readiness } from '../../src/graph/graph.ts'

type ViewPart = Pick<DashboardView, 'problems' | 'models' | 'sections'>

const kinds: Readonly<Record<string, NodeKind>> = {
  plugins: 'plugin',
  microservices: 'microservice',
  models: 'model',
  providers: 'provider',
  adapters: 'adapter',
  tools: 'tool',
  ml_frameworks: 'ml_framework',
}

/** A graph of lines like `plugins/a ready` and `plugins/a requires tools/b`. */
function graphOf(...lines: readonly string[]): GraphDocument {
  const nodes: GraphDocument['nodes'][number][] = []
  const edges: GraphDocument['edges'][number][] = []
  for (const line of lines) {
    const [id = '', word = '', to = ''] = line.split(' ')
    if (isEdgeType(word)) edges.push({ from: id, to, type: word })
    else {
      const status = statuses[word] ?? null
      const kind = special[id] ?? kinds[id.split('/')[0] ?? ''] ?? 'capability'
      nodes.push({ id, kind, label: id.slice(id.indexOf('/') + 1), status })
    }
  }
  return { nodes, edges }
}

const special: Readonly<Record<string, NodeKind>> = {
  nothing: 'missing',
  hidden: 'unseen',
  hidden2: 'unseen',
  core: 'component',
  tools: 'registry',
  'dashboard/x': 'dashboard_entry',
}

const statuses: Readonly<Record<string, Readiness>> = {
  ready: 'ready',
  broken: 'not ready',
  off: 'not set up',
  unknown: 'unknown',
}

function isEdgeType(word: string): word is GraphEdgeType {
  return ['requires', 'references', 'provided_by', 'shows'].includes(word)
}

function viewOf(more: Partial<ViewPart> = {}): ViewPart {
  return { problems: [], models: noModels, sections: [], ...more }
}

function problem(ref: string, more: Partial<DashboardProblem> = {}): DashboardProblem {
  return {
    ref,
    name: ref.slice(ref.indexOf('/') + 1),
    status: 'not ready',
    reason: `${ref} does not work`,
    since: null,
    fix: { text: 'Start it', command: 'start' },
    blocks: [],
    blocks_count: 0,
    ...more,
  }
}

function providerCard(id: string, more: Partial<ProviderFacts>): Card {
  return {
    ref: `dashboard/providers/${id}`,
    subject: `providers/${id}`,
    component: 'provider_card',
    name: id.toUpperCase(),
    icon: null,
    description: null,
    state: 'on',
    has_indicator: true,
    facts: null,
    variables: [],
    readings: [],
    provider: {
      is_key_set: true,
      is_reachable: null,
      latency_ms: null,
      latency_history: [],
      variables: [],
      model_count: 0,
      is_health_checked: true,
      status_endpoint: null,
      models: [],
      capabilities: [],
      ...more,
    },
    fix: null,
    warning: null,
  }
}

function cardsOf(...cards: readonly Card[]): Partial<ViewPart> {
  return { sections: [{ id: 'providers', title: 'Providers', cards }] }
}

function model(id: string, more: Partial<DashboardModel> = {}): DashboardModel {
  return {
    ref: `models/${id}`,
    id,
    provider: 'acme',
    provider_name: 'Acme',
    readiness: 'ready',
    is_local: false,
    context_tokens: null,
    input_price: null,
    output_price: null,
    capabilities: [],
    status: null,
    retires_on: null,
    successor: null,
    loaded: null,
    size_bytes: null,
    ...more,
  }
}

const everything: GraphFilter = { show: 'everything', at: '' }

function draw(
  graph: GraphDocument,
  view: Partial<ViewPart> = {},
  filter: Partial<GraphFilter> = {},
): GraphLanes {
  return toGraphLanes(graph, viewOf(view), { ...everything, ...filter })
}

/** Lanes as lines: `good name (note)`. */
function textOf({ lanes }: GraphLanes): Record<string, string[]> {
  return Object.fromEntries(
    lanes.map(({ name, nodes }) => [
      name,
      nodes.map(({ tone, name: text, note }) => `${tone} ${text} (${note})`),
    ]),
  )
}

const edgesOf = ({ edges }: GraphLanes) => edges.map(({ from, to, tone }) => `${from} ${to} ${tone}`)
const stepsOf = ({ paths }: GraphLanes) => paths.map(({ steps }) => steps.map(({ name }) => name).join(' → '))

describe('lanes', () => {
  test('are by kinds, and what is no part of them stays away', () => {
    const graph = graphOf(
      'plugins/router ready',
      'microservices/api ready',
      'models/large ready',
      'container_runtime ready',
      'providers/acme ready',
      'adapters/bridge ready',
      'tools/docker ready',
      'tools/git ready',
      'ml_frameworks/torch ready',
      'core none',
      'nothing none',
      'tools ready',
      'dashboard/x ready',
      'models/large requires providers/acme',
      'container_runtime provided_by tools/docker',
      'plugins/router requires nothing',
      'dashboard/x shows tools/git',
    )
    expect(textOf(draw(graph))).toEqual({
      callers: ['good router (plug-in)', 'good api (service)'],
      callable: ['good large (acme)', 'good container_runtime (docker)'],
      through: ['good acme (provider)', 'good bridge (adapter)', 'good docker (tool)'],
      needs: ['good git (tool)', 'good torch (framework)', 'unknown nothing (not in the registries)'],
    })
  })

  test('have edges from left to right, each pair once', () => {
    const graph = graphOf(
      'plugins/a ready',
      'tools/b ready',
      'plugins/a requires tools/b',
      'plugins/a references tools/b',
      'container_runtime ready',
      'container_runtime provided_by tools/b',
      'tools/b requires container_runtime',
    )
    expect(edgesOf(draw(graph)).toSorted()).toEqual([
      'container_runtime tools/b good',
      'plugins/a tools/b good',
    ])
  })

  test('name variables of keys, of which only whether they are set is known', () => {
    const graph = graphOf(
      'providers/a ready',
      'providers/b off',
      'providers/c unknown',
      'providers/local ready',
    )
    const drawn = draw(graph, {
      ...cardsOf(
        providerCard('a', { variables: ['A_KEY', 'A_TOKEN'], latency_ms: 181.7 }),
        providerCard('b', { variables: ['B_KEY'], is_key_set: false }),
        providerCard('c', { variables: ['C_KEY'], is_key_set: null }),
        providerCard('local', { variables: ['LOCAL_HOST'], runtime: { models: [] } }),
        providerCard('gone', { variables: ['GONE_KEY'] }),
      ),
    })
    expect(textOf(drawn)).toMatchObject({
      through: ['good A (182 ms)', 'good LOCAL (provider)', 'unknown C (provider)', 'off B (provider)'],
      needs: ['good A_KEY (set, or A_TOKEN)', 'unknown C_KEY (not known)', 'off B_KEY (not set)'],
    })
    expect(drawn.lanes[3]?.nodes[0]).toMatchObject({ subject: 'providers/a' })
  })

  test('what was not evaluated is unknown, and what is explained nowhere has no subject', () => {
    const { lanes } = draw(
      graphOf(
        'tools/a none',
        'gpu_acceleration ready',
        'hidden unknown',
        'plugins/p ready',
        'plugins/p requires hidden',
      ),
    )
    const nodes = lanes.flatMap(lane => lane.nodes)
    expect(nodes.map(({ id, status, subject }) => [id, status, subject])).toEqual([
      ['plugins/p', 'ready', 'plugins/p'],
      ['gpu_acceleration', 'ready', null],
      ['hidden', 'unknown', null],
      ['tools/a', 'unknown', 'tools/a'],
    ])
  })
})

describe('groups', () => {
  const graph = graphOf(
    'models/one ready',
    'models/two ready',
    'models/three off',
    'models/four off',
    'models/old broken',
    'providers/acme ready',
    'providers/other off',
    'providers/third off',
    'models/one requires providers/acme',
    'models/two requires providers/acme',
    'models/old requires providers/acme',
    'models/three requires providers/other',
    'models/four requires providers/other',
    'tools/a off',
    'tools/b off',
    'ml_frameworks/c off',
  )

  test('have the models of one provider, and one per lane what is not set up', () => {
    const models = {
      ...noModels,
      retired: 1,
      retiring: [model('two')],
      entries: [model('one', { loaded: true })],
    }
    expect(textOf(draw(graph, { models }))).toEqual({
      callers: [],
      callable: [
        'good 2 models (acme · 1 retires soon · one is loaded)',
        'off 1 model (retired)',
        'off 2 models (not set up)',
      ],
      through: ['good acme (provider)', 'off 2 providers (not set up)'],
      needs: ['off 2 tools, 1 framework (not set up)'],
    })
  })

  test('of what is not set up become single nodes on request', () => {
    expect(textOf(draw(graph, {}, { show: 'all' }))).toMatchObject({
      callable: ['good 2 models (acme)', 'off 2 models (other)', 'off 1 model (cannot be called)'],
      through: ['good acme (provider)', 'off other (provider)', 'off third (provider)'],
      needs: ['off a (tool)', 'off b (tool)', 'off c (framework)'],
    })
  })

  test('have their members, and say where all models are', () => {
    const [group, , off] = draw(graph).lanes[1]?.nodes ?? []
    expect(group).toMatchObject({ href: '#/models?all=1&from=acme', more: 0, subject: null })
    expect(group?.members.map(({ id, subject }) => [id, subject])).toEqual([
      ['models/one', 'models/one'],
      ['models/two', 'models/two'],
    ])
    expect(off?.href).toBe('#/models?all=1')
  })

  test('have edges of all their members, dashed where an end is not set up', () => {
    expect(edgesOf(draw(graph)).toSorted()).toEqual([
      'models good providers/acme providers/acme good',
      'off callable off through off',
      'retired providers/acme off',
    ])
  })

  test('have hidden things as one', () => {
    const hidden = graphOf(
      'plugins/a unknown',
      'hidden none',
      'hidden2 none',
      'plugins/a requires hidden',
      'plugins/a requires hidden2',
    )
    expect(textOf(draw(hidden)).needs).toEqual([
      'unknown 2 hidden things (in registries that you may not read)',
    ])
  })
})

describe('broken paths', () => {
  const graph = graphOf(
    'plugins/sandbox broken',
    'plugins/fine ready',
    'container_runtime broken',
    'tools/docker broken',
    'tools/podman off',
    'tools/other off',
    'tools/git ready',
    'plugins/sandbox requires container_runtime',
    'plugins/fine requires tools/git',
    'container_runtime provided_by tools/docker',
    'container_runtime provided_by tools/podman',
  )
  const docker = problem('tools/docker', { name: 'Docker', reason: 'its engine does not answer' })

  test('lead from what is blocked to the cause, which has the name that people know', () => {
    const drawn = draw(graph, { problems: [docker] })
    expect(stepsOf(drawn)).toEqual(['sandbox → container_runtime → Docker'])
    expect(drawn.paths[0]?.steps.map(({ subject }) => subject)).toEqual([
      'plugins/sandbox',
      null,
      'tools/docker',
    ])
    expect(drawn.paths[0]?.problem).toBe(docker)
  })

  test('stand first and are red, with what would do as well beside them', () => {
    const drawn = draw(graph, { problems: [docker] })
    expect(textOf(drawn)).toEqual({
      callers: ['bad sandbox (plug-in)', 'good fine (plug-in)'],
      callable: ['bad container_runtime (docker or podman)'],
      through: ['bad docker (its engine does not answer)', 'off podman (tool)'],
      needs: ['good git (tool)', 'off other (tool)'],
    })
    expect(edgesOf(drawn)).toEqual([
      'plugins/fine tools/git good',
      'container_runtime tools/podman off',
      'plugins/sandbox container_runtime bad',
      'container_runtime tools/docker bad',
    ])
  })

  test('are all that is shown on request', () => {
    expect(textOf(draw(graph, { problems: [docker] }, { show: 'broken' }))).toEqual({
      callers: ['bad sandbox (plug-in)'],
      callable: ['bad container_runtime (docker or podman)'],
      through: ['bad docker (its engine does not answer)', 'off podman (tool)'],
      needs: [],
    })
  })

  test('that another one continues are said once, with what both block', () => {
    const runtime = problem('container_runtime', { blocks: ['plugins/sandbox'], blocks_count: 4 })
    const drawn = draw(graph, { problems: [runtime, docker] })
    expect(stepsOf(drawn)).toEqual(['sandbox → container_runtime → Docker'])
    expect(drawn.paths[0]?.blocked).toBe(4)
  })

  test('through something that works end there', () => {
    const other = graphOf(
      'plugins/a ready',
      'container_runtime ready',
      'tools/docker broken',
      'plugins/a requires container_runtime',
      'container_runtime provided_by tools/docker',
    )
    const drawn = draw(other, { problems: [docker] })
    expect(stepsOf(drawn)).toEqual(['Docker'])
    expect(textOf(drawn)).toMatchObject({
      callers: ['good a (plug-in)'],
      callable: ['good container_runtime (docker)'],
    })
  })

  test('of many models begin with their number', () => {
    const blocked = graphOf(
      'models/a broken',
      'models/b broken',
      'providers/acme broken',
      'models/a requires providers/acme',
      'models/b requires providers/acme',
    )
    const drawn = draw(blocked, { problems: [problem('providers/acme', { name: 'Acme' })] })
    expect(stepsOf(drawn)).toEqual(['2 models → Acme'])
    expect(textOf(drawn)).toMatchObject({
      callable: ['bad 2 models (acme)'],
      through: ['bad acme (providers/acme does not work)'],
    })
  })

  test('to what is not set up are red, and it is not', () => {
    const missing = graphOf(
      'microservices/api broken',
      'tools/jq off',
      'tools/x off',
      'tools/y off',
      'microservices/api requires tools/jq',
    )
    const drawn = draw(missing, { problems: [problem('tools/jq', { status: 'not set up' })] })
    expect(textOf(drawn)).toMatchObject({
      callers: ['bad api (service)'],
      needs: ['off jq (tools/jq does not work)', 'off 2 tools (not set up)'],
    })
    expect(edgesOf(drawn)).toEqual(['microservices/api tools/jq bad'])
  })

  test('of what the graph does not have are its name', () => {
    expect(stepsOf(draw(graphOf(), { problems: [problem('tools', { name: 'tools' })] }))).toEqual(['tools'])
  })

  test('in a circle end', () => {
    const circle = graphOf(
      'plugins/a broken',
      'plugins/b broken',
      'plugins/a requires plugins/b',
      'plugins/b requires plugins/a',
    )
    expect(stepsOf(draw(circle, { problems: [problem('plugins/a')] }))).toEqual(['a'])
  })
})

describe('one node', () => {
  const graph = graphOf(
    'plugins/a ready',
    'models/one ready',
    'models/two ready',
    'providers/acme ready',
    'providers/other ready',
    'tools/git ready',
    'plugins/a requires models/one',
    'models/one requires providers/acme',
    'models/two requires providers/acme',
  )

  test('is shown with what it is tied to alone', () => {
    const drawn = draw(graph, {}, { at: 'models/one' })
    expect(textOf(drawn)).toEqual({
      callers: ['good a (plug-in)'],
      callable: ['good one (acme)'],
      through: ['good acme (provider)'],
      needs: [],
    })
    expect(drawn.focus).toMatchObject({ id: 'models/one', name: 'one' })
  })

  test('of which nothing is known leaves everything', () => {
    const drawn = draw(graph, {}, { at: 'tools/nowhere' })
    expect(drawn.focus).toBeNull()
    expect(drawn.lanes.flatMap(({ nodes }) => nodes)).toHaveLength(5)
  })

  test('has only the broken paths that it is on', () => {
    const problems = [problem('tools/git'), problem('providers/acme')]
    expect(stepsOf(draw(graph, { problems }, { at: 'models/one' }))).toEqual(['acme'])
  })
})

describe('thousands of things', () => {
  const providers = Array.from({ length: 100 }, (_, index) => `providers/p${index} ready`)
  const tools = Array.from({ length: 400 }, (_, index) => `tools/t${index} ready`)
  const models = Array.from({ length: 3000 }, (_, index) => [
    `models/m${index} ready`,
    `models/m${index} requires providers/p${index % 100}`,
  ])
  const graph = graphOf(...providers, ...tools, ...models.flat())

  test.each(['everything', 'all', 'broken'] as const)('are at most 60 nodes (%s)', show => {
    const { lanes } = draw(graph, { problems: [problem('tools/t1')] }, { show })
    const nodes = lanes.flatMap(lane => lane.nodes)
    expect(nodes.length).toBeLessThanOrEqual(60)
    expect(Math.max(...nodes.map(({ members }) => members.length))).toBeLessThanOrEqual(24)
  })

  test('say how many more there are, and where', () => {
    const { lanes, edges } = draw(graph)
    expect(lanes[1]?.nodes.at(-1)).toMatchObject({
      name: 'and 2580 more',
      note: '2580 models',
      href: '#/models?all=1',
      more: 2556,
    })
    expect(lanes[3]?.nodes.at(-1)).toMatchObject({ name: 'and 386 more', href: null, status: 'ready' })
    expect(edges).toContainEqual({ from: 'more callable', to: 'more through', tone: 'good' })
  })

  test('have the one that is looked for in sight', () => {
    const { lanes } = draw(graph, {}, { at: 'providers/p99' })
    expect(lanes[2]?.nodes.map(({ id }) => id)).toEqual(['providers/p99'])
  })

  test('take little time', () => {
    const start = performance.now()
    draw(graph)
    expect(performance.now() - start).toBeLessThan(3000)
  })
})

describe('the outline', () => {
  const toText = (items: readonly OutlineItem[], depth = 0): string[] =>
    items.flatMap(({ node, isRepeated, items: below }) => [
      `${'  '.repeat(depth)}${node.name}${isRepeated ? ' …' : ''}`,
      ...toText(below, depth + 1),
    ])

  test('has what is broken first, and what a node needs below it, once', () => {
    const graph = graphOf(
      'plugins/a ready',
      'plugins/z broken',
      'tools/docker broken',
      'container_runtime broken',
      'models/one ready',
      'providers/acme ready',
      'plugins/b ready',
      'tools/x off',
      'tools/y off',
      'plugins/a requires models/one',
      'plugins/b requires models/one',
      'plugins/b requires tools/x',
      'models/one requires providers/acme',
      'plugins/z requires container_runtime',
      'container_runtime provided_by tools/docker',
    )
    const drawn = draw(graph, { problems: [problem('tools/docker')] })
    expect(toText(toOutline(drawn))).toEqual([
      'z',
      '  container_runtime',
      '    docker',
      'a',
      '  one',
      '    acme',
      'b',
      '  one …',
      '2 tools',
    ])
  })

  test('has circles, too', () => {
    const graph = graphOf(
      'plugins/a ready',
      'plugins/b ready',
      'plugins/a requires plugins/b',
      'plugins/b requires plugins/a',
    )
    expect(toText(toOutline(draw(graph)))).toEqual(['a', '  b', '    a …'])
  })
})

describe('an address', () => {
  test.each([
    ['', everything, '#/graph'],
    ['show=broken', { show: 'broken', at: '' }, '#/graph?show=broken'],
    ['show=all', { show: 'all', at: '' }, '#/graph?show=all'],
    ['show=nonsense', everything, '#/graph'],
    ['at=tools/docker', { show: 'everything', at: 'tools/docker' }, '#/graph?at=tools/docker'],
    ['at=%3Cb%3E&show=all', { show: 'all', at: '<b>' }, '#/graph?at=%3Cb%3E&show=all'],
  ] as const)('%s', (query, filter, address) => {
    expect(parseGraphFilter(new URLSearchParams(query))).toEqual(filter)
    expect(toGraphAddress(filter)).toBe(address)
  })
})
