import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import { exists, type KernelFiles, listNames, readAttribute, readKernelText } from '../kernel-files.ts'

/** What the kernel shows about GPUs, without a query to a driver and without waking a device. */
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

/** Reads it all; undefined when the kernel does not respond within a second. */
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

/** What the kernel shows of NVIDIA's GPUs. Without a sign of one, or without its files, no tool is started for it. */
interface NvidiaSigns {
  readonly devices: Survey['devices']
  /** Device files. */
  readonly nodes: readonly string[]
  /** There is neither. */
  readonly isMissing: boolean
  /** The device files are not in this container, whatever the machine has. */
  readonly isShutOut: boolean
}

export function findNvidiaSigns({ isReadable, isContainer, ...survey }: Survey): NvidiaSigns {
  const devices = survey.devices.filter(({ vendor }) => vendor === 'nvidia')
  const nodes = survey.nodes.filter(node => /nvidia|nvhost|nvgpu|dxg/.test(node))
  return {
    devices,
    nodes,
    isMissing: isReadable && devices.length === 0 && nodes.length === 0,
    isShutOut: isContainer && isReadable && nodes.length === 0,
  }
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
function parseNvidiaModule(text: string | undefined): string | undefined {
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

/** A display device or accelerator as the kernel shows it. */
export interface GpuDevice {
  readonly vendor: 'nvidia' | 'amd' | 'intel'
  /** PCI address, like `0000:01:00.0`. */
  readonly address: string
  /** Its directory in sysfs. */
  readonly path: string
  /** The vendor's number of the model, `0x2684`. */
  readonly deviceId: string
  /** Driver that is bound to it; undefined when there is none. */
  readonly driver: string | undefined
  /** Runtime power management has switched it off; its driver's tools would wake it. */
  readonly isAsleep: boolean
}

// https://pci-ids.ucw.cz. Only these: the adapters of hypervisors and baseboard controllers (virtio 1af4,
// VMware 15ad, QXL 1b36, Bochs 1234, Cirrus 1013, Hyper-V 1414, ASPEED 1a03, Matrox 102b) compute nothing.
const vendors = { '0x10de': 'nvidia', '0x1002': 'amd', '0x8086': 'intel' } as const

// PCI class codes: VGA 0300, 3D controller 0302, other display controller 0380 (laptops' second GPU).
const displayClasses = ['0x0300', '0x0302', '0x0380']
// An AMD Instinct card is a processing accelerator. Intel's of that class are NPUs.
const acceleratorClass = '0x1200'

/** GPUs on the PCI bus; undefined when the bus cannot be read. Virtual functions of a card that is here are it. */
async function surveyDevices(host: DeviceHost): Promise<GpuDevice[] | undefined> {
  const addresses = await listNames('/sys/bus/pci/devices', host)
  if (addresses === undefined) return surveyDrm(host)
  const found = await Promise.all(
    addresses.map(address => readDevice(`/sys/bus/pci/devices/${address}`, address, host)),
  )
  return found.filter(device => device !== undefined)
}

type DeviceHost = KernelFiles & Pick<Host, 'path'>

/** Some containers show no bus, but the cards of the graphics system. */
async function surveyDrm(host: DeviceHost): Promise<GpuDevice[] | undefined> {
  const cards = (await listNames('/sys/class/drm', host))?.filter(name => /^card\d+$/.test(name))
  if (cards === undefined) return undefined
  const found = await Promise.all(
    cards.map(async card => {
      const path = `/sys/class/drm/${card}/device`
      const real = await host.fs.realPath(path).catch(() => path)
      return readDevice(path, host.path.basename(real), host)
    }),
  )
  return found.filter(device => device !== undefined)
}

async function readDevice(path: string, address: string, host: DeviceHost): Promise<GpuDevice | undefined> {
  const vendorId = await readAttribute(`${path}/vendor`, host)
  const vendor = Object.entries(vendors).find(([id]) => id === vendorId)?.[1]
  if (vendor === undefined || !isGpuClass(vendor, await readAttribute(`${path}/class`, host)))
    return undefined
  if (await exists(`${path}/physfn`, host)) return undefined
  const driver = await host.fs.realPath(`${path}/driver`).catch(() => undefined)
  return {
    vendor,
    address,
    path,
    deviceId: (await readAttribute(`${path}/device`, host)) ?? 'unknown',
    driver: driver && host.path.basename(driver),
    isAsleep: (await readAttribute(`${path}/power/runtime_status`, host)) === 'suspended',
  }
}

function isGpuClass(vendor: GpuDevice['vendor'], code: string | undefined): boolean {
  if (code === undefined) return false
  const isDisplay = displayClasses.some(prefix => code.startsWith(prefix))
  return isDisplay || (vendor !== 'intel' && code.startsWith(acceleratorClass))
}
