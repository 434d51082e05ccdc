import { toCleanText } from '../../lib/text/text.ts'
import type { Gpu } from './vendor-report.ts'

/** Fields of a query. The name comes last, because it may contain a comma. */
const nvidiaFields = [
  'uuid',
  'pci.bus_id',
  'memory.total',
  'driver_version',
  'mig.mode.current',
  'compute_cap',
  'name',
] as const

/**
 * The fields to query, first all of them. A driver that does not know one prints `Field "compute_cap" is not a valid field
 * to query.` and nothing else: `compute_cap` is unknown up to the driver 470, `mig.mode.current` before 450.
 */
export const nvidiaFieldSets: readonly (readonly Field[])[] = [
  nvidiaFields,
  nvidiaFields.filter(field => field !== 'compute_cap'),
  nvidiaFields.filter(field => field !== 'compute_cap' && field !== 'mig.mode.current'),
]

type Field = (typeof nvidiaFields)[number]

export interface NvidiaRow {
  readonly gpu: Gpu
  readonly driverVersion: string | null
  readonly isMig: boolean
}

export interface NvidiaResult {
  /** GPUs that responded, each once. */
  readonly rows: readonly NvidiaRow[]
  /** Sentences about GPUs that did not respond: their rows contain errors, like `[GPU is lost]`. */
  readonly losses: readonly string[]
  /** The lines that are no rows: warnings stand before, between and behind them. */
  readonly rest: string
}

/**
 * Reads `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`. When it was cut off (`isCut`), the cell that was
 * being written does not count.
 */
export function parseNvidiaRows(output: string, fields: readonly Field[], isCut: boolean): NvidiaResult {
  const lines = output.split(/\r\n|[\r\n]/)
  const read = lines.map((line, index) =>
    readLine(line, { fields, isCut: isCut && index === lines.length - 1 }),
  )
  return {
    rows: withoutRepeated(read.flatMap(line => (typeof line === 'object' ? line.row : []))),
    losses: read.flatMap(line => (typeof line === 'string' ? line : [])),
    rest: lines.filter((_line, index) => read[index] === undefined).join('\n'),
  }
}

type Cell = (field: Field) => string | null

// A row, why it is none of a GPU that works, or undefined for a line that is something else.
function readLine(
  line: string,
  { fields, isCut }: { fields: readonly Field[]; isCut: boolean },
): { row: NvidiaRow } | string | undefined {
  const cells = splitCells(line, fields.length).map(cell => toCleanText(cell))
  const known = isCut ? cells.slice(0, -1) : cells
  const cell: Cell = field => toKnown(field, known[fields.indexOf(field)])
  if (!isRow(known, fields, isCut)) return undefined
  const error = known.find(text => /lost|error|^ERR!$/i.test(text))
  const isLost = error !== undefined && (/lost/i.test(error) || !returnedFields.some(cell))
  if (!isLost) return { row: toRow(cell) }
  const where = toAddress(cell('pci.bus_id')) ?? cell('uuid')
  return `nvidia-smi reports ${error} for the GPU${where ? ` ${where}` : ''}`
}

/** Fields that only a present GPU has. The address is known even for one that is gone. */
const returnedFields = ['uuid', 'memory.total', 'name'] as const

function splitCells(line: string, count: number): string[] {
  const cells = line.split(',')
  return cells.length <= count ? cells : [...cells.slice(0, count - 1), cells.slice(count - 1).join(',')]
}

const forms = {
  // `GPU-…`, `MIG-…`; that of a Jetson has nothing in front.
  uuid: /^(?:GPU|MIG)-\S+$|^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  'pci.bus_id': /^(?:[0-9a-f]{1,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f]$/i,
  'memory.total': /^\d{1,9}(?: ?MiB)?$/,
  driver_version: /^\d+(?:\.\d+)+$/,
  'mig.mode.current': /^(?:Enabled|Disabled)$/,
  compute_cap: /^\d{1,2}\.\d$/,
  name: /\S/,
} as const

/**
 * A line is a row when it has a cell for each field and none of them is something else, or when it begins with what
 * names a GPU and goes on like a row: then it may lack cells.
 */
function isRow(cells: readonly string[], fields: readonly Field[], isCut: boolean): boolean {
  const isNamed = cells.slice(0, 2).some((text, index) => isKnown(text) && fits(fields[index], text))
  if (isNamed) return isCut || cells.filter(isCellLike).length >= 2
  if (cells.length !== fields.length || !cells.some(isKnown)) return false
  return cells.every((text, index) => {
    // A UUID of a form that is not known yet is one word all the same.
    const isWord = fields[index] === 'uuid' && /^\S+$/.test(text)
    return isWord || !isKnown(text) || fits(fields[index], text)
  })
}

function isCellLike(text: string): boolean {
  return !isKnown(text) || nvidiaFields.some(field => field !== 'name' && fits(field, text))
}

function fits(field: Field | undefined, text: string | undefined): boolean {
  return field !== undefined && text !== undefined && forms[field].test(text)
}

// `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU is lost]`, `[Insufficient Permissions]`: not a value.
function isKnown(text: string | undefined): text is string {
  return text !== undefined && text !== '' && text !== 'N/A' && text !== 'ERR!' && !/^\[.*\]$/.test(text)
}

function toKnown(field: Field, text: string | undefined): string | null {
  const isUsable = isKnown(text) && (field === 'uuid' ? /^\S+$/.test(text) : fits(field, text))
  return isUsable ? text : null
}

// Two rows of one GPU have the same UUID or address. A GPU that has neither is a Jetson's, its only one.
function withoutRepeated(rows: readonly NvidiaRow[]): NvidiaRow[] {
  const seen = new Set<string>()
  return rows.filter(({ gpu }) => {
    const names = [gpu.uuid, gpu.address].filter(name => name !== undefined)
    const isNew = !(names.length === 0 ? ['none'] : names).some(name => seen.has(name))
    for (const name of names.length === 0 ? ['none'] : names) seen.add(name)
    return isNew
  })
}

function toRow(cell: Cell): NvidiaRow {
  const uuid = cell('uuid')
  const name = cell('name')
  const memory = cell('memory.total')
  const address = toAddress(cell('pci.bus_id'))
  const capability = cell('compute_cap')
  return {
    driverVersion: cell('driver_version'),
    isMig: cell('mig.mode.current') === 'Enabled',
    gpu: {
      vendor: 'nvidia',
      name,
      memory_mib: memory === null ? null : Number.parseInt(memory, 10),
      ...(memory === null && name !== null && hasUnifiedMemory(name) && { unified_memory: true as const }),
      driver: 'nvidia',
      ...(capability !== null && { compute_capability: capability }),
      ...(uuid !== null && { uuid }),
      ...(address !== undefined && { address }),
    },
  }
}

// DGX Spark known issues: memory is `[N/A]`, because the GB10 shares that of the processor. So do Jetsons.
function hasUnifiedMemory(name: string): boolean {
  return /\b(?:GB10|Tegra|Xavier|Orin|Thor)\b/i.test(name)
}

/** nvidia-smi writes a domain of eight digits in capitals, sysfs four, or as many as it takes, in small letters. */
function toAddress(busId: string | null): string | undefined {
  const [, domain = '0', rest] =
    /^(?:([0-9a-f]+):)?([0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f])$/i.exec(busId ?? '') ?? []
  if (rest === undefined) return undefined
  return `${Number.parseInt(domain, 16).toString(16).padStart(4, '0')}:${rest.toLowerCase()}`
}

/** Reads the MIG devices of each GPU from `nvidia-smi -L`, by the GPU's uuid. */
export function parseMigDevices(output: string): Map<string, { profile: string; uuid: string }[]> {
  const devices = new Map<string, { profile: string; uuid: string }[]>()
  let current: { profile: string; uuid: string }[] | undefined
  for (const line of output.split(/\r?\n/)) {
    const gpu = /^GPU \d+: .*\(UUID: ([^)]+)\)/.exec(line)?.[1]
    if (gpu !== undefined) {
      current = []
      devices.set(gpu, current)
    }
    const [, profile, uuid] = /^\s+MIG (\S+)\s+Device\s+\d+: \(UUID: (MIG-[^)]+)\)/.exec(line) ?? []
    if (profile !== undefined && uuid !== undefined) current?.push({ profile, uuid })
  }
  return devices
}
