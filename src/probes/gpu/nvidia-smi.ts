import { toCleanText } from '../../core/text.ts'
import type { Gpu } from './gpu.ts'

/** Fields to ask for. The name comes last, so that a comma in it does no harm. */
export const nvidiaFields = [
  'uuid',
  'pci.bus_id',
  'memory.total',
  'driver_version',
  'mig.mode.current',
  'name',
] as const

type Field = (typeof nvidiaFields)[number]

export interface NvidiaRow {
  readonly gpu: Gpu
  readonly driverVersion: string | null
  readonly isMig: boolean
}

/** Reads `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`; lines of another shape are left out. */
export function parseNvidiaRows(output: string, fields: readonly Field[]): NvidiaRow[] {
  return output.split('\n').flatMap(line => {
    const cells = splitCells(line, fields.length)
    if (cells === undefined) return []
    const cell = (field: Field) => toValue(cells[fields.indexOf(field)])
    const uuid = cell('uuid')
    return uuid?.startsWith('GPU-') ? [toRow(uuid, cell)] : []
  })
}

function splitCells(line: string, count: number): string[] | undefined {
  const cells = line.split(',')
  if (cells.length < count) return undefined
  return [...cells.slice(0, count - 1), cells.slice(count - 1).join(',')]
}

// `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU is lost]`, `[Insufficient Permissions]`: not a value.
function toValue(cell: string | undefined): string | null {
  const value = toCleanText(cell ?? '')
  return value === '' || value === 'N/A' || /^\[.*\]$/.test(value) ? null : value
}

function toRow(uuid: string, cell: (field: Field) => string | null): NvidiaRow {
  const name = cell('name')
  const memory = cell('memory.total')
  const address = toAddress(cell('pci.bus_id'))
  return {
    driverVersion: cell('driver_version'),
    isMig: cell('mig.mode.current') === 'Enabled',
    gpu: {
      vendor: 'nvidia',
      name,
      memory_mib: memory !== null && /^\d+$/.test(memory) ? Number(memory) : null,
      ...(memory === null && name !== null && hasUnifiedMemory(name) && { unified_memory: true as const }),
      driver: 'nvidia',
      uuid,
      ...(address !== undefined && { address }),
    },
  }
}

// DGX Spark known issues: memory is `[N/A]`, because the GB10 shares that of the processor. So do Jetsons.
function hasUnifiedMemory(name: string): boolean {
  return /\b(?:GB10|Tegra|Xavier|Orin|Thor)\b/i.test(name)
}

/** nvidia-smi writes a domain of eight digits in capitals, sysfs four in small letters. */
function toAddress(busId: string | null): string | undefined {
  return /^(?:0000)?([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f])$/.exec(busId?.toLowerCase() ?? '')?.[1]
}

/** Reads the MIG devices of each GPU from `nvidia-smi -L`, by the GPU's uuid. */
export function parseMigDevices(output: string): Map<string, { profile: string; uuid: string }[]> {
  const devices = new Map<string, { profile: string; uuid: string }[]>()
  let current: { profile: string; uuid: string }[] | undefined
  for (const line of output.split('\n')) {
    const gpu = /^GPU \d+: .*\(UUID: (GPU-[^)]+)\)/.exec(line)?.[1]
    if (gpu !== undefined) {
      current = []
      devices.set(gpu, current)
    }
    const [, profile, uuid] = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[^)]+)\)/.exec(line) ?? []
    if (profile !== undefined && uuid !== undefined) current?.push({ profile, uuid })
  }
  return devices
}
