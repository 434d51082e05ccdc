import type { ProbeKind } from '../registry/schema/detectable.ts'
import { commandProbe } from './command.ts'
import { reportAmd } from './gpu/amd.ts'
import { toFinding, type VendorReport } from './gpu/gpu.ts'
import { reportNvidia } from './gpu/nvidia.ts'
import { reportFromKernel } from './gpu/report-from-kernel.ts'
import { reportMac } from './gpu/report-mac.ts'
import { type Survey, takeSurvey } from './gpu/survey.ts'
import { findTool } from './gpu/tools.ts'
import { readCluster, readCurrentContext, toKubeconfigFiles } from './kubernetes/kubernetes.ts'
import { pathProbe, withDetails } from './path.ts'
import type { Finding, Probe, ProbeContext, ProbeTarget, PythonModule } from './probe.ts'
import { type FoundModule, inspectModules } from './python/inspect-modules.ts'
import {
  type InspectionOutcome,
  toBareFinding,
  toFoundFinding,
  toMissingFinding,
} from './python/to-finding.ts'
import { recallImport, verifyImport } from './python/verify-import.ts'
import { surveyTpus, toTpuFinding } from './tpu/tpu.ts'

/**
 * Looks for GPUs: in the kernel's own files first, which start nothing and wake nothing, then by the tools of the
 * vendors that are there. Details: `type`, `count` and `gpus`.
 */
export const gpuProbe: Probe = {
  kind: 'gpu',
  detect: async ({ timeoutMs }, context) => {
    const survey = await takeSurvey(context.host)
    if (survey === undefined) {
      const reason = 'the kernel did not say within 1 s which GPUs there are: a driver may be stuck'
      return { status: 'unknown', path: null, version: null, evidence: null, reason }
    }
    const reports = await reportVendors(survey, { context, timeoutMs })
    return toFinding(reports, await describeAbsence(survey, context))
  },
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
      const name = vendor === 'amd' ? 'AMD' : 'Intel'
      const reason = `this machine has an ${name} GPU, but its device files (/dev/dri) are not in this container`
      return { kind: 'absent', vendor, gpus: [], reason }
    })
}

async function describeAbsence(survey: Survey, context: ProbeContext): Promise<string> {
  const [device] = survey.reserved
  if (device !== undefined)
    return `the GPU at ${device.address} is set aside for virtual machines (${device.driver})`
  if (survey.nodes.includes('/dev/dxg'))
    return 'Windows shares a GPU with this WSL (/dev/dxg), but no tool tells of it'
  const tool = await findTool('nvidia-smi', [], context)
  if (tool !== undefined) return 'nvidia-smi is installed, but there is no NVIDIA GPU'
  return survey.isReadable ? 'there is no GPU' : 'there is no tool that would tell of a GPU'
}

/** Present when kubectl is. The current context is read from kubeconfig, never from running kubectl. */
export const kubernetesProbe: Probe = {
  kind: 'kubernetes',
  detect: async (target, context) => {
    const program = target.program ?? 'kubectl'
    const finding = await pathProbe.detect({ ...target, program }, context)
    if (finding.status !== 'present') return finding
    const files = toKubeconfigFiles(context.host)
    const current = await readCurrentContext(files, context)
    const isAsked = context.mode === 'deep' && current !== undefined
    const cluster = isAsked ? await readCluster(program, files, target, context) : undefined
    return withDetails(finding, { context: current, cluster })
  },
}

/**
 * Looks for a Python module. One start of the interpreter finds all modules of a detection without importing
 * them; each that is there is then imported once in a process of its own.
 */
export const pythonProbe: Probe = {
  kind: 'python',
  detect: async (target, context) =>
    target.module === undefined
      ? toBareFinding('unknown', 'the entry names no Python module')
      : detectModule(target.module, target, context),
}

async function detectModule(
  module: PythonModule,
  target: ProbeTarget,
  context: ProbeContext,
): Promise<Finding> {
  const answer = await inspectModules(module, context)
  if (answer.kind === 'no-python') return toBareFinding('absent', answer.reason)
  if (answer.kind !== 'answered') return toBareFinding('unknown', answer.reason)
  const inspected = answer.inspection.modules.find(({ name }) => name === module.name)
  if (inspected === undefined) return toBareFinding('unknown', `Python was not asked for ${module.name}`)
  if (inspected.state !== 'found') return toMissingFinding(inspected, answer)
  return toFoundFinding(inspected, answer, await evaluateInspection(inspected, answer, { target, context }))
}

async function evaluateInspection(
  module: FoundModule,
  asked: InspectionOutcome,
  { target, context }: { target: ProbeTarget; context: ProbeContext },
) {
  const question = { ...asked, module, timeoutMs: target.timeoutMs }
  const recalled = recallImport(question, context)
  if (recalled) return recalled
  if (context.mode === 'quick') return { kind: 'unverified', reason: null } as const
  if (!target.isTrusted) {
    const why = target.isFromUpstream ? 'its entry came over the network' : 'the registry home is not trusted'
    const reason = `importing ${module.name} was not tried: ${why}`
    return { kind: 'unverified', reason } as const
  }
  return verifyImport(question, context)
}

/**
 * Looks for tensor processing units: chips of a Google Cloud TPU machine, and Coral Edge TPUs. The kernel's files
 * say it all; nothing is started. Details: `type`, `count` and `chips`.
 */
export const tpuProbe: Probe = {
  kind: 'tpu',
  detect: async (_target, { host }) => toTpuFinding(await surveyTpus(host), host.env.TPU_NAME),
}

/** The built-in probes by kind. */
export const probes: Readonly<Record<ProbeKind, Probe>> = {
  path: pathProbe,
  command: commandProbe,
  python: pythonProbe,
  gpu: gpuProbe,
  tpu: tpuProbe,
  kubernetes: kubernetesProbe,
}
