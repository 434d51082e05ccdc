import { findJsonValues } from '../../lib/json/find-json.ts'
import { isJsonObject, valueAt } from '../../lib/json/json-value.ts'
import { toCleanText } from '../../lib/text/text.ts'
import type { Gpu } from './gpu.ts'

/** GPUs as one of AMD's tools lists them, and the version of the driver. */
export interface AmdAnswer {
  readonly gpus: readonly Gpu[]
  readonly driverVersion: string | null
}

export const amdTools = [
  {
    name: 'rocm-smi',
    args: [
      '--showproductname',
      '--showuniqueid',
      '--showbus',
      '--showmeminfo',
      'vram',
      '--showdriverversion',
      '--json',
    ],
    parse: parseRocmSmi,
  },
  {
    name: 'amd-smi',
    args: ['static', '--asic', '--bus', '--driver', '--vram', '--json'],
    parse: parseAmdSmi,
  },
] as const

/**
 * Reads `rocm-smi --json`: `{card0: {"Card Series": …}, system: {"Driver version": …}}`. Before ROCm 6 the keys
 * were written `Card series`. Undefined when there is no card in it.
 */
export function parseRocmSmi(output: string): AmdAnswer | undefined {
  const sections = findJsonValues(output)
    .filter(isJsonObject)
    .flatMap(document => Object.entries(document))
    .flatMap(([key, section]) => (isJsonObject(section) ? [{ key, section }] : []))
  const cards = new Map<string, Section>()
  for (const { key, section } of sections) {
    if (/^card\d+$/.test(key)) cards.set(key, { ...section, ...cards.get(key) })
  }
  const gpus = [...cards.values()].filter(card => Object.keys(card).length > 0).map(toRocmGpu)
  const driverVersion = sections.map(({ section }) => fieldOf(section, 'driver version'))
  return gpus.length === 0 ? undefined : { gpus, driverVersion: driverVersion.find(isThere) ?? null }
}

type Section = Readonly<Record<string, unknown>>

function fieldOf(section: Section, name: string): string | null {
  return toText(Object.entries(section).find(([key]) => key.toLowerCase() === name)?.[1])
}

function toRocmGpu(card: Section): Gpu {
  const uniqueId = fieldOf(card, 'unique id')
  return {
    vendor: 'amd',
    name: fieldOf(card, 'card series') ?? fieldOf(card, 'device name'),
    memory_mib: toMib(fieldOf(card, 'vram total memory (b)'), 'B'),
    driver: 'amdgpu',
    ...(uniqueId !== null && { uuid: uniqueId }),
    ...toAddress(fieldOf(card, 'pci bus')),
  }
}

/**
 * Reads `amd-smi static --json`: a list of GPUs up to ROCm 6, since then an object with that list. Undefined when there
 * is no GPU in it.
 */
export function parseAmdSmi(output: string): AmdAnswer | undefined {
  const items = findJsonValues(output).flatMap((value): unknown[] => {
    const listed = Array.isArray(value) ? value : valueAt(value, ['gpu_data'])
    // Of output that was cut off, each GPU is found by itself.
    return Array.isArray(listed) ? listed : [value]
  })
  // An item with neither says what went wrong with its GPU.
  const described = items.filter(item => ['asic', 'bus'].some(part => isJsonObject(valueAt(item, [part]))))
  const numbers = described.map(item => toText(valueAt(item, ['gpu'])))
  const listed = described.filter((_item, index) => {
    const number = numbers[index] ?? null
    return number === null || numbers.indexOf(number) === index
  })
  if (listed.length === 0) return undefined
  const versions = listed.flatMap(item => [
    toText(valueAt(item, ['driver', 'version'])),
    toText(valueAt(item, ['driver', 'driver_version'])),
  ])
  return { gpus: listed.map(toAmdGpu), driverVersion: versions.find(isThere) ?? null }
}

function toAmdGpu(gpu: unknown): Gpu {
  return {
    vendor: 'amd',
    name: toText(valueAt(gpu, ['asic', 'market_name'])),
    memory_mib: toMib(
      toText(valueAt(gpu, ['vram', 'size', 'value'])),
      toText(valueAt(gpu, ['vram', 'size', 'unit'])),
    ),
    driver: 'amdgpu',
    ...toAddress(toText(valueAt(gpu, ['bus', 'bdf']))),
  }
}

function isThere(text: string | null): text is string {
  return text !== null
}

function toText(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? toCleanText(value) : ''
  return text === '' || text === 'N/A' ? null : text
}

/** The tools write MB and mean MiB: an MI300X with 192 GiB is said to have 196592 MB. */
function toMib(amount: string | null, unit: string | null): number | null {
  if (amount === null || !/^\d{1,15}$/.test(amount)) return null
  const mib: Record<string, number> = { B: 2 ** -20, KB: 2 ** -10, MB: 1, GB: 2 ** 10 }
  const name = unit ?? 'MB'
  const factor = Object.hasOwn(mib, name) ? mib[name] : undefined
  return factor === undefined ? null : Math.round(Number(amount) * factor)
}

function toAddress(bus: string | null): { address?: string } {
  const address = bus?.toLowerCase()
  return address !== undefined && /^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/.test(address)
    ? { address }
    : {}
}
