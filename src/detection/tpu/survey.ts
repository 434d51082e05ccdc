import type { Host } from '../../platform/host.ts'
import { listNames, readAttribute } from '../kernel-files.ts'

/** One accelerator as it stands in `details.chips`. */
export interface TpuChip {
  readonly type: string
  readonly path: string
}

export interface TpuSurvey {
  readonly chips: readonly TpuChip[]
  /** Device files through which chips are used. */
  readonly nodes: { readonly cloud: readonly string[]; readonly coral: readonly string[] }
}

type TpuHost = Pick<Host, 'fs'>

// The vendor number is Google's, also of its network cards (0x0042), so only known chips count.
// Numbers of jax (jax/_src/hardware_utils.py) and tpu-info (tpu_info/device.py).
const googleVendor = '0x1ae0'
const cloudChips: Record<string, string> = {
  '0x0056': 'plc',
  '0x005e': 'v4',
  '0x0062': 'v5p',
  '0x0063': 'v5e',
  '0x006f': 'v6e',
  '0x0076': 'tpu7x',
}
// TPU v2 and v3 share a number and differ in the subsystem's.
const sharedChip = '0x0027'

/** `lspci -nn` calls it "Global Unichip Corp. Coral Edge TPU [1ac1:089a]". */
const coralPci = ['0x1ac1', '0x089a'] as const
/** A USB Coral has the first number until its firmware is loaded, then the second (coral.ai, "Get started"). */
const coralUsb = ['1a6e:089a', '18d1:9302']

/** The chips that the kernel shows and the device files that are here. */
export async function surveyTpus(host: TpuHost): Promise<TpuSurvey> {
  const [pci, usb, dev, vfio] = await Promise.all([
    surveyBus('/sys/bus/pci/devices', readPciChip, host),
    surveyBus('/sys/bus/usb/devices', readUsbChip, host),
    listNames('/dev', host),
    listNames('/dev/vfio', host),
  ])
  const top = dev ?? []
  return {
    chips: [...pci, ...usb],
    nodes: {
      cloud: [
        ...top.filter(name => /^accel\d+$/.test(name)).map(name => `/dev/${name}`),
        ...(vfio ?? []).filter(name => /^\d+$/.test(name)).map(name => `/dev/vfio/${name}`),
      ],
      coral: top.filter(name => /^apex_\d+$/.test(name)).map(name => `/dev/${name}`),
    },
  }
}

async function surveyBus(
  bus: string,
  read: (path: string, host: TpuHost) => Promise<TpuChip | undefined>,
  host: TpuHost,
): Promise<TpuChip[]> {
  const names = (await listNames(bus, host)) ?? []
  const chips = await Promise.all(names.map(name => read(`${bus}/${name}`, host)))
  return chips.filter(chip => chip !== undefined)
}

function toCloudChip(device: string): string | undefined {
  return Object.hasOwn(cloudChips, device) ? cloudChips[device] : undefined
}

async function readPciChip(path: string, host: TpuHost): Promise<TpuChip | undefined> {
  const vendor = await readAttribute(`${path}/vendor`, host)
  if (vendor !== googleVendor && vendor !== coralPci[0]) return undefined
  const device = await readAttribute(`${path}/device`, host)
  if (vendor === coralPci[0]) return device === coralPci[1] ? { type: 'coral', path } : undefined
  const type = device === sharedChip ? await readSharedType(path, host) : toCloudChip(device ?? '')
  return type === undefined ? undefined : { type, path }
}

async function readSharedType(path: string, host: TpuHost): Promise<string> {
  return (await readAttribute(`${path}/subsystem_device`, host)) === '0x004e' ? 'v2' : 'v3'
}

async function readUsbChip(path: string, host: TpuHost): Promise<TpuChip | undefined> {
  const [vendor, product] = await Promise.all([
    readAttribute(`${path}/idVendor`, host),
    readAttribute(`${path}/idProduct`, host),
  ])
  return coralUsb.includes(`${vendor}:${product}`) ? { type: 'coral-usb', path } : undefined
}
