import { describe, expect, test } from 'vitest'
import type { Card, Reading, UiComponent } from '../../../src/dashboard/model/dashboard-view.ts'
import { lineWidth } from '../../../src/dashboard/terminal/canvas.ts'
import { drawCard } from '../../../src/dashboard/terminal/draw-dashboard.ts'
import { terminalComponents } from '../../../src/dashboard/terminal/index.ts'
import { uiComponents } from '../../../src/registry/schema/dashboard.ts'
import { canvasOf, cardOf, factsOf, readingOf, textOf, tonesOf } from '../../support/homes/dashboard-cards.ts'
import { hazards } from '../../support/hostile-strings.ts'

const draw = (card: Partial<Card>, width = 40) => textOf(drawCard(cardOf(card), canvasOf(width)))
const metric = (component: UiComponent, reading: Partial<Reading>, width = 40) =>
  draw({ component, name: 'CPU', readings: [readingOf(reading)] }, width)

test('every component of the specification is drawn', () => {
  expect(Object.keys(terminalComponents).toSorted()).toEqual([...uiComponents].toSorted())
})

describe('capability_badge', () => {
  const icon = '🐳'
  const rows: [what: string, card: Partial<Card>, lines: string[]][] = [
    [
      'on, with its version',
      { icon, state: 'on', facts: factsOf(null, '28.2') },
      ['● on      🐳 Some                   28.2'],
    ],
    [
      'off, with why',
      { icon, state: 'off', facts: factsOf('not on PATH') },
      ['○ off     🐳 Some  not on PATH'],
    ],
    [
      'broken, with why',
      { icon, state: 'broken', facts: factsOf('it dangles') },
      ['✗ broken  🐳 Some', '  it dangles'],
    ],
    ['unknown, with why', { state: 'unknown', facts: factsOf('too slow') }, ['? unknown Some', '  too slow']],
    ['never looked for', { state: 'unknown' }, ['? unknown Some']],
    [
      'not what it stands for',
      { state: 'unknown', warning: 'there is no tool x' },
      ['? unknown Some', '  there is no tool x'],
    ],
  ]
  test.each(rows)('%s', (_, card, lines) => {
    expect(draw(card)).toEqual(lines)
  })

  test('a state has a colour beside its sign and its word', () => {
    const tones = (['on', 'off', 'broken', 'unknown'] as const).map(
      state => tonesOf(drawCard(cardOf({ state, facts: factsOf(null) }), canvasOf(40)))[0],
    )
    expect(tones).toEqual(['good:● on', 'faint:○ off', 'bad:✗ broken', 'warning:? unknown'])
  })
  test('that nobody has looked is no warning', () => {
    expect(tonesOf(drawCard(cardOf({ state: 'unknown' }), canvasOf(40)))[0]).toBe('faint:? unknown')
  })
})

describe('gauge_meter', () => {
  const bounds = { threshold_warning: 75, threshold_critical: 90 }
  const rows: [what: string, reading: Partial<Reading>, lines: string[]][] = [
    [
      'half, with the places of its thresholds',
      { ...bounds, level: 'ok' },
      ['CPU           50 %  ✓ ok', '████████████░░░░░░╎░░╎░░'],
    ],
    [
      'warning, and from where on',
      { ...bounds, value: 80, level: 'warning' },
      ['CPU 80 %  ▲ warning fro…', '███████████████████▎░╎░░'],
    ],
    ['nothing', { value: 0 }, ['CPU                  0 %', '░░░░░░░░░░░░░░░░░░░░░░░░']],
    ['next to nothing', { value: 0.2 }, ['CPU                0.2 %', '▏░░░░░░░░░░░░░░░░░░░░░░░']],
    ['all', { value: 100 }, ['CPU                100 %', '████████████████████████']],
    ['more than all', { value: 250 }, ['CPU                250 %', '████████████████████████']],
    ['less than nothing', { value: -5 }, ['CPU                 -5 %', '░░░░░░░░░░░░░░░░░░░░░░░░']],
    ['a ratio', { value: 0.25, unit: null }, ['CPU                 0.25', '██████░░░░░░░░░░░░░░░░░░']],
    ['of no known whole', { value: 7, unit: null }, ['CPU                    7']],
    ['in another unit', { value: 7, unit: 'ms' }, ['CPU                 7 ms']],
    ['not known', { value: null }, ['CPU            ? unknown', '  nobody knows']],
  ]
  test.each(rows)('%s', (_, reading, lines) => {
    expect(metric('gauge_meter', reading, 24)).toEqual(lines)
  })

  test('a level has a colour, a sign and a word', () => {
    const look = (level: Reading['level']) =>
      tonesOf(
        drawCard(
          cardOf({ component: 'gauge_meter', readings: [readingOf({ ...bounds, level })] }),
          canvasOf(60),
        ),
      )
    expect(look('warning').slice(2, 4)).toEqual(['warning:▲ warning from 75', `warning:${'█'.repeat(30)}`])
    expect(look('critical').slice(2, 4)).toEqual(['bad:◆ critical from 90', `bad:${'█'.repeat(30)}`])
  })

  test('that falls says down from where', () => {
    const falling = readingOf({ value: 4, level: 'critical', threshold_warning: 10, threshold_critical: 5 })
    expect(draw({ component: 'gauge_meter', readings: [falling] }, 60)[0]).toMatch(/critical down from 5$/)
  })

  test('of a tool has its state, and a bar for each reading', () => {
    const readings = [readingOf({ name: 'Memory', value: 25 }), readingOf({ name: 'Use', value: null })]
    expect(draw({ component: 'gauge_meter', state: 'on', readings }, 30)).toEqual([
      '● on      Some',
      '  Memory                  25 %',
      '  ███████░░░░░░░░░░░░░░░░░░░░░',
      '  Use                ? unknown',
      '    nobody knows',
    ])
  })

  test('of a tool that is not here measures nothing', () => {
    const readings = [readingOf({ value: null, reason: 'there is no GPU' })]
    const card = {
      component: 'gauge_meter',
      state: 'off',
      facts: factsOf('there is no GPU'),
      readings,
    } as const
    expect(draw(card)).toEqual(['○ off     Some  there is no GPU'])
  })
})

describe('sparkline_chart', () => {
  const rows: [what: string, reading: Partial<Reading>, line: string][] = [
    ['per cent against their whole', { history: [0, 25, 50, 100], value: 100 }, '····▁▃▅█'],
    ['gaps where nothing is known', { history: [50, null, 50] }, '·····▅·▅'],
    [
      'the newest, when there are more than columns',
      { history: Array.from({ length: 30 }, (_, at) => at * 3) },
      '▆▆▆▇▇▇▇▇',
    ],
    ['anything else up to its most', { unit: 'MB/s', value: 4, history: [0, 2, 4] }, '·····▁▄█'],
    ['nothing but nothing', { unit: 'MB/s', value: 0, history: [0, 0] }, '······▁▁'],
    ['what is below nothing', { unit: null, value: -2, history: [-2, 0] }, '······▁█'],
    ['beyond the whole', { value: 300, history: [300] }, '·······█'],
  ]
  test.each(rows)('%s', (_, reading, line) => {
    expect(metric('sparkline_chart', reading, 8)[1]).toBe(line)
  })

  test('each moment has the colour of its level', () => {
    const reading = readingOf({ history: [10, 80, 95], threshold_warning: 75, threshold_critical: 90 })
    const tones = tonesOf(
      drawCard(cardOf({ component: 'sparkline_chart', readings: [reading] }), canvasOf(3)).slice(1),
    )
    expect(tones).toEqual(['good:▁', 'warning:▇', 'bad:█'])
  })

  test('without any value it is a sentence', () => {
    expect(metric('sparkline_chart', { value: null, history: [null] })).toEqual([
      'CPU                            ? unknown',
      '  nobody knows',
    ])
  })

  test('that has lost its value keeps its line', () => {
    const lines = metric('sparkline_chart', { value: null, history: [50, null] }, 20)
    expect(lines).toEqual(['CPU        ? unknown', '··················▅·', '  nobody knows'])
  })
})

test('cluster_status_card: version, context, and what it counts', () => {
  const readings = [
    readingOf({ name: 'Pods', unit: null, value: 12 }),
    readingOf({ name: 'Nodes', unit: null, value: 3 }),
    readingOf({ name: 'Memory', value: 40 }),
  ]
  const variables = [
    { name: 'NEXUS_HAS_KUBERNETES', value: '1' },
    { name: 'NEXUS_K8S_CONTEXT', value: 'dev' },
  ]
  const card = {
    component: 'cluster_status_card',
    state: 'on',
    facts: factsOf(null, '1.32'),
    readings,
    variables,
  } as const
  expect(draw(card, 30)).toEqual([
    '● on      Some            1.32',
    '  NEXUS_K8S_CONTEXT=dev',
    '  Pods                      12',
    '  Nodes                      3',
    '  Memory                  40 %',
    '  ███████████▎░░░░░░░░░░░░░░░░',
  ])
})

test('cluster_status_card: a reason that numbers share is told once', () => {
  const readings = ['Pods', 'Nodes'].map(name => readingOf({ name, value: null, reason: 'it was not asked' }))
  expect(draw({ component: 'cluster_status_card', state: 'on', readings }, 30).slice(1)).toEqual([
    '  Pods, Nodes        ? unknown',
    '    it was not asked',
  ])
})

describe('provider_card', () => {
  const provider = {
    is_health_checked: true,
    status_endpoint: null,
    is_key_set: true,
    is_reachable: true,
    latency_ms: 120.4,
    models: ['large', 'small'],
    capabilities: ['function_calling', 'vision'],
  }
  const component = 'provider_card'
  test('that can be used', () => {
    expect(draw({ component, state: 'on', provider }, 30)).toEqual([
      '● on      Some',
      '  key set · responds in 120 ms',
      '  large · small',
      '  function calling · vision',
    ])
  })
  test('that has no key says so', () => {
    const facts = factsOf('ACME_KEY is not set')
    const bare = {
      ...provider,
      is_health_checked: true,
      status_endpoint: null,
      is_key_set: false,
      is_reachable: null,
      latency_ms: null,
      models: [],
      capabilities: [],
    }
    expect(draw({ component, state: 'off', provider: bare, facts })).toEqual([
      '○ off     Some',
      '  ACME_KEY is not set',
    ])
  })
  describe('of a local runtime', () => {
    const models = [
      { id: 'llama3.2:latest', size_bytes: 2_019_393_189, loaded: true },
      { id: 'nomic-embed-text:v1.5', size_bytes: 274_302_450, loaded: false },
      { id: '\x1b[31mred', size_bytes: 45_000_000, loaded: null },
      ...['a', 'b', 'c', 'd'].map(id => ({ id, size_bytes: null, loaded: null })),
    ]
    const runtime = { ...provider, is_key_set: null, models: [], capabilities: [], runtime: { models } }
    test('that is up has its version, and its models with their sizes', () => {
      expect(draw({ component, state: 'on', provider: runtime, facts: factsOf(null, '0.13.1') }, 40)).toEqual(
        [
          '● on      Some                    0.13.1',
          '  up · 7 models · 1 loaded',
          '  llama3.2:latest       loaded · 1.9 GiB',
          '  nomic-embed-text:v1.5          0.3 GiB',
          '  \\x1b[31mred                     43 MiB',
          '  a',
          '  b',
          '  c',
          '  1 more',
        ],
      )
    })
    test('that was up and is down says why', () => {
      const down = { ...runtime, is_reachable: false, runtime: { models: models.slice(1, 2) } }
      expect(
        draw({ component, state: 'broken', provider: down, facts: factsOf('nothing listens') }, 40),
      ).toEqual(['✗ broken  Some', '  nothing listens', '  nomic-embed-text:v1.5          0.3 GiB'])
    })
    test('that was never up has one line', () => {
      const gone = { ...runtime, is_reachable: false, runtime: { models: [] } }
      expect(
        draw({ component, state: 'off', provider: gone, facts: factsOf('nothing listens') }, 40),
      ).toEqual(['○ off     Some  nothing listens'])
    })
  })
  test('that nobody has looked at says so', () => {
    const bare = {
      ...provider,
      is_health_checked: true,
      status_endpoint: null,
      is_key_set: null,
      is_reachable: null,
      latency_ms: null,
      models: [],
      capabilities: [],
    }
    expect(draw({ component, state: 'unknown', provider: bare }, 60)[1]).toBe('  key not known')
  })
})

test('number_badge', () => {
  const component = 'number_badge'
  expect(metric(component, { value: 1234567, unit: 'USD' }, 30)).toEqual(['CPU              1,234,567 USD'])
  expect(metric(component, { value: null, unit: null }, 30)).toEqual([
    'CPU                  ? unknown',
    '  nobody knows',
  ])
})

test('a broken entry has a sentence in its place', () => {
  expect(draw({ component: null, name: 'docker', warning: 'ui_component: expected one of …' })).toEqual([
    '✗ broken  docker',
    '  ui_component: expected one of …',
  ])
})

test('without UTF-8 there is ASCII alone, whatever names are made of', () => {
  const cards = [
    cardOf({ state: 'on', icon: '🐳', name: 'Größe 漢字', facts: factsOf(null, 'ü') }),
    cardOf({
      component: 'gauge_meter',
      readings: [readingOf({ level: 'critical', threshold_critical: 90, unit: '°' })],
    }),
    cardOf({ component: 'sparkline_chart', readings: [readingOf({ history: [0, 50, null, 100] })] }),
    cardOf({ component: null, warning: 'so — it is' }),
  ]
  const lines = cards.flatMap(card => textOf(drawCard(card, canvasOf(30, { isAscii: true }))))
  expect(lines.join('\n')).toMatch(/^[\x20-\x7e\n]*$/)
  expect(lines[0]).toBe('+ on      Gr??e ??           ?')
  expect(lines[3]).toBe(`${' '.repeat(26)}_= #`)
})

describe('whatever a registry holds', () => {
  const widths = [1, 7, 12, 38, 200]
  const texts = [
    ...hazards,
    '漢'.repeat(80),
    'e\u0301'.repeat(60),
    `x${'\u0300'.repeat(500)}`,
    '\u202eevil',
    'a\u200bb',
    '👨‍👩‍👧‍👦'.repeat(20),
    'x'.repeat(4096),
  ]
  test.each(uiComponents)(
    'no line of a %s is wider than its card, and nothing acts on a terminal',
    component => {
      for (const text of texts) {
        const readings = [
          readingOf({ name: text, unit: text }),
          readingOf({ name: text, value: null, reason: text }),
        ]
        const provider = {
          is_health_checked: true,
          status_endpoint: null,
          is_key_set: true,
          is_reachable: null,
          latency_ms: 1,
          models: [text],
          capabilities: [text],
        }
        const variables = [text, text].map(value => ({ name: text, value }))
        const common = { component, name: text, icon: text, facts: factsOf(text, text), variables, provider }
        const cards = [
          cardOf({ ...common, state: 'broken', readings }),
          cardOf({ ...common, state: 'off', readings }),
          cardOf({ ...common, readings: readings.slice(0, 1) }),
          cardOf({ ...common, warning: text }),
        ]
        for (const width of widths) {
          for (const line of cards.flatMap(card => drawCard(card, canvasOf(width)))) {
            expect(lineWidth(line)).toBeLessThanOrEqual(width)
            expect(textOf([line])[0]).not.toMatch(
              /[\0-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/,
            )
          }
        }
      }
    },
  )
})
