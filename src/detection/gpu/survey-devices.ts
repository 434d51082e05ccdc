import type { Host } from '../../platform/host.ts'
import { exists, type KernelFiles, listNames, readAttribute } from '../kernel-files.ts'

/** A display device or accelerator as the kernel tells of it. */
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
  /** Runtime power management has switched it off; asking its driver's tools would wake it. */
  readonly isAsleep: boolean
}

// https://pci-ids.ucw.cz. Only these: the adapters of hypervisors and baseboard controllers (virtio 1af4,
// VMware 15ad, QXL 1b36, Bochs 1234, Cirrus 1013, Hyper-V 1414, ASPEED 1a03, Matrox 102b) compute nothing.
const vendors = { '0x10de': 'nvidia', '0x1002': 'amd', '0x8086': 'intel' } as const

// PCI class codes: VGA 0300, 3D controller 0302, other display controller 0380 (laptops' second GPU).
const displayClasses = ['0x0300', '0x0302', '0x0380']
// An AMD Instinct card is a processing accelerator. Intel's of that class are NPUs.
const acceleratorClass = '0x1200'

/** GPUs on the PCI bus; undefined when the bus cannot be looked at. Virtual functions of a card that is here are it. */
export async function surveyDevices(host: DeviceHost): Promise<GpuDevice[] | undefined> {
  const addresses = await listNames('/sys/bus/pci/devices', host)
  if (addresses === undefined) return surveyDrm(host)
  const found = await Promise.all(
    addresses.map(address => readDevice(`/sys/bus/pci/devices/${address}`, address, host)),
  )
  return found.filter(device => device !== undefined)
}

export type DeviceHost = KernelFiles & Pick<Host, 'path'>

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
