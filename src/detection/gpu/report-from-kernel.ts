import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import { readAttribute, readKernelText } from '../kernel-files.ts'
import { type GpuDevice, isJetson, type Survey } from './survey.ts'
import type { Gpu, VendorReport } from './vendor-report.ts'

type KernelHost = Pick<Host, 'fs'>

/** The report on one vendor's GPUs by the kernel alone; undefined when it shows none. */
export async function reportFromKernel(
  vendor: GpuDevice['vendor'],
  survey: Survey,
  host: KernelHost,
): Promise<VendorReport | undefined> {
  const own = survey.devices.filter(device => device.vendor === vendor)
  if (own.length === 0) return vendor === 'nvidia' ? reportFromNodes(survey) : undefined
  const described = await Promise.all(own.map(device => describeDevice(device, survey, host)))
  const devices = own.filter((_device, index) => described[index] !== undefined)
  const gpus = described.filter(gpu => gpu !== undefined)
  const [path] = devices.filter(({ driver }) => driver !== undefined).map(device => device.path)
  const idle = devices.filter(({ driver }) => driver === undefined).map(({ address }) => address)
  const note = idle.length === 0 ? null : `no driver is loaded for the GPU at ${idle.join(', ')}`
  if (path === undefined) return { kind: 'broken', vendor, gpus, reason: note ?? 'no driver is loaded' }
  const driven = gpus.filter(({ driver }) => driver !== undefined)
  const driverVersion = await readDriverVersion(vendor, survey, host)
  return { kind: 'working', vendor, gpus: driven, evidence: 'sysfs', path, driverVersion, note }
}

// Sandboxes and Jetsons show device files, but no PCI device.
function reportFromNodes(survey: Survey): VendorReport | undefined {
  const { nodes, nvidiaDriver } = survey
  const found = nodes.filter(node => /^\/dev\/nvidia\d+$/.test(node))
  const nvgpu = isJetson(survey) ? nodes.find(node => /nvgpu|nvhost/.test(node)) : undefined
  const path = nvgpu ?? found[0]
  if (path === undefined) return undefined
  // A Jetson has one GPU, and its /dev/nvidia0 is of the same, for displays.
  const gpu: Gpu = { vendor: 'nvidia', name: null, memory_mib: null }
  const gpus = nvgpu === undefined ? found.map(() => gpu) : [{ ...gpu, unified_memory: true as const }]
  const driverVersion = nvidiaDriver ?? null
  return { kind: 'working', vendor: 'nvidia', gpus, evidence: 'sysfs', path, driverVersion, note: null }
}

/** Undefined when the device file is not in this container: of eight GPUs, it may have been given one. */
async function describeDevice(
  device: GpuDevice,
  { isContainer, nodes }: Survey,
  host: KernelHost,
): Promise<Gpu | undefined> {
  const facts = device.isAsleep && device.vendor === 'nvidia' ? undefined : await readFacts(device, host)
  const node = facts?.minor === undefined ? undefined : `/dev/nvidia${facts.minor}`
  if (isContainer && node !== undefined && !nodes.includes(node)) return undefined
  return {
    vendor: device.vendor,
    name: facts?.name ?? null,
    memory_mib: facts?.memoryMib ?? null,
    ...(device.driver !== undefined && { driver: device.driver }),
    ...(facts?.uuid !== undefined && { uuid: facts.uuid }),
    address: device.address,
    ...(device.isAsleep && { asleep: true as const }),
  }
}

interface Facts {
  /** Number of the device file. */
  readonly minor?: string | undefined
  readonly name?: string | undefined
  readonly uuid?: string | undefined
  readonly memoryMib?: number | undefined
}

async function readFacts(device: GpuDevice, host: KernelHost): Promise<Facts> {
  if (device.vendor === 'nvidia') {
    const text = await readKernelText(`/proc/driver/nvidia/gpus/${device.address}/information`, host)
    return parseNvidiaInformation(text ?? '')
  }
  if (device.vendor === 'intel') return {}
  const [name, bytes] = await Promise.all([
    readAttribute(`${device.path}/product_name`, host),
    readAttribute(`${device.path}/mem_info_vram_total`, host),
  ])
  const memoryMib =
    bytes !== undefined && /^\d{1,15}$/.test(bytes) ? Math.round(Number(bytes) / 2 ** 20) : undefined
  return { name: name && toCleanText(name), memoryMib }
}

/** `Model: \t\t NVIDIA A100-SXM4-40GB`, `GPU UUID: \t GPU-…`; `?` means not known yet. */
function parseNvidiaInformation(text: string): Facts {
  const field = (name: string) =>
    text
      .split('\n')
      .find(line => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
  const known = (value: string | undefined) => {
    const clean = toCleanText(value ?? '')
    return clean === '' || clean === 'Unknown' || clean.includes('??') ? undefined : clean
  }
  return { name: known(field('Model')), uuid: known(field('GPU UUID')), minor: known(field('Device Minor')) }
}

// Only a driver that is built outside of the kernel has a version of its own.
async function readDriverVersion(
  vendor: GpuDevice['vendor'],
  survey: Survey,
  host: KernelHost,
): Promise<string | null> {
  if (vendor === 'nvidia') return survey.nvidiaDriver ?? null
  const module = vendor === 'amd' ? 'amdgpu' : 'i915'
  const version = await readAttribute(`/sys/module/${module}/version`, host)
  return version === undefined ? null : toCleanText(version)
}
