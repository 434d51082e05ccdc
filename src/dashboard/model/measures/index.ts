import type { Host, MachineMeasurement, NetworkCounters } from '../../../platform/host.ts'
import {
  type CreateMeasure,
  type InUnit,
  listMeasuredMetrics,
  type Measure,
  type MetricSample,
  toRate,
  toShare,
} from '../sampler.ts'
import { createClusterMeasure } from './cluster.ts'
import { createGpuMeasure } from './gpu.ts'
import { createSourceMeasure } from './sources.ts'

/** Processors, memory, disk, load and network of this machine. Rates are the difference to the look before. */
export const createMachineMeasure: CreateMeasure = ({ home, firstPauseMs }, host): Measure => {
  let last: MachineMeasurement | undefined
  return async snapshot => {
    const wanted = listMeasuredMetrics(snapshot).filter(({ id }) => Object.hasOwn(machineReaders, id))
    if (wanted.length === 0) return new Map()
    const isRateWanted = wanted.some(({ id }) => rates.includes(id))
    if (last === undefined && firstPauseMs !== undefined && isRateWanted) {
      last = await host.measureMachine(home.directory)
      await pause(firstPauseMs, host)
    }
    const [before, now] = [last, await host.measureMachine(home.directory)]
    last = now
    const at = host.clock.now()
    return new Map(
      wanted.map(({ id, entry }): [string, MetricSample] => [
        `metric/${id}`,
        { at, ...(machineReaders[id]?.(now, before, entry.unit) ?? toUnknown('its value')) },
      ]),
    )
  }
}

// Who is interrupted meanwhile says so where the answer is used.
async function pause(ms: number, { clock, interrupted }: Pick<Host, 'clock' | 'interrupted'>): Promise<void> {
  await clock.sleep(ms, interrupted).catch(() => undefined)
}

type Read = (
  now: MachineMeasurement,
  before: MachineMeasurement | undefined,
  unit: string | undefined,
) => InUnit & Pick<MetricSample, 'amount'>

const rates: readonly string[] = ['cpu_usage', 'network_receive', 'network_transmit']

const machineReaders: Readonly<Record<string, Read>> = {
  cpu_usage: ({ cpu }, before, unit) => {
    if (cpu === null) return toUnknown('how busy its processors are')
    const spent = cpu.totalMs - (before?.cpu?.totalMs ?? cpu.totalMs)
    if (spent <= 0) return unfinished
    const busy = cpu.busyMs - (before?.cpu?.busyMs ?? 0)
    return toShare(Math.min(1, Math.max(0, busy / spent)), unit)
  },
  memory_usage: ({ memory }, _, unit) =>
    memory === null
      ? toUnknown('how much memory is available')
      : toUse(memory.totalBytes - memory.availableBytes, memory.totalBytes, unit),
  disk_usage: ({ disk }, _, unit) => {
    if (disk === null) return toUnknown('how full the disk of the home is')
    const whole = disk.usedBytes + disk.availableBytes
    return whole > 0 ? toUse(disk.usedBytes, whole, unit) : toUnknown('how large the disk of the home is')
  },
  load_average: ({ load }) => (load === null ? toUnknown('its load') : { value: load }),
  network_receive: toNetworkRate(({ receivedBytes }) => receivedBytes),
  network_transmit: toNetworkRate(({ sentBytes }) => sentBytes),
}

function toUse(used: number, total: number, unit: string | undefined): ReturnType<Read> {
  return { ...toShare(used / total, unit), amount: { used_bytes: used, total_bytes: total } }
}

function toNetworkRate(count: (network: NetworkCounters) => number): Read {
  return (now, before, unit) => {
    if (now.network === null) return toUnknown('what its network carries')
    const old = before?.network
    // Another interface counts from elsewhere, and one that was set up anew from nothing.
    if (before === undefined || old?.name !== now.network.name) return unfinished
    const [grown, ms] = [count(now.network) - count(old), now.at - before.at]
    return grown < 0 || ms <= 0 ? unfinished : toRate((grown / ms) * 1000, unit)
  }
}

const unfinished: InUnit = { value: null, reason: 'one more look is needed: it is the change between two' }

function toUnknown(what: string): InUnit {
  return { value: null, reason: `this machine does not tell ${what}` }
}

/** All ways of measuring. */
export const measures: readonly CreateMeasure[] = [
  createMachineMeasure,
  createGpuMeasure,
  createSourceMeasure,
  createClusterMeasure,
]
