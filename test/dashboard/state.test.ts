import { describe, expect, test } from 'vitest'
import type {
  Card,
  DashboardProblem,
  DashboardView,
  FreshGpu,
  Reading,
} from '../../src/dashboard/model/dashboard-view.ts'
import { applyReadings, keepKnown, toCardWord } from '../../src/dashboard/web/state/cards.ts'
import { describeNews, emptyState } from '../../src/dashboard/web/state/dashboard-state.ts'
import { toTitle } from '../../src/dashboard/web/text/text.ts'
import { cardOf, viewOf } from '../support/homes/dashboard-cards.ts'

const reading: Reading = {
  id: 'cpu',
  name: 'CPU',
  unit: '%',
  value: 1,
  amount: null,
  level: 'ok',
  reason: null,
  read_at: 'then',
  history: [1],
  threshold_warning: null,
  threshold_critical: null,
}

function card(id: string, changes: Partial<Card> = {}): Card {
  return cardOf({ ref: `dashboard/tools/${id}`, subject: `tools/${id}`, name: id, state: 'on', ...changes })
}

const metric = card('cpu', { subject: null, has_indicator: true, state: null, readings: [reading] })
const view = (...cards: Card[]): DashboardView => viewOf(cards)

describe('a card says in a word', () => {
  test.each<[string, Card, string]>([
    ['that it is ready', card('a'), 'ready'],
    ['that it is not here', card('a', { state: 'off' }), 'not here'],
    ['that it does not work', card('a', { state: 'broken' }), 'broken'],
    ['that nothing is known', card('a', { state: 'unknown' }), 'unknown'],
    ['that it cannot be shown', card('a', { warning: 'no' }), 'warning'],
    ['nothing for a metric, whatever its level', metric, ''],
  ])('%s', (_, shown, word) => {
    expect(toCardWord(shown)).toBe(word)
  })
})

describe('what is measured', () => {
  const fresh = {
    ref: metric.ref,
    id: 'cpu',
    value: 2,
    amount: null,
    level: 'warning',
    reason: null,
    read_at: 'now',
  } as const

  test('is the value, and the end of the line', () => {
    const [section] = applyReadings(view(metric), { readings: [fresh] }).sections
    expect(section?.cards[0]?.readings[0]).toEqual({
      ...reading,
      value: 2,
      level: 'warning',
      read_at: 'now',
      history: [1, 2],
    })
  })

  test('has its bytes', () => {
    const amount = { used_bytes: 1, total_bytes: 2 }
    const { sections } = applyReadings(view(metric), { readings: [{ ...fresh, amount }] })
    expect(sections[0]?.cards[0]?.readings[0]?.amount).toEqual(amount)
  })

  test('leaves all else the same object', () => {
    const before = view(metric, card('docker'))
    const after = applyReadings(before, { readings: [fresh] })
    expect(after.sections[0]?.cards[1]).toBe(before.sections[0]?.cards[1])
    expect(applyReadings(before, { readings: [] }).sections[0]).toBe(before.sections[0])
  })

  test('counts once, and is kept for ten minutes', () => {
    const once = applyReadings(view(metric), { readings: [fresh] })
    expect(applyReadings(once, { readings: [fresh] }).sections[0]).toBe(once.sections[0])
    let shown = view(metric)
    for (let value = 0; value < 500; value++)
      shown = applyReadings(shown, { readings: [{ ...fresh, value, read_at: String(value) }] })
    const history = shown.sections[0]?.cards[0]?.readings[0]?.history ?? []
    expect([history.length, history.at(-1)]).toEqual([120, 499])
  })
})

describe('GPUs that are measured', () => {
  const gpu = (id: string, utilization: number | null, read_at: string): FreshGpu => ({
    id,
    name: id,
    driver: null,
    memory_total_bytes: null,
    memory_used_bytes: null,
    utilization,
    temperature_c: null,
    power_w: null,
    power_limit_w: null,
    reason: null,
    read_at,
  })
  const before = { ...view(metric), gpus: [{ ...gpu('a', 1, 'then'), history: [null, 1] }] }

  test('continue their line, come and go', () => {
    const gpus = [gpu('b', 5, 'now'), gpu('a', null, 'now')]
    const after = applyReadings(before, { readings: [], gpus })
    expect(after.gpus.map(({ id, history }) => [id, history])).toEqual([
      ['b', [5]],
      ['a', [null, 1, null]],
    ])
    expect(applyReadings(after, { readings: [], gpus: [gpu('b', 6, 'later')] }).gpus).toMatchObject([
      { id: 'b', utilization: 6, history: [5, 6] },
    ])
  })

  test('count once, and stay without news', () => {
    const again = applyReadings(before, { readings: [], gpus: [gpu('a', 1, 'then')] })
    expect(again.gpus[0]).toBe(before.gpus[0])
    expect(applyReadings(before, { readings: [] }).gpus).toBe(before.gpus)
  })

  test('are kept for ten minutes', () => {
    let shown: DashboardView = before
    for (let value = 0; value < 200; value++)
      shown = applyReadings(shown, { readings: [], gpus: [gpu('a', value, String(value))] })
    expect([shown.gpus[0]?.history.length, shown.gpus[0]?.history.at(-1)]).toEqual([120, 199])
  })

  test('are the same objects in a view that says the same', () => {
    const machine = { name: 'forge', system: 'Linux', cores: 8 }
    const known = { ...before, machine }
    const fresh = keepKnown(structuredClone(known), known)
    expect([fresh.gpus, fresh.machine]).toEqual([known.gpus, machine])
    expect(fresh.gpus === known.gpus && fresh.machine === machine).toBe(true)
  })
})

test('what says the same as before is the same object', () => {
  const before = view(card('a'), card('b'))
  const after = keepKnown(structuredClone(view(card('a'), card('b', { state: 'off' }))), before)
  expect(after.sections[0]?.cards[0]).toBe(before.sections[0]?.cards[0])
  expect(after.sections[0]?.cards[1]).toMatchObject({ state: 'off' })
})

const problem: DashboardProblem = {
  ref: 'tools/docker',
  name: 'Docker',
  status: 'not ready',
  reason: 'nothing listens',
  since: null,
  fix: { text: 'Start it', command: null },
  blocks: [],
  blocks_count: 0,
}

describe('readers who do not see the screen hear', () => {
  const state = (...cards: Card[]) => ({
    ...emptyState,
    view: view(...cards),
    connection: { kind: 'live' } as const,
  })

  test('what is another word than before', () => {
    const after = state(card('a', { state: 'off' }), card('b'))
    expect(describeNews(state(card('a'), card('b')), after)).toBe('a: not here')
  })

  test('a new problem first, with its reason', () => {
    const after = { ...state(card('a', { state: 'off' })), view: viewOf([], { problems: [problem] }) }
    expect(describeNews(state(card('a')), after)).toBe('Docker is broken: nothing listens')
    expect(describeNews(after, { ...after, view: viewOf([], { problems: [problem] }) })).toBe(undefined)
  })

  test('three by name, and how many more', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const [before, after] = [
      state(...names.map(name => card(name))),
      state(...names.map(name => card(name, { state: 'off' }))),
    ]
    expect(describeNews(before, after)).toBe('a: not here. b: not here. c: not here. 2 more changes')
  })

  test('nothing of values that change, whatever their level', () => {
    const after = { ...reading, value: 97, level: 'critical' } as const
    expect(describeNews(state(metric), state({ ...metric, readings: [after] }))).toBe(undefined)
  })

  test('that the connection is another one', () => {
    expect(describeNews(emptyState, state())).toBe('live: changes are shown at once')
  })
})

test('a tab in the background says what is broken, and where', () => {
  const machine = { name: 'forge', system: 'Linux', cores: 8 }
  const broken = { ...emptyState, view: viewOf([], { machine, problems: [problem] }) }
  const lost = { kind: 'lost', since: 0, reason: 'no' } as const
  expect([emptyState, broken, { ...broken, connection: lost }].map(toTitle)).toEqual([
    'NEXUS registry',
    '1 broken · forge',
    'not connected · 1 broken · forge',
  ])
})
