import * as z from 'zod'
import type { ProbeContext } from '../../core/probe.ts'
import type { Tool } from './find-tool.ts'
import { type Gpu, gpuVendors, type WorkingReport } from './gpu.ts'
import type { Survey } from './survey.ts'

const gpuSchema = z.object({
  vendor: z.enum(gpuVendors),
  name: z.string().nullable(),
  memory_mib: z.number().nullable(),
  unified_memory: z.literal(true).optional(),
  driver: z.string().optional(),
  uuid: z.string().optional(),
  address: z.string().optional(),
  cores: z.number().optional(),
  mig: z.array(z.object({ profile: z.string(), uuid: z.string() })).optional(),
})

const storedSchema = z.object({
  at: z.number(),
  gpus: z.array(gpuSchema),
  driverVersion: z.string().nullable(),
  path: z.string().nullable(),
})

/** Where the kernel shows no devices, only time can tell that one was unplugged. */
const unseenTtlMs = 24 * 60 * 60 * 1000

type RememberContext = Pick<ProbeContext, 'cache' | 'host'>

/**
 * What the tool said earlier, as long as tool, driver, devices and their MIG instances are the same. A poll
 * may then leave a sleeping GPU alone and still know its name.
 */
export function recallReport(
  question: { tool: Tool; survey: Survey; vendor: WorkingReport['vendor'] },
  context: RememberContext,
): WorkingReport | undefined {
  const stored = storedSchema.safeParse(context.cache.get(toKey(question, context)))
  if (!stored.success) return undefined
  const { at, gpus, driverVersion, path } = stored.data
  const age = context.host.clock.now() - at
  const isSeen = question.survey.devices.some(({ vendor }) => vendor === question.vendor)
  if (!isSeen && (age < 0 || age > unseenTtlMs)) return undefined
  const { vendor } = question
  // JSON leaves out what is undefined, and so does a type that is exact about it.
  const exact: Gpu[] = gpus.map(gpu => JSON.parse(JSON.stringify(gpu)))
  return { kind: 'working', vendor, gpus: exact, evidence: 'command', path, driverVersion, note: null }
}

/** Keeps what the tool said. */
export function rememberReport(
  question: { tool: Tool; survey: Survey },
  report: WorkingReport,
  context: RememberContext,
): void {
  const { gpus, driverVersion, path, vendor } = report
  const at = context.host.clock.now()
  context.cache.set(toKey({ ...question, vendor }, context), { at, gpus, driverVersion, path })
}

function toKey(
  { tool, survey, vendor }: { tool: Tool; survey: Survey; vendor: string },
  { host }: RememberContext,
): string {
  const devices = survey.devices.map(({ address, deviceId, driver }) => [address, deviceId, driver])
  const { nodes, nvidiaDriver, migInstances } = survey
  const identity = [tool.path, tool.identity, devices, nodes, nvidiaDriver, migInstances]
  return `gpu-${vendor}:${host.sha256(JSON.stringify(identity))}`
}
