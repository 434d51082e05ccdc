import { firstLine } from '../../lib/text/text.ts'
import type { ProcessResult } from '../../platform/host.ts'
import type { ProbeContext } from '../probe.ts'
import {
  type NvidiaResult,
  type NvidiaRow,
  nvidiaFieldSets,
  parseMigDevices,
  parseNvidiaRows,
} from './nvidia-smi.ts'
import { reportFromKernel } from './report-from-kernel.ts'
import { findNvidiaSigns, isJetson, type Survey } from './survey.ts'
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

const vendor = 'nvidia'
// WSL keeps the tool of the Windows driver here (CUDA on WSL user guide).
const toolDirectories = ['/usr/lib/wsl/lib']

/** NVIDIA's GPUs: nvidia-smi where something speaks for a GPU, else what the kernel shows. */
export async function reportNvidia(
  survey: Survey,
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport | undefined> {
  const { devices, isMissing, isShutOut } = findNvidiaSigns(survey)
  // Without any sign of a device the tool has nothing to report, so it is not started at every sync.
  if (isMissing) return undefined
  if (isShutOut) {
    const reason =
      'this machine has an NVIDIA GPU, but its device files (/dev/nvidia*) are not in this container'
    return { kind: 'absent', vendor, gpus: [], reason }
  }
  const fromKernel = await reportFromKernel(vendor, survey, context.host)
  const tool = await findTool('nvidia-smi', toolDirectories, context)
  if (tool === undefined) return fromKernel
  const recalled = recallReport({ tool, survey, vendor }, context)
  if (recalled) return recalled
  if (devices.some(({ isAsleep }) => isAsleep)) return fromKernel
  if (context.mode === 'quick') return fromKernel ?? toUnasked()
  return runTool({ tool, survey, fromKernel }, { context, timeoutMs })
}

function toUnasked(): VendorReport {
  return { kind: 'unknown', vendor, gpus: [], reason: 'nvidia-smi is not queried in a quick sync' }
}

interface ToolQuery {
  readonly tool: GpuTool
  readonly survey: Survey
  readonly fromKernel: VendorReport | undefined
}

async function runTool(
  request: ToolQuery,
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<VendorReport | undefined> {
  const { tool, survey, fromKernel } = request
  const { result, parsed } = await queryKnownFields(tool, { context, timeoutMs })
  if (parsed.rows.length === 0) return explainFailure(result, parsed, { timeoutMs, survey, fromKernel })
  // Once is enough to wait for a driver that is stuck.
  const mig = isCut(result) ? new Map() : await listMig(parsed.rows, { tool, context, timeoutMs })
  const end = describeEnd('nvidia-smi', result, { rest: parsed.rest, timeoutMs })
  const note = [...parsed.losses, ...(end === null ? [] : [end])].join('; ') || null
  const known = toReport(parsed, tool, mig)
  const driverVersion = known.driverVersion ?? survey.nvidiaDriver ?? null
  const report = { ...known, driverVersion, note }
  if (!isCut(result) && result.exitCode === 0 && parsed.losses.length === 0)
    rememberReport({ tool, survey }, report, context)
  return report
}

/** Queries all fields; those that the driver does not know are left out of the next query. */
async function queryKnownFields(
  tool: GpuTool,
  { context, timeoutMs }: { context: ProbeContext; timeoutMs: number },
): Promise<{ result: ProcessResult; parsed: NvidiaResult }> {
  const query = async (fields: (typeof nvidiaFieldSets)[number]) => {
    const argv = [tool.path, `--query-gpu=${fields.join(',')}`, '--format=csv,noheader,nounits'] as const
    const result = await context.run(argv, { timeoutMs })
    return { result, parsed: parseNvidiaRows(result.stdout, fields, isCut(result)) }
  }
  const [all = [], ...others] = nvidiaFieldSets
  let last = await query(all)
  for (const fields of others) {
    const { result, parsed } = last
    const unknown = /Field "([^"]*)" is not a valid field/.exec(parsed.rest)?.[1]
    if (parsed.rows.length > 0 || (result.exitCode !== 2 && unknown === undefined)) break
    if (fields.some(field => field === unknown)) continue
    last = await query(fields)
  }
  return last
}

async function listMig(
  rows: readonly NvidiaRow[],
  { tool, context, timeoutMs }: { tool: GpuTool; context: ProbeContext; timeoutMs: number },
): Promise<ReturnType<typeof parseMigDevices>> {
  if (!rows.some(({ isMig }) => isMig)) return new Map()
  return parseMigDevices((await context.run([tool.path, '-L'], { timeoutMs })).stdout)
}

function toReport(
  { rows }: NvidiaResult,
  tool: GpuTool,
  mig: ReturnType<typeof parseMigDevices>,
): WorkingReport {
  const gpus = rows.map(
    ({ gpu, isMig }): Gpu => (isMig ? { ...gpu, mig: mig.get(gpu.uuid ?? '') ?? [] } : gpu),
  )
  const driverVersion = rows.find(row => row.driverVersion !== null)?.driverVersion ?? null
  return { kind: 'working', vendor, gpus, evidence: 'command', path: tool.path, driverVersion, note: null }
}

// Nothing is known of the GPUs but what the kernel shows.
function explainFailure(
  result: ProcessResult,
  { losses, rest }: NvidiaResult,
  {
    timeoutMs,
    survey,
    fromKernel,
  }: { timeoutMs: number; survey: Survey; fromKernel: VendorReport | undefined },
): VendorReport | undefined {
  const gpus = fromKernel?.gpus ?? []
  if (result.outcome === 'timed-out') {
    const reason = `nvidia-smi did not respond within ${timeoutMs / 1000} s: the NVIDIA driver may be stuck`
    return { kind: 'unknown', vendor, gpus, reason }
  }
  if (result.outcome === 'aborted')
    return { kind: 'unknown', vendor, gpus, reason: 'nvidia-smi was interrupted' }
  if (result.outcome === 'not-started') return fromKernel
  const reason = losses.join('; ') || describeFailure(result, rest)
  // The driver of a Jetson's GPU is another one, which nvidia-smi may not know.
  if (fromKernel?.kind === 'working' && isJetson(survey)) return { ...fromKernel, note: reason }
  return { kind: gpus.length === 0 ? 'absent' : 'broken', vendor, gpus, reason }
}

// `nvidia-smi -h`, "RETURN VALUE": 6 a query found nothing, 9 the driver is not loaded, 12 NVML was not found.
function describeFailure(result: ProcessResult, rest: string): string {
  if (result.exitCode === 9) return 'the NVIDIA driver is not loaded'
  if (result.exitCode === 0 || result.exitCode === 6) return 'nvidia-smi finds no GPU that it can use'
  const message = firstLine(rest) ?? firstLine(result.stderr)
  const end =
    result.signal === null ? `ended with exit code ${result.exitCode}` : `was ended by ${result.signal}`
  return message === undefined ? `nvidia-smi ${end}` : `nvidia-smi: ${message}`
}
