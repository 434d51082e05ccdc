import { rm, writeFile } from 'node:fs/promises'
import nodePath from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/dashboard/model/dashboard-view.ts'
import { openHomeDashboard } from '../../src/dashboard/model/open-home-dashboard.ts'
import type { SampleBook } from '../../src/dashboard/model/sampler.ts'
import { toDashboard } from '../../src/dashboard/model/to-dashboard.ts'
import { loadSnapshot } from '../../src/registry/load/load-snapshot.ts'
import { registryFiles } from '../../src/registry/schema/names.ts'
import type { Snapshot } from '../../src/registry/snapshot.ts'
import { toVisibleSnapshot } from '../../src/security/access.ts'
import {
  createDashboardHome,
  type DashboardHomeOptions,
  detected,
  loadDashboardHome,
  metric,
  shownTool,
} from '../support/homes/dashboard-home.ts'
import { localProvider, neverUp, runtimeModel, upWith, wasUpWith } from '../support/homes/local-home.ts'
import { createTestHost } from '../support/test-host.ts'

const now = Date.parse('2026-11-23T08:01:00.000Z')

function show(
  snapshot: Snapshot,
  samples: SampleBook = new Map(),
  variables: { name: string; value: string }[] = [],
) {
  return toDashboard({ snapshot, samples, variables, now })
}

async function showCards(options: DashboardHomeOptions, samples?: SampleBook): Promise<readonly Card[]> {
  return show(await loadDashboardHome(options), samples).sections.flatMap(({ cards }) => cards)
}

const docker = { detection: 'which docker', env_var: 'NEXUS_HAS_DOCKER' }

describe('a tool', () => {
  const states: [status: string, state: string][] = [
    ['present', 'on'],
    ['absent', 'off'],
    ['broken', 'broken'],
    ['unknown', 'unknown'],
  ]
  test.each(states)('that is %s is shown as %s', async (status, state) => {
    const reason = status === 'present' ? null : 'because'
    const [card] = await showCards({
      tools: { docker: shownTool() },
      toolEntries: { docker: { ...docker, ...detected(status, { reason }) } },
    })
    expect(card).toMatchObject({ state, subject: 'tools/docker', facts: { reason }, warning: null })
  })

  test('that nobody has looked for is unknown, and has no facts', async () => {
    const [card] = await showCards({ tools: { docker: shownTool() }, toolEntries: { docker } })
    expect(card).toMatchObject({ state: 'unknown', facts: null, warning: null })
  })

  test('that is not there says so in its place', async () => {
    const id = 'ghost'
    const [card] = await showCards({ tools: { [id]: shownTool() } })
    expect(card).toMatchObject({
      subject: null,
      state: 'unknown',
      warning: `there is no tool or framework ${id}`,
    })
  })

  test('shows the variables that shells have of it, in order', async () => {
    const entry = shownTool({ env_var: 'NEXUS_A', secondary_env: 'NEXUS_B', env_vars: ['NEXUS_C'] })
    const snapshot = await loadDashboardHome({ tools: { docker: entry } })
    const [section] = show(snapshot, new Map(), [{ name: 'NEXUS_B', value: '1' }]).sections
    expect(section?.cards[0]?.variables).toEqual([
      { name: 'NEXUS_A', value: null },
      { name: 'NEXUS_B', value: '1' },
      { name: 'NEXUS_C', value: null },
    ])
  })
})

describe('a provider', () => {
  const entry = {
    endpoint: 'https://acme.example',
    auth_type: 'bearer',
    key_env: 'ACME_KEY',
    general_env: ['ACME_PROFILE'],
    models: ['large'],
  }
  const found = (fields: object) => ({
    status: 'configured',
    key_env: 'ACME_KEY',
    reachable: null,
    latency_ms: null,
    reason: null,
    checked_at: '2026-11-23T08:00:00.000Z',
    ...fields,
  })
  const noKey = found({ status: 'unconfigured', key_env: null, reason: 'ACME_KEY is not set' })
  const key = { ACME_KEY: 'secret' }
  const rows: [
    what: string,
    env: object,
    last: object | undefined,
    state: string,
    isKeySet: boolean | null,
  ][] = [
    ['without a key', {}, undefined, 'off', false],
    ['with a key that no sync has seen', key, undefined, 'on', true],
    ['with a key that is new since the last sync', key, noKey, 'on', true],
    ['whose key is gone since the last sync', {}, found({}), 'off', false],
    ['that responded', key, found({ reachable: true }), 'on', true],
    ['that did not respond', key, found({ reachable: false }), 'broken', true],
    ['that rejected the key', key, found({ reachable: true, credential: 'rejected' }), 'broken', true],
    ['with a general credential', { ACME_PROFILE: 'one' }, undefined, 'unknown', null],
  ]
  test.each(rows)('%s', async (_, env, last, state, isKeySet) => {
    const host = await createTestHost({ env: { ...env } })
    const options = {
      providers: { acme: { display_name: 'Acme', ui_component: 'provider_card' } },
      providerEntries: { acme: { ...entry, ...(last && { detected: last }) } },
    }
    const { home } = await createDashboardHome(options, { host })
    const view = await openHomeDashboard({ home, isDeep: false, platformRoot: undefined }, host).peek()
    const card = view?.sections.flatMap(({ cards }) => cards).find(({ provider }) => provider !== null)
    expect(card).toMatchObject({ state, provider: { is_key_set: isKeySet, models: ['large'] } })
  })
})

describe('a local runtime', () => {
  const models = [runtimeModel('idle'), runtimeModel('busy', { loaded: true }), runtimeModel('a\x1b[31m')]
  const rows: [what: string, found: object | undefined, state: string, ids: readonly string[]][] = [
    ['is up', upWith(models), 'on', ['busy', 'idle']],
    ['was up and is down', wasUpWith(models), 'broken', ['idle', 'busy']],
    ['was never up', neverUp('nothing listens'), 'off', []],
    ['could not be checked', upWith([], { status: 'unknown', reason: 'it hung' }), 'unknown', []],
    ['nobody has looked at', undefined, 'off', []],
  ]
  const load = (found: object | undefined) =>
    loadDashboardHome({
      providers: { ollama: { display_name: 'Ollama', ui_component: 'provider_card' } },
      providerEntries: { ollama: localProvider('ollama', 1, found) },
    })
  const runtimeOf = (snapshot: Snapshot) => {
    const [card] = show(snapshot).sections.flatMap(({ cards }) => cards)
    return { state: card?.state, ids: card?.provider?.runtime?.models.map(({ id }) => id) }
  }
  test.each(rows)('that %s', async (_, found, state, ids) => {
    expect(runtimeOf(await load(found))).toEqual({ state, ids })
  })
  test('names the memory of GPUs that its models take', async () => {
    const busy = runtimeModel('busy', { loaded: true, vram_bytes: 5e9 })
    const [card] = show(await load(upWith([runtimeModel('idle'), busy]))).sections.flatMap(
      ({ cards }) => cards,
    )
    expect(card?.provider?.runtime?.models).toMatchObject([{ vram_bytes: 5e9 }, { vram_bytes: null }])
  })
  test('has no models for who may not see models', async () => {
    const snapshot = toVisibleSnapshot(await load(upWith(models)), new Set(['dashboard', 'providers']))
    expect(runtimeOf(snapshot)).toEqual({ state: 'on', ids: [] })
  })
})

test('local runtimes have a section of their own, after the providers', async () => {
  const card = (name: string) => ({ display_name: name, ui_component: 'provider_card' })
  const { sections } = show(
    await loadDashboardHome({
      providers: { ollama: card('Ollama'), acme: card('Acme') },
      providerEntries: {
        ollama: localProvider('ollama', 11_434),
        acme: { endpoint: 'https://acme.example/v1', auth_type: 'none', models: [] },
      },
    }),
  )
  const shown = sections.map(({ id, cards }) => [id, cards.map(({ name }) => name)])
  expect(shown).toEqual([
    ['providers', ['Acme']],
    ['local_inference', ['Ollama']],
  ])
})

describe('a metric', () => {
  const samples: SampleBook = new Map([
    [
      'metric/it',
      [
        { at: now - 5000, value: null, reason: 'a gap' },
        { at: now, value: 80 },
      ],
    ],
    ['cluster/it', [{ at: now, value: 3 }]],
  ])

  test('has its value, its level, and what was before', async () => {
    const [card] = await showCards({ system: { it: metric({ unit: '%', threshold_warning: 75 }) } }, samples)
    expect(card?.readings).toEqual([
      {
        id: 'it',
        name: 'Some',
        unit: '%',
        value: 80,
        amount: null,
        level: 'warning',
        reason: null,
        read_at: new Date(now).toISOString(),
        history: [null, 80],
        threshold_warning: 75,
        threshold_critical: null,
      },
    ])
  })

  test('has the bytes of its last value, and of no other', async () => {
    const amount = { used_bytes: 1, total_bytes: 2 }
    const missing = { at: now, value: null, reason: 'none' } as const
    const options = { system: { it: metric({ unit: '%' }) } }
    const amountOf = async (book: SampleBook) => (await showCards(options, book))[0]?.readings[0]?.amount
    expect(await amountOf(new Map([['metric/it', [{ at: now, value: 50, amount }]]]))).toEqual(amount)
    expect(await amountOf(new Map([['metric/it', [{ at: now, value: 50, amount }, missing]]]))).toBe(null)
  })

  test('of a cluster is never the one of this machine', async () => {
    const kubernetes = shownTool({ ui_component: 'cluster_status_card', metrics: ['it', 'other'] })
    const cards = await showCards({ tools: { kubernetes }, system: { it: metric() } }, samples)
    expect(cards[0]?.readings).toMatchObject([
      { id: 'it', value: 3 },
      { id: 'other', value: null, reason: 'cluster not queried (use --deep)' },
    ])
  })

  test('that nothing measures is unknown, and says so', async () => {
    const [card] = await showCards({ system: { it: metric() } })
    expect(card?.readings).toMatchObject([
      { value: null, level: 'unknown', reason: 'nothing says where it comes from', read_at: null },
    ])
  })

  test('that a card names and nobody has says so', async () => {
    const [card] = await showCards({ tools: { docker: shownTool({ metrics: ['ghost'] }) } })
    expect(card?.readings).toMatchObject([{ value: null, reason: 'no metric has this id' }])
  })

  test('that a service tells is hidden from who may not see services', async () => {
    const source = { microservice: 'metrics', path: '/x', pointer: '/y' }
    const snapshot = await loadDashboardHome({ system: { it: metric({ source }) } })
    const visible = toVisibleSnapshot(snapshot, new Set(['dashboard']))
    expect(show(visible, samples).sections[0]?.cards[0]?.readings).toMatchObject([
      { value: null, reason: 'sign in to see microservices', history: [] },
    ])
  })
})

describe('a registry that is broken', () => {
  const rows: [what: string, options: DashboardHomeOptions, section: string, id: string][] = [
    [
      'an unknown component',
      { tools: { docker: shownTool({ ui_component: 'hologram' }) } },
      'tools',
      'docker',
    ],
    ['an icon of 4 KB', { system: { it: metric({ icon: '😀'.repeat(1024) }) } }, 'system', 'it'],
    ['an entry that is none', { orchestrator: { it: [] } }, 'orchestrator', 'it'],
    [
      'a pointer that is none',
      { system: { it: metric({ source: { microservice: 'a', path: '/', pointer: 'x' } }) } },
      'system',
      'it',
    ],
  ]
  test.each(rows)(
    'with %s: a sentence stands in that place, and the rest is there',
    async (_, options, section, id) => {
      const { system, ...rest } = options
      const view = show(await loadDashboardHome({ ...rest, system: { ...system, sound: metric() } }))
      const found = view.sections.find(each => each.id === section)
      const card = found?.cards.find(each => each.name === id)
      expect(card).toMatchObject({ component: null, warning: expect.stringMatching(/\w+ \w+/) })
      expect(
        view.sections.flatMap(({ cards }) => cards).some(({ ref }) => ref === 'dashboard/metrics/sound'),
      ).toBe(true)
    },
  )

  test.each([
    ['missing', undefined, /is missing/],
    ['no JSON', '{', /cannot be read/],
  ])('as a whole, being %s, is told at the top', async (_, text, warning) => {
    const host = await createTestHost()
    const { home } = await createDashboardHome({}, { host })
    const path = nodePath.join(home.directory, registryFiles.dashboard)
    await (text === undefined ? rm(path) : writeFile(path, text))
    const view = show(await loadSnapshot(home.directory, host))
    expect(view).toMatchObject({ sections: [], warnings: [expect.stringMatching(warning)] })
  })
})

test.each([
  [undefined, true],
  [true, true],
  [false, false],
])('a tool with status_indicator: %s has a light: %s', async (status_indicator, isLit) => {
  const [card] = await showCards({
    tools: { docker: shownTool({ status_indicator }) },
    toolEntries: { docker: { ...docker, ...detected('present') } },
  })
  expect(card).toMatchObject({ state: 'on', has_indicator: isLit })
})

test.each([
  [{}, { is_health_checked: true, is_reachable: false, status_endpoint: '/health/acme' }],
  [
    { health_check: false, status_endpoint: '/health/mine' },
    { is_health_checked: false, is_reachable: null, status_endpoint: '/health/mine' },
  ],
])('a card with %j shows %j', async (extra, facts) => {
  const acme = { endpoint: 'https://acme.example/v1', auth_type: 'bearer', key_env: 'ACME_KEY', models: [] }
  const found = {
    key_env: 'ACME_KEY',
    reachable: false,
    latency_ms: null,
    reason: 'why',
    checked_at: '2026-11-23T08:00:00.000Z',
  }
  const [card] = await showCards({
    providers: { acme: { display_name: 'Acme', ui_component: 'provider_card', ...extra } },
    providerEntries: { acme: { ...acme, detected: { status: 'configured', ...found } } },
  })
  expect(card).toMatchObject({ provider: facts })
})

test('sections follow the specification, then the file, and have titles', async () => {
  const snapshot = await loadDashboardHome({
    tools: {
      a: shownTool({ category: 'vcs' }),
      b: shownTool({ category: 'compute' }),
      c: shownTool({ category: 'vcs' }),
      d: shownTool({ category: 'vector_store' }),
    },
    system: { it: metric() },
  })
  expect(show(snapshot).sections.map(({ id, title, cards }) => [id, title, cards.length])).toEqual([
    ['compute', 'Compute', 1],
    ['vcs', 'Version control', 2],
    ['vector_store', 'Vector store', 1],
    ['system', 'This machine', 1],
  ])
})
