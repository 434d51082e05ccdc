import { statfs } from 'node:fs/promises'
import os from 'node:os'
import type { Systeminformation } from 'systeminformation'
import { createDeadline } from '../deadline.ts'
import type { MachineMeasurement, MeasureMachine } from '../host.ts'
import { clock } from './clock.ts'

/** A file system may hang, and so may a tool that the library starts. */
const deadlineMs = 1000

/** See `MeasureMachine`. */
export const measureMachine: MeasureMachine = async directory => {
  const deadline = createDeadline(deadlineMs, clock)
  const within = async <T>(work: Promise<T>) => (await deadline(work.catch(() => undefined))) ?? null
  const library = within(import('systeminformation'))
  const [memory, disk, network] = await Promise.all([
    within(library.then(found => found?.mem().then(toMemory))),
    within(statfs(directory).then(toDisk)),
    within(library.then(found => found?.networkStats().then(toNetwork))),
  ])
  return { at: clock.elapsed(), cpu: readCpu(), memory, disk, load: readLoad(), network }
}

// The library would start two programs for this, in this thread, and get the same from Node.
function readCpu(): MachineMeasurement['cpu'] {
  const times = os.cpus().map(cpu => cpu.times)
  const totalMs = sum(times.map(({ user, nice, sys, idle, irq }) => user + nice + sys + idle + irq))
  const idleMs = sum(times.map(({ idle }) => idle))
  return totalMs > 0 ? { busyMs: totalMs - idleMs, totalMs } : null
}

// Windows has no such thing, and Node says 0 there.
function readLoad(): number | null {
  return process.platform === 'win32' ? null : (os.loadavg()[0] ?? null)
}

function toMemory({ available, total }: Systeminformation.MemData): MachineMeasurement['memory'] {
  return total > 0 ? { availableBytes: available, totalBytes: total } : null
}

// As df counts: of what there is for this user, how much is taken.
function toDisk({
  bsize,
  blocks,
  bfree,
  bavail,
}: {
  readonly bsize: number
  readonly blocks: number
  readonly bfree: number
  readonly bavail: number
}): MachineMeasurement['disk'] {
  return blocks > 0 ? { usedBytes: (blocks - bfree) * bsize, availableBytes: bavail * bsize } : null
}

// The library reports zeros for an interface that it could not read.
function toNetwork([first]: readonly Systeminformation.NetworkStatsData[]): MachineMeasurement['network'] {
  if (first === undefined || first.iface === '') return null
  const { iface: name, rx_bytes: receivedBytes, tx_bytes: sentBytes, operstate } = first
  if (operstate === 'unknown' && receivedBytes === 0 && sentBytes === 0) return null
  return Number.isFinite(receivedBytes) && Number.isFinite(sentBytes)
    ? { name, receivedBytes, sentBytes }
    : null
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
