import { describe, expect, test } from 'vitest'
import type { Card } from '../../src/dashboard/model/dashboard-view.ts'
import { placeCards } from '../../src/dashboard/model/place-cards.ts'
import { parseAddress, toAddress } from '../../src/dashboard/web/state/address.ts'
import { createHeldOrder } from '../../src/dashboard/web/state/held-order.ts'
import { filterModels, parseModelFilter, toModelAddress } from '../../src/dashboard/web/state/model-filter.ts'
import { search } from '../../src/dashboard/web/state/search.ts'
import { formatDate, formatDay } from '../../src/dashboard/web/text/text.ts'
import { cardOf, metricCardOf, providerOf } from '../support/homes/dashboard-cards.ts'
import { fullModels, fullView } from '../support/homes/full-dashboard.ts'

describe('an address', () => {
  test.each([
    ['', 'overview', ''],
    ['#/', 'overview', ''],
    ['#/problems', 'overview', 'problems'],
    ['#/models?can=vision', 'models', ''],
    ['#/graph?at=tools/docker', 'graph', ''],
    ['#/changes', 'changes', ''],
    ['#/elsewhere', 'overview', ''],
    ['#token=secret', 'overview', ''],
  ])('%j is the view %s, panel %j', (hash, view, panel) => {
    expect(parseAddress(hash)).toMatchObject({ view, panel })
  })

  test('keeps commas and slashes, and encodes the rest', () => {
    expect(toAddress('graph', { at: 'models/a b&c' })).toBe('#/graph?at=models/a+b%26c')
  })
})

describe('a filter of models', () => {
  test.each([
    '#/models',
    '#/models?can=vision,tools',
    '#/models?under=1&retiring=1',
    '#/models?all=1&from=openai&q=gpt+4',
  ])('%s is the same after it was read', address => {
    expect(toModelAddress(parseModelFilter(parseAddress(address).parameters))).toBe(address)
  })

  test.each([
    ['nothing but what is known', 'can=vision,flying&under=cheap&all=yes', '#/models?can=vision'],
    ['no price below nothing', 'under=-1', '#/models'],
  ])('takes %s', (_, query, address) => {
    expect(toModelAddress(parseModelFilter(new URLSearchParams(query)))).toBe(address)
  })

  test.each([
    ['can=vision,reasoning&under=1', ['mistral-small-latest']],
    ['retiring=1', ['gpt-4.1', 'gpt-4.1-mini', 'gpt-4o', 'gpt-4o-mini', 'gpt-5.1']],
    ['from=mistral&q=small', ['mistral-small-latest']],
    ['all=1&q=turbo', ['gpt-4-turbo', 'gpt-3.5-turbo']],
    ['q=turbo', []],
  ])('%s leaves %j', (query, ids) => {
    const retiring = new Set(fullView.models.retiring.map(({ ref }) => ref))
    const found = filterModels(fullModels, parseModelFilter(new URLSearchParams(query)), retiring)
    expect(found.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  })
})

describe('a search', () => {
  test.each([
    ['docker', ['Docker'], undefined],
    ['OPENAI_API_KEY', ['OpenAI'], undefined],
    ['opus 4-6', ['claude-opus-4-6'], undefined],
    ['pytroch', [], 'PyTorch'],
    ['zzzzzzzz', [], undefined],
  ])('for %j finds %j, nearest %j', (text, names, nearest) => {
    const result = search(text, fullView, fullModels)
    expect([result.hits.map(({ name }) => name), result.nearest?.name]).toEqual([names, nearest])
  })

  test('has names that begin so first, and says how many more there are', () => {
    const { hits, more } = search('g', fullView, fullModels)
    expect(hits.map(({ name }) => name[0]?.toLowerCase())).toEqual(Array.from({ length: 8 }, () => 'g'))
    expect(more).toBeGreaterThan(0)
  })
})

describe('a card stands', () => {
  const view = (card: Card, section = 'system', gpus = fullView.gpus) =>
    placeCards({ sections: [{ id: section, title: section, cards: [card] }], gpus })
  const tool = (more: Partial<Card>) => cardOf({ subject: 'tools/x', state: 'on', ...more })
  const gpuReadings = metricCardOf('gpu_utilization').readings
  test.each<[string, Card, string, keyof ReturnType<typeof placeCards>]>([
    [
      'a provider with the providers',
      tool({ component: 'provider_card', provider: providerOf() }),
      'providers',
      'providers',
    ],
    ['a metric of the machine with the machine', metricCardOf('cpu_usage'), 'system', 'machine'],
    ['a metric of another section in its own panel', metricCardOf('requests'), 'orchestrator', 'metrics'],
    [
      'one that never had a value in a line',
      metricCardOf('requests', {}, { value: null, history: [null] }),
      'orchestrator',
      'waiting',
    ],
    ['what has readings of a GPU with the GPU', tool({ readings: gpuReadings }), 'compute', 'gpus'],
    ['a cluster with the clusters', tool({ component: 'cluster_status_card' }), 'orchestration', 'clusters'],
    [
      'what has other readings in a panel',
      tool({ readings: metricCardOf('heat').readings }),
      'compute',
      'measured',
    ],
    ['everything else with the tools', tool({}), 'a new section', 'tools'],
    ['an entry that is broken, too', cardOf({ component: null, warning: 'no' }), 'tools', 'tools'],
  ])('%s', (_, card, section, place) => {
    expect(view(card, section)[place]).toHaveLength(1)
  })

  test('nowhere when the reader may not see what it stands for', () => {
    const hidden = metricCardOf('x', {}, { value: null, reason: 'sign in to see microservices', history: [] })
    expect(Object.values(view(hidden, 'orchestrator')).flat()).toEqual([])
  })
})

test('an order is held while the reader is there, and new things follow', () => {
  let isHeld = false
  const order = createHeldOrder(() => isHeld)
  const sort = (...items: string[]) => order.sort('tools', items, item => item)
  expect(sort('a', 'b', 'c')).toEqual(['a', 'b', 'c'])
  isHeld = true
  expect(sort('c', 'x', 'b', 'a')).toEqual(['a', 'b', 'c', 'x'])
  expect(sort('c', 'a')).toEqual(['a', 'c'])
  isHeld = false
  expect(sort('c', 'a')).toEqual(['c', 'a'])
})

describe('a time is written', () => {
  const now = new Date(2026, 10, 29, 12).getTime()
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString()
  test.each([
    [at(29, 9), /^today /],
    [at(28, 23), /^yesterday /],
    [at(1, 9), /^Nov 1 /],
    [at(30, 9), /^Nov 30 /],
    ['whenever', /^at an unknown time$/],
  ])('%s as %s', (time, says) => {
    expect(formatDay(time, now)).toMatch(says)
  })

  test('and a day that is none is unknown', () => {
    expect([formatDate('2027-01-14'), formatDate('soon')]).toEqual(['14 January', 'an unknown day'])
  })
})
