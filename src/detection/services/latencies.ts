import { isJsonObject } from '../../lib/json/json-value.ts'
import { limits } from '../../lib/limits.ts'
import type { Host, UserFilesHost } from '../../platform/host.ts'
import { cacheDirectory, storedName } from '../../registry/home/directories.ts'
import { readPrivateFile, writePrivateFile } from '../../registry/home/files.ts'
import type { ServiceCheck } from './services.ts'

/** With fewer responses than this, the 95th percentile is the slowest. */
const minLatencies = 20

/**
 * Saves the latencies of services, and returns their 95th percentile by address, in
 * milliseconds. Evicts addresses that no service has any more.
 */
export async function rememberLatencies(
  home: string,
  checks: readonly ServiceCheck[],
  host: Host,
): Promise<ReadonlyMap<string, number>> {
  const known = await loadLatencies(home, host)
  const measured = new Map(
    checks.flatMap(({ address, health }): [string, readonly number[]][] => {
      if (address === undefined) return []
      const isWell = health.status === 'up' && health.latencyMs !== null
      return [[address, [...(known.get(address) ?? []), ...(isWell ? [health.latencyMs] : [])]]]
    }),
  )
  await saveLatencies(home, measured, host)
  return new Map(
    [...measured].flatMap(([address, all]): [string, number][] => {
      const percentile =
        all.length < minLatencies ? undefined : percentileOf(all.slice(-limits.latencies), 95)
      return percentile === undefined ? [] : [[address, percentile]]
    }),
  )
}

/** Latencies in milliseconds by address. The latest come last. */
type Latencies = ReadonlyMap<string, readonly number[]>

/** Largest file of latencies that is read, in bytes. */
const latencyBytes = 1024 * 1024

/** Latencies that are kept of a home. What cannot be read is not known. */
export async function loadLatencies(home: string, host: UserFilesHost): Promise<Latencies> {
  const path = latencyPath(home, host)
  const text = path && (await readPrivateFile(path, latencyBytes, host).catch(() => undefined))
  return text ? parseLatencies(text) : new Map()
}

/** Keeps the last latencies of each address. Without them percentiles begin anew, no more: it never rejects. */
async function saveLatencies(home: string, latencies: Latencies, host: UserFilesHost): Promise<void> {
  const path = latencyPath(home, host)
  if (path === undefined) return
  const kept = [...latencies].map(([address, all]) => [address, all.slice(-limits.latencies)])
  const text = JSON.stringify(Object.fromEntries(kept))
  await writePrivateFile(path, text, host, { isDurable: false }).catch(() => undefined)
}

function parseLatencies(text: string): Latencies {
  try {
    const content: unknown = JSON.parse(text)
    if (!isJsonObject(content)) return new Map()
    return new Map(Object.entries(content).map(([address, all]) => [address, toNumbers(all)]))
  } catch {
    // A broken cache is none.
    return new Map()
  }
}

function toNumbers(value: unknown): number[] {
  const items: unknown[] = Array.isArray(value) ? value : []
  return items.filter(item => typeof item === 'number').filter(item => item >= 0)
}

function latencyPath(home: string, host: UserFilesHost): string | undefined {
  const directory = cacheDirectory(host)
  return directory && host.path.join(directory, 'latencies', `${storedName(home, host)}.json`)
}

/** The smallest of these numbers that at least `percent` of them do not exceed (nearest rank); undefined of none. */
export function percentileOf(numbers: readonly number[], percent: number): number | undefined {
  const sorted = numbers.toSorted((left, right) => left - right)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
}
