import { limits } from '../../lib/limits.ts'
import type { Host } from '../../platform/host.ts'
import { loadLatencies, saveLatencies } from './latencies.ts'
import type { ServiceLook } from './look-at-services.ts'
import { percentileOf } from './percentile.ts'

/** Fewer answers than this have no 95th percentile but their slowest. */
const fewestAnswers = 20

/**
 * Adds how long services took to what is kept of them, and answers with the 95th percentile by address, in
 * milliseconds. Addresses that no service has any more are forgotten.
 */
export async function rememberLatencies(
  home: string,
  looks: readonly ServiceLook[],
  host: Host,
): Promise<ReadonlyMap<string, number>> {
  const known = await loadLatencies(home, host)
  const measured = new Map(
    looks.flatMap(({ address, health }): [string, readonly number[]][] => {
      if (address === undefined) return []
      const isWell = health.status === 'up' && health.latencyMs !== null
      return [[address, [...(known.get(address) ?? []), ...(isWell ? [health.latencyMs] : [])]]]
    }),
  )
  await saveLatencies(home, measured, host)
  return new Map(
    [...measured].flatMap(([address, all]): [string, number][] => {
      const percentile =
        all.length < fewestAnswers ? undefined : percentileOf(all.slice(-limits.latencies), 95)
      return percentile === undefined ? [] : [[address, percentile]]
    }),
  )
}
