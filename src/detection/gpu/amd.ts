import { findJsonValues } from '../../lib/json/json-scanner.ts'
import { isJsonObject, valueAt } from '../../lib/json/json-value.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { ProbeContext } from '../probe.ts'
import { reportFromKernel } from './report-from-kernel.ts'
import type { Survey } from './survey.ts'
import {
  describeEnd,
  findTool,
  type Gpu,
  type GpuTool,
  isCut,
  recallReport,
  rememberReport,
  type VendorReport,
  type WorkingReport,
} from './vendor-report.ts'

const vendor = 'amd'
// ROCm installs beside PATH (ROCm installation guide, "post-installation").
const toolDirectories = ['/opt/rocm/bin']
/** About 2 KB a GPU, and a card may be split into 64. */
const maxOutputBytes = 1024 * 1024

/** AMD's GPUs: the kernel lists them, rocm-smi or amd-smi adds names. */
export async function reportAmd(
  survey: Survey,
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport | undefined> {
  const fromKernel = await reportFromKernel(vendor, survey, context.host)
  if (fromKernel?.kind !== 'working') return fromKernel
  const isAsleep = fromKernel.gpus.some(({ asleep }) => asleep)
  const failures: string[] = []
  for (const amdTool of amdTools) {
    const tool = await findTool(amdTool.name, toolDirectories, context)
    if (tool === undefined) continue
    const recalled = recallReport({ tool, survey, vendor }, context)
    if (recalled) return recalled
    if (context.mode === 'quick' || isAsleep) continue
    const report = await runTool(amdTool, { tool, survey, fromKernel }, { context, timeoutMs })
    if (typeof report !== 'string') return report
    failures.push(report)
  }
  return { ...fromKernel, note: joinNotes([fromKernel.note, ...failures]) }
}

/** The report of a tool, or the reason why there is none. */
async function runTool(
  { name, args, parse }: (typeof amdTools)[number],
  { tool, survey, fromKernel }: { tool: GpuTool; survey: Survey; fromKernel: WorkingReport },
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport | string> {
  const result = await context.run([tool.path, ...args], { timeoutMs, maxOutputBytes })
  const parsed = parse(result.stdout)
  if (parsed === undefined && result.outcome === 'timed-out') return toStuck(name, timeoutMs, fromKernel)
  const note = describeEnd(name, result, { rest: withoutJson(result.stdout), timeoutMs })
  if (parsed === undefined) return note ?? `${name} lists no GPU`
  const report = { ...toReport(parsed, tool, fromKernel), note: joinNotes([fromKernel.note, note]) }
  if (isCut(result)) return { ...report, gpus: withUnlisted(report.gpus, fromKernel.gpus) }
  if (result.exitCode === 0) rememberReport({ tool, survey }, report, context)
  return report
}

/** The GPUs that a tool lists, and those that it did not come to. */
function withUnlisted(listed: readonly Gpu[], known: readonly Gpu[]): Gpu[] {
  if (listed.some(({ address }) => address === undefined)) return [...listed, ...known.slice(listed.length)]
  const addresses = listed.map(({ address }) => address)
  return [...listed, ...known.filter(({ address }) => !addresses.includes(address))]
}

// Warnings stand on lines of their own.
function withoutJson(output: string): string {
  return output
    .split('\n')
    .filter(line => !/^\s*[[\]{}"]/.test(line))
    .join('\n')
}

function joinNotes(notes: readonly (string | null)[]): string | null {
  return notes.filter(note => note !== null).join('; ') || null
}

function toStuck(name: string, timeoutMs: number, { gpus }: WorkingReport): VendorReport {
  const reason = `${name} did not respond within ${timeoutMs / 1000} s: the AMD driver may be stuck`
  return { kind: 'unknown', vendor, gpus, reason }
}

function toReport(
  { gpus, driverVersion }: AmdResult,
  tool: GpuTool,
  fromKernel: WorkingReport,
): WorkingReport {
  return {
    ...fromKernel,
    evidence: 'command',
    path: tool.path,
    gpus: gpus.map(gpu => withKernelFacts(gpu, fromKernel.gpus)),
    driverVersion: fromKernel.driverVersion ?? driverVersion,
  }
}

function withKernelFacts(gpu: Gpu, known: readonly Gpu[]): Gpu {
  const same = known.find(({ address }) => address !== undefined && address === gpu.address)
  return {
    ...gpu,
    name: gpu.name ?? same?.name ?? null,
    memory_mib: gpu.memory_mib ?? same?.memory_mib ?? null,
  }
}

/** GPUs as one of AMD's tools lists them, and the version of the driver. */
interface AmdResult {
  readonly gpus: readonly Gpu[]
  readonly driverVersion: string | null
}

const amdTools = [
  {
    name: 'rocm-smi',
    args: [
      '--showproductname',
      '--showuniqueid',
      '--showbus',
      '--showmeminfo',
      'vram',
      '--showdriverversion',
      '--json',
    ],
    parse: parseRocmSmi,
  },
  {
    name: 'amd-smi',
    args: ['static', '--asic', '--bus', '--driver', '--vram', '--json'],
    parse: parseAmdSmi,
  },
] as const

/**
 * Reads `rocm-smi --json`: `{card0: {"Card Series": …}, system: {"Driver version": …}}`. Before ROCm 6 the keys
 * were written `Card series`. Undefined when there is no card in it.
 */
function parseRocmSmi(output: string): AmdResult | undefined {
  const sections = findJsonValues(output)
    .filter(isJsonObject)
    .flatMap(document => Object.entries(document))
    .flatMap(([key, section]) => (isJsonObject(section) ? [{ key, section }] : []))
  const cards = new Map<string, Section>()
  for (const { key, section } of sections) {
    if (/^card\d+$/.test(key)) cards.set(key, { ...section, ...cards.get(key) })
  }
  const gpus = [...cards.values()].filter(card => Object.keys(card).length > 0).map(toRocmGpu)
  const driverVersion = sections.map(({ section }) => fieldOf(section, 'driver version'))
  return gpus.length === 0 ? undefined : { gpus, driverVersion: driverVersion.find(isThere) ?? null }
}

type Section = Readonly<Record<string, unknown>>

function fieldOf(section: Section, name: string): string | null {
  return toText(Object.entries(section).find(([key]) => key.toLowerCase() === name)?.[1])
}

function toRocmGpu(card: Section): Gpu {
  const uniqueId = fieldOf(card, 'unique id')
  return {
    vendor: 'amd',
    name: fieldOf(card, 'card series') ?? fieldOf(card, 'device name'),
    memory_mib: toMib(fieldOf(card, 'vram total memory (b)'), 'B'),
    driver: 'amdgpu',
    ...(uniqueId !== null && { uuid: uniqueId }),
    ...toAddress(fieldOf(card, 'pci bus')),
  }
}

/**
 * Reads `amd-smi static --json`: a list of GPUs up to ROCm 6, since then an object with that list. Undefined when there
 * is no GPU in it.
 */
function parseAmdSmi(output: string): AmdResult | undefined {
  const items = findJsonValues(output).flatMap((value): unknown[] => {
    const listed = Array.isArray(value) ? value : valueAt(value, ['gpu_data'])
    // Of output that was cut off, each GPU is found by itself.
    return Array.isArray(listed) ? listed : [value]
  })
  // An item with neither describes an error of its GPU.
  const described = items.filter(item => ['asic', 'bus'].some(part => isJsonObject(valueAt(item, [part]))))
  const numbers = described.map(item => toText(valueAt(item, ['gpu'])))
  const listed = described.filter((_item, index) => {
    const number = numbers[index] ?? null
    return number === null || numbers.indexOf(number) === index
  })
  if (listed.length === 0) return undefined
  const versions = listed.flatMap(item => [
    toText(valueAt(item, ['driver', 'version'])),
    toText(valueAt(item, ['driver', 'driver_version'])),
  ])
  return { gpus: listed.map(toAmdGpu), driverVersion: versions.find(isThere) ?? null }
}

function toAmdGpu(gpu: unknown): Gpu {
  return {
    vendor: 'amd',
    name: toText(valueAt(gpu, ['asic', 'market_name'])),
    memory_mib: toMib(
      toText(valueAt(gpu, ['vram', 'size', 'value'])),
      toText(valueAt(gpu, ['vram', 'size', 'unit'])),
    ),
    driver: 'amdgpu',
    ...toAddress(toText(valueAt(gpu, ['bus', 'bdf']))),
  }
}

function isThere(text: string | null): text is string {
  return text !== null
}

function toText(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? toCleanText(value) : ''
  return text === '' || text === 'N/A' ? null : text
}

/** The tools write MB and mean MiB: an MI300X with 192 GiB is listed with 196592 MB. */
function toMib(amount: string | null, unit: string | null): number | null {
  if (amount === null || !/^\d{1,15}$/.test(amount)) return null
  const mib: Record<string, number> = { B: 2 ** -20, KB: 2 ** -10, MB: 1, GB: 2 ** 10 }
  const name = unit ?? 'MB'
  const factor = Object.hasOwn(mib, name) ? mib[name] : undefined
  return factor === undefined ? null : Math.round(Number(amount) * factor)
}

function toAddress(bus: string | null): { address?: string } {
  const address = bus?.toLowerCase()
  return address !== undefined && /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/.test(address)
    ? { address }
    : {}
}
