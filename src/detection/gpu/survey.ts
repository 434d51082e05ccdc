import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import { exists, type KernelFiles, listNames, readKernelText } from '../kernel-files.ts'
import { type GpuDevice, surveyDevices } from './survey-devices.ts'

/** What the kernel shows of GPUs, without asking a driver and without waking anything. */
export interface Survey {
  /** Whether the kernel shows its devices at all: not outside Linux, and not in every sandbox. */
  readonly isReadable: boolean
  readonly devices: readonly GpuDevice[]
  /** Devices that are set aside for virtual machines. */
  readonly reserved: readonly GpuDevice[]
  readonly isContainer: boolean
  /** Device files of GPUs: `/dev/nvidia0`, `/dev/dri/renderD128`, `/dev/kfd`, … */
  readonly nodes: readonly string[]
  /** Version of the NVIDIA kernel module that is loaded. */
  readonly nvidiaDriver: string | undefined
  /** GPU instances of MIG mode, by the files that guard them. */
  readonly migInstances: readonly string[]
}

type SurveyHost = KernelFiles & Pick<Host, 'path' | 'platform' | 'env' | 'clock'>

const reservingDrivers = ['vfio-pci', 'pci-stub', 'xen-pciback']

/** Reads it all; undefined when the kernel does not answer within a second. */
export async function takeSurvey(host: SurveyHost): Promise<Survey | undefined> {
  const done = new AbortController()
  const deadline = host.clock.sleep(limits.directoryTimeoutMs, done.signal).then(
    () => undefined,
    () => undefined,
  )
  const survey = await Promise.race([readSurvey(host), deadline])
  done.abort()
  return survey
}

async function readSurvey(host: SurveyHost): Promise<Survey> {
  if (host.platform !== 'linux') return unreadable
  const [devices, nodes, nvidiaVersion, migInstances, isContainer] = await Promise.all([
    surveyDevices(host),
    listNodes(host),
    readKernelText('/proc/driver/nvidia/version', host),
    listMigInstances(host),
    detectContainer(host),
  ])
  const isReserved = ({ driver }: GpuDevice) => driver !== undefined && reservingDrivers.includes(driver)
  return {
    isReadable: devices !== undefined,
    devices: devices?.filter(device => !isReserved(device)) ?? [],
    reserved: devices?.filter(isReserved) ?? [],
    isContainer,
    nodes,
    nvidiaDriver: parseNvidiaModule(nvidiaVersion),
    migInstances,
  }
}

const unreadable: Survey = {
  isReadable: false,
  devices: [],
  reserved: [],
  isContainer: false,
  nodes: [],
  nvidiaDriver: undefined,
  migInstances: [],
}

// /dev/dxg is the GPU of WSL; nvgpu's files are those of a Jetson, whose GPU is on no PCI bus.
const nodePattern = /^(?:nvidia\d+|dxg|nvhost-(?:ctrl-|as-)?gpu|nvgpu|kfd)$/
const jetsonNode = /^\/dev\/(?:nvhost-|nvgpu)/

/** Whether the only NVIDIA GPU that the kernel shows is that of a Jetson, whose driver is nvgpu. */
export function isJetson({ devices, nodes }: Survey): boolean {
  return devices.every(({ vendor }) => vendor !== 'nvidia') && nodes.some(node => jetsonNode.test(node))
}

async function listNodes(host: SurveyHost): Promise<string[]> {
  const [top = [], dri = []] = await Promise.all([listNames('/dev', host), listNames('/dev/dri', host)])
  return [
    ...top.filter(name => nodePattern.test(name)).map(name => `/dev/${name}`),
    ...dri.filter(name => /^(?:card|renderD)\d+$/.test(name)).map(name => `/dev/dri/${name}`),
  ]
}

/**
 * `NVRM version: NVIDIA UNIX x86_64 Kernel Module  515.65.01  Wed Mar 16 …`, or since the open modules
 * `NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  555.42.06  Release Build  (…)`.
 */
export function parseNvidiaModule(text: string | undefined): string | undefined {
  return /Kernel Module(?:\s+for\s+\S+)?\s+(\d+(?:\.\d+)+)/.exec(text ?? '')?.[1]
}

// NVIDIA MIG user guide, "/proc based nvidia-capabilities".
async function listMigInstances(host: SurveyHost): Promise<string[]> {
  const root = '/proc/driver/nvidia/capabilities'
  const gpus = (await listNames(root, host))?.filter(name => /^gpu\d+$/.test(name)) ?? []
  const instances = await Promise.all(
    gpus.map(async gpu =>
      ((await listNames(`${root}/${gpu}/mig`, host)) ?? []).map(name => `${gpu}/${name}`),
    ),
  )
  return instances.flat()
}

async function detectContainer(host: SurveyHost): Promise<boolean> {
  // systemd, podman and LXC set `container`; Docker and podman leave a file.
  if (host.env.container || host.env.KUBERNETES_SERVICE_HOST) return true
  return (await exists('/.dockerenv', host)) || exists('/run/.containerenv', host)
}
