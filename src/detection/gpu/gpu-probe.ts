import { limits } from '../../lib/limits.ts'
import { toCleanText } from '../../lib/text/text.ts'
import { type Finding, type Probe, type ProbeContext, type ProgramFinder, toBareFinding } from '../probe.ts'
import { reportAmd } from './amd.ts'
import { reportNvidia } from './nvidia.ts'
import { reportFromKernel } from './report-from-kernel.ts'
import { reportMac } from './report-mac.ts'
import { type Survey, takeSurvey } from './survey.ts'
import { findTool, gpuVendors, type VendorReport, type WorkingReport } from './vendor-report.ts'

/**
 * Detects GPUs: first by the kernel's files, which starts no process and wakes no device, then by the tools of the vendors
 * that it finds. Details: `type`, `count` and `gpus`.
 */
export const gpuProbe: Probe = {
  kind: 'gpu',
  detect: async ({ timeoutMs }, context) => {
    const found = gatherReports({ context, timeoutMs })
    memory.set(context.programs, found)
    const gpus = await found
    if (gpus === undefined) {
      return toBareFinding('unknown', 'the kernel did not list its GPUs within 1 s: a driver may be stuck')
    }
    return toFinding(gpus.reports, await describeAbsence(gpus.survey, context))
  },
}

/** What was found of the GPUs of this machine. */
export interface GpuReports {
  readonly survey: Survey
  /** One for each vendor whose GPUs show in any way. */
  readonly reports: readonly VendorReport[]
}

// One finder serves one detection, whose targets may each see a context of their own.
const memory = new WeakMap<ProgramFinder, Promise<GpuReports | undefined>>()

/**
 * The GPUs as this detection finds them. Where it detects none, what earlier detections and the kernel's files say: no
 * process is started. Undefined when the kernel does not respond.
 */
export function recallGpus(context: ProbeContext): Promise<GpuReports | undefined> {
  const found =
    memory.get(context.programs) ??
    gatherReports({ context: { ...context, mode: 'quick' }, timeoutMs: limits.probeTimeoutMs })
  memory.set(context.programs, found)
  return found
}

async function gatherReports(options: {
  context: ProbeContext
  timeoutMs: number
}): Promise<GpuReports | undefined> {
  const survey = await takeSurvey(options.context.host)
  if (survey === undefined) return undefined
  return { survey, reports: await reportVendors(survey, options) }
}

async function reportVendors(
  survey: Survey,
  options: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport[]> {
  if (options.context.host.platform === 'darwin') return reportMac(survey, options)
  const visible = hideUnreachable(survey)
  const reports = await Promise.all([
    reportNvidia(survey, options),
    reportAmd(visible, options),
    reportFromKernel('intel', visible, options.context.host),
    reportHidden(survey),
  ])
  return reports.flat().filter(report => report !== undefined)
}

// A container sees every device of the machine in sysfs, but can only use those whose device files it was given.
function hideUnreachable(survey: Survey): Survey {
  const isReachable = survey.nodes.some(node => node.startsWith('/dev/dri/') || node === '/dev/kfd')
  if (!survey.isContainer || isReachable) return survey
  return { ...survey, devices: survey.devices.filter(({ vendor }) => vendor === 'nvidia') }
}

function reportHidden(survey: Survey): VendorReport[] {
  const visible = hideUnreachable(survey)
  const hidden = survey.devices.filter(device => !visible.devices.includes(device))
  return (['amd', 'intel'] as const)
    .filter(vendor => hidden.some(device => device.vendor === vendor))
    .map(vendor => {
      const reason = `this machine has an ${names[vendor]} GPU, but its device files (/dev/dri) are not in this container`
      return { kind: 'absent', vendor, gpus: [], reason }
    })
}

async function describeAbsence(survey: Survey, context: ProbeContext): Promise<string> {
  const [device] = survey.reserved
  if (device !== undefined)
    return `the GPU at ${device.address} is set aside for virtual machines (${device.driver})`
  if (survey.nodes.includes('/dev/dxg'))
    return 'Windows shares a GPU with this WSL (/dev/dxg), but no tool reports it'
  const tool = await findTool('nvidia-smi', [], context)
  if (tool !== undefined) return 'nvidia-smi is installed, but there is no NVIDIA GPU'
  return survey.isReadable ? 'there is no GPU' : 'there is no tool that reports GPUs'
}

/**
 * One finding for all vendors: present as soon as one works, and then the first vendor in order speaks for the
 * machine. `details.count` counts the GPUs that work.
 */
function toFinding(reports: readonly VendorReport[], absence: string): Finding {
  const ordered = gpuVendors.flatMap(vendor => reports.filter(report => report.vendor === vendor))
  const working = ordered.filter(report => report.kind === 'working')
  const [first] = working
  if (first !== undefined) return toPresent(first, { working, ordered })
  const kinds = ordered.map(({ kind }) => kind)
  const status = (['unknown', 'broken'] as const).find(kind => kinds.includes(kind)) ?? 'absent'
  const reasons = ordered.flatMap(report => ('reason' in report ? [report.reason] : []))
  const gpus = ordered.flatMap(report => report.gpus)
  const finding = toBareFinding(status, toCleanText(reasons.join('; ') || absence))
  return { ...finding, ...(gpus.length > 0 && { details: { gpus } }) }
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

const names = { nvidia: 'NVIDIA', amd: 'AMD', apple: 'Apple', intel: 'Intel' } as const

function parseDriverVersion(raw: string): string | null {
  return /\d+(?:\.\d+)+/.exec(raw)?.[0] ?? null
}
