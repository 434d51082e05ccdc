import { describe, expect, test } from 'vitest'
import { createReplacements } from '../../src/readiness/create-replacements.ts'
import type { Model } from '../../src/registry/schema/model.ts'

function toModel(fields: Partial<Model>): Model {
  return { provider: 'acme', context_tokens: 1000, capabilities: ['streaming'], status: 'active', ...fields }
}

const today = '2026-11-23'
const gone = { status: 'retired' } as const

describe('a model is replaced by', () => {
  test.each<[string, Partial<Model>, Record<string, Partial<Model>>, string]>([
    ['its successor', { successor: 'b' }, { b: {} }, 'b instead'],
    ['a successor that is in no registry', { successor: 'b' }, {}, 'b instead'],
    [
      'the successor of one that is retired',
      { successor: 'b' },
      { b: { ...gone, successor: 'c' }, c: {} },
      'c instead',
    ],
    [
      'the successor of one whose day has come',
      { successor: 'b' },
      { b: { retires_on: today, successor: 'c' }, c: { provider: 'other' } },
      'c instead',
    ],
    [
      'another one where successors lead in a cycle',
      { successor: 'b' },
      { b: { ...gone, successor: 'c' }, c: { ...gone, successor: 'b' }, d: {} },
      'd instead, which has all its capabilities',
    ],
    [
      'those that can as much, its own provider first, then by price',
      { cost_per_1k_input: 1 },
      {
        far: { provider: 'other', cost_per_1k_input: 9 },
        near: { provider: 'other', cost_per_1k_input: 2 },
        unpriced: { provider: 'other' },
        own: { cost_per_1k_input: 100, capabilities: ['vision', 'streaming'] },
      },
      'own, near or far instead, which have all its capabilities',
    ],
    [
      'none that can less or that will go as well',
      {},
      {
        less: { capabilities: [] },
        gone,
        going: { status: 'deprecated' },
        soon: { retires_on: '2999-01-01' },
      },
      'another model instead: nexus-registry graph providers/acme --dependents',
    ],
  ])('%s', (_, model, others, expected) => {
    const models = Object.fromEntries(Object.entries(others).map(([id, fields]) => [id, toModel(fields)]))
    expect(createReplacements(models, today)(toModel({ ...gone, ...model }))).toBe(expected)
  })
})
