import { findJsonValues } from '../../lib/json/json-scanner.ts'
import { valueAt } from '../../lib/json/json-value.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { ProbeContext } from '../probe.ts'
import type { Survey } from './survey.ts'
import {
  describeEnd,
  findTool,
  type Gpu,
  type GpuVendor,
  gpuVendors,
  recallReport,
  rememberReport,
  type VendorReport,
  type WorkingReport,
} from './vendor-report.ts'

/** A Mac Pro with many displays has a long report. */
const maxOutputBytes = 1024 * 1024

/** The GPUs of a Mac, by `system_profiler`. Its report is cached until the system is updated, a day at most. */
export async function reportMac(
  survey: Survey,
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport[]> {
  const tool = await findTool('system_profiler', ['/usr/sbin'], context)
  if (tool === undefined) return [toUnknown('system_profiler was not found')]
  const recalled = gpuVendors.flatMap(vendor => recallReport({ tool, survey, vendor }, context) ?? [])
  if (recalled.length > 0) return recalled
  if (context.mode === 'quick') return [toUnknown('system_profiler is not queried in a quick sync')]
  const result = await context.run([tool.path, 'SPDisplaysDataType', '-json'], { timeoutMs, maxOutputBytes })
  const gpus = parseSystemProfiler(result.stdout)
  if (gpus === undefined && result.outcome === 'timed-out')
    return [toUnknown(`system_profiler did not respond within ${timeoutMs / 1000} s`)]
  const note = describeEnd('system_profiler', result, { rest: '', timeoutMs })
  if (gpus === undefined) {
    const reason = 'system_profiler gave no list of displays'
    return [toUnknown(note === null ? reason : `${reason}; ${note}`)]
  }
  const reports = toReports(gpus, { path: tool.path, note })
  if (result.exitCode === 0) for (const report of reports) rememberReport({ tool, survey }, report, context)
  return reports
}

function toUnknown(reason: string): VendorReport {
  return { kind: 'unknown', vendor: 'apple', gpus: [], reason }
}

function toReports(
  gpus: readonly Gpu[],
  { path, note }: { path: string; note: string | null },
): WorkingReport[] {
  return gpuVendors.flatMap((vendor): WorkingReport[] => {
    const own = gpus.filter(gpu => gpu.vendor === vendor)
    if (own.length === 0) return []
    return [{ kind: 'working', vendor, gpus: own, evidence: 'command', path, driverVersion: null, note }]
  })
}

/** Reads `system_profiler SPDisplaysDataType -json`; undefined when there is no list of displays in it. */
function parseSystemProfiler(output: string): Gpu[] | undefined {
  const lists = findJsonValues(output).map(value => valueAt(value, ['SPDisplaysDataType']))
  return lists.find(list => Array.isArray(list))?.flatMap(toGpu)
}

function toGpu(display: unknown): Gpu[] {
  const field = (name: string) => {
    const value = valueAt(display, [name])
    return typeof value === 'string' || typeof value === 'number' ? toCleanText(String(value)) : ''
  }
  const name = field('sppci_model')
  const vendor = toVendor(`${field('spdisplays_vendor')} ${name}`)
  // A virtual machine's adapter is called "Apple Paravirtual device".
  if (vendor === undefined || /paravirtual/i.test(name)) return []
  const cores = Number(field('sppci_cores'))
  return [
    {
      vendor,
      name: name || null,
      memory_mib: toMib(field('spdisplays_vram')),
      ...(vendor === 'apple' && { unified_memory: true as const }),
      ...(Number.isSafeInteger(cores) && cores > 0 && { cores }),
    },
  ]
}

/** `sppci_vendor_Apple`, `sppci_vendor_intel`, `NVIDIA (0x10de)`, `ATI (0x1002)`, … */
function toVendor(text: string): GpuVendor | undefined {
  if (/apple/i.test(text)) return 'apple'
  if (/nvidia|0x10de/i.test(text)) return 'nvidia'
  if (/\bamd\b|_amd|\bati\b|radeon|0x1002/i.test(text)) return 'amd'
  return /intel|0x8086/i.test(text) ? 'intel' : undefined
}

/** `1536 MB`, `16 GB`. */
function toMib(text: string): number | null {
  const [, amount, unit] = /^(\d{1,9})\s*(MB|GB)$/.exec(text) ?? []
  return amount === undefined ? null : Number(amount) * (unit === 'GB' ? 1024 : 1)
}
