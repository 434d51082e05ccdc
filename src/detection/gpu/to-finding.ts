import { toCleanText } from '../../lib/text/text.ts'
import type { Finding } from '../probe.ts'
import { gpuVendors, type VendorReport, type WorkingReport } from './gpu.ts'

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
    version === null ? [`the driver of the ${names[first.vendor]} GPU tells no version`] : []
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
