import { firstLine } from '../../lib/text/text.ts'
import type { ProcessResult } from '../../platform/host.ts'
import type { ProbeContext } from '../probe.ts'
import {
  isExactly,
  isListOf,
  isNullable,
  isNumber,
  isObjectOf,
  isOneOf,
  isOptional,
  isText,
} from '../probe-cache.ts'
import type { Survey } from './survey.ts'

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
  /** What NVIDIA's GPU can do, like `8.9`, where nvidia-smi reports it. */
  readonly compute_capability?: string
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

/** Vendors in the order in which one speaks for the machine. */
export const gpuVendors = ['nvidia', 'amd', 'apple', 'intel'] as const

export type GpuVendor = (typeof gpuVendors)[number]

/** When the kernel shows no devices, an unplugged one is only noticed after this time. */
const unseenTtlMs = 24 * 60 * 60 * 1000

/** What a tool complained about may be over without any sign of it. */
const notedTtlMs = 60 * 60 * 1000

type RememberContext = Pick<ProbeContext, 'cache' | 'host'>

/**
 * The earlier report of a tool, while tool, driver, devices and their MIG instances are the same. A poll
 * may then leave a sleeping GPU alone and still know its name.
 */
export function recallReport(
  query: { tool: GpuTool; survey: Survey; vendor: WorkingReport['vendor'] },
  context: RememberContext,
): WorkingReport | undefined {
  const stored = context.cache.get(toKey(query, context))
  if (!isStored(stored)) return undefined
  const { at, gpus, driverVersion, path, note } = stored
  const age = context.host.clock.now() - at
  const isSeen = query.survey.devices.some(({ vendor }) => vendor === query.vendor)
  if (!isSeen && (age < 0 || age > unseenTtlMs)) return undefined
  if (note !== null && (age < 0 || age > notedTtlMs)) return undefined
  const { vendor } = query
  return { kind: 'working', vendor, gpus, evidence: 'command', path, driverVersion, note }
}

/** Caches the report of a tool. */
export function rememberReport(
  query: { tool: GpuTool; survey: Survey },
  report: WorkingReport,
  context: RememberContext,
): void {
  const { gpus, driverVersion, path, note, vendor } = report
  const at = context.host.clock.now()
  context.cache.set(toKey({ ...query, vendor }, context), { at, gpus, driverVersion, path, note })
}

function toKey(
  { tool, survey, vendor }: { tool: GpuTool; survey: Survey; vendor: string },
  { host }: RememberContext,
): string {
  const devices = survey.devices.map(({ address, deviceId, driver }) => [address, deviceId, driver])
  const { nodes, nvidiaDriver, migInstances } = survey
  const identity = [tool.path, tool.identity, devices, nodes, nvidiaDriver, migInstances]
  return `gpu-${vendor}:${host.sha256(JSON.stringify(identity))}`
}

const isRequiredOfGpu = isObjectOf({
  vendor: isOneOf(...gpuVendors.map(vendor => isExactly(vendor))),
  name: isNullable(isText),
  memory_mib: isNullable(isNumber),
})

const isOptionalOfGpu = isObjectOf({
  unified_memory: isOptional(isExactly(true)),
  driver: isOptional(isText),
  compute_capability: isOptional(isText),
  uuid: isOptional(isText),
  address: isOptional(isText),
  cores: isOptional(isNumber),
  mig: isOptional(isListOf(isObjectOf({ profile: isText, uuid: isText }))),
})

const isGpu = (value: unknown): value is Gpu => isRequiredOfGpu(value) && isOptionalOfGpu(value)

const isStored = isObjectOf({
  at: isNumber,
  gpus: isListOf(isGpu),
  driverVersion: isNullable(isText),
  path: isNullable(isText),
  note: isNullable(isText),
})

/** A vendor's tool, and what changes when it is replaced. */
export interface GpuTool {
  readonly name: string
  readonly path: string
  readonly identity: string
}

/** The tool on PATH, else in the directories where its installer puts it without touching PATH. */
export async function findTool(
  name: string,
  directories: readonly string[],
  { programs, host }: Pick<ProbeContext, 'programs' | 'host'>,
): Promise<GpuTool | undefined> {
  for (const place of [name, ...directories.map(directory => host.path.join(directory, name))]) {
    const { result } = await programs.find(place)
    if (result?.kind === 'found') return { name, path: result.target, identity: result.identity }
  }
  return undefined
}

/**
 * A note about a vendor's tool that did not end well or complained on stderr; null when it did neither. `rest` is what
 * it printed besides its GPUs: with exit code 0 that is no more than a remark.
 */
export function describeEnd(
  name: string,
  result: ProcessResult,
  { rest, timeoutMs }: { rest: string; timeoutMs: number },
): string | null {
  const end = describeOutcome(result, timeoutMs)
  const lines = [end === undefined ? undefined : firstLine(rest), firstLine(result.stderr)]
  const message = [...new Set(lines.filter(line => line !== undefined))].join('; ')
  if (end === undefined) return message === '' ? null : `${name}: ${message}`
  return message === '' ? `${name} ${end}` : `${name} ${end}: ${message}`
}

function describeOutcome(result: ProcessResult, timeoutMs: number): string | undefined {
  if (result.outcome === 'timed-out') return `did not end within ${timeoutMs / 1000} s`
  if (result.outcome === 'aborted') return 'was interrupted'
  if (result.outcome === 'not-started') return `could not be started (${result.error ?? 'no reason given'})`
  if (result.outcome === 'signaled') return `was ended by ${result.signal ?? 'a signal'}`
  if (result.exitCode !== 0) return `ended with exit code ${result.exitCode}`
  return result.truncated ? 'printed more than is read' : undefined
}

/** Whether more might have come: the last thing that it printed may be incomplete. */
export function isCut({ outcome, truncated }: ProcessResult): boolean {
  return outcome !== 'exited' || truncated
}
