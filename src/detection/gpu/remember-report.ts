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
} from '../shape.ts'
import type { Tool } from './find-tool.ts'
import { type Gpu, gpuVendors, type WorkingReport } from './gpu.ts'
import type { Survey } from './survey.ts'

const isRequiredOfGpu = isObjectOf({
  vendor: isOneOf(...gpuVendors.map(vendor => isExactly(vendor))),
  name: isNullable(isText),
  memory_mib: isNullable(isNumber),
})

const isOptionalOfGpu = isObjectOf({
  unified_memory: isOptional(isExactly(true)),
  driver: isOptional(isText),
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

/** Where the kernel shows no devices, only time can tell that one was unplugged. */
const unseenTtlMs = 24 * 60 * 60 * 1000
/** What a tool complained about may be over without any sign of it. */
const notedTtlMs = 60 * 60 * 1000

type RememberContext = Pick<ProbeContext, 'cache' | 'host'>

/**
 * What the tool said earlier, as long as tool, driver, devices and their MIG instances are the same. A poll
 * may then leave a sleeping GPU alone and still know its name.
 */
export function recallReport(
  question: { tool: Tool; survey: Survey; vendor: WorkingReport['vendor'] },
  context: RememberContext,
): WorkingReport | undefined {
  const stored = context.cache.get(toKey(question, context))
  if (!isStored(stored)) return undefined
  const { at, gpus, driverVersion, path, note } = stored
  const age = context.host.clock.now() - at
  const isSeen = question.survey.devices.some(({ vendor }) => vendor === question.vendor)
  if (!isSeen && (age < 0 || age > unseenTtlMs)) return undefined
  if (note !== null && (age < 0 || age > notedTtlMs)) return undefined
  const { vendor } = question
  return { kind: 'working', vendor, gpus, evidence: 'command', path, driverVersion, note }
}

/** Keeps what the tool said. */
export function rememberReport(
  question: { tool: Tool; survey: Survey },
  report: WorkingReport,
  context: RememberContext,
): void {
  const { gpus, driverVersion, path, note, vendor } = report
  const at = context.host.clock.now()
  context.cache.set(toKey({ ...question, vendor }, context), { at, gpus, driverVersion, path, note })
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
