import { expect, test } from 'vitest'
import { createSampler, type Measure, type MetricSample } from '../../src/dashboard/model/sampler.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { loadDashboardHome } from '../support/homes/dashboard-home.ts'

const value = (number: number): MetricSample => ({ at: number, value: number })

function createSeries(series: readonly Record<string, number>[]): Measure {
  const rest = [...series]
  return async () =>
    new Map(Object.entries(rest.shift() ?? {}).map(([name, number]) => [name, value(number)]))
}

test('keeps what all measures say, in order, with a gap where one said nothing', async () => {
  const measures = [createSeries([{ a: 1 }, { a: 2 }, {}]), createSeries([{}, { b: 5 }, { b: 6 }])]
  const sampler = createSampler(measures, { clock: createFakeClock() })
  const snapshot = await loadDashboardHome({})
  for (let round = 0; round < 3; round++) await sampler.measure(snapshot)
  const values = [...sampler.samples()].map(([name, samples]) => [name, samples.map(each => each.value)])
  expect(values).toEqual([
    ['a', [1, 2, null]],
    ['b', [5, 6]],
  ])
})

test('who asks while it measures gets the same', async () => {
  const counts = { asked: 0 }
  const measure: Measure = async () => {
    counts.asked += 1
    return new Map()
  }
  const sampler = createSampler([measure], { clock: createFakeClock() })
  const snapshot = await loadDashboardHome({})
  await Promise.all([sampler.measure(snapshot), sampler.measure(snapshot)])
  expect(counts.asked).toBe(1)
})

test('what is no number is no value', async () => {
  const amount = { used_bytes: Number.NaN, total_bytes: 1 }
  const samples = new Map([
    ['a', value(Number.NaN)],
    ['b', value(Number.POSITIVE_INFINITY)],
    ['c', { ...value(1), amount }],
  ])
  const sampler = createSampler([() => Promise.resolve(samples)], { clock: createFakeClock() })
  const book = await sampler.measure(await loadDashboardHome({}))
  expect([...book.values()].flat()).toMatchObject(
    Array.from({ length: 3 }, () => ({ value: null, reason: 'what was measured is no number' })),
  )
})

test('what is measured, and never has a value, keeps its reason', async () => {
  const samples = new Map([['a', { at: 1, value: null, reason: 'it is asleep' }]])
  const sampler = createSampler([() => Promise.resolve(samples)], { clock: createFakeClock() })
  const snapshot = await loadDashboardHome({})
  for (let round = 0; round < 130; round++) {
    const book = await sampler.measure(snapshot)
    expect(book.get('a')?.at(-1)).toMatchObject({ reason: 'it is asleep' })
  }
})

test('keeps ten minutes, and forgets what has not been there for so long', async () => {
  const series = [{ old: 1 }, ...Array.from({ length: 130 }, (_, at) => ({ lasting: at }))]
  const sampler = createSampler([createSeries(series)], { clock: createFakeClock() })
  const snapshot = await loadDashboardHome({})
  for (const _ of series) await sampler.measure(snapshot)
  expect([...sampler.samples().keys()]).toEqual(['lasting'])
  expect(
    sampler
      .samples()
      .get('lasting')
      ?.map(each => each.value),
  ).toEqual(Array.from({ length: 120 }, (_, at) => at + 10))
})
