import type { ProbeContext } from '../../core/probe.ts'
import { type AmdAnswer, amdTools } from './amd-tools.ts'
import { findTool, type Tool } from './find-tool.ts'
import type { Gpu, VendorReport, WorkingReport } from './gpu.ts'
import { recallReport, rememberReport } from './remember-report.ts'
import { reportFromKernel } from './report-from-kernel.ts'
import type { Survey } from './survey.ts'

const vendor = 'amd'
// ROCm installs beside PATH (ROCm installation guide, "post-installation").
const toolDirectories = ['/opt/rocm/bin']

/** AMD's GPUs: the kernel says which there are, rocm-smi or amd-smi adds names. */
export async function reportAmd(
  survey: Survey,
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport | undefined> {
  const fromKernel = await reportFromKernel(vendor, survey, context.host)
  if (fromKernel?.kind !== 'working') return fromKernel
  const isAsleep = fromKernel.gpus.some(({ asleep }) => asleep)
  for (const { name, args, parse } of amdTools) {
    const tool = await findTool(name, toolDirectories, context)
    if (tool === undefined) continue
    const recalled = recallReport({ tool, survey, vendor }, context)
    if (recalled) return recalled
    if (context.mode === 'quick' || isAsleep) continue
    const result = await context.run([tool.path, ...args], { timeoutMs })
    if (result.outcome === 'timed-out') return toStuck(name, timeoutMs, fromKernel)
    const answer = parse(result.stdout)
    if (answer === undefined) continue
    const report = toReport(answer, tool, fromKernel)
    rememberReport({ tool, survey }, report, context)
    return report
  }
  return fromKernel
}

function toStuck(name: string, timeoutMs: number, { gpus }: WorkingReport): VendorReport {
  const reason = `${name} did not answer within ${timeoutMs / 1000} s: the AMD driver may be stuck`
  return { kind: 'unknown', vendor, gpus, reason }
}

function toReport({ gpus, driverVersion }: AmdAnswer, tool: Tool, fromKernel: WorkingReport): WorkingReport {
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
