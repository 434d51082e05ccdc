import { describe, expect, test, vi } from 'vitest'
import {
  type DashboardView,
  hiddenReason,
  noModels,
  type UiComponent,
} from '../../../src/dashboard/model/dashboard-view.ts'
import { drawDetails, findThing } from '../../../src/dashboard/terminal/details.ts'
import { drawDashboard } from '../../../src/dashboard/terminal/draw-dashboard.ts'
import { drawTitle } from '../../../src/dashboard/terminal/headline.ts'
import { isWhole, lineWidth } from '../../../src/dashboard/terminal/layout.ts'
import { terminalComponents } from '../../../src/dashboard/terminal/metrics.ts'
import { uiComponents } from '../../../src/registry/schema/dashboard.ts'
import {
  canvasOf,
  cardOf,
  factsOf,
  metricCardOf,
  providerOf,
  readingOf,
  textOf,
  viewOf,
} from '../../support/homes/dashboard-cards.ts'
import { createLargeDashboard, gpuOf } from '../../support/homes/large-dashboard.ts'
import { hazards } from '../../support/hostile-strings.ts'

vi.stubEnv('TZ', 'UTC')

const large = createLargeDashboard()
const draw = (view: DashboardView, width = 80) => textOf(drawDashboard(view, canvasOf(width)))
const on = { state: 'on', subject: 'tools/some', facts: factsOf(null, '1.0') } as const
const models = { ...noModels, total: 2, ready: 1 }
const working = viewOf([cardOf(on)], { models, machine: { name: 'forge', system: '', cores: 2 } })

describe('a dashboard says', () => {
  const unchecked = viewOf([cardOf({ subject: 'tools/a', state: 'unknown', name: 'A' })], {
    models: noModels,
  })
  const system = (...cards: Parameters<typeof viewOf>[0]) => ({
    ...working,
    sections: [...working.sections, { id: 'system', title: 'This machine', cards }],
  })
  const gpuCard = large.sections[0] ?? { id: '', title: '', cards: [] }
  const withGpu = (more: Parameters<typeof gpuOf>[0]) =>
    createLargeDashboard({ sections: [gpuCard], gpus: [gpuOf(more)] })
  const silent = {
    memory_total_bytes: null,
    memory_used_bytes: null,
    utilization: null,
    temperature_c: null,
    power_w: null,
    history: [null],
  }
  const provider = (more: Parameters<typeof cardOf>[0]) =>
    viewOf([cardOf({ component: 'provider_card', name: 'Acme', provider: providerOf(), ...more })])
  const rows: readonly [what: string, view: DashboardView, lines: readonly string[]][] = [
    [
      'that nothing was checked',
      unchecked,
      ['! nothing has been checked yet', '  $ nexus-registry sync', '? not checked A'],
    ],
    ['that all is well', working, ['✓ everything that is set up works', '✓ Some 1.0']],
    [
      'that no model can be called',
      { ...working, models: { ...models, ready: 0 } },
      [
        '! no model can be called: set the key of a provider, or start a local runtime',
        '  $ nexus-registry list providers',
      ],
    ],
    [
      'what is hidden, in one line',
      { ...working, hidden: ['models', 'ml_frameworks'] },
      ['! hidden without a token: models, ml frameworks'],
    ],
    [
      'that its registry is broken',
      viewOf([], { warnings: ['dashboard_registry.json cannot be read: its backup is shown'] }),
      ['✗ dashboard_registry.json cannot be read: its backup is shown', '  $ nexus-registry validate'],
    ],
    [
      'that its registry is hidden',
      viewOf([], { warnings: ['sign in to see the dashboard registry'] }),
      ['✗ sign in to see the dashboard registry'],
    ],
    ['that its registry is empty', viewOf([], { sections: [] }), ['the dashboard registry shows nothing']],
    [
      'that it is old',
      { ...working, generated_at: '2026-11-26T08:00:00.000Z' },
      ['! what is here was checked 3 days ago', '  $ nexus-registry sync'],
    ],
    [
      'that a GPU is asleep',
      withGpu({ ...silent, reason: 'its NVIDIA GPU is asleep, and not woken' }),
      [`─ RTX 4090 ${'─'.repeat(60)} asleep ─`, 'its NVIDIA GPU is asleep, and not woken'],
    ],
    [
      'that a GPU is stuck',
      withGpu({ ...silent, reason: 'the kernel did not say within 1 s which GPUs there are' }),
      [`─ RTX 4090 ${'─'.repeat(61)} stuck ─`, 'the kernel did not say within 1 s which GPUs there are'],
    ],
    [
      'that a GPU was not checked',
      viewOf([
        cardOf({
          ...on,
          state: 'unknown',
          facts: null,
          name: 'GPU',
          readings: [readingOf({ id: 'gpu_utilization', value: null })],
        }),
      ]),
      ['? not checked GPU'],
    ],
    [
      'why a value is missing',
      system(
        metricCardOf(
          'Disk',
          { component: 'gauge_meter' },
          { value: null, reason: 'it is gone', history: [] },
        ),
      ),
      ['· Machine     Disk unknown: it is gone'],
    ],
    [
      'why a value was lost',
      system(metricCardOf('Disk', { component: 'gauge_meter' }, { value: null, history: [50, null] })),
      ['Disk  ? unknown', '  nobody knows'],
    ],
    [
      'that a value is no number',
      system(metricCardOf('Load', {}, { value: Number.NaN, history: [1, Number.NaN] })),
      ['Load  ? unknown', '  its value is no number'],
    ],
    [
      'which metrics wait for a service',
      viewOf([
        metricCardOf('a', {}, { value: null, history: [], reason: 'http://h:9/x does not respond: no' }),
        metricCardOf('b', {}, { value: null, history: [], reason: 'http://h:9/y does not respond: no' }),
      ]),
      ['· Things      2 metrics wait for h:9'],
    ],
    [
      'what an entry stands for that does not exist',
      viewOf([cardOf({ state: 'unknown', warning: 'there is no tool or framework some' })]),
      ['! Some        there is no tool or framework some'],
    ],
    [
      'what is wrong with an entry',
      viewOf([cardOf({ component: null, name: 'docker', warning: 'ui_component: expected one of …' })]),
      ['✗ docker      ui_component: expected one of …'],
    ],
    [
      'why a key is not good',
      provider({
        state: 'broken',
        facts: factsOf('it responds with 401'),
        provider: providerOf({ credential: 'rejected' }),
      }),
      ['✗ Acme rejected', '  it responds with 401'],
    ],
    [
      'that a provider does not respond',
      provider({ state: 'on', provider: providerOf({ is_reachable: false, latency_ms: null }) }),
      ['! Acme   silent  2 models  large, small'],
    ],
    [
      'that a key was not checked',
      provider({ state: 'on', provider: providerOf({ is_reachable: null, latency_ms: null }) }),
      ['✓ Acme  key set  2 models  large, small'],
    ],
    [
      'nothing of a light that is switched off',
      viewOf([cardOf({ ...on, has_indicator: false })]),
      ['  Some 1.0'],
    ],
  ]
  test.each(rows)('%s', (_, view, lines) => {
    expect(draw(view)).toEqual(expect.arrayContaining([...lines]))
  })

  test('nothing of metrics that the reader may not see', () => {
    const hidden = metricCardOf('secret', {}, { value: null, history: [], reason: hiddenReason })
    expect(draw(viewOf([hidden])).join('\n')).not.toContain('secret')
  })

  test('nothing of parts that an older server does not send', () => {
    const text = draw(viewOf([cardOf(on)])).join('\n')
    expect(text).not.toMatch(/model|Changes|Machine|Providers/)
  })
})

describe('the first line', () => {
  const rows: readonly [what: string, view: DashboardView, name: string, width: number, line: string][] = [
    ['of a machine', large, '/home', 44, 'forge      17 models · ✗ 2 broken · 12 s ago'],
    ['in few columns', large, '/home', 30, 'forge   17 models · ✗ 2 broken'],
    ['in very few columns', large, '/home', 12, 'forge 17 mo…'],
    ['of a server', large, 'http://h:1/', 60, 'forge  http://h:1/         17 models · ✗ 2 broken · 12 s ago'],
    ['of an older server', viewOf([]), 'http://h:1/', 40, 'http://h:1/                 never synced'],
    [
      'without a model',
      { ...working, models: { ...models, ready: 0 } },
      '',
      40,
      'forge               no model · 2 min ago',
    ],
    [
      'of old data',
      { ...working, generated_at: '2026-11-26T08:00:00.000Z' },
      '',
      40,
      'forge                1 model · ! 3 d ago',
    ],
  ]
  test.each(rows)('%s', (_, view, name, width, line) => {
    expect(textOf([drawTitle(view, name, canvasOf(width))])).toEqual([line])
  })
})

describe('the components of the specification', () => {
  const value = { value: 25, history: [0, 25], threshold_warning: 75, threshold_critical: 90 }
  const rows: readonly [component: UiComponent, reading: Parameters<typeof readingOf>[0], drawn: string][] = [
    ['gauge_meter', value, '█████░░░░░░░░░░╎░░╎░'],
    ['gauge_meter', { value: 0 }, '░░░░░░░░░░░░░░░░░░░░'],
    ['gauge_meter', { value: 0.2 }, '▏░░░░░░░░░░░░░░░░░░░'],
    ['gauge_meter', { value: 250 }, '████████████████████'],
    ['gauge_meter', { value: -5 }, '░░░░░░░░░░░░░░░░░░░░'],
    ['gauge_meter', { value: 0.25, unit: null }, '█████░░░░░░░░░░░░░░░'],
    ['gauge_meter', { value: 7, unit: 'ms' }, ''],
    ['gauge_meter', { value: null }, ''],
    ['sparkline_chart', { history: [0, 25, 50, 100], value: 100 }, '················▁▃▅█'],
    ['sparkline_chart', { history: [50, null, 50] }, '·················▅·▅'],
    ['sparkline_chart', { unit: 'MB/s', value: 4, history: [0, 2, 4] }, '·················▁▄█'],
    ['sparkline_chart', { unit: 'MB/s', value: 0, history: [0, 0] }, '··················▁▁'],
    ['sparkline_chart', { unit: null, value: -2, history: [-2, 0] }, '··················▁█'],
    ['sparkline_chart', { history: [50] }, '██████████░░░░░░░░░░'],
    ['sparkline_chart', { unit: null, history: [50] }, ''],
    ['number_badge', value, ''],
  ]
  test.each(rows)('%s of %o', (component, reading, drawn) => {
    const line = terminalComponents[component]?.(readingOf(reading), 20, canvasOf(20)) ?? []
    expect(textOf([line])).toEqual([drawn])
  })

  test.each(uiComponents)('a metric with %s shows its name and its value', component => {
    const text = draw(viewOf([metricCardOf('Speed', { component }, { value: 42.5 })])).join('\n')
    expect(text).toMatch(/─ Things ─+\nSpeed +42.5 %/)
  })

  test.each(uiComponents)('a tool with %s shows its name', component => {
    expect(draw(viewOf([cardOf({ ...on, component, name: 'Fresh' })])).join('\n')).toContain('Fresh 1.0')
  })
})

test('details have everything that is known, with paths of the user in short', () => {
  const view = createLargeDashboard()
  const thing = findThing(view, 'dashboard/tools/python')
  const lines = thing && textOf(drawDetails(thing, view, { ...canvasOf(60), userHome: '/home/ana' }))
  expect(lines).toEqual([
    `─ Python ${'─'.repeat(43)} ready ─`,
    'version   3.12.7',
    'path      ~/bin/python',
    'found by  path',
    'ref       tools/python',
    'checked   12 seconds ago',
    'variable  NEXUS_HAS_PYTHON=1',
  ])
})

test('details of a problem have its fix, and what it blocks', () => {
  const view = createLargeDashboard()
  const thing = findThing(view, 'tools/vllm')
  const lines = thing && textOf(drawDetails(thing, view, canvasOf(80)))
  expect(lines?.slice(0, 2)).toEqual([
    `─ vLLM ${'─'.repeat(64)} broken ─`,
    'libcudart.so.12: cannot open shared object file: No such file or directory',
  ])
  expect(lines).toContain('  $ /home/ana/ml/.venv/bin/python -m pip install --upgrade --force-reinstall vllm')
  expect(lines).toContain('blocks    plugins/nexus_infer')
})

describe('whatever a registry holds', () => {
  const widths = [1, 38, 80]
  const texts = [
    ...Array.from({ length: 4 }, (_, at) => hazards.filter((_, index) => index % 4 === at).join('a')),
    '漢'.repeat(80),
    'n'.repeat(77),
    'e\u0301'.repeat(30),
    `x${'\u0300'.repeat(500)}`,
    '\u202eevil',
    'a\u200bb',
    '👨‍👩‍👧‍👦'.repeat(20),
    'x'.repeat(500),
  ]
  const toViews = (text: string): DashboardView[] => {
    const fix = { text, command: null }
    const readings = [
      readingOf({ name: text, unit: text }),
      readingOf({ name: text, value: null, reason: text }),
    ]
    const common = { name: text, icon: text, description: text, facts: factsOf(text, text), readings, fix }
    const variables = [text, text].map(value => ({ name: text, value }))
    const models = [{ id: text, size_bytes: 1, loaded: true, vram_bytes: 1 }]
    const provider = providerOf({ models: [text], capabilities: [text], variables: [text] })
    const cards = (['on', 'off', 'broken', 'unknown'] as const).flatMap((state, index) => [
      cardOf({ ...common, ref: `a${index}`, state, variables }),
      cardOf({ ...common, ref: `b${index}`, state, warning: text }),
      cardOf({ ...common, ref: `c${index}`, state, component: 'provider_card', provider, readings: [] }),
      cardOf({
        ...common,
        ref: `d${index}`,
        state,
        component: 'provider_card',
        provider: { ...provider, runtime: { models } },
        readings: [],
      }),
    ])
    const metric = metricCardOf(text, { name: text }, { unit: text, history: [1, 2] })
    const problem = { ref: text, name: text, status: 'not ready' as const, reason: text, since: null, fix }
    const change = {
      time: large.generated_at,
      ref: `tools/${text}`,
      kind: 'edit' as const,
      change: 'added' as const,
    }
    const view = viewOf([...cards, metric], {
      problems: [{ ...problem, blocks: [text], blocks_count: 1 }],
      changes: [{ ...change, by: text, fields: [text] }],
      machine: { name: text, system: text, cores: 1 },
      gpus: [gpuOf({ name: text, reason: text }), gpuOf({ name: text })],
      warnings: [text],
      models: { ...noModels, total: 1, ready: 1 },
    })
    return [view, { ...view, sections: view.sections.map(section => ({ ...section, title: text })) }]
  }
  test.each([
    ['once', false],
    ['on a screen', true],
  ])('no line is wider than the terminal, and nothing acts on it: %s', (_, isWatched) => {
    for (const view of texts.flatMap(toViews)) {
      for (const width of widths)
        checkLines(drawAll(view, canvasOf(width, { isWatched })), { width, isWatched })
    }
  })
})

function drawAll(view: DashboardView, canvas: ReturnType<typeof canvasOf>) {
  const thing = findThing(view, 'a0')
  return [
    drawTitle(view, view.warnings[0] ?? '', canvas),
    ...drawDashboard(view, canvas),
    ...drawDashboard(view, canvas, { rows: 10, showsAbsent: true }),
    ...(thing === undefined ? [] : drawDetails(thing, view, canvas)),
  ]
}

function checkLines(
  lines: ReturnType<typeof drawAll>,
  { width, isWatched }: { width: number; isWatched: boolean },
): void {
  for (const line of lines) {
    const [text = ''] = textOf([line])
    // What is to be copied is never broken, and a screen ends where it ends.
    if (!isWhole(line) && !isWatched) expect(lineWidth(line), `${width}: ${text}`).toBeLessThanOrEqual(width)
    expect(text).not.toMatch(/[\0-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
  }
}
