import { createCommandRunner } from '../../../detection/command-runner.ts'
import { findNvidiaSigns, type Survey, takeSurvey } from '../../../detection/gpu/survey.ts'
import { findTool } from '../../../detection/gpu/vendor-report.ts'
import { readAttribute } from '../../../detection/kernel-files.ts'
import type { RunCommand } from '../../../detection/probe.ts'
import { createProgramFinder } from '../../../detection/programs/program-finder.ts'
import { firstLine, toCleanText } from '../../../lib/text/text.ts'
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
import { createSourceMeasure } from './sources.ts'

const gpuReaders: Readonly<Record<string, (usage: GpuUsage) => InUnit | number>> = {
  gpu_utilization: ({ busy, reason }) => busy ?? { value: null, reason: reason ?? gpuUnknown },
  gpu_memory_percent: ({ memory, reason }) => memory ?? { value: null, reason: reason ?? gpuUnknown },
}

const gpuUnknown = 'its driver does not tell'

/** How busy the GPUs are on average, and how much of their memory is taken, all together. */
export const createGpuMeasure: CreateMeasure = (_, host): Measure => {
  return async snapshot => {
    const wanted = listMeasuredMetrics(snapshot).filter(({ id }) => Object.hasOwn(gpuReaders, id))
    if (wanted.length === 0) return new Map()
    const usage = await readUsage(host)
    const at = host.clock.now()
    return new Map(
      wanted.map(({ id, entry }): [string, MetricSample] => {
        const read = gpuReaders[id]?.(usage) ?? { value: null, reason: gpuUnknown }
        return [`metric/${id}`, { at, ...(typeof read === 'number' ? toShare(read, entry.unit) : read) }]
      }),
    )
  }
}

async function readUsage(host: Host): Promise<GpuUsage> {
  const survey = await takeSurvey(host)
  if (survey === undefined) return { reason: 'the kernel did not say within 1 s which GPUs there are' }
  if (host.platform === 'darwin') return { reason: 'macOS reports the use of its GPU to root only' }
  const runner = createCommandRunner(1, host)
  try {
    const usages = await Promise.all([queryNvidiaUsage(survey, runner.run, host), readAmdUsage(survey, host)])
    return sumUsages(usages.flat(), survey)
  } finally {
    await runner.dispose()
  }
}

/** Nothing is started without a sign of a device, and no GPU is woken: as the probe has it. */
async function queryNvidiaUsage(survey: Survey, run: RunCommand, host: Host): Promise<GpuUsage[]> {
  const { devices, nodes, isMissing, isShutOut } = findNvidiaSigns(survey)
  if (isMissing) return []
  if (isShutOut) {
    return [{ reason: 'the device files of its NVIDIA GPU (/dev/nvidia*) are not in this container' }]
  }
  if (devices.some(({ isAsleep }) => isAsleep)) return [{ reason: 'its NVIDIA GPU is asleep, and not woken' }]
  const tool = await findTool('nvidia-smi', ['/usr/lib/wsl/lib'], {
    programs: createProgramFinder(host),
    host,
  })
  if (tool !== undefined) return readNvidiaUsage(tool.path, run)
  return devices.length + nodes.length === 0 ? [] : [{ reason: 'there is no nvidia-smi that would tell' }]
}

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
) => InUnit

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
      : toShare(1 - memory.availableBytes / memory.totalBytes, unit),
  disk_usage: ({ disk }, _, unit) => {
    if (disk === null) return toUnknown('how full the disk of the home is')
    const whole = disk.usedBytes + disk.availableBytes
    return whole > 0 ? toShare(disk.usedBytes / whole, unit) : toUnknown('how large the disk of the home is')
  },
  load_average: ({ load }) => (load === null ? toUnknown('its load') : { value: load }),
  network_receive: toNetworkRate(({ receivedBytes }) => receivedBytes),
  network_transmit: toNetworkRate(({ sentBytes }) => sentBytes),
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

/** How much of GPUs is in use: shares from 0 to 1. What is missing is explained by `reason`, a sentence. */
interface GpuUsage {
  readonly busy?: number | undefined
  readonly memory?: number | undefined
  /** Memory in all, in some unit, to weigh the share with. */
  readonly memorySize?: number | undefined
  readonly reason?: string | undefined
}

/** The driver may take a second to wake where nothing keeps it loaded. */
const timeoutMs = 3000

// `nvidia-smi --help-query-gpu`: per cent of the last sample period, and MiB.
const query = ['--query-gpu=utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits']

/** Asks nvidia-smi once for all of its GPUs. */
async function readNvidiaUsage(path: string, run: RunCommand): Promise<GpuUsage[]> {
  const result = await run([path, ...query], { timeoutMs })
  // Rows count whatever the exit code is: it may tell of another GPU that is lost.
  const usages = result.stdout.split(/\r?\n/).flatMap(toNvidiaUsage)
  if (usages.length > 0) return usages
  if (result.outcome === 'timed-out')
    return [{ reason: `nvidia-smi did not respond within ${timeoutMs / 1000} s` }]
  const said = firstLine(result.stdout) ?? firstLine(result.stderr)
  return [{ reason: said === undefined ? 'nvidia-smi printed nothing' : `nvidia-smi: ${said}` }]
}

// `37, 1024, 81920`; `[N/A]` and the like stand for what a GPU does not tell, as one whose memory is shared.
function toNvidiaUsage(line: string): GpuUsage[] {
  const cells = line.split(',').map(cell => toCleanText(cell).replace(/ ?(?:%|MiB)$/, ''))
  if (cells.length !== 3 || !cells.every(cell => /^(?:\d{1,9}|N\/A|ERR!|\[.*\])$/.test(cell))) return []
  const [busy, used, size] = cells.map(cell => (/^\d/.test(cell) ? Number(cell) : undefined))
  const reason = 'nvidia-smi does not tell it of this GPU'
  return [{ busy: busy === undefined ? undefined : toLimited(busy / 100), ...toMemory(used, size), reason }]
}

/**
 * Reads AMD's from the kernel's files (kernel documentation, "GPU Driver Developer's Guide", amdgpu: `gpu_busy_percent`,
 * `mem_info_vram_used`, `mem_info_vram_total`), which starts nothing.
 */
async function readAmdUsage({ devices }: Survey, host: Pick<Host, 'fs'>): Promise<GpuUsage[]> {
  const own = devices.filter(({ vendor }) => vendor === 'amd')
  return Promise.all(
    own.map(async ({ path, isAsleep }): Promise<GpuUsage> => {
      if (isAsleep) return { reason: 'its AMD GPU is asleep, and not woken' }
      const [busy, used, size] = await Promise.all(
        ['gpu_busy_percent', 'mem_info_vram_used', 'mem_info_vram_total'].map(async name => {
          const text = await readAttribute(`${path}/${name}`, host)
          return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
        }),
      )
      const reason = 'the driver of its AMD GPU does not tell'
      return { busy: busy === undefined ? undefined : toLimited(busy / 100), ...toMemory(used, size), reason }
    }),
  )
}

function toMemory(used: number | undefined, size: number | undefined): GpuUsage {
  if (used === undefined || size === undefined || size === 0) return {}
  return { memory: toLimited(used / size), memorySize: size }
}

function toLimited(share: number): number {
  return Math.min(1, share)
}

/** All GPUs as one: how busy they are on average, and what is taken of all their memory. */
function sumUsages(usages: readonly GpuUsage[], { devices }: Survey): GpuUsage {
  const busy = usages.flatMap(usage => usage.busy ?? [])
  const memory = usages.flatMap(({ memory: share, memorySize }) =>
    share === undefined || memorySize === undefined ? [] : [{ share, size: memorySize }],
  )
  const size = sum(memory.map(each => each.size))
  const silent = devices.some(({ vendor }) => vendor === 'intel') ? 'its Intel GPU does not tell' : undefined
  return {
    busy: busy.length === 0 ? undefined : sum(busy) / busy.length,
    memory: size === 0 ? undefined : sum(memory.map(each => each.share * each.size)) / size,
    reason: usages.find(({ reason }) => reason !== undefined)?.reason ?? silent ?? 'there is no GPU',
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
