import { describe, expect, test } from 'vitest'
import type { AlertRecord } from '../../../src/registry/schema/alert-memory.ts'
import { type AlertCondition, planRecords, withoutFinished } from '../../../src/sync/alert/send-alerts.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const now = '2026-11-24T12:00:00.000Z'
const earlier = '2026-11-24T11:00:00.000Z'

const is = (status: AlertCondition['status'], reason: string | null = null): AlertCondition => ({
  subject: 'models',
  status,
  reason,
})
const failed = (told: AlertRecord['told'], changes: Partial<AlertRecord> = {}): AlertRecord => ({
  event: 'failed',
  status: 'missing',
  reason: 'it is missing',
  since: earlier,
  told,
  ...changes,
})
const recovered = (told: AlertRecord['told'], since = earlier): AlertRecord => ({
  event: 'recovered',
  status: 'ok',
  reason: null,
  since,
  told,
})

const plans: [
  what: string,
  known: AlertRecord | undefined,
  condition: AlertCondition,
  planned: AlertRecord | undefined,
][] = [
  ['what is well and was well is no news', undefined, is('ok'), undefined],
  ['what is stale and was well is no news', undefined, is('stale', 'late'), undefined],
  [
    'what fails for the first time is news for all',
    undefined,
    is('failed', 'broken'),
    failed([], { status: 'failed', reason: 'broken', since: now }),
  ],
  ['what is missing is news', undefined, is('missing', 'it is missing'), failed([], { since: now })],
  [
    'what still fails is no news, and fails since then',
    failed(['webhook', 'command']),
    is('missing', 'it is missing'),
    failed(['webhook', 'command']),
  ],
  [
    'what fails in another way is no news',
    failed(['webhook']),
    is('failed', 'broken'),
    failed(['webhook'], { status: 'failed', reason: 'broken' }),
  ],
  [
    'what failed and is stale has not recovered',
    failed(['webhook']),
    is('stale', 'late'),
    failed(['webhook']),
  ],
  [
    'what failed and is well is news for who was told',
    failed(['webhook']),
    is('ok'),
    recovered(['command'], now),
  ],
  ['what failed and was told to nobody is no news when it is well', failed([]), is('ok'), undefined],
  ['what is well again stays so', recovered(['command']), is('ok'), recovered(['command'])],
  [
    'what fails again is news for all',
    recovered(['command', 'webhook']),
    is('failed', 'broken'),
    failed([], { status: 'failed', reason: 'broken', since: now }),
  ],
]

describe('a change', () => {
  test.each(plans)('%s', (_, known, condition, planned) => {
    const records = known === undefined ? {} : { models: known }
    expect(planRecords(records, [condition], noon)).toEqual(planned === undefined ? {} : { models: planned })
  })
})

test('what has recovered is forgotten when everybody knows who wants to', () => {
  const records = {
    tools: recovered(['webhook']),
    models: recovered(['command']),
    plugins: failed(['webhook']),
  }
  expect(Object.keys(withoutFinished(records, ['webhook']))).toEqual(['models', 'plugins'])
  expect(Object.keys(withoutFinished(records, ['webhook', 'command']))).toEqual([
    'tools',
    'models',
    'plugins',
  ])
})
