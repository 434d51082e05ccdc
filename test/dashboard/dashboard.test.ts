import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { dashboardViewSchema } from '../../src/dashboard/model/dashboard-schema.ts'
import type { DashboardView, FreshReading } from '../../src/dashboard/model/dashboard-view.ts'
import type { Measure } from '../../src/dashboard/model/sampler.ts'
import { clock as realClock } from '../../src/platform/node/clock.ts'
import { createMeasure, everyStateTexts } from '../support/homes/every-state-home.ts'
import { fileOf, readJson, type ServedHome, startServedHome } from '../support/homes/served-home.ts'
import { openEventStream } from '../support/servers/event-stream.ts'

const hurried = { clock: { sleep: (ms: number, signal?: AbortSignal) => realClock.sleep(ms / 50, signal) } }

async function load(served: ServedHome, token?: string): Promise<DashboardView> {
  return readJson(await served.ask('/dashboard.json', { token }))
}

function readingOf(view: DashboardView, id: string) {
  return view.sections
    .flatMap(({ cards }) => cards)
    .flatMap(({ readings }) => readings)
    .find(reading => reading.id === id)
}

describe('the dashboard as data', () => {
  test('is as its schema says, for everybody', async () => {
    const served = await startServedHome({ texts: everyStateTexts, request: { measures: [createMeasure()] } })
    for (const token of [undefined, await served.token('admin')]) {
      const view = await load(served, token)
      expect(dashboardViewSchema.parse(view)).toEqual(view)
    }
  })

  test('is not waited for while something is measured, and has it soon', async () => {
    let release: () => void = () => undefined
    const released = new Promise<void>(resolve => {
      release = resolve
    })
    const measure: Measure = async snapshot => {
      await released
      return createMeasure()(snapshot)
    }
    const served = await startServedHome({ texts: everyStateTexts, request: { measures: [measure] } })
    const token = await served.token('admin')
    expect(readingOf(await load(served, token), 'calm')?.value).toBe(null)
    release()
    await expect.poll(async () => readingOf(await load(served, token), 'calm')?.value).toBe(12)
  })

  test('cannot be kept by caches', async () => {
    const { ask } = await startServedHome()
    expect((await ask('/dashboard.json')).headers.get('cache-control')).toBe('no-store')
  })

  test('is a line, without spaces that nobody reads', async () => {
    const { ask } = await startServedHome()
    expect(await (await ask('/dashboard.json')).text()).toMatch(/^\{"generated_at":.*\}\n$/)
  })

  test('tells who comes later what has changed, of what that one may read, the newest first', async () => {
    const served = await startServedHome()
    const token = await served.token('admin')
    const edit = async (registry: 'tools' | 'microservices', id: string, context: string) => {
      const entries = JSON.parse(await readFile(fileOf(served.home, registry), 'utf8'))
      await served.write(registry, { ...entries, [id]: { ...entries[id], description: context } })
      await expect.poll(async () => (await load(served, token)).changes[0]?.updated).toEqual([id])
    }
    expect((await load(served)).changes).toEqual([])
    await edit('tools', 'jq', 'one')
    await edit('microservices', 'aefa', 'two')
    const listFor = async (reader?: string) =>
      (await load(served, reader)).changes.map(({ registry }) => registry)
    expect(await listFor(token)).toEqual(['microservices', 'tools'])
    expect(await listFor()).toEqual(['tools'])
    const view = await load(served, token)
    expect(dashboardViewSchema.parse(view)).toEqual(view)
  })

  test('tells no change of a sync that only looked again', async () => {
    const served = await startServedHome()
    const detected = (second: number) => ({
      ...{ status: 'absent', path: null, version: null, evidence: null, reason: 'it is not here' },
      checked_at: `2026-11-28T03:00:0${second}.000Z`,
    })
    const tools = JSON.parse(await readFile(fileOf(served.home, 'tools'), 'utf8'))
    const write = (second: number) =>
      served.write('tools', { ...tools, jq: { ...tools.jq, detected: detected(second) } })
    await write(1)
    await expect.poll(async () => (await load(served)).changes.length).toBe(1)
    await write(2)
    const checkedAt = async () => {
      const cards = (await load(served)).sections.flatMap(section => section.cards)
      return cards.find(card => card.subject === 'tools/jq')?.facts?.checked_at
    }
    await expect.poll(checkedAt).toBe('2026-11-28T03:00:02.000Z')
    expect((await load(served)).changes).toHaveLength(1)
  })

  test('says nothing of what the caller may not see', async () => {
    const served = await startServedHome({ request: { measures: [createSecret()] } })
    const token = await served.token('admin')
    await load(served)
    await expect.poll(async () => readingOf(await load(served, token), 'error_rate')?.value).toBe(4242)
    const text = JSON.stringify(await load(served))
    expect(text).not.toContain('4242')
    expect(text).toContain('sign in to see microservices')
  })
})

describe('what is measured is told', () => {
  test('to who listens, each time, cut down to what that one may see, and kept for nobody', async () => {
    const served = await startServedHome({ host: hurried, request: { measures: [createSecret()] } })
    const anyone = await openEventStream(`${served.url}/events`)
    const chief = await openEventStream(`${served.url}/events`, {
      authorization: `Bearer ${await served.token('admin')}`,
    })
    const [open, all] = [await anyone.next('readings'), await chief.next('readings')]
    expect(listIds(open.data)).toEqual(['cpu_usage'])
    expect(listIds(all.data)).toEqual(['cpu_usage', 'error_rate'])
    await anyone.next('readings')
    expect(anyone.text()).not.toContain('4242')
    // It has no number: who comes back asks for the whole.
    expect(anyone.text()).not.toMatch(/id: [^\n]*\nevent: readings/)
    expect(anyone.lastId()).toMatch(/-0$/)
  })

  test('not again when there is still nothing, for the same reason', async () => {
    let reason = 'there is none'
    const at = () => Date.now()
    const measure: Measure = () =>
      Promise.resolve(new Map([['metric/cpu_usage', { at: at(), value: null, reason }]]))
    const served = await startServedHome({ host: hurried, request: { measures: [measure] } })
    const stream = await openEventStream(`${served.url}/events`)
    await stream.next('readings')
    await realClock.sleep(400)
    expect(stream.events.filter(({ event }) => event === 'readings')).toHaveLength(1)
    reason = 'another one'
    expect(JSON.stringify((await stream.next('readings')).data)).toContain('another one')
  })

  test('and a measure that fails is a defect that ends nothing', async () => {
    let count = 0
    const measure: Measure = snapshot => {
      count += 1
      return count === 1 ? Promise.reject(new Error('broken')) : createMeasure()(snapshot)
    }
    const served = await startServedHome({
      texts: everyStateTexts,
      host: hurried,
      request: { measures: [measure] },
    })
    const stream = await openEventStream(`${served.url}/events`, {
      authorization: `Bearer ${await served.token('admin')}`,
    })
    await stream.next('readings')
    expect(served.told.some(({ event }) => event === 'defect')).toBe(true)
  })
})

/** Measures something that is open, and something that a service tells. */
function createSecret(): Measure {
  return () => {
    const at = Date.now()
    return Promise.resolve(
      new Map([
        ['metric/cpu_usage', { at, value: 1 }],
        ['metric/error_rate', { at, value: 4242 }],
      ]),
    )
  }
}

function listIds(data: Readonly<Record<string, unknown>>): string[] {
  const { readings } = data
  const list: readonly FreshReading[] = Array.isArray(readings) ? readings : []
  return list.map(({ id }) => id).toSorted()
}
