import type { ProbeContext } from '../probe.ts'
import { type AmdAnswer, amdTools } from './amd-tools.ts'
import { findTool, type Tool } from './find-tool.ts'
import type { Gpu, VendorReport, WorkingReport } from './gpu.ts'
import { recallReport, rememberReport } from './remember-report.ts'
import { reportFromKernel } from './report-from-kernel.ts'
import type { Survey } from './survey.ts'
import { describeEnd, isCut } from './tool-end.ts'

const vendor = 'amd'
// ROCm installs beside PATH (ROCm installation guide, "post-installation").
const toolDirectories = ['/opt/rocm/bin']
/** About 2 KB a GPU, and a card may be split into 64. */
const maxOutputBytes = 1024 * 1024

/** AMD's GPUs: the kernel says which there are, rocm-smi or amd-smi adds names. */
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
    const answer = await askTool(amdTool, { tool, survey, fromKernel }, { context, timeoutMs })
    if (typeof answer !== 'string') return answer
    failures.push(answer)
  }
  return { ...fromKernel, note: joinNotes([fromKernel.note, ...failures]) }
}

/** What a tool says of the GPUs, or why it says nothing. */
async function askTool(
  { name, args, parse }: (typeof amdTools)[number],
  { tool, survey, fromKernel }: { tool: Tool; survey: Survey; fromKernel: WorkingReport },
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport | string> {
  const result = await context.run([tool.path, ...args], { timeoutMs, maxOutputBytes })
  const answer = parse(result.stdout)
  if (answer === undefined && result.outcome === 'timed-out') return toStuck(name, timeoutMs, fromKernel)
  const note = describeEnd(name, result, { rest: withoutJson(result.stdout), timeoutMs })
  if (answer === undefined) return note ?? `${name} lists no GPU`
  const report = { ...toReport(answer, tool, fromKernel), note: joinNotes([fromKernel.note, note]) }
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
