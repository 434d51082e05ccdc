import { toCleanText } from '../../lib/text/text.ts'
import type { Host } from '../../platform/host.ts'
import { listNames, readAttribute } from '../kernel-files.ts'
import { type Finding, type Probe, toBareFinding } from '../probe.ts'

/**
 * Detects tensor processing units: chips of a Google Cloud TPU machine, and Coral Edge TPUs. The kernel's files are enough,
 * and no process is started. Details: `type`, `count` and `chips`.
 */
export const tpuProbe: Probe = {
  kind: 'tpu',
  detect: async (_target, { host }) => toTpuFinding(await surveyTpus(host), host.env.TPU_NAME),
}

/** The finding for what the kernel shows; `name` is the Cloud TPU's own, of `TPU_NAME`. */
function toTpuFinding(survey: TpuSurvey, name: string | undefined): Finding {
  const cloudName = name ? { tpu_name: toCleanText(name) } : {}
  const usable = survey.chips.filter(chip => isUsable(chip, survey))
  const [first] = usable
  if (first === undefined) return toAbsence(survey, cloudName)
  const without = describeWithoutNodes(survey)
  return {
    status: 'present',
    path: first.path,
    version: null,
    evidence: 'sysfs',
    reason: ['a TPU has no version', ...without].join('; '),
    details: { type: first.type, count: usable.length, chips: usable, ...cloudName },
  }
}

function toAbsence(survey: TpuSurvey, cloudName: Record<string, string>): Finding {
  const without = describeWithoutNodes(survey)
  const hint = 'tpu_name' in cloudName ? '; TPU_NAME names one elsewhere' : ''
  const details = { ...(survey.chips.length > 0 && { chips: survey.chips }), ...cloudName }
  const finding =
    without.length > 0
      ? toBareFinding('broken', without.join('; '))
      : toBareFinding('absent', `there is no TPU${hint}`)
  return { ...finding, ...(Object.keys(details).length > 0 && { details }) }
}

/** Each chip of a kind takes one device file: of eight chips, a container may have been given four. */
function isUsable(chip: TpuChip, { chips, nodes }: TpuSurvey): boolean {
  const family = toFamily(chip)
  // A USB stick is used without a device file of its own.
  if (family === 'usb') return true
  return chips.filter(other => toFamily(other) === family).indexOf(chip) < nodes[family].length
}

function toFamily({ type }: TpuChip): 'cloud' | 'coral' | 'usb' {
  if (type === 'coral-usb') return 'usb'
  return type === 'coral' ? 'coral' : 'cloud'
}

function describeWithoutNodes(survey: TpuSurvey): string[] {
  const idle = survey.chips.filter(chip => !isUsable(chip, survey)).map(toFamily)
  return [
    ...(idle.includes('coral')
      ? ['a Coral Edge TPU has no device file (/dev/apex_*): its driver is not loaded']
      : []),
    ...(idle.includes('cloud')
      ? [
          'a TPU has no device file (/dev/accel*, /dev/vfio/*): it was not given to this container, or has no driver',
        ]
      : []),
  ]
}

/** One accelerator as it stands in `details.chips`. */
interface TpuChip {
  readonly type: string
  readonly path: string
}

interface TpuSurvey {
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
async function surveyTpus(host: TpuHost): Promise<TpuSurvey> {
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
