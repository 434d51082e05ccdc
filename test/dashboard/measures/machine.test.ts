import { expect, test, vi } from 'vitest'
import { createMachineMeasure } from '../../../src/dashboard/model/measures/index.ts'
import type { MachineMeasurement } from '../../../src/platform/host.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createDashboardHome, metric } from '../../support/homes/dashboard-home.ts'
import { createTestHost } from '../../support/test-host.ts'

const network = { name: 'eth0', receivedBytes: 5e6, sentBytes: 1e6 }
const first: MachineMeasurement = {
  at: 1000,
  cpu: { busyMs: 100, totalMs: 1000 },
  memory: { availableBytes: 25, totalBytes: 100 },
  disk: { usedBytes: 60, availableBytes: 20 },
  load: 1.5,
  network,
}
const second: MachineMeasurement = {
  ...first,
  at: 3000,
  cpu: { busyMs: 400, totalMs: 2000 },
  network: { ...network, receivedBytes: 25e6, sentBytes: 1.5e6 },
}
const blind: MachineMeasurement = { at: 0, cpu: null, memory: null, disk: null, load: null, network: null }

/** Measures as often as there are looks, and answers with the last sample. */
async function measure(
  id: string,
  unit: string | undefined,
  looks: readonly MachineMeasurement[],
  more: object = {},
) {
  const rest = [...looks]
  const measureMachine = async () => rest.shift() ?? blind
  const host = await createTestHost({ overrides: { measureMachine, clock: createFakeClock() } })
  const entry = metric({ ...(unit !== undefined && { unit }), ...more })
  const { home, snapshot } = await createDashboardHome({ system: { [id]: entry } }, { host })
  const take = createMachineMeasure({ home, isDeep: false }, host)
  for (const _ of looks.slice(1)) await take(snapshot)
  return (await take(snapshot)).get(`metric/${id}`)
}

const values: [
  is: string,
  id: string,
  unit: string | undefined,
  looks: MachineMeasurement[],
  value: number,
][] = [
  ['processors, by what they did between two looks', 'cpu_usage', '%', [first, second], 30],
  ['memory, by what is available', 'memory_usage', '%', [first], 75],
  ['memory, as a ratio without a unit', 'memory_usage', undefined, [first], 0.75],
  ['the disk, without what is kept back for root', 'disk_usage', '%', [first], 75],
  ['load', 'load_average', undefined, [first], 1.5],
  ['what came in a second', 'network_receive', 'MB/s', [first, second], 10],
  ['what went out a second', 'network_transmit', 'MB/s', [first, second], 0.25],
  ['a rate in another unit', 'network_receive', 'Mbit/s', [first, second], 80],
]
test.each(values)('%s', async (_, id, unit, looks, value) => {
  const sample = await measure(id, unit, looks)
  expect(sample?.value).toBeCloseTo(value, 10)
})

test.each([
  ['memory_usage', { used_bytes: 75, total_bytes: 100 }],
  ['disk_usage', { used_bytes: 60, total_bytes: 80 }],
  ['load_average', undefined],
])('%s in bytes is %j', async (id, amount) => {
  expect((await measure(id, undefined, [first]))?.amount).toEqual(amount)
})

const anew = { ...second, network: { ...network, receivedBytes: 10, sentBytes: 10 } }
const elsewhere = { ...second, network: { ...network, name: 'wlan0' } }
const reasons: [when: string, id: string, unit: string, looks: MachineMeasurement[], reason: RegExp][] = [
  ['it is the first look at processors', 'cpu_usage', '%', [first], /one more look is needed/],
  ['it is the first look at the network', 'network_receive', 'MB/s', [first], /one more look is needed/],
  ['the interface was set up anew', 'network_receive', 'MB/s', [first, anew], /one more look/],
  ['another interface leads out', 'network_transmit', 'MB/s', [first, elsewhere], /one more look/],
  ['the network said nothing before', 'network_transmit', 'MB/s', [blind, second], /one more look/],
  ['no processor is told of', 'cpu_usage', '%', [blind], /does not tell how busy/],
  ['no memory is told of', 'memory_usage', '%', [blind], /does not tell how much memory/],
  ['the disk does not answer', 'disk_usage', '%', [blind], /does not tell how full/],
  ['there is no load', 'load_average', '', [blind], /does not tell its load/],
  ['there is no network', 'network_receive', 'MB/s', [blind], /does not tell what its network/],
  ['the unit is none of a share', 'memory_usage', 'GB', [first], /unit is % or none, and not GB/],
  ['the unit is none of a rate', 'network_receive', '%', [first, second], /measured in MB\/s .* not in %/],
]
test.each(reasons)('says why there is no value when %s', async (_, id, unit, looks, reason) => {
  const sample = await measure(id, unit === '' ? undefined : unit, looks)
  expect(sample).toMatchObject({ value: null, reason: expect.stringMatching(reason) })
})

test('takes its first two looks at once for who asks only once', async () => {
  const looks = [first, second]
  const clock = createFakeClock()
  const measureMachine = async () => looks.shift() ?? blind
  const host = await createTestHost({ overrides: { measureMachine, clock } })
  const { home, snapshot } = await createDashboardHome(
    { system: { cpu_usage: metric({ unit: '%' }) } },
    { host },
  )
  const take = createMachineMeasure({ home, isDeep: false, firstPauseMs: 250 }, host)
  expect((await take(snapshot)).get('metric/cpu_usage')).toMatchObject({ value: 30 })
  expect(clock.slept).toEqual([250])
})

test('leaves out what a service tells, and what the registry does not have', async () => {
  const source = { microservice: 'metrics', path: '/x', pointer: '/y' }
  expect(await measure('memory_usage', '%', [first], { source })).toBeUndefined()
  expect(await measure('something_else', '%', [first])).toBeUndefined()
})

test('this very machine tells all of it, and nothing impossible', async () => {
  const host = await createTestHost()
  // Each reading has a deadline, which a busy machine may miss.
  const tellAll = async () => {
    const measured = await host.measureMachine(host.directory)
    return measured.memory !== null && measured.disk !== null ? measured : undefined
  }
  const look = await vi.waitUntil(tellAll, { timeout: 60_000 })
  expect(look.cpu?.busyMs).toBeLessThanOrEqual(look.cpu?.totalMs ?? 0)
  expect(look.memory?.availableBytes).toBeLessThanOrEqual(look.memory?.totalBytes ?? 0)
  expect(look.disk?.usedBytes).toBeGreaterThan(0)
  expect(look.load).toBeGreaterThanOrEqual(0)
  const gone = await host.measureMachine('/nowhere/at/all')
  expect(gone.disk).toBeNull()
})
