import { createCommandRunner } from '../../../detection/command-runner.ts'
import { reportFromKernel } from '../../../detection/gpu/report-from-kernel.ts'
import { findNvidiaSigns, type GpuDevice, type Survey, takeSurvey } from '../../../detection/gpu/survey.ts'
import { findTool, type Gpu, isCut } from '../../../detection/gpu/vendor-report.ts'
import { type KernelFiles, listNames, readAttribute } from '../../../detection/kernel-files.ts'
import { createProgramFinder } from '../../../detection/programs/program-finder.ts'
import { firstLine, toCleanText } from '../../../lib/text/text.ts'
import { createDeadline } from '../../../platform/deadline.ts'
import type { Host, ProcessResult } from '../../../platform/host.ts'
import {
  type CreateMeasure,
  type GpuFacts,
  listMeasuredMetrics,
  type Measure,
  type MetricSample,
  toShare,
} from '../sampler.ts'

/** Measures each GPU, and from the same numbers how busy all of them are and how much of their memory is in use. */
export const createGpuMeasure: CreateMeasure = (_, host): Measure => {
  const readGpus = createGpuReader(host)
  return async snapshot => {
    const wanted = listMeasuredMetrics(snapshot).filter(({ id }) => Object.hasOwn(gpuMetrics, id))
    if (wanted.length === 0) return new Map()
    const { gpus, absence } = await readGpus()
    const at = host.clock.now()
    const reason = gpus.find(gpu => gpu.reason !== null)?.reason ?? absence
    return new Map([
      ...wanted.map(({ id, entry }): [string, MetricSample] => [
        `metric/${id}`,
        { at, ...(gpuMetrics[id]?.(gpus, entry.unit) ?? { value: null, reason }) },
      ]),
      ...gpus.map((gpu): [string, MetricSample] => [`gpu/${gpu.id}`, toGpuSample(gpu, at)]),
    ])
  }
}

type ReadGpus = (survey: Survey) => Promise<GpuResult>

interface GpuResult {
  readonly gpus: readonly GpuFacts[]
  /** Why no GPU is known, a sentence. */
  readonly absence?: string
}

/** Reads all GPUs. The reader keeps the last ones, for the time in which the kernel does not respond. */
function createGpuReader(host: Host): () => Promise<Required<GpuResult>> {
  const readers: readonly ReadGpus[] = [createNvidiaReader(host), createAmdReader(host), readIntelGpus]
  let last: readonly GpuFacts[] = []
  return async () => {
    const survey = await takeSurvey(host)
    if (survey === undefined) {
      const absence = 'the kernel did not say within 1 s which GPUs there are'
      return { gpus: last.map(gpu => toSilent(gpu, absence)), absence }
    }
    if (host.platform === 'darwin') {
      const absence = 'macOS reports the use of its GPU to root only'
      return { gpus: [toSilent({ id: 'mac', name: null }, absence)], absence }
    }
    const results = await Promise.all(readers.map(read => read(survey)))
    const gpus = results.flatMap(result => result.gpus)
    last = gpus.filter(({ id }, index) => gpus.findIndex(other => other.id === id) === index)
    const absence = results.find(result => result.absence !== undefined)?.absence
    return { gpus: last, absence: absence ?? 'there is no GPU' }
  }
}

/** What the metrics are of all GPUs together; undefined where no GPU reports it. */
const gpuMetrics: Readonly<
  Record<
    string,
    (
      gpus: readonly GpuFacts[],
      unit: string | undefined,
    ) => (ReturnType<typeof toShare> & Pick<MetricSample, 'amount'>) | undefined
  >
> = {
  gpu_utilization: (gpus, unit) => {
    const busy = gpus.flatMap(({ utilization }) => utilization ?? [])
    return busy.length === 0 ? undefined : toShare(sum(busy) / busy.length / 100, unit)
  },
  gpu_memory_percent: (gpus, unit) => {
    const known = gpus.flatMap(({ memory_used_bytes: used, memory_total_bytes: total }) =>
      used === null || total === null ? [] : [{ used, total }],
    )
    const amount = {
      used_bytes: sum(known.map(({ used }) => used)),
      total_bytes: sum(known.map(({ total }) => total)),
    }
    if (amount.total_bytes === 0) return undefined
    return { ...toShare(amount.used_bytes / amount.total_bytes, unit), amount }
  },
}

/** Only a GPU without any value shows why. */
function toGpuSample(gpu: GpuFacts, at: number): MetricSample {
  const { utilization, reason } = gpu
  const isSilent = [utilization, gpu.memory_used_bytes, gpu.temperature_c, gpu.power_w].every(
    value => value === null,
  )
  const shown = { ...gpu, reason: isSilent ? (reason ?? unreported) : null }
  if (utilization === null) return { at, value: null, reason: reason ?? unreported, gpu: shown }
  return { at, value: utilization, gpu: shown }
}

const unreported = 'its driver does not report it'

/** A GPU of which no value is known. */
function toSilent(known: Pick<GpuFacts, 'id' | 'name'> & Partial<GpuFacts>, reason: string): GpuFacts {
  return {
    driver: null,
    memory_total_bytes: null,
    ...known,
    memory_used_bytes: null,
    utilization: null,
    temperature_c: null,
    power_w: null,
    power_limit_w: null,
    reason,
  }
}

/** The driver may take a second to wake where nothing keeps it loaded. */
const timeoutMs = 3000

// `nvidia-smi --help-query-gpu`: per cent of the last sample period, MiB, degrees Celsius, watts.
const query = [
  '--query-gpu=uuid,name,driver_version,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,enforced.power.limit',
  '--format=csv,noheader,nounits',
] as const

/**
 * NVIDIA's, by one query of nvidia-smi for all of them. It is not started without a sign of a device, and no GPU is woken:
 * as the probe has it.
 */
function createNvidiaReader(host: Host): ReadGpus {
  let recalled: readonly GpuFacts[] = []
  // What is known of a GPU from before is still true, its id above all, unless one has gone.
  const silence = async (survey: Survey, reason: string): Promise<GpuResult> => {
    const known = await listNvidiaDevices(survey, host)
    const isFewer = known.length > 0 && known.length < recalled.length
    const named = recalled.length === 0 || isFewer ? known : recalled
    return { gpus: named.map(gpu => toSilent(gpu, reason)), absence: reason }
  }
  return async survey => {
    const { devices, nodes, isMissing, isShutOut } = findNvidiaSigns(survey)
    if (isMissing) return { gpus: [] }
    if (isShutOut)
      return silence(survey, 'the device files of its NVIDIA GPU (/dev/nvidia*) are not in this container')
    if (devices.some(({ isAsleep }) => isAsleep))
      return silence(survey, 'its NVIDIA GPU is asleep, and not woken')
    const context = { programs: createProgramFinder(host), host }
    const tool = await findTool('nvidia-smi', ['/usr/lib/wsl/lib'], context)
    if (tool === undefined && devices.length + nodes.length === 0) return { gpus: [] }
    if (tool === undefined) return silence(survey, 'there is no nvidia-smi that would report it')
    const result = await runNvidiaSmi(tool.path, host)
    const gpus = parseNvidiaReadings(result.stdout, isCut(result))
    if (gpus.length === 0) return silence(survey, explainSilence(result))
    recalled = gpus.map(gpu => withRecalled(gpu, recalled))
    return { gpus: recalled }
  }
}

/** A GPU that is lost reports not even its name. */
function withRecalled(gpu: GpuFacts, recalled: readonly GpuFacts[]): GpuFacts {
  const before = recalled.find(({ id }) => id === gpu.id)
  return {
    ...gpu,
    name: gpu.name ?? before?.name ?? 'NVIDIA GPU',
    driver: gpu.driver ?? before?.driver ?? null,
    memory_total_bytes: gpu.memory_total_bytes ?? before?.memory_total_bytes ?? null,
  }
}

async function runNvidiaSmi(path: string, host: Host): Promise<ProcessResult> {
  const runner = createCommandRunner(1, host)
  try {
    return await runner.run([path, ...query], { timeoutMs })
  } finally {
    await runner.dispose()
  }
}

function explainSilence({ outcome, stdout, stderr }: ProcessResult): string {
  if (outcome === 'timed-out') return `nvidia-smi did not respond within ${timeoutMs / 1000} s`
  const message = firstLine(stdout) ?? firstLine(stderr)
  return message === undefined ? 'nvidia-smi printed nothing' : `nvidia-smi: ${message}`
}

type Known = Pick<Gpu, 'uuid' | 'address' | 'name'>

/** NVIDIA's GPUs as the kernel shows them. */
async function listNvidiaDevices(survey: Survey, host: KernelFiles): Promise<GpuFacts[]> {
  const report = await reportFromKernel('nvidia', survey, host)
  const { devices } = findNvidiaSigns(survey)
  const bare = devices.map(({ address }): Known => ({ address, name: null }))
  const gpus: readonly Known[] = report === undefined || report.gpus.length === 0 ? bare : report.gpus
  const driver = survey.nvidiaDriver ?? null
  return gpus.map(({ uuid, address, name }, index) =>
    toSilent({ id: uuid ?? address ?? `nvidia-${index}`, name: name ?? 'NVIDIA GPU', driver }, unreported),
  )
}

/**
 * Reads the rows of nvidia-smi, whatever its exit code is: that may be about another GPU, which is lost. When the output was
 * cut off, a last line without an end does not count.
 */
function parseNvidiaReadings(output: string, isOutputCut: boolean): GpuFacts[] {
  const lines = output.split(/\r\n|[\r\n]/)
  const complete = isOutputCut ? lines.slice(0, -1) : lines
  const rows = complete.map(line => ({ row: toNvidiaGpu(line), lost: toLostGpu(line) }))
  if (rows.every(({ row }) => row === undefined)) return []
  return rows.flatMap(({ row, lost }) => row ?? lost ?? []).map(withId)
}

// A Jetson reports no UUID with some drivers.
function withId(gpu: GpuFacts, index: number): GpuFacts {
  return gpu.id === '' ? { ...gpu, id: `nvidia-${index}` } : gpu
}

/**
 * `GPU-…, NVIDIA A100, 535.104.05, 37, 1024, 81920, 41, 62.31, 400.00`; only the name may contain commas. The id is empty
 * where there is no UUID.
 */
function toNvidiaGpu(line: string): GpuFacts | undefined {
  const cells = line.split(',').map(cell => toCleanText(cell))
  const [uuid = '', ...rest] = cells
  const [driver = '', ...numbers] = rest.slice(-7)
  const isRow =
    cells.length >= 9 &&
    numbers.every(cell => isUnknown(cell) || numberCell.test(cell)) &&
    (isUnknown(driver) || /^\d+(?:\.\d+)+$/.test(driver)) &&
    (isUnknown(uuid) || /^\S+$/.test(uuid))
  if (!isRow) return undefined
  const name = rest.slice(0, -7).join(', ')
  const [utilization, used, total, temperature, power, limit] = numbers.map(toNumber)
  const error = cells.find(cell => isUnknown(cell) && /lost|error|^ERR!$/i.test(cell))
  return {
    id: isUnknown(uuid) ? '' : uuid,
    name: isUnknown(name) ? null : name,
    driver: isUnknown(driver) ? null : driver,
    ...toMemory(toAmount(used, 2 ** 20), toAmount(total, 2 ** 20)),
    utilization: toPercent(utilization),
    temperature_c: temperature ?? null,
    power_w: toAmount(power),
    power_limit_w: toAmount(limit),
    reason:
      error === undefined
        ? 'nvidia-smi does not report it of this GPU'
        : `nvidia-smi reports ${error} for this GPU`,
  }
}

// `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU is lost]`, `N/A` and `ERR!` stand for what a GPU does not report.
function isUnknown(cell: string): boolean {
  return /^(?:|N\/A|ERR!|\[.*\])$/.test(cell)
}

const numberCell = /^(-?\d{1,9}(?:\.\d{1,6})?)(?: ?(?:%|MiB|C|W))?$/

function toNumber(cell: string): number | undefined {
  const digits = numberCell.exec(cell)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** `Unable to determine the device handle for GPU0000:02:00.0: GPU is lost.` stands in place of the row of such a GPU. */
function toLostGpu(line: string): GpuFacts | undefined {
  const pattern =
    /^Unable to determine the device handle for GPU\s*(?:\d+:\s*)?([0-9a-f:]{7,16}\.[0-9a-f]):\s*(.+)$/i
  const [, address, message = ''] = pattern.exec(toCleanText(line)) ?? []
  if (address === undefined) return undefined
  return toSilent({ id: address.toLowerCase(), name: null }, `nvidia-smi: ${message}`)
}

/**
 * AMD's, from the kernel's files, which starts nothing (kernel documentation, "GPU Driver Developer's Guide", amdgpu:
 * `gpu_busy_percent`, `mem_info_vram_used`, `mem_info_vram_total`, and its hwmon interfaces).
 */
function createAmdReader(host: KernelFiles & Pick<Host, 'clock'>): ReadGpus {
  const within = createDeadline(fileTimeoutMs, host.clock)
  // A driver that is stuck holds a thread for each file that is read: not one more for each measurement.
  const pending = new Map<string, Promise<GpuFacts>>()
  const read = (device: GpuDevice) => {
    const { address } = device
    const reading = pending.get(address) ?? readAmdGpu(device, host).finally(() => pending.delete(address))
    pending.set(address, reading)
    return within(reading)
  }
  return async ({ devices }) => ({
    gpus: await Promise.all(
      devices
        .filter(({ vendor }) => vendor === 'amd')
        .map(async device => (await read(device)) ?? toSilent(nameOf(device), amdStuck)),
    ),
  })
}

const fileTimeoutMs = 1000
const amdStuck = 'the driver of its AMD GPU did not respond within 1 s'

function nameOf({ address, vendor }: GpuDevice): Pick<GpuFacts, 'id' | 'name'> {
  return { id: address, name: vendor === 'amd' ? 'AMD GPU' : 'Intel GPU' }
}

async function readAmdGpu(device: GpuDevice, host: KernelFiles): Promise<GpuFacts> {
  const { path, isAsleep, driver } = device
  const [name, version, total] = await Promise.all([
    readAttribute(`${path}/product_name`, host),
    readAttribute('/sys/module/amdgpu/version', host),
    readNumber(`${path}/mem_info_vram_total`, host),
  ])
  const known = {
    ...nameOf(device),
    ...(name !== undefined && { name: toCleanText(name) }),
    driver: version === undefined ? null : toCleanText(version),
    memory_total_bytes: toAmount(total) || null,
  }
  if (isAsleep) return toSilent(known, 'its AMD GPU is asleep, and not woken')
  if (driver === undefined) return toSilent(known, 'no driver is loaded for its AMD GPU')
  const [busy, used, sensors] = await Promise.all([
    readNumber(`${path}/gpu_busy_percent`, host),
    readNumber(`${path}/mem_info_vram_used`, host),
    readSensors(path, host),
  ])
  return {
    ...known,
    ...toMemory(toAmount(used), known.memory_total_bytes),
    utilization: toPercent(busy),
    ...sensors,
    reason: 'the driver of its AMD GPU does not report it',
  }
}

type Sensors = Pick<GpuFacts, 'temperature_c' | 'power_w' | 'power_limit_w'>

// Kernel documentation, "hwmon sysfs interface": millidegrees Celsius and microwatts.
async function readSensors(path: string, host: KernelFiles): Promise<Sensors> {
  const [folder] = ((await listNames(`${path}/hwmon`, host)) ?? []).filter(name => /^hwmon\d+$/.test(name))
  const read = async (name: string) =>
    folder === undefined ? undefined : readNumber(`${path}/hwmon/${folder}/${name}`, host)
  const [temperature, average, input, cap] = await Promise.all(
    ['temp1_input', 'power1_average', 'power1_input', 'power1_cap'].map(read),
  )
  return {
    temperature_c: temperature === undefined ? null : temperature / 1000,
    power_w: toAmount(average ?? input, 1e-6),
    power_limit_w: toAmount(cap, 1e-6),
  }
}

async function readNumber(path: string, host: KernelFiles): Promise<number | undefined> {
  const text = await readAttribute(path, host)
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

async function readIntelGpus({ devices }: Survey): Promise<GpuResult> {
  const own = devices.filter(({ vendor }) => vendor === 'intel')
  return { gpus: own.map(device => toSilent(nameOf(device), 'its Intel GPU does not report it')) }
}

/** An amount of something; what is negative is none. Rounded to a thousandth. */
function toAmount(value: number | undefined, factor = 1): number | null {
  return value === undefined || value < 0 ? null : Math.round(value * factor * 1000) / 1000
}

function toPercent(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : Math.min(100, value)
}

function toMemory(
  used: number | null,
  total: number | null,
): Pick<GpuFacts, 'memory_used_bytes' | 'memory_total_bytes'> {
  if (total === null || total === 0) return { memory_used_bytes: null, memory_total_bytes: null }
  return { memory_used_bytes: used === null ? null : Math.min(used, total), memory_total_bytes: total }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
