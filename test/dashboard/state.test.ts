import { describe, expect, test } from 'vitest'
import type { Card, DashboardView, Reading } from '../../src/dashboard/model/dashboard-view.ts'
import {
  applyReadings,
  countCards,
  filterSections,
  keepKnown,
  toCardTone,
  toCardWord,
} from '../../src/dashboard/web/state/cards.ts'
import {
  describeNews,
  emptyState,
  listRecentChanges,
  toRecentChanges,
} from '../../src/dashboard/web/state/dashboard-state.ts'
import { toTitle } from '../../src/dashboard/web/text/text.ts'

const reading: Reading = {
  id: 'cpu',
  name: 'CPU',
  unit: '%',
  value: 1,
  level: 'ok',
  reason: null,
  read_at: 'then',
  history: [1],
  threshold_warning: null,
  threshold_critical: null,
}

function card(id: string, changes: Partial<Card> = {}): Card {
  return {
    ref: `dashboard/tools/${id}`,
    subject: `tools/${id}`,
    component: 'capability_badge',
    name: id,
    icon: null,
    description: null,
    has_indicator: true,
    state: 'on',
    facts: null,
    variables: [],
    readings: [],
    provider: null,
    warning: null,
    ...changes,
  }
}

const metric = card('cpu', { subject: null, has_indicator: true, state: null, readings: [reading] })
const view = (...cards: Card[]): DashboardView => ({
  generated_at: 'now',
  changes: [],
  warnings: [],
  sections: [{ id: 'tools', title: 'Tools', cards }],
})

describe('a card tells the worst', () => {
  const critical = { ...reading, level: 'critical' } as const
  test.each<[string, Card, string, string]>([
    ['what is here', card('a'), 'good', 'on'],
    ['what is not here', card('a', { state: 'off' }), 'off', 'off'],
    ['what does not work', card('a', { state: 'broken' }), 'bad', 'broken'],
    ['what nobody knows', card('a', { state: 'unknown' }), 'unknown', 'unknown'],
    ['what is here and too much', card('a', { readings: [critical] }), 'bad', 'critical'],
    [
      'what is not here, whatever is measured',
      card('a', { state: 'off', readings: [critical] }),
      'off',
      'off',
    ],
    ['what cannot be shown', card('a', { warning: 'no' }), 'warn', 'warning'],
    ['a metric that is well', metric, 'good', 'ok'],
    [
      'a metric without a value',
      { ...metric, readings: [{ ...reading, level: 'unknown' }] },
      'unknown',
      'unknown',
    ],
  ])('%s', (_, shown, tone, word) => {
    expect([toCardTone(shown), toCardWord(shown)]).toEqual([tone, word])
  })

  test('and cards are counted by it', () => {
    const { sections } = view(card('a'), card('b', { state: 'off' }), card('c', { state: 'broken' }), metric)
    expect(countCards(sections)).toEqual({ on: 1, off: 1, wrong: 1, all: 4 })
  })
})

describe('cards are found', () => {
  const { sections } = view(card('docker', { name: 'Docker' }), card('git', { state: 'broken' }))
  test.each([
    ['', false, ['docker', 'git']],
    ['DOCK', false, ['docker']],
    ['tools git', false, ['git']],
    ['docker git', false, []],
    ['', true, ['git']],
    ['docker', true, []],
  ])('by %j, only what is wrong: %s', (text, isOnlyWrong, ids) => {
    const found = filterSections(sections, { text, isOnlyWrong }).flatMap(({ cards }) => cards)
    expect(found.map(({ ref }) => ref.split('/').at(-1))).toEqual(ids)
  })
})

describe('what is measured', () => {
  const fresh = {
    ref: metric.ref,
    id: 'cpu',
    value: 2,
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

test('what says the same as before is the same object', () => {
  const before = view(card('a'), card('b'))
  const after = keepKnown(structuredClone(view(card('a'), card('b', { state: 'off' }))), before)
  expect(after.sections[0]?.cards[0]).toBe(before.sections[0]?.cards[0])
  expect(after.sections[0]?.cards[1]).toMatchObject({ state: 'off' })
})

test('changes are lines, what was found first', () => {
  const change = {
    at: '2026-11-28T03:00:00.000Z',
    registry: 'tools',
    etag: null,
    created: ['helm'],
    updated: ['docker', 'git'],
    removed: ['old'],
    detected: [
      { id: 'docker', from: 'absent', to: 'present' },
      { id: 'gpu', from: null, to: 'broken' },
      { id: 'tpu', from: 'absent', to: null },
    ],
    more: { created: 3 },
  } as const
  expect(toRecentChanges(change).map(({ ref, says }) => `${ref} ${says}`)).toEqual([
    'tools/docker is present, was absent',
    'tools/gpu is broken',
    'tools/tpu was absent, and nobody looks any more',
    'tools/helm is new in the registry',
    'tools/old is not in the registry any more',
    'tools/git was updated',
    'tools 3 more changes',
  ])
})

test('the newest changes come first, and no more than a page can show', () => {
  const change = (at: string, created: readonly string[]) =>
    ({ at, registry: 'tools', etag: null, created, updated: [], removed: [], detected: [] }) as const
  const many = Array.from({ length: 60 }, (_, index) => `tool${index}`)
  const lines = listRecentChanges([
    change('2026-11-28T03:00:01.000Z', ['newer']),
    change('2026-11-28T03:00:00.000Z', many),
  ])
  expect([lines.length, lines[0]?.ref, lines[0]?.at]).toEqual([
    50,
    'tools/newer',
    Date.parse('2026-11-28T03:00:01.000Z'),
  ])
  expect(new Set(lines.map(({ key }) => key)).size).toBe(50)
})

describe('who does not look is told', () => {
  const state = (...cards: Card[]) => ({
    ...emptyState,
    view: view(...cards),
    connection: { kind: 'live' } as const,
  })

  test('what is another word than before', () => {
    const after = state(card('a', { state: 'off' }), card('b'))
    expect(describeNews(state(card('a'), card('b')), after)).toBe('a: off')
  })

  test('three by name, and how many more', () => {
    const names = ['a', 'b', 'c', 'd', 'e']
    const [before, after] = [
      state(...names.map(name => card(name))),
      state(...names.map(name => card(name, { state: 'off' }))),
    ]
    expect(describeNews(before, after)).toBe('a: off. b: off. c: off. 2 more changes')
  })

  test('nothing of values that change', () => {
    const after = { ...reading, value: 7 }
    expect(describeNews(state(metric), state({ ...metric, readings: [after] }))).toBe(undefined)
  })

  test('that the connection is another one', () => {
    expect(describeNews(emptyState, state())).toBe('live: what changes is shown at once')
  })
})

test('a tab that is not looked at says what is wrong', () => {
  const broken = { ...emptyState, view: view(card('a', { state: 'broken' })) }
  const lost = { kind: 'lost', since: 0, reason: 'no' } as const
  expect([emptyState, broken, { ...broken, connection: lost }].map(toTitle)).toEqual([
    'NEXUS registry',
    '1 wrong · NEXUS registry',
    'not connected · 1 wrong · NEXUS registry',
  ])
})
