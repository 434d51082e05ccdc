import { firstLine, toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import { createCommandRunner } from '../command-runner.ts'
import { readAttribute } from '../kernel-files.ts'
import { createProgramFinder } from '../programs/program-finder.ts'
import { findNvidiaSigns, isJetson, type Survey, takeSurvey } from './survey.ts'
import { findTool } from './vendor-report.ts'

/** Free memory of GPUs that have their own, in bytes; null when it is not known, with the reason. */
export interface GpuMemory {
  readonly freeBytes: readonly number[] | null
  readonly reason: string | null
}

/** A driver that nothing keeps loaded takes a second to wake. */
const timeoutMs = 2000

/**
 * Reads how much memory of the GPUs is free now: AMD's from the kernel, NVIDIA's by one query of nvidia-smi, only where the
 * kernel shows such a GPU and it is awake. GPUs that share the memory of the processor have none of their own.
 */
export async function readGpuMemory(host: Host): Promise<GpuMemory> {
  if (host.platform === 'darwin') return { freeBytes: [], reason: null }
  const survey = await takeSurvey(host)
  if (survey === undefined) return toUnknown('the kernel did not list its GPUs')
  const [nvidia, amd] = await Promise.all([readNvidiaMemory(survey, host), readAmdMemory(survey, host)])
  if (nvidia.freeBytes === null || amd.freeBytes === null)
    return toUnknown(nvidia.reason ?? amd.reason ?? 'the free memory of the GPU is not known')
  return { freeBytes: [...nvidia.freeBytes, ...amd.freeBytes], reason: null }
}

function toUnknown(reason: string): GpuMemory {
  return { freeBytes: null, reason: toCleanText(reason) }
}

const none: GpuMemory = { freeBytes: [], reason: null }

async function readNvidiaMemory(survey: Survey, host: Host): Promise<GpuMemory> {
  const { devices, nodes, isMissing, isShutOut } = findNvidiaSigns(survey)
  // A container cannot use a GPU without its device files, and a Jetson shares its memory.
  if (isMissing || isShutOut || isJetson(survey)) return none
  if (devices.some(({ isAsleep }) => isAsleep)) return toUnknown('the NVIDIA GPU is asleep, and not woken')
  const tool = await findTool('nvidia-smi', ['/usr/lib/wsl/lib'], {
    programs: createProgramFinder(host),
    host,
  })
  if (tool === undefined) {
    const isNone = devices.length === 0 && nodes.length === 0
    return isNone ? none : toUnknown('there is no nvidia-smi that reports the free memory of the GPU')
  }
  return queryFree(tool.path, host)
}

// `nvidia-smi --help-query-gpu`: MiB. `[N/A]` is a GPU that shares the memory of the processor.
async function queryFree(path: string, host: Host): Promise<GpuMemory> {
  const runner = createCommandRunner(1, host)
  try {
    const argv = [path, '--query-gpu=memory.free,mig.mode.current', '--format=csv,noheader,nounits'] as const
    const { stdout, stderr, outcome } = await runner.run(argv, { timeoutMs })
    const rows = stdout.split(/\r?\n/).flatMap(line => {
      const [, free, mode] = /^\s*(\d{1,9}|\[?N\/A\]?)\s*,\s*([^,]{1,40}?)\s*$/.exec(line) ?? []
      return free === undefined ? [] : [{ free, isMig: mode === 'Enabled' }]
    })
    if (outcome === 'timed-out' || rows.length === 0) {
      const message = firstLine(stdout) ?? firstLine(stderr)
      return toUnknown(`nvidia-smi does not report free memory${message ? `: ${message}` : ''}`)
    }
    if (rows.some(({ isMig }) => isMig))
      return toUnknown('the memory of a GPU in MIG mode is divided among its instances')
    return {
      freeBytes: rows.filter(({ free }) => /^\d/.test(free)).map(({ free }) => Number(free) * 2 ** 20),
      reason: null,
    }
  } finally {
    await runner.dispose()
  }
}

// Kernel documentation, amdgpu: `mem_info_vram_total`, `mem_info_vram_used`, in bytes.
async function readAmdMemory({ devices }: Survey, host: Pick<Host, 'fs'>): Promise<GpuMemory> {
  const own = devices.filter(({ vendor }) => vendor === 'amd')
  const free = await Promise.all(
    own.map(async ({ path, isAsleep }) => {
      if (isAsleep) return undefined
      const [total, used] = await Promise.all(
        ['mem_info_vram_total', 'mem_info_vram_used'].map(async name => {
          const text = await readAttribute(`${path}/${name}`, host)
          return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
        }),
      )
      return total === undefined || used === undefined ? undefined : Math.max(0, total - used)
    }),
  )
  const known = free.filter(bytes => bytes !== undefined)
  if (known.length < own.length) return toUnknown('the free memory of the AMD GPU is not known')
  return { freeBytes: known, reason: null }
}
