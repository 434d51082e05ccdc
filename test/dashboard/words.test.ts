import { describe, expect, test } from 'vitest'
import type { ProviderFacts } from '../../src/dashboard/model/dashboard-view.ts'
import { describeProvider, describeUnchecked, formatValue } from '../../src/dashboard/model/describe.ts'
import { cardOf, factsOf, providerOf, viewOf } from '../support/homes/dashboard-cards.ts'

describe('a value is read as', () => {
  test.each([
    [97.5, '%', '97.5 %'],
    [7.02, '%', '7 %'],
    [4.79, '%', '4.7 %'],
    [0.456, '%', '0.45 %'],
    [99.96, '%', '99.9 %'],
    [89.99, null, '89.9'],
    [0.29, null, '0.29'],
    [0.1234, 'MB/s', '0.12 MB/s'],
    [0.0421, 'MB/s', '0.042 MB/s'],
    [0.0004, '/s', '<0.001/s'],
    [-0.0004, null, '>-0.001'],
    [0, 'MB/s', '0 MB/s'],
    [-0, null, '0'],
    [12345.6, null, '12,345'],
    [1234567.89, '/min', '1,234,567/min'],
    [-0.5, null, '-0.5'],
    [3e15, null, '3.0e+15'],
  ])('%d in %s: %s', (value, unit, shown) => {
    expect(formatValue(value, unit)).toBe(shown)
  })
})

describe('a provider is told as', () => {
  const rows: readonly [says: string, facts: Partial<ProviderFacts>][] = [
    ['key not known', { is_key_set: null }],
    ['key not set', { is_key_set: false }],
    ['key set', { is_health_checked: false, is_reachable: false }],
    ['key rejected', { credential: 'rejected', is_reachable: true }],
    ['key set · not checked', {}],
    ['key set · does not respond', { is_reachable: false }],
    ['key set · responds', { is_reachable: true }],
    ['key set · responds in 120 ms', { is_reachable: true, latency_ms: 120.4 }],
    ['not checked', { is_key_set: null, runtime: { models: [] } }],
    ['down', { is_key_set: null, is_reachable: false, runtime: { models: [] } }],
    [
      'up · 2 models · 1 loaded',
      {
        is_reachable: true,
        runtime: {
          models: [
            { id: 'a', size_bytes: null, loaded: true, vram_bytes: null },
            { id: 'b', size_bytes: 1, loaded: null, vram_bytes: null },
          ],
        },
      },
    ],
  ]
  test.each(rows)('%s', (says, facts) => {
    expect(describeProvider(providerOf({ is_reachable: null, latency_ms: null, ...facts })).join(' · ')).toBe(
      says,
    )
  })
})

describe('that nobody has looked yet is', () => {
  const unlooked = cardOf({ subject: 'tools/some', state: 'unknown', facts: null })
  const looked = cardOf({ subject: 'tools/other', facts: factsOf(null) })
  const metric = cardOf({ subject: null, state: null, facts: null })
  test.each([
    ['said where it is so of everything', [unlooked, metric], true],
    ['not said when something was looked at', [unlooked, looked], false],
    ['not said where there is nothing to look for', [metric], false],
  ])('%s', (_, cards, isSaid) => {
    expect(describeUnchecked(viewOf(cards)) !== undefined).toBe(isSaid)
  })
})
