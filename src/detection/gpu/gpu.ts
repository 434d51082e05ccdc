import { toCleanText } from '../../lib/text/text.ts'
import type { Finding } from '../probe.ts'

const names = { nvidia: 'NVIDIA', amd: 'AMD', apple: 'Apple', intel: 'Intel' } as const

/**
 * One finding for all vendors: present as soon as one works, and then the first vendor in order speaks for the
 * machine. `details.count` counts the GPUs that work.
 */
export function toFinding(reports: readonly VendorReport[], absence: string): Finding {
  const ordered = gpuVendors.flatMap(vendor => reports.filter(report => report.vendor === vendor))
  const working = ordered.filter(report => report.kind === 'working')
  const [first] = working
  if (first !== undefined) return toPresent(first, { working, ordered })
  const kinds = ordered.map(({ kind }) => kind)
  const status = (['unknown', 'broken'] as const).find(kind => kinds.includes(kind)) ?? 'absent'
  const reasons = ordered.flatMap(report => ('reason' in report ? [report.reason] : []))
  const gpus = ordered.flatMap(report => report.gpus)
  return {
    status,
    path: null,
    version: null,
    evidence: null,
    reason: toCleanText(reasons.join('; ') || absence),
    ...(gpus.length > 0 && { details: { gpus } }),
  }
}

function toPresent(
  first: WorkingReport,
  { working, ordered }: { working: readonly WorkingReport[]; ordered: readonly VendorReport[] },
): Finding {
  const gpus = working.flatMap(report => report.gpus)
  const version = first.driverVersion === null ? null : parseDriverVersion(first.driverVersion)
  const others = ordered.flatMap(report => ('reason' in report ? [report.reason] : (report.note ?? [])))
  const unversioned =
    version === null ? [`the driver of the ${names[first.vendor]} GPU reports no version`] : []
  return {
    status: 'present',
    path: first.path,
    version,
    evidence: first.evidence,
    reason: toCleanText([...others, ...unversioned].join('; ')) || null,
    details: {
      type: first.vendor,
      count: gpus.length,
      gpus,
      ...(first.driverVersion !== null && { version_raw: toCleanText(first.driverVersion) }),
    },
  }
}

function parseDriverVersion(raw: string): string | null {
  return /\d+(?:\.\d+)+/.exec(raw)?.[0] ?? null
}

/** Vendors in the order in which one speaks for the machine. */
export const gpuVendors = ['nvidia', 'amd', 'apple', 'intel'] as const

export type GpuVendor = (typeof gpuVendors)[number]

/** One GPU, as in `details.gpus`. Unknown values are null or left out. */
export interface Gpu {
  readonly vendor: GpuVendor
  readonly name: string | null
  /** Memory of its own, in MiB; null when it has none or does not report it. */
  readonly memory_mib: number | null
  /** It shares the memory of the processor. */
  readonly unified_memory?: true
  /** The kernel's driver, like `nvidia` or `i915`. */
  readonly driver?: string
  readonly uuid?: string
  /** PCI address, like `0000:01:00.0`. */
  readonly address?: string
  /** It was asleep and not woken. */
  readonly asleep?: true
  /** Number of GPU cores that Apple reports. */
  readonly cores?: number
  /** Parts of a GPU in MIG mode; each is a device of its own to CUDA. */
  readonly mig?: readonly { readonly profile: string; readonly uuid: string }[]
}

/** What was found of one vendor. */
export type VendorReport =
  | {
      readonly kind: 'working'
      readonly vendor: GpuVendor
      readonly gpus: readonly Gpu[]
      readonly evidence: 'sysfs' | 'command'
      readonly path: string | null
      readonly driverVersion: string | null
      /** What could not be found out, or does not work beside it. */
      readonly note: string | null
    }
  | {
      readonly kind: 'broken' | 'unknown' | 'absent'
      readonly vendor: GpuVendor
      readonly gpus: readonly Gpu[]
      readonly reason: string
    }

export type WorkingReport = Extract<VendorReport, { kind: 'working' }>
