import type { Survey } from '../../../detection/gpu/survey.ts'
import { readAttribute } from '../../../detection/kernel-files.ts'
import type { RunCommand } from '../../../detection/probe.ts'
import { firstLine, toCleanText } from '../../../lib/text/text.ts'
import type { Host } from '../../../platform/host.ts'

/** How much of GPUs is in use: shares from 0 to 1. What is missing is explained by `reason`, a sentence. */
export interface GpuUsage {
  readonly busy?: number | undefined
  readonly memory?: number | undefined
  /** Memory in all, in some unit, to weigh the share with. */
  readonly memorySize?: number | undefined
  readonly reason?: string | undefined
}

/** The driver may take a second to wake where nothing keeps it loaded. */
const timeoutMs = 3000

// `nvidia-smi --help-query-gpu`: per cent of the last sample period, and MiB.
const query = ['--query-gpu=utilization.gpu,memory.used,memory.total', '--format=csv,noheader,nounits']

/** Asks nvidia-smi once for all of its GPUs. */
export async function readNvidiaUsage(path: string, run: RunCommand): Promise<GpuUsage[]> {
  const result = await run([path, ...query], { timeoutMs })
  // Rows count whatever the exit code is: it may tell of another GPU that is lost.
  const usages = result.stdout.split(/\r?\n/).flatMap(toNvidiaUsage)
  if (usages.length > 0) return usages
  if (result.outcome === 'timed-out')
    return [{ reason: `nvidia-smi did not answer within ${timeoutMs / 1000} s` }]
  const said = firstLine(result.stdout) ?? firstLine(result.stderr)
  return [{ reason: said === undefined ? 'nvidia-smi tells nothing' : `nvidia-smi: ${said}` }]
}

// `37, 1024, 81920`; `[N/A]` and the like stand for what a GPU does not tell, as one whose memory is shared.
function toNvidiaUsage(line: string): GpuUsage[] {
  const cells = line.split(',').map(cell => toCleanText(cell).replace(/ ?(?:%|MiB)$/, ''))
  if (cells.length !== 3 || !cells.every(cell => /^(?:\d{1,9}|N\/A|ERR!|\[.*\])$/.test(cell))) return []
  const [busy, used, size] = cells.map(cell => (/^\d/.test(cell) ? Number(cell) : undefined))
  const reason = 'nvidia-smi does not tell it of this GPU'
  return [{ busy: busy === undefined ? undefined : toLimited(busy / 100), ...toMemory(used, size), reason }]
}

/**
 * Reads AMD's from the kernel's files (kernel documentation, "GPU Driver Developer's Guide", amdgpu: `gpu_busy_percent`,
 * `mem_info_vram_used`, `mem_info_vram_total`), which starts nothing.
 */
export async function readAmdUsage({ devices }: Survey, host: Pick<Host, 'fs'>): Promise<GpuUsage[]> {
  const own = devices.filter(({ vendor }) => vendor === 'amd')
  return Promise.all(
    own.map(async ({ path, isAsleep }): Promise<GpuUsage> => {
      if (isAsleep) return { reason: 'its AMD GPU is asleep, and not woken' }
      const [busy, used, size] = await Promise.all(
        ['gpu_busy_percent', 'mem_info_vram_used', 'mem_info_vram_total'].map(async name => {
          const text = await readAttribute(`${path}/${name}`, host)
          return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
        }),
      )
      const reason = 'the driver of its AMD GPU does not tell'
      return { busy: busy === undefined ? undefined : toLimited(busy / 100), ...toMemory(used, size), reason }
    }),
  )
}

function toMemory(used: number | undefined, size: number | undefined): GpuUsage {
  if (used === undefined || size === undefined || size === 0) return {}
  return { memory: toLimited(used / size), memorySize: size }
}

function toLimited(share: number): number {
  return Math.min(1, share)
}

/** All GPUs as one: how busy they are on average, and what is taken of all their memory. */
export function sumUsages(usages: readonly GpuUsage[], { devices }: Survey): GpuUsage {
  const busy = usages.flatMap(usage => usage.busy ?? [])
  const memory = usages.flatMap(({ memory: share, memorySize }) =>
    share === undefined || memorySize === undefined ? [] : [{ share, size: memorySize }],
  )
  const size = sum(memory.map(each => each.size))
  const silent = devices.some(({ vendor }) => vendor === 'intel') ? 'its Intel GPU does not tell' : undefined
  return {
    busy: busy.length === 0 ? undefined : sum(busy) / busy.length,
    memory: size === 0 ? undefined : sum(memory.map(each => each.share * each.size)) / size,
    reason: usages.find(({ reason }) => reason !== undefined)?.reason ?? silent ?? 'there is no GPU',
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
