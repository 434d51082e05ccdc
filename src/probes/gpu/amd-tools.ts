import { isJsonObject, valueAt } from '../../core/json/json-value.ts'
import { isListOf } from '../../core/shape.ts'
import { toCleanText } from '../../core/text.ts'
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
 * were written `Card series`. Undefined when it is something else.
 */
export function parseRocmSmi(output: string): AmdAnswer | undefined {
  const parsed = parseJsonObject(output)
  if (!isJsonObject(parsed) || !isListOf(isJsonObject)(Object.values(parsed))) return undefined
  const cards = Object.entries(parsed).filter(([key]) => /^card\d+$/.test(key))
  const gpus = cards.map(([, card]): Gpu => {
    const field = (name: string) =>
      toText(Object.entries(isJsonObject(card) ? card : {}).find(([key]) => key.toLowerCase() === name)?.[1])
    const uniqueId = field('unique id')
    return {
      vendor: 'amd',
      name: field('card series') ?? field('device name'),
      memory_mib: toMib(field('vram total memory (b)'), 'B'),
      driver: 'amdgpu',
      ...(uniqueId !== null && { uuid: uniqueId }),
      ...toAddress(field('pci bus')),
    }
  })
  const system = Object.values(parsed).flatMap(scope => Object.entries(isJsonObject(scope) ? scope : {}))
  const version = system.find(([key]) => key.toLowerCase() === 'driver version')?.[1]
  return gpus.length === 0 ? undefined : { gpus, driverVersion: toText(version) }
}

/**
 * Reads `amd-smi static --json`: a list of GPUs up to ROCm 6, since then an object with that list. Undefined when it is
 * something else.
 */
export function parseAmdSmi(output: string): AmdAnswer | undefined {
  const parsed = parseJsonObject(output)
  const listed = Array.isArray(parsed) ? parsed : valueAt(parsed, ['gpu_data'])
  if (!isListOf(isJsonObject)(listed) || listed.length === 0) return undefined
  const gpus = listed.map((gpu): Gpu => {
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
  })
  const driver = valueAt(listed[0], ['driver'])
  return {
    gpus,
    driverVersion: toText(valueAt(driver, ['version'])) ?? toText(valueAt(driver, ['driver_version'])),
  }
}

// Both tools may print warnings before the JSON.
function parseJsonObject(output: string): unknown {
  const start = output.search(/^[[{]/m)
  if (start === -1) return undefined
  try {
    return JSON.parse(output.slice(start))
  } catch {
    return undefined
  }
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
