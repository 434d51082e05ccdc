import type { ProbeContext } from '../../core/probe.ts'
import { isListOf, isObjectOf, isOptional, isText, type ShapeOf } from '../../core/shape.ts'
import { toCleanText } from '../../core/text.ts'
import { findTool } from './find-tool.ts'
import { type Gpu, type GpuVendor, gpuVendors, type VendorReport, type WorkingReport } from './gpu.ts'
import { recallReport, rememberReport } from './remember-report.ts'
import type { Survey } from './survey.ts'

const isDisplay = isObjectOf({
  sppci_model: isOptional(isText),
  spdisplays_vendor: isOptional(isText),
  spdisplays_vram: isOptional(isText),
  sppci_cores: isOptional(isText),
})

const isProfile = isObjectOf({ SPDisplaysDataType: isListOf(isDisplay) })

/** The GPUs of a Mac, by `system_profiler`. Its answer holds until the system is updated, a day at most. */
export async function reportMac(
  survey: Survey,
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport[]> {
  const tool = await findTool('system_profiler', ['/usr/sbin'], context)
  if (tool === undefined) return [toUnknown('system_profiler was not found')]
  const recalled = gpuVendors.flatMap(vendor => recallReport({ tool, survey, vendor }, context) ?? [])
  if (recalled.length > 0) return recalled
  if (context.mode === 'quick') return [toUnknown('system_profiler is not asked in a quick sync')]
  const result = await context.run([tool.path, 'SPDisplaysDataType', '-json'], { timeoutMs })
  if (result.outcome === 'timed-out')
    return [toUnknown(`system_profiler did not answer within ${timeoutMs / 1000} s`)]
  const gpus = parseSystemProfiler(result.stdout)
  if (gpus === undefined) return [toUnknown('system_profiler gave no list of displays')]
  const reports = toReports(gpus, tool.path)
  for (const report of reports) rememberReport({ tool, survey }, report, context)
  return reports
}

function toUnknown(reason: string): VendorReport {
  return { kind: 'unknown', vendor: 'apple', gpus: [], reason }
}

function toReports(gpus: readonly Gpu[], path: string): WorkingReport[] {
  return gpuVendors.flatMap((vendor): WorkingReport[] => {
    const own = gpus.filter(gpu => gpu.vendor === vendor)
    if (own.length === 0) return []
    return [
      { kind: 'working', vendor, gpus: own, evidence: 'command', path, driverVersion: null, note: null },
    ]
  })
}

/** Reads `system_profiler SPDisplaysDataType -json`; undefined when it is something else. */
export function parseSystemProfiler(output: string): Gpu[] | undefined {
  const profile = parseJsonText(output)
  return isProfile(profile) ? profile.SPDisplaysDataType.flatMap(toGpu) : undefined
}

function toGpu(display: ShapeOf<typeof isDisplay>): Gpu[] {
  const name = toCleanText(display.sppci_model ?? '')
  const vendor = toVendor(`${display.spdisplays_vendor ?? ''} ${name}`)
  // A virtual machine's adapter is called "Apple Paravirtual device".
  if (vendor === undefined || /paravirtual/i.test(name)) return []
  const cores = Number(display.sppci_cores)
  return [
    {
      vendor,
      name: name || null,
      memory_mib: toMib(display.spdisplays_vram),
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
function toMib(text: string | undefined): number | null {
  const [, amount, unit] = /^(\d{1,9})\s*(MB|GB)$/.exec(text?.trim() ?? '') ?? []
  return amount === undefined ? null : Number(amount) * (unit === 'GB' ? 1024 : 1)
}

function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
