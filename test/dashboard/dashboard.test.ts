import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { dashboardModelSchema, dashboardViewSchema } from '../../src/dashboard/model/dashboard-schema.ts'
import type { DashboardView, FreshReading } from '../../src/dashboard/model/dashboard-view.ts'
import type { Measure } from '../../src/dashboard/model/sampler.ts'
import { addRecord } from '../../src/journal/journal.ts'
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

  test('has the latest changes of the journal, of what the caller may read, the newest first', async () => {
    const served = await startServedHome()
    const { home, host } = served
    const token = await served.token('admin')
    expect((await load(served, token)).changes).toEqual([])
    const times = [-30 * 60, -60].map(seconds => new Date(host.clock.now() + seconds * 1000).toISOString())
    const [older = '', newer = ''] = times
    const change = { field: 'status', from: 'present', to: 'broken' } as const
    await addRecord(
      home,
      { kind: 'detected', time: older, changes: [{ ref: 'tools/docker', ...change }] },
      host,
    )
    const edit = { ref: 'microservices/aefa', change: 'changed', fields: ['port'] } as const
    await addRecord(home, { kind: 'edit', time: newer, by: 'edit', token: 'secret', changes: [edit] }, host)
    const listFor = async (reader?: string) => (await load(served, reader)).changes.map(({ ref }) => ref)
    expect(await listFor(token)).toEqual(['microservices/aefa', 'tools/docker'])
    expect(await listFor()).toEqual(['tools/docker'])
    const view = await load(served, token)
    expect(view.changes_last_day).toBe(2)
    expect(JSON.stringify(view)).not.toContain('secret')
    expect(dashboardViewSchema.parse(view)).toEqual(view)
  })

  test('has problems with since when, and models with what they cost', async () => {
    const served = await startServedHome({ texts: everyStateTexts })
    const token = await served.token('admin')
    const since = new Date(served.host.clock.now() - 60_000).toISOString()
    const change = { ref: 'tools/faulty', field: 'status', from: 'present', to: 'broken' } as const
    await addRecord(served.home, { kind: 'detected', time: since, changes: [change] }, served.host)
    const view = await load(served, token)
    expect(view.problems.find(({ ref }) => ref === 'tools/faulty')).toMatchObject({
      name: 'Faulty',
      status: 'not ready',
      reason: 'it ends with 127',
      since,
      fix: { text: expect.stringMatching(/^Fix or remove/) },
    })
    const all = await (await served.ask('/dashboard/models.json', { token })).json()
    expect(z.array(dashboardModelSchema).parse(all)).toHaveLength(view.models.total)
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

describe('GPUs and machine', () => {
  const gpusOf = (data: Readonly<Record<string, unknown>>) => data.gpus

  test('are in the data and in the event, without the values of before', async () => {
    const served = await startServedHome({ host: hurried, request: { measures: [createGpus()] } })
    const stream = await openEventStream(`${served.url}/events`)
    const { data } = await stream.next('readings')
    const { history: _, ...fresh } = gpuOf(1)
    expect(gpusOf(data)).toEqual([{ ...fresh, read_at: expect.any(String) }])
    const { gpus, machine } = await load(served)
    expect(gpus).toMatchObject([{ id: 'GPU-1', name: 'Some GPU' }])
    expect(gpus[0]?.history.at(-1)).toBe(gpus[0]?.utilization)
    expect(machine).toEqual({
      name: served.host.processes.hostName(),
      system: expect.stringMatching(/\S/),
      cores: served.host.processorCount(),
    })
  })

  test('are neither for who may not see tools', async () => {
    const served = await startServedHome({ host: hurried, request: { measures: [createGpus()] } })
    const hyper = JSON.parse(await readFile(fileOf(served.home, 'hyper'), 'utf8'))
    const closed = { read: 'admin', write: 'tool-detection', admin: 'admin' }
    await served.write('hyper', {
      ...hyper,
      access_control: { ...hyper.access_control, tool_registry: closed },
    })
    await expect.poll(async () => (await load(served)).machine).toBe(null)
    const token = await served.token('admin')
    const anyone = await openEventStream(`${served.url}/events`)
    const chief = await openEventStream(`${served.url}/events`, { authorization: `Bearer ${token}` })
    const [open, all] = [await anyone.next('readings'), await chief.next('readings')]
    expect([gpusOf(open.data), gpusOf(all.data)]).toMatchObject([undefined, [{ id: 'GPU-1' }]])
    expect((await load(served)).gpus).toEqual([])
    expect(anyone.text()).not.toContain('GPU-1')
    expect((await load(served, token)).gpus).toMatchObject([{ id: 'GPU-1' }])
  })

  test('that are asleep are one event, and so is their end', async () => {
    const gpu = { ...gpuOf(null), reason: 'it is asleep' }
    let isHere = true
    const measure: Measure = () =>
      Promise.resolve(
        new Map(isHere ? [['gpu/GPU-1', { at: Date.now(), value: null, reason: 'asleep', gpu }]] : []),
      )
    const served = await startServedHome({ host: hurried, request: { measures: [measure] } })
    const stream = await openEventStream(`${served.url}/events`)
    expect(gpusOf((await stream.next('readings')).data)).toMatchObject([{ reason: 'it is asleep' }])
    await realClock.sleep(400)
    expect(stream.events.filter(({ event }) => event === 'readings')).toHaveLength(1)
    isHere = false
    expect((await stream.next('readings')).data).toEqual({ readings: [], gpus: [] })
  })
})

function gpuOf(utilization: number | null) {
  return {
    id: 'GPU-1',
    name: 'Some GPU',
    driver: null,
    memory_total_bytes: null,
    memory_used_bytes: null,
    utilization,
    history: [],
    temperature_c: null,
    power_w: null,
    power_limit_w: null,
    reason: null,
  }
}

/** Measures something that is open, and a GPU, which is as busy. */
function createGpus(): Measure {
  let value = 0
  return () => {
    const at = Date.now()
    value += 1
    const { history: _, ...gpu } = gpuOf(value)
    return Promise.resolve(
      new Map([
        ['metric/cpu_usage', { at, value }],
        ['gpu/GPU-1', { at, value, gpu }],
      ]),
    )
  }
}

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
